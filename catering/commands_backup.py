"""What `catering backup` and `catering restore` do, with their progress."""

from pathlib import Path

from catering.backup import restore_backup, write_backup
from catering.commands import notes
from catering.db import Database
from catering.progress import progress


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
    notes.print(
        f"Base restaurée : {made.rows} lignes de {len(made.tables)} tables, relues et identiques.", markup=False
    )
