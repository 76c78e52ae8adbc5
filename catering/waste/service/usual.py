"""Whether a day is past what is usual per cover, whichever came first: its bins or its covers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.menus.queries import portion_changes_visible_to
from catering.people.viewer import Viewer
from catering.recipes.models import Dish, PortionChange
from catering.recipes.portions import in_force
from catering.waste.models import ServiceCovers, Weighing
from catering.waste.queries import covers, summed, weighings
from catering.waste.rules.breakdown import mass_by
from catering.waste.rules.figures import DishDoubt, Doubt, doubt
from catering.waste.rules.mass import Mass, by_service
from catering.waste.vocabulary import Service, Stage

LEAST_PART = 3
Usual = Mapping[date, int | None]
"""Days on which the kitchen serves, each with the covers of its calendar."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What is kept of some days of a kitchen: weighings added up, and covers."""

    bins: Sequence[Any]
    covers: Sequence[ServiceCovers]


async def noted(session: AsyncSession, viewer: Viewer, kitchen: Kitchen, days: Collection[date]) -> Noted:
    """What is kept from the first to the last of some days; two statements."""
    asked: dict[str, Any] = {"kitchen_ids": [kitchen.id], "first": min(days), "last": max(days)}
    bins = (await session.execute(summed(weighings(viewer, **asked)))).all()
    return Noted(bins, (await session.scalars(covers(viewer, **asked))).all())


def unusual_days(
    kept: Noted, days: Collection[date], usual: Usual, fresh: Sequence[Weighing] = ()
) -> dict[date, Doubt]:
    """Which of some days are past GAS-SOL-CONFIRMER with weighings not kept yet."""
    edible: dict[date, int] = {}
    for service in by_service([*kept.bins, *fresh]):
        edible[service.day] = edible.get(service.day, 0) + service.mass.edible_g
    eating = _eating(kept.covers, usual)
    found = {day: doubt(day, edible.get(day, 0), eating.get(day)) for day in days}
    return {day: each for day, each in found.items() if each is not None}


async def more_than_served(
    session: AsyncSession,
    viewer: Viewer,
    kitchen: Kitchen,
    named: Mapping[int, Dish],
    kept: Noted,
    usual: Usual,
    fresh: Sequence[Weighing],
) -> dict[str, DishDoubt]:
    """Bins not kept yet that take a dish on plates past what all covers of its service were served.

    A choice of dishes is not looked at: no more can have been served than if everybody took it. One statement where
    much came back, none else.
    """
    plates = [row for row in fresh if row.stage is Stage.PLATES and row.dish_id in named]
    if not plates:
        return {}
    eating = {(each.day, each.service): _best(each) for each in kept.covers}
    every = [*(row for row in kept.bins if row.stage is Stage.PLATES), *plates]
    masses = mass_by(every, lambda row: (row.day, row.service, row.dish_id))
    much = [row for row in plates if _is_much(row, masses, named, eating, usual)]
    if not much:
        return {}
    of_portions = portion_changes_visible_to(viewer).where(PortionChange.dish_id.in_(named))
    changes = (await session.scalars(of_portions)).all()
    found = {}
    for row in much:
        assert row.dish_id is not None, "kept above"
        many = eating.get((row.day, row.service)) or usual.get(row.day)
        held = in_force(changes, row.day, kitchen.id).get(row.dish_id)
        portion = named[row.dish_id].served_g if held is None else held.served_g
        edible = masses[row.day, row.service, row.dish_id].edible_g
        if many and edible > portion * many:
            found[row.entry_key] = DishDoubt(edible, portion * many, many)
    return found


def _is_much(
    row: Weighing,
    masses: Mapping[tuple[date, Service, int | None], Mass],
    named: Mapping[int, Dish],
    eating: Mapping[tuple[date, Service], int | None],
    usual: Usual,
) -> bool:
    """Whether more than a third of the fiche's portion came back: no grammage lets a portion go down so far."""
    assert row.dish_id is not None, "only a dish has a portion"
    many = eating.get((row.day, row.service)) or usual.get(row.day) or 0
    return LEAST_PART * masses[row.day, row.service, row.dish_id].edible_g > named[row.dish_id].served_g * many


def _eating(noted_covers: Iterable[ServiceCovers], usual: Usual) -> dict[date, int]:
    """Covers of each day: served, else prepared, else planned, all services together; else those of the calendar."""
    found: dict[date, int] = {day: many for day, many in usual.items() if many}
    counted: dict[date, int] = {}
    for each in noted_covers:
        if many := _best(each):
            counted[each.day] = counted.get(each.day, 0) + many
    return found | counted


def _best(each: ServiceCovers) -> int | None:
    """The best that is known of who ate."""
    return next((many for many in (each.served, each.prepared, each.planned) if many), None)
