"""The procurement cells: the largest need of each buyer over twelve months against each threshold (CCP-44)."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from catering.compliance.cells import CellKind, CellStatus, CellUnit, Cure, GridCell
from catering.people.viewer import Viewer
from catering.procurement.counting import counted_in_needs, needs_on
from catering.procurement.need import Duty, Level, Standing, standings, window_of
from catering.together import read_together

STATUS = {Level.FAR: CellStatus.HELD, Level.NEAR: CellStatus.WATCHED, Level.REACHED: CellStatus.MISSED}


async def procurement_cells(
    session: AsyncSession, viewer: Viewer, today: date, kitchen_ids: Collection[int], *, every: bool
) -> list[GridCell]:
    """One cell per kitchen and threshold in force: that of its largest need; one statement."""
    first, last = window_of(today)
    counted = counted_in_needs(viewer, today, None if every else kitchen_ids)
    needs = needs_on(today, await read_together(session, counted))
    largest: dict[int, tuple[Decimal, str]] = {}
    for kitchen, family in needs.pairs():
        amount = needs.of([kitchen], family).total
        largest[kitchen] = max(largest.get(kitchen, (Decimal(0), "")), (amount, family))
    found: list[GridCell] = []
    for number in kitchen_ids:
        need, family = largest.get(number, (None, ""))
        by_duty = {duty: needs.of([number], family, duty).total for duty in Duty}
        found += _of_kitchen(number, None if need is None else by_duty, family, first, last)
    return found


def _of_kitchen(
    number: int, need: Mapping[Duty, Decimal] | None, family: str, first: date, last: date
) -> Iterator[GridCell]:
    for each in standings(need or Decimal("0.00"), last):
        yield GridCell(
            kitchen_id=number,
            kind=CellKind.PROCUREMENT,
            rule=each.threshold.rule,
            status=CellStatus.NO_DATA if need is None else STATUS[each.level],
            value=None if need is None else each.need,
            least=None,
            most=each.threshold.amount,
            unit=CellUnit.EUR,
            first=first,
            last=last,
            key=family,
            cures=() if need is None or each.level is Level.FAR else (_cure(each),),
        )


def _cure(standing: Standing) -> Cure:
    share = (standing.need / standing.threshold.amount).quantize(Decimal("0.001"), ROUND_HALF_UP)
    return Cure(True, min(share, Decimal(1)), None, standing.message)
