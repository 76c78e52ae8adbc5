"""What the plan has to say before a basket is sent: whether the delivery that is smaller than its minimum is shared."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select

from catering.geography import road_km
from catering.kitchens.models import Kitchen
from catering.orders import refusals
from catering.orders.asking import NOTHING_KEPT, Answers, Held, Kept, Sending
from catering.orders.sold import BUYER
from catering.orders.vocabulary import LineReason
from catering.people.viewer import Viewer
from catering.planning.left_overs import TO_SUNDAY
from catering.planning.models import PlannedDrop, PlanRun, PlanScenario
from catering.planning.nearby import NEAR_KM
from catering.planning.queries import drops_visible_to, runs_visible_to


@dataclass(frozen=True, slots=True)
class SharedByPlan:
    """A delivery below its supplier's minimum goes out only if the plan in use brings it on that day to a kitchen near
    this one too (decision 0200): the least at one door is for a round that is shared, not for who buys alone."""

    def asks(self, viewer: Viewer, held: Held) -> Sequence[Select[Any]]:
        """Where the plan in use has the suppliers come that share, on the days of the basket; whoever receives it."""
        sharing = [
            each
            for each in held.lines
            if each.supplier.shared_door_eur is not None and each.line.reason is LineReason.PLAN
        ]
        if not sharing:
            return []
        suppliers, days = {each.supplier.id for each in sharing}, {each.line.day for each in sharing}
        return [planned_stops(viewer, held.basket.week, suppliers, days)]

    def check(self, sending: Sending, answers: Answers) -> Kept:
        """Check every delivery below its supplier's minimum.

        Raises:
            refusals.BelowMinimum: the plan does not share it.
        """
        stops: dict[tuple[int, date], dict[int, tuple[Decimal, Decimal]]] = defaultdict(dict)
        for supplier, day, kitchen, lat, lon in answers[0] if answers else ():
            stops[supplier, day][kitchen] = lat, lon
        alone = [
            (part.supplier.name, part.day, part.amount + part.ordered, part.supplier.min_drop_eur)
            for part in sending.parts
            if part.amount + part.ordered < part.supplier.min_drop_eur
            and not sharers(sending.kitchen, stops[part.supplier.id, part.day])
        ]
        if alone:
            raise refusals.BelowMinimum(alone)
        return NOTHING_KEPT


def planned_stops(viewer: Viewer, week: date, suppliers: Collection[int], days: Collection[date]) -> Select[Any]:
    """Where the plan in use for a week has some suppliers come on some days, whoever receives it.

    Columns: supplier, day, kitchen, latitude, longitude.
    """
    columns: tuple[Any, ...] = PlannedDrop.supplier_id, PlannedDrop.day, Kitchen.id, Kitchen.lat, Kitchen.lon
    return (
        drops_visible_to(BUYER)
        .where(
            PlannedDrop.run_id == _run_in_use(viewer, week),
            PlannedDrop.supplier_id.in_(suppliers),
            PlannedDrop.day.in_(days),
        )
        .join(Kitchen, Kitchen.id == PlannedDrop.kitchen_id)
        .with_only_columns(*columns)
    )


def _run_in_use(viewer: Viewer, week: date) -> Any:
    """The newest published plan that covers a week, as ``leaving.run_of`` finds it."""
    return (
        runs_visible_to(viewer)
        .join(PlanScenario, PlanScenario.id == PlanRun.scenario_id)
        .where(
            PlanRun.published_at.is_not(None),
            PlanRun.withdrawn_at.is_(None),
            PlanScenario.first_day <= week + TO_SUNDAY,
            PlanScenario.last_day >= week,
        )
        .order_by(PlanRun.published_at.desc())
        .limit(1)
        .with_only_columns(PlanRun.id)
        .scalar_subquery()
    )


def sharers(kitchen: Kitchen, stops: Mapping[int, tuple[Decimal, Decimal]]) -> list[int]:
    """The kitchens near enough to share a delivery that the plan brings to this one and to them; none when it does not
    bring it to this one."""
    if kitchen.id not in stops:
        return []
    return [
        other
        for other, (lat, lon) in stops.items()
        if other != kitchen.id and road_km(kitchen.lat, kitchen.lon, lat, lon) <= NEAR_KM
    ]
