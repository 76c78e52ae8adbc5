"""The grid and its alerts as tables for a spreadsheet, in French; no cell is taken for a formula."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from catering.compliance.cells import CellKind, CellStatus, CellUnit, GridCell
from catering.compliance.grid import Alert, Asked, GridRow, alerts_of, read_grid
from catering.documents.models import FileKind
from catering.documents.tables import csv_file, xlsx_file
from catering.kitchens.epcis import require_epci
from catering.people.viewer import Viewer
from catering.rules import law
from catering.rules.shapes import RuleHead

Table: TypeAlias = tuple[Sequence[str], list[list[str]]]
"""Header and rows."""


class Content(StrEnum):
    """Which of the two tables."""

    GRID = "grid"
    ALERTS = "alerts"


SHEETS = {Content.GRID: "grille", Content.ALERTS: "alertes"}
KINDS = {
    CellKind.EGALIM: "EGAlim à ce jour",
    CellKind.EGALIM_PROJECTED: "EGAlim projeté au 31 décembre",
    CellKind.NUTRITION: "Nutrition",
    CellKind.PROCUREMENT: "Commande publique",
    CellKind.WASTE: "Gaspillage et don",
}
STATUSES = {
    CellStatus.HELD: "respecté",
    CellStatus.WATCHED: "à surveiller",
    CellStatus.MISSED: "manqué",
    CellStatus.NO_DATA: "pas de donnée",
}
UNITS = {
    CellUnit.PERCENT: "%",
    CellUnit.MEALS: "repas",
    CellUnit.EUR: "€ HT",
    CellUnit.MEALS_PER_DAY: "repas par jour",
    CellUnit.MILLILITRES_PER_YEAR: "ml par an",
    CellUnit.DONE: "fait (1) ou non (0)",
}
PLACE = ("uai", "college", "commune", "intercommunalite")
GRID_HEADER = (
    *PLACE, "domaine", "regle", "intitule", "statut", "valeur", "minimum", "maximum", "unite", "du", "au", "famille",
    "tendance", "repose_sur",
)  # fmt: skip
ALERTS_HEADER = (
    *PLACE, "rang", "rattrapable", "domaine", "regle", "intitule", "statut", "valeur", "minimum", "maximum", "unite",
    "effort", "jours_restants", "que_faire",
)  # fmt: skip


def title_of(rule: str) -> str:
    """What a rule asks, in French."""
    entry = law().entry(rule)
    return entry.title if isinstance(entry, RuleHead) else entry.description


def grid_table(rows: Iterable[GridRow]) -> Table:
    """One line per cell."""
    return GRID_HEADER, [[*_place(row), *_cell(cell), *_behind(cell)] for row in rows for cell in row.cells]


def alerts_table(curable: Sequence[Alert], lost: Sequence[Alert], today: date) -> Table:
    """One line per alert: those that can be cured by rank, then the lost ones, which have none."""
    ranked = [(str(rank), each) for rank, each in enumerate(curable, start=1)]
    lines = [
        [
            *_place(each),
            rank,
            "oui" if each.cure.possible else "non",
            *_cell(each.cell),
            _number(each.cure.effort),
            "" if (days := each.days_left(today)) is None or not each.cure.possible else str(days),
            each.cure.told,
        ]
        for rank, each in [*ranked, *(("", each) for each in lost)]
    ]
    return ALERTS_HEADER, lines


async def grid_file(session: AsyncSession, viewer: Viewer, asked: Asked, content: Content, kind: FileKind) -> bytes:
    """The grid or its alerts as a file: CSV as French spreadsheets open it, or XLSX whose cells are all text.

    Raises:
        catering.kitchens.epcis.UnknownEpci: no visible kitchen is of the group of communes asked for.
    """
    if asked.epci is not None:
        await require_epci(session, viewer, asked.epci)
    found = await read_grid(session, viewer, asked if content is Content.GRID else replace(asked, trends=False))
    header, rows = (
        grid_table(found) if content is Content.GRID else alerts_table(*alerts_of(found, asked.today), asked.today)
    )
    return csv_file(header, rows) if kind is FileKind.CSV else xlsx_file(SHEETS[content], header, rows)


def _place(row: GridRow | Alert) -> tuple[str, ...]:
    kitchen = row.kitchen
    return kitchen.uai, kitchen.name, kitchen.commune, kitchen.epci


def _cell(cell: GridCell) -> tuple[str, ...]:
    figures = (_number(cell.value), _number(cell.least), _number(cell.most))
    return KINDS[cell.kind], cell.rule, title_of(cell.rule), STATUSES[cell.status], *figures, UNITS[cell.unit]


def _behind(cell: GridCell) -> tuple[str, ...]:
    """The days it looks at, and what it is made of."""
    return cell.first.isoformat(), cell.last.isoformat(), cell.key, _trend(cell), cell.rests_on


def _number(value: Decimal | None) -> str:
    """With a decimal comma, without zeros behind it."""
    if value is None:
        return ""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def _trend(cell: GridCell) -> str:
    return " ".join(f"{point.month:%Y-%m}={_number(point.value)}" for point in cell.trend)
