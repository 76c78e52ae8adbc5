"""A file of attendance: one line per day and group of schools, what was announced and what was served.

Columns ``day,group,sites,announced,served``, or the names under which Nantes Métropole publishes them. A day of which
both figures are 0 was not served, and is left out. The file is refused whole, with every fault.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from catering.attendance.refusals import AttendanceRefused
from catering.attendance.rules.history import PastDay, Series
from catering.cells import Fault

NAMES = {"date": "day", "site_type": "group", "n_sites": "sites", "prevision": "announced", "reel": "served"}
COLUMNS = ("day", "group", "announced", "served")
MOST_COVERS = 1_000_000
LONGEST_NAME = 80  # legal-number: characters of a name


def read_attendance(file: Path) -> list[Series]:
    """The groups of a file, each with its days in order; announcements of past days are kept beside.

    Raises:
        AttendanceRefused: a column is missing, or a cell cannot be read; all faults are named.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            lines = list(csv.reader(stream, strict=True))
    except OSError as error:
        fault = Fault(file.name, 0, "", "", f"ne s'ouvre pas ({error.strerror})", "vérifier le chemin du fichier")
        raise AttendanceRefused([fault]) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise AttendanceRefused(
            [Fault(file.name, 0, "", "", f"fichier illisible ({error})", "l'enregistrer en CSV UTF-8, virgules")]
        ) from error
    header = [NAMES.get(name.strip(), name.strip()) for name in lines[0]] if lines else []
    if missing := [name for name in COLUMNS if name not in header]:
        fault = Fault(file.name, 1, "", "", f"colonnes absentes : {' '.join(missing)}", f"écrire {','.join(COLUMNS)}")
        raise AttendanceRefused([fault])
    return _series(file.name, header, lines[1:])


def _series(name: str, header: Sequence[str], lines: Sequence[Sequence[str]]) -> list[Series]:
    faults: list[Fault] = []
    days: dict[str, dict[date, PastDay]] = defaultdict(dict)
    for number, cells in enumerate(lines, start=2):
        if not any(cells):
            continue
        wrong = list(_faults(name, number, header, cells))
        faults += wrong
        if wrong:
            continue
        row = dict(zip(header, cells, strict=True))
        day, group = date.fromisoformat(row["day"]), row["group"].strip()
        served, announced = int(float(row["served"])), int(float(row["announced"] or 0))
        if day in days[group]:
            faults.append(Fault(name, number, "day", row["day"], f"jour déjà donné pour {group}", "garder une ligne"))
        # The sign of a day without service: kept as a day seen, so that a second line of it is noticed.
        days[group][day] = PastDay(day, served, announced or None)
    if not faults and not any(each.served for group in days.values() for each in group.values()):
        faults.append(Fault(name, 0, "", "", "aucun jour servi", "donner au moins un jour et ses couverts"))
    if faults:
        raise AttendanceRefused(faults)
    return [_group(key, days[key]) for key in sorted(days)]


def _group(key: str, days: dict[date, PastDay]) -> Series:
    past = [days[day] for day in sorted(days) if days[day].served]
    return Series(
        key,
        past,
        open_days=[each.day for each in past],
        announced={each.day: each.announced for each in past if each.announced},
    )


def _faults(name: str, number: int, header: Sequence[str], cells: Sequence[str]) -> Iterator[Fault]:
    if len(cells) != len(header):
        yield Fault(name, number, "", "", f"{len(cells)} cellules pour {len(header)} colonnes", "corriger la ligne")
        return
    row = dict(zip(header, cells, strict=True))
    try:
        date.fromisoformat(row["day"])
    except ValueError:
        yield Fault(name, number, "day", row["day"], "date inconnue", "écrire AAAA-MM-JJ")
    if not 0 < len(row["group"].strip()) <= LONGEST_NAME:
        yield Fault(
            name, number, "group", row["group"], "groupe sans nom ou trop long", f"{LONGEST_NAME} signes au plus"
        )
    for column in ("announced", "served"):
        if not (column == "announced" and not row[column].strip()) and not _whole(row[column]):
            yield Fault(name, number, column, row[column], "pas un nombre de couverts", f"entier de 0 à {MOST_COVERS}")


def _whole(cell: str) -> bool:
    try:
        many = float(cell)
    except ValueError:
        return False
    return many.is_integer() and 0 <= many <= MOST_COVERS
