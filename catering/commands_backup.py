"""What `catering backup`, `catering restore` and `catering migrate` do to the database as a whole."""

from pathlib import Path

from catering.backup import restore_backup, write_backup
from catering.commands import bring_up, notes
from catering.db import Database
from catering.progress import progress
from catering.roles import let_work, passes_by
from catering.settings import settings


async def save(database: Database, file: Path) -> None:
    """Write the whole database into a new file.

    Raises:
        catering.backup.BackupRefused: the file exists, or the tables are those of another version.
    """
    with progress() as report:
        made = await write_backup(database, file, report)
    notes.print(f"Sauvegarde écrite : {file}, {made.rows} lignes de {len(made.tables)} tables.", markup=False)


async def put_back(database: Database, file: Path) -> None:
    """Put a backup into a database that holds nothing.

    Raises:
        catering.backup.BackupRefused: it is no whole backup of this version, or the database holds rows.
    """
    with progress() as report:
        made = await restore_backup(database, file, report)
    await _let_work(database)
    notes.print(
        f"Base restaurée : {made.rows} lignes de {len(made.tables)} tables, relues et identiques.", markup=False
    )


async def migrate(database: Database) -> None:
    """Bring the tables up to date as their owner, and let the application's role, when it is another, work in them.

    Raises:
        catering.roles.RoleRefused: the two addresses do not go together.
        catering.migrate.TablesHeld: a table is not free.
    """
    await bring_up(database)
    await _let_work(database)


async def _let_work(owner: Database) -> None:
    if owner.url != settings().database_url:
        await let_work(owner, settings().database_url)


async def prepare_to_serve(database: Database) -> None:
    """Bring the tables up to date; say so when row-level security does not bind the role the server connects by.

    Raises:
        catering.migrate.NotTheOwner: they are not up to date, and the role may not change them.
    """
    await bring_up(database)
    if await passes_by(database):
        notes.print(
            "Le rôle PostgreSQL de CATERING_DATABASE_URL possède les tables ou passe outre leurs règles de lecture : "
            "lancer « catering migrate » avec CATERING_OWNER_URL pour en créer un qui ne possède rien.",
            markup=False,
        )
