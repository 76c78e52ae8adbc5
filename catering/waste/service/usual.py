"""Whether a day is past what is usual per cover, whichever came first: its bins or its covers."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.people.viewer import Viewer
from catering.waste.models import ServiceCovers, Weighing
from catering.waste.queries import covers, summed, weighings
from catering.waste.rules.figures import Doubt, doubt
from catering.waste.rules.mass import by_service

Usual = Mapping[date, int | None]
"""Days on which the kitchen serves, each with the covers of its calendar."""


async def unusual_days(
    session: AsyncSession,
    viewer: Viewer,
    kitchen: Kitchen,
    days: Collection[date],
    usual: Usual,
    fresh: Sequence[Weighing] = (),
) -> dict[date, Doubt]:
    """Which of some days are past GAS-SOL-CONFIRMER with weighings not kept yet; two statements."""
    first, last = min(days), max(days)
    of_days = weighings(viewer, kitchen_ids=[kitchen.id], first=first, last=last)
    before = (await session.execute(summed(of_days))).all()
    edible: dict[date, int] = {}
    for service in by_service([*before, *fresh]):
        edible[service.day] = edible.get(service.day, 0) + service.mass.edible_g
    eating = await _eating(session, viewer, kitchen, first, last, usual)
    found = {day: doubt(day, edible.get(day, 0), eating.get(day)) for day in days}
    return {day: each for day, each in found.items() if each is not None}


async def _eating(
    session: AsyncSession, viewer: Viewer, kitchen: Kitchen, first: date, last: date, usual: Usual
) -> dict[date, int]:
    """Covers of each day: served, else prepared, else planned, all services together; else those of the calendar."""
    found: dict[date, int] = {day: many for day, many in usual.items() if many}
    counted: dict[date, int] = {}
    noted = covers(viewer, kitchen_ids=[kitchen.id], first=first, last=last)
    for each in await session.scalars(noted):
        if many := _best(each):
            counted[each.day] = counted.get(each.day, 0) + many
    return found | counted


def _best(each: ServiceCovers) -> int | None:
    """The best that is known of who ate."""
    return next((many for many in (each.served, each.prepared, each.planned) if many), None)
