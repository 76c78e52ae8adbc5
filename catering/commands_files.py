"""Commands that check a file alone, without a database: menus, purchases."""

import json
import sys
from pathlib import Path

from catering.commands import BAD_INPUT, CommandFailed, console
from catering.menus.dishes import Book
from catering.menus.files import report
from catering.menus.files.checking import check_file, read_menus
from catering.menus.files.lines import MenusRefused
from catering.moment import today
from catering.progress import progress
from catering.purchases import summary
from catering.purchases.counting import Count, year_chosen
from catering.purchases.ledger_reading import LedgerFile
from catering.purchases.summary import FileYear
from catering.recipes.report_reading import recipes_of
from catering.rules import law
from catering.rules.egalim_year import year_of
from catering.settings import seeds_folder

METROPOLITAN = ("11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94")
"""INSEE codes of the regions without thresholds of their own."""
MOST_UNPACKED = 4_000_000_000
"""Bytes of a workbook that its owner opens on their own machine."""


def nutrition(file: Path, *, as_json: bool) -> None:
    """Check a menus file against the law of its days, with the dishes of the seeds; nothing is stored.

    Raises:
        CommandFailed: lines are at fault: each is printed with how to mend it, and nothing is checked.
        catering.documents.refusals.TableRefused: it is no table.
    """
    try:
        found = check_file(read_menus(file), Book(recipes_of(seeds_folder())))
    except MenusRefused as refusal:
        if as_json:
            sys.stdout.write(json.dumps(report.refusal_as_json(file.name, refusal.faults), ensure_ascii=False) + "\n")
        raise CommandFailed("\n".join([str(refusal), *report.fault_lines(refusal.faults)]), BAD_INPUT) from refusal
    if as_json:
        sys.stdout.write(json.dumps(report.as_json(found), ensure_ascii=False, indent=1) + "\n")
        return
    for line in report.as_lines(found):
        console.print(line, markup=False)


def egalim(file: Path, year: int | None, region: str | None, establishment: str | None) -> FileYear:
    """The EGAlim year of a file of purchases.

    Args:
        file: of one of the formats of ma-cantine.
        year: civil year; None for the latest of the file.
        region: INSEE code, for the thresholds of overseas.
        establishment: ``"state"`` for a restaurant of the State.

    Raises:
        catering.refusal.Refusal: it is no table, or its header is that of no format.
        CommandFailed: it cannot be opened, or no region has the code.
    """
    if region is not None and region not in (known := {*METROPOLITAN, *law().regions}):
        told = f"« {region} » n'est le code INSEE d'aucune région. Écrire l'un de : {', '.join(sorted(known))}."
        raise CommandFailed(told, BAD_INPUT)
    count = Count()
    try:
        with file.open("rb") as opened, progress() as report:
            ledger = LedgerFile(opened, today(), name=file.name, report=report, most_inflated=MOST_UNPACKED)
            count.add_all(ledger.lines())
    except OSError as error:
        raise CommandFailed(f"« {file} » ne s'ouvre pas : {error.strerror}.", BAD_INPUT) from error
    chosen = year_chosen(count, year, today())
    found = year_of(count.tally(chosen), chosen, region=region, establishment=establishment)
    return FileYear(
        file=file.name,
        form=ledger.format.name,
        read=ledger.read,
        count=count,
        year=found,
        region=region,
        establishment=establishment,
        faults=ledger.faults,
        warnings=ledger.warnings,
    )


def show_egalim(found: FileYear, *, as_json: bool) -> None:
    """Print the year of a file."""
    if as_json:
        sys.stdout.write(json.dumps(summary.as_json(found), ensure_ascii=False, indent=2) + "\n")
        return
    for table in summary.tables(found):
        console.print(table)
