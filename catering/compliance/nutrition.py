"""The nutrition cells: each criterion of a school year as stored, with its worst block of each month."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from catering.compliance.cells import CellKind, CellStatus, CellUnit, Cure, GridCell, Point, hundredths
from catering.db import whole
from catering.kitchens.calendar import Span
from catering.menus.models import NutritionResult
from catering.menus.queries import results_visible_to
from catering.menus.standings import Cell, grid
from catering.people.viewer import Viewer


async def nutrition_cells(
    session: AsyncSession,
    viewer: Viewer,
    span: Span,
    today: date,
    kitchen_ids: Collection[int],
    *,
    every: bool,
    trends: bool = True,
) -> list[GridCell]:
    """One cell per kitchen and criterion that was checked; two statements, one without ``trends``."""
    only = None if every else kitchen_ids
    found = await grid(session, viewer, span.label, today, only)
    months = await _trends(session, viewer, span, only) if trends else {}
    return [_cell(each, months.get((each.kitchen_id, each.rule), ())) for each in found]


async def _trends(
    session: AsyncSession, viewer: Viewer, span: Span, kitchen_ids: Collection[int] | None
) -> dict[tuple[int, str], list[Point]]:
    """By kitchen and rule: of the blocks that end in a month, the count of the one farthest outside of its bounds."""
    result = NutritionResult
    asked = results_visible_to(viewer).where(result.school_year == span.label)
    if kitchen_ids is not None:
        asked = asked.where(result.kitchen_id.in_(kitchen_ids))
    counts = (whole(session, result.outside), whole(session, result.sure))
    columns: tuple[Any, ...] = (result.kitchen_id, result.rule, result.last, *counts)
    worst: dict[tuple[int, str], dict[date, tuple[int, int]]] = defaultdict(dict)
    by_month: dict[date, date] = _FirstDays()
    ordered = asked.with_only_columns(*columns).order_by(result.kitchen_id, result.rule, result.first)
    # By the connection: some ten thousand rows of plain values, each of which the ORM would look at.
    for kitchen, rule, last, outside, sure in await (await session.connection()).execute(ordered):
        mine, month = worst[kitchen, rule], by_month[last]
        if month not in mine or outside >= mine[month][0]:
            mine[month] = outside, sure
    return {place: [Point(month, _meals(sure)) for month, (_, sure) in of.items()] for place, of in worst.items()}


class _FirstDays(dict[date, date]):
    """First day of the month of a day."""

    def __missing__(self, day: date) -> date:
        self[day] = first = day.replace(day=1)
        return first


@lru_cache(maxsize=10_000)  # legal-number: more counts than meals of a block can give
def _meals(millionths: int) -> Decimal:
    return hundredths(Decimal(millionths).scaleb(-6))


def _cell(cell: Cell, trend: Sequence[Point]) -> GridCell:
    return GridCell(
        kitchen_id=cell.kitchen_id,
        kind=CellKind.NUTRITION,
        rule=cell.rule,
        status=_status(cell),
        value=hundredths(cell.sure),
        least=None if cell.minimum is None else Decimal(cell.minimum),
        most=None if cell.maximum is None else Decimal(cell.maximum),
        unit=CellUnit.MEALS,
        first=cell.first,
        last=cell.last,
        trend=trend,
        cures=tuple(_cures(cell)),
    )


def _status(cell: Cell) -> CellStatus:
    if cell.broken_past:
        return CellStatus.MISSED
    if cell.broken_ahead or (cell.windows_broken and not cell.undecided):
        return CellStatus.WATCHED
    return CellStatus.NO_DATA if cell.undecided else CellStatus.HELD


def _cures(cell: Cell) -> Iterator[Cure]:
    if cell.broken_ahead:
        told = f"Périodes à venir hors bornes : {cell.broken_ahead}. Changer des plats avant leur dernier repas."
        effort = Decimal(cell.broken_ahead) / cell.periods
        yield Cure(True, effort.quantize(Decimal("0.001")), cell.last, told)
    if cell.broken_past:
        yield Cure(
            False, None, None, f"Périodes servies hors bornes : {cell.broken_past}. Elles ne se rattrapent plus."
        )
