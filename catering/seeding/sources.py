"""Every seed table says where its facts come from: a SOURCES.csv beside it (or above) names it with its licence."""

import csv
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from catering.cells import Fault
from catering.seeding.tables import TABLES

NAME = "SOURCES.csv"
COLUMNS = ["table", "source", "licence", "note"]


def check_sources(folder: Path) -> Iterator[Fault]:
    """A fault per SOURCES file that is malformed and per seed table that no SOURCES file names."""
    named: set[tuple[str, str]] = set()
    for path in sorted(folder.rglob(NAME)):
        file = path.relative_to(folder).as_posix()
        for place, table, fault in _statements(path, file):
            if fault:
                yield fault
            named |= {(place, name) for name in _names(table)}
    for file in (file for table in TABLES for file in table.files):
        if (folder / file).is_file() and not any(_covers(place, table, file) for place, table in named):
            own = f"{file.split('/', maxsplit=1)[0]}/{NAME}"
            yield Fault(file, 0, "", "", "source et licence inconnues", f"ajouter la table à {own}")


def _statements(path: Path, file: str) -> Iterator[tuple[str, str, Fault | None]]:
    place = file.removesuffix(NAME)
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        yield place, "", Fault(file, 0, "", "", f"fichier illisible ({error})", "l'enregistrer en CSV UTF-8 sans BOM")
        return
    if not rows or rows[0] != COLUMNS:
        yield place, "", Fault(file, 1, "", "", "colonnes inattendues", f"écrire {','.join(COLUMNS)}")
        return
    for line, cells in enumerate(rows[1:], start=2):
        complete = len(cells) == len(COLUMNS) and all(cells[:3])
        repair = "renseigner table, source et licence"
        fault = None if complete else Fault(file, line, "", "", "ligne incomplète", repair)
        yield place, cells[0] if cells else "", fault


def _names(table: str) -> set[str]:
    """The file names of a cell: several between commas, maybe with a part: ``kitchens.csv (siren)``."""
    return {part.split()[0] for part in table.split(",") if part.strip()}


def _covers(place: str, table: str, file: str) -> bool:
    return any(fnmatch(file, pattern) for pattern in (f"{place}{table}", f"{place}{table}.csv", table))
