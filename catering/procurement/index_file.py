"""Values of price indices from a CSV text: all of it is read, or every fault is named and none of it is kept."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catering.cells import DECIMAL, BadCell, day
from catering.procurement import refusals
from catering.procurement.figures import FACT_STEP, fits
from catering.rules.procurement import ProcurementLaw, procurement_law

COLUMNS = ["index", "day", "value"]
MOST_ROWS = 1000
MOST_NAMED = 20  # legal-number: faults named in one message, nothing of the arrêté
LARGEST = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class IndexWish:
    """A value of an index (its code) that holds from a day on."""

    index: str
    day: date
    value: Decimal


def read_index_values(text: str) -> list[IndexWish]:
    """The values of a CSV text whose header is ``index,day,value``: ``RNM-VIANDES,2026-10-01,104.3``.

    Raises:
        refusals.InvalidIndexValues: some lines cannot be read; each is named with its line and its column.
    """
    rows = _rows(text)
    if not rows or rows[0] != COLUMNS:
        raise refusals.InvalidIndexValues([f"ligne 1 : l'en-tête attendu est {','.join(COLUMNS)}"])
    if len(rows) > MOST_ROWS + 1:
        raise refusals.InvalidIndexValues([f"{len(rows) - 1} lignes : en envoyer {MOST_ROWS} au plus"])
    read = [_row(line, cells) for line, cells in enumerate(rows[1:], start=2)]
    if faults := [fault for row in read if isinstance(row, list) for fault in row]:
        more = [f"et {len(faults) - MOST_NAMED} autres"] if len(faults) > MOST_NAMED else []
        raise refusals.InvalidIndexValues([*faults[:MOST_NAMED], *more])
    return [row for row in read if isinstance(row, IndexWish)]


def _rows(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(text.lstrip("\ufeff").splitlines()))
    except csv.Error as error:
        raise refusals.InvalidIndexValues(["texte illisible : l'enregistrer de nouveau en CSV, virgules"]) from error


def _row(line: int, cells: list[str]) -> IndexWish | list[str]:
    if len(cells) != len(COLUMNS):
        return [f"ligne {line} : {len(COLUMNS)} colonnes attendues, {len(cells)} lues"]
    on, value = _day(cells[1]), _value(cells[2])
    faults = []
    if on is None:
        faults.append(f"ligne {line}, colonne day : « {cells[1]} » n'est pas une date AAAA-MM-JJ")
    if value is None:
        faults.append(f"ligne {line}, colonne value : « {cells[2]} » n'est pas un nombre (point décimal)")
    if on is None or value is None:
        return faults
    return IndexWish(cells[0].strip(), on, value)


def _day(cell: str) -> date | None:
    try:
        return day(cell.strip())
    except BadCell:
        return None


def _value(cell: str) -> Decimal | None:
    return Decimal(cell.strip()) if DECIMAL.fullmatch(cell.strip()) else None


def check_index_values(values: list[IndexWish], tables: ProcurementLaw | None = None) -> None:
    """Let values pass only if their indices are known and they are positive, finite and not absurd.

    Raises:
        refusals.InvalidIndexValues: some are not; each is named.
    """
    tables = tables or procurement_law()
    faults = [
        *(f"indice inconnu « {each.index} »" for each in values if tables.index(each.index, each.day) is None),
        *(
            f"{each.index} du {each.day:%d/%m/%Y} : {each.value} n'est pas un nombre positif"
            for each in values
            if not fits(each.value, FACT_STEP, FACT_STEP, LARGEST)
        ),
    ]
    if not values:
        faults.append("aucune valeur")
    if faults:
        raise refusals.InvalidIndexValues(faults[:MOST_NAMED])
