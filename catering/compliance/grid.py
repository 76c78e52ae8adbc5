"""The grid and its alerts: every kitchen a viewer may read against every rule."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from catering.compliance.cells import CellKind, CellStatus, Cure, GridCell
from catering.compliance.egalim import YearAsked, egalim_cells
from catering.compliance.nutrition import nutrition_cells
from catering.compliance.procurement import procurement_cells
from catering.compliance.protein_plans import protein_plan_cells
from catering.compliance.waste import waste_cells
from catering.kitchens.calendar import CalendarUnknownError, SchoolCalendar, Span
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import KEY, kitchens, school_calendar
from catering.menus.protein_plans import RULE as PROTEIN_PLAN
from catering.people.viewer import Viewer

ORDER = {kind: rank for rank, kind in enumerate(CellKind)}
CALENDAR_READ = {CellKind.EGALIM, CellKind.EGALIM_PROJECTED, CellKind.NUTRITION}
"""Kinds of cells that depend on when there is school."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the grid: a civil year and the school year under way, and what to leave out (None: nothing)."""

    year: int
    today: date
    epci: str | None = None
    uais: Collection[str] | None = None
    rules: Collection[str] | None = None
    statuses: Collection[CellStatus] | None = None
    kinds: Collection[CellKind] | None = None
    trends: bool = True
    """Whether cells come with their months; alerts do without, and most of what is read is for them."""

    def wants(self, cell: GridCell) -> bool:
        """Whether a cell is asked for."""
        return (self.rules is None or cell.rule in self.rules) and (
            self.statuses is None or cell.status in self.statuses
        )


@dataclass(frozen=True, slots=True)
class GridRow:
    """One kitchen's cells, in order of kind and rule."""

    kitchen: Kitchen
    cells: Sequence[GridCell]


@dataclass(frozen=True, slots=True)
class Alert:
    """A cell that does not hold, and what can be done about it, or that nothing can."""

    kitchen: Kitchen
    cell: GridCell
    cure: Cure

    def days_left(self, today: date) -> int | None:
        """Days until it is too late, at least one; None when no day ends it."""
        return None if self.cure.last_day is None else max((self.cure.last_day - today).days, 1)


async def read_grid(session: AsyncSession, viewer: Viewer, asked: Asked) -> list[GridRow]:
    """The cells of every kitchen asked for, in order of UAI: at most seventeen statements whatever their number.

    The nutrition criteria are those of the school year that holds the day asked about, clipped to the civil year: of a
    year that is over, the one that holds its 31 December.
    """
    rows = list(await session.scalars(kitchens(viewer, uais=asked.uais, epci=asked.epci).order_by(*KEY)))
    if not rows:
        return []
    numbers = [row.id for row in rows]
    cells = [cell for cell in await _cells(session, viewer, asked, numbers) if asked.wants(cell)]
    by_kitchen: dict[int, list[GridCell]] = {number: [] for number in numbers}
    for cell in sorted(cells, key=lambda each: (ORDER[each.kind], each.rule)):
        by_kitchen[cell.kitchen_id].append(cell)
    return [GridRow(row, by_kitchen[row.id]) for row in rows if by_kitchen[row.id]]


async def _cells(session: AsyncSession, viewer: Viewer, asked: Asked, numbers: list[int]) -> list[GridCell]:
    every = asked.epci is None and asked.uais is None
    kinds = set(CellKind) if asked.kinds is None else set(asked.kinds)
    on = min(asked.today, date(asked.year, 12, 31))
    found: list[GridCell] = []
    calendar = await school_calendar(session, viewer) if kinds & CALENDAR_READ else SchoolCalendar(())
    if kinds & {CellKind.EGALIM, CellKind.EGALIM_PROJECTED}:
        year = YearAsked(asked.year, asked.today, last_class_day(calendar, asked.year))
        found += await egalim_cells(session, viewer, year, numbers, every=every, trends=asked.trends)
    if CellKind.NUTRITION in kinds and (span := school_year_on(calendar, on)) is not None:
        found += await nutrition_cells(session, viewer, span, asked.today, numbers, every=every, trends=asked.trends)
    if CellKind.NUTRITION in kinds and (asked.rules is None or PROTEIN_PLAN in asked.rules):
        found += await protein_plan_cells(session, viewer, on, numbers)
    if CellKind.PROCUREMENT in kinds:
        found += await procurement_cells(session, viewer, on, numbers, every=every)
    if CellKind.WASTE in kinds:
        found += await waste_cells(session, viewer, on, numbers)
    return [cell for cell in found if cell.kind in kinds]


def school_year_on(calendar: SchoolCalendar, day: date) -> Span | None:
    """The school year that holds a day, or the last one begun before it; None before the first."""
    begun = [span for span in calendar.years if span.first_day <= day]
    return begun[-1] if begun else None


def last_class_day(calendar: SchoolCalendar, year: int) -> date | None:
    """The last day of class of a civil year; None when the school year that holds its 31 December is not known."""
    last = date(year, 12, 31)
    try:
        of = [day for span in calendar.years if span.first_day <= last <= span.last_day
              for day in calendar.class_days(span) if day <= last]  # fmt: skip
    except CalendarUnknownError:
        return None
    return of[-1] if of else None


def alerts_of(rows: Iterable[GridRow], today: date) -> tuple[list[Alert], list[Alert]]:
    """What can still be cured, the most pressing first; and what cannot any more, in order of UAI (decision 0090).

    Most pressing: the largest part of what is left to change that must change, per day left. What no day ends comes
    after what a day ends, the largest effort first; where nobody knows the effort it is taken for all of it.
    """
    every = [Alert(row.kitchen, cell, cure) for row in rows for cell in row.cells for cure in cell.cures]
    curable = sorted((each for each in every if each.cure.possible), key=lambda each: _pressing_first(each, today))
    return curable, [each for each in every if not each.cure.possible]


def _pressing_first(alert: Alert, today: date) -> tuple[bool, Decimal, str, str, str]:
    days, effort = alert.days_left(today), alert.cure.effort
    urgency = (Decimal(1) if effort is None else effort) / (days or 1)
    return days is None, -urgency, alert.kitchen.uai, alert.cell.kind.value, alert.cell.rule
