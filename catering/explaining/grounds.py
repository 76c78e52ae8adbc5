"""What an explanation stands on, read from the plan in use; and which figures are not told."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from catering.explaining.queries import bought, first_day, places, sold
from catering.kitchens.calendar import week_of
from catering.people.viewer import Viewer
from optimizer.explaining import Entry, Ground
from optimizer.plan import SourcingLine
from optimizer.problem import Problem

FEWEST_RIVALS = 3  # legal-number: sellers among whom a price tells of none of them
"""Others that sell the ingredient to the kitchen in the week; with fewer, the terms of entry would tell their price."""


def tells_of_somebody(entry: Entry) -> bool:
    """Whether so few others compete that the terms of entry would tell what one of them asks."""
    return entry.rivals < FEWEST_RIVALS


def planned(problem: Problem, weeks: Iterable[date]) -> list[date]:
    """Those of the Mondays in whose week the plan serves."""
    served = set(problem.weeks)
    return [week for week in weeks if week in served]


async def ground_of(
    session: AsyncSession, viewer: Viewer, run_id: int, problem: Problem, supplier: str, weeks: Sequence[date]
) -> Ground:
    """What an explanation of a supplier over some weeks stands on. Four statements.

    Of the kitchens in reach all purchases are read: rates are those of a civil year.
    """
    reached = sorted(kitchen for seller, kitchen in problem.deliveries if seller == supplier)
    since = week_of((await session.execute(first_day(viewer, run_id))).scalar_one())
    uais = dict((await session.execute(places(reached))).tuples().all())
    rows = await session.execute(bought(run_id, list(uais), since)) if uais else ()
    return Ground(
        problem,
        tuple(SourcingLine(uais[kitchen], *row) for kitchen, *row in rows),
        {(offer, week): int(grams) for offer, week, grams in await session.execute(sold(run_id, weeks))},
    )
