"""The one way seed tables enter the database: everything is checked first, then all is written or nothing."""

from collections.abc import Collection
from pathlib import Path

from catering.cells import Fault
from catering.db import Database
from catering.progress import Report, silent
from catering.rules.book import law
from catering.seeding.checks import check
from catering.seeding.faults import SeedFaultsError
from catering.seeding.reading import Sheet, read_sheet
from catering.seeding.report import LoadReport
from catering.seeding.sources import check_sources
from catering.seeding.tables import TABLES
from catering.seeding.writing import write

PHASE = "Lecture des tables"


def read_seeds(folder: Path, report: Report = silent, labels: Collection[str] | None = None) -> list[Sheet]:
    """The seed tables of a folder, in the order in which they refer to each other.

    Args:
        folder: holds the files of ``seeds/README.md``.
        report: called after each table.
        labels: codes a certificate may be for; None means those of the law.

    Raises:
        SeedFaultsError: with every fault of every file.
    """
    if not folder.is_dir():
        raise SeedFaultsError(
            [Fault(str(folder), 0, "", "", "dossier absent", "donner le dossier des tables de données")]
        )
    faults: list[Fault] = []
    sheets: dict[str, Sheet] = {}
    for done, table in enumerate(TABLES):
        report(PHASE, done, len(TABLES), table.title)
        sheets[table.name] = read_sheet(folder, table, faults)
    faults += check(sheets, law().tables.labels if labels is None else labels)
    faults += check_sources(folder)
    report(PHASE, len(TABLES), len(TABLES))
    if faults:
        raise SeedFaultsError(faults)
    return list(sheets.values())


async def load(database: Database, folder: Path, report: Report = silent) -> LoadReport:
    """Bring the database to the seed tables of ``folder``, in one transaction; a second load changes nothing.

    Rows that are no longer in the files are removed. Every change and removal leaves a ``ChangeEvent``.

    Raises:
        SeedFaultsError: the files hold faults, or a vanished row is still in use; the database is as it was.
    """
    sheets = read_seeds(folder, report)
    async with database.unit_of_work() as session:
        return await write(session, sheets, report)
