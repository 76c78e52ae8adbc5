"""A file of menus checked by itself, without a database: what was recognised, and how each criterion stands."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from catering.cells import Fault
from catering.documents.models import FileKind
from catering.documents.tables import read_rows
from catering.menus.balance import Balance, balance_of
from catering.menus.dishes import Book, Identified
from catering.menus.files.lines import MenuFile, MenuLine, MenusRefused
from catering.menus.files.plain import read_plain
from catering.menus.files.scdl import is_scdl, read_scdl
from catering.menus.trays import StructureFault, Taken, Tray, by_school_year, meal_of, structure_fault
from catering.rules.frequencies import Frequencies, check_all
from catering.rules.meals import Meal

MOST_LINES = 500_000


@dataclass(frozen=True, slots=True)
class YearCheck:
    """One restaurant and school year: its trays and the lunches they are, in order of day, and what is found."""

    restaurant: str
    school_year: str
    trays: Sequence[Tray]
    meals: Sequence[Meal]
    frequencies: Frequencies
    structure: Mapping[StructureFault, int]
    balance: Balance


@dataclass(frozen=True, slots=True)
class FileCheck:
    """All that is found in a file. ``names`` counts how often each dish is served; ``warnings``: what contradicts."""

    file: MenuFile
    names: Mapping[Identified, int]
    years: Sequence[YearCheck]
    warnings: Sequence[Fault] = ()


def read_menus(path: Path) -> MenuFile:
    """The lines of a menus file, CSV or XLSX, whichever of its shapes it has.

    Raises:
        MenusRefused: some lines are at fault: every one is named, and none is kept.
        catering.documents.refusals.TableRefused: it is no table.
    """
    kind = FileKind.XLSX if path.suffix.lower() == ".xlsx" else FileKind.CSV
    return read_menu_bytes(path.name, kind, path.read_bytes())


def read_menu_bytes(name: str, kind: FileKind, content: bytes) -> MenuFile:
    """The lines of a menus file already in memory. Raises as ``read_menus``."""
    rows = read_rows(kind, content, MOST_LINES)
    into = MenuFile(name)
    (read_scdl if is_scdl(rows) else read_plain)(into, rows)
    if into.faults:
        raise MenusRefused(into.faults)
    return into


def check_file(file: MenuFile, book: Book) -> FileCheck:
    """What the lines of a file come to."""
    trays: dict[str, dict[str, list[Tray]]] = {}
    names: Counter[Identified] = Counter()
    for restaurant, days in _by_restaurant(file.lines).items():
        read = [_tray(lines, book) for lines in days]
        names.update(taken.dish for tray in read for taken in tray.taken)
        trays[restaurant] = dict(by_school_year(read))
    years = [
        _year(restaurant, label, of_year, book)
        for restaurant, labelled in sorted(trays.items())
        for label, of_year in sorted(labelled.items())
    ]
    return FileCheck(file, names, years, list(_contradictions(file, book)))


def _contradictions(file: MenuFile, book: Book) -> Iterator[Fault]:
    """Dishes said to be vegetarian though their name tells meat or fish: the name is believed (VEG-01)."""
    repair = "corriger le nom ou le régime ; dire « végétarien » ou « végétal » après ce qui est imité"
    for line in file.lines:
        if book.identify(line.name, line.slot, vegetarian=line.vegetarian).named.contradicted:
            message = "dit végétarien, mais le nom dit viande ou poisson : pas compté comme végétarien"
            yield Fault(file.file, line.line, line.marked_in, line.name, message, repair, "VEG-01")


def _by_restaurant(lines: Iterable[MenuLine]) -> Mapping[str, list[list[MenuLine]]]:
    days: dict[str, dict[object, list[MenuLine]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        days[line.restaurant][line.day].append(line)
    return {restaurant: list(by_day.values()) for restaurant, by_day in days.items()}


def _tray(lines: Sequence[MenuLine], book: Book) -> Tray:
    return Tray(
        lines[0].day,
        tuple(Taken(book.identify(line.name, line.slot, vegetarian=line.vegetarian), line.covers) for line in lines),
    )


def _year(restaurant: str, label: str, trays: Sequence[Tray], book: Book) -> YearCheck:
    faults = Counter(fault for tray in trays if (fault := structure_fault(tray, tray.day)) is not None)
    meals = [meal_of(tray, book) for tray in trays]
    return YearCheck(restaurant, label, trays, meals, check_all(meals), faults, balance_of(trays, book))
