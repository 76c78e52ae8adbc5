"""What orders and the published plan still bring to the EGAlim rates of all kitchens, summed by the database."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, TypeAlias

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from catering.market.models import Offer
from catering.orders.models import OrderLine
from catering.people.viewer import Viewer
from catering.planning.kinds_of_offers import sign_of, with_kind
from catering.planning.models import PlanRun, PlanScenario, ScenarioKitchen
from catering.planning.planned_rates import planned_rates
from catering.planning.projecting import coming_lines
from catering.planning.queries_of_runs import scenario_kitchens_visible_to
from catering.rules import law
from catering.rules.egalim_year import cents_of, rates_of_cells

Cents: TypeAlias = Mapping[int, Mapping[str, tuple[int, int]]]
"""By kitchen number and rate: cents that count, cents of value."""


@dataclass(frozen=True, slots=True)
class ToCome:
    """What is ordered and not yet received, and what the published plan buys in the weeks that nobody ordered.

    ``until``: by kitchen number the last day that a published plan plans for it; kitchens without a plan have none.
    """

    ordered: Cents
    planned: Cents
    until: Mapping[int, date]


async def rates_to_come(
    session: AsyncSession, viewer: Viewer, year: int, today: date, *, kitchen_ids: Collection[int] | None = None
) -> ToCome:
    """The same as ``projecting.projections``, summed to the rates: four statements whatever the number of kitchens."""
    rates_of, judged = rates_of_cells(year), partial(sign_of, law())
    ordered, planned = _Sums(), _Sums()
    coming = coming_lines(viewer, year, kitchen_ids).join(Offer, Offer.id == OrderLine.offer_id)
    for row in await session.execute(with_kind(coming)):
        kitchen, day, _, label, grams, received, amount, family, kind, country, *facts = row
        left = max(grams - received, 0)
        if left:
            cents = cents_of(amount) * left // grams
            sign = judged(family, kind, country, label, day, day, *facts)
            ordered.add(kitchen, rates_of(family, sign), cents)
    for kitchen, rates, cents in await planned_rates(session, viewer, year, today, kitchen_ids):
        planned.add(kitchen, rates, cents)
    return ToCome(ordered, planned, await _planned_until(session, viewer, year, kitchen_ids))


async def _planned_until(
    session: AsyncSession, viewer: Viewer, year: int, kitchen_ids: Collection[int] | None
) -> dict[int, date]:
    """By kitchen number, the last day that a published plan plans for it, if that is in the year or after it."""
    asked = (
        scenario_kitchens_visible_to(viewer)
        .join(PlanScenario, PlanScenario.id == ScenarioKitchen.scenario_id)
        .join(PlanRun, PlanRun.scenario_id == PlanScenario.id)
        .where(
            PlanRun.published_at.is_not(None), PlanRun.withdrawn_at.is_(None), PlanScenario.last_day >= date(year, 1, 1)
        )
    )
    if kitchen_ids is not None:
        asked = asked.where(ScenarioKitchen.kitchen_id.in_(kitchen_ids))
    told: Any = asked.with_only_columns(ScenarioKitchen.kitchen_id, func.max(PlanScenario.last_day))
    rows = await session.execute(told.group_by(ScenarioKitchen.kitchen_id))
    return {number: last for number, last in rows}  # noqa: C416 - rows are no pairs


class _Sums(dict[int, dict[str, tuple[int, int]]]):
    def add(self, kitchen: int, rates: Mapping[str, bool], cents: int) -> None:
        """Cents that are in the value of some rates, and count for some of them."""
        mine = self.setdefault(kitchen, defaultdict(lambda: (0, 0)))
        for rule, counts in rates.items():
            counted, value = mine[rule]
            mine[rule] = counted + (cents if counts else 0), value + cents
