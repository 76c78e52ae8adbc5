"""How rules, ratios and costs stand in a plan, as GraphQL shows them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import strawberry
from sqlalchemy import Select, and_, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from catering.graph.documented import documented
from catering.graph.loading import Loader
from catering.graph.pages_by_parent import PageByParent
from catering.graph.paging import Order
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.kitchens import models as kitchen_models
from catering.kitchens.graph import Kitchen, KitchenById, show_kitchen
from catering.kitchens.queries import kitchens
from catering.planning.graph.run_loads import RulesByRunId
from catering.planning.models import KitchenRatio, KitchenStanding, PlanRule, RuleStanding
from catering.planning.queries import (
    STANDING_KEY,
    kitchen_ratios_visible_to,
    kitchen_standings_visible_to,
    rule_standings_visible_to,
)


@strawberry.type(description="A rule as it was stated to the optimizer; the law may have changed since.")
class PlanRuleStated:
    rule: strawberry.ID = strawberry.field(description="Id of the rule, e.g. `NUT-03`.")
    kind: str = strawberry.field(description="Kind of rule, e.g. `count` (docs/problem-format.md).")
    title: str = strawberry.field(description="French title.")
    source: str = strawberry.field(description="Where the rule comes from.")


@dataclass(frozen=True, slots=True)
class RuleResultsWanted:
    """Rule results of one plan that meet every condition given."""

    run_id: int
    holds: bool | None = None
    rule: str | None = None
    uai: str | None = None


class RuleResultPageByRun(PageByParent[RuleResultsWanted, RuleStanding]):
    """Pages of rule results of runs."""

    order = Order(STANDING_KEY)
    table = RuleStanding

    def statement(self, parent: RuleResultsWanted) -> Select[RuleStanding]:
        """The visible results that are wanted."""
        viewer = self.request.viewer
        wanted = rule_standings_visible_to(viewer).where(RuleStanding.run_id == parent.run_id)
        if parent.holds is not None:
            wanted = wanted.where(RuleStanding.holds.is_(parent.holds))
        if parent.rule is not None:
            wanted = wanted.where(RuleStanding.rule == parent.rule)
        if parent.uai is not None:
            own = kitchens(viewer, uais=[parent.uai]).with_only_columns(kitchen_models.Kitchen.id)
            wanted = wanted.where(RuleStanding.kitchen_id.in_(own))
        return wanted


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many results of one rule there are in a plan, and how many do not hold."""

    rule: str
    results: int
    broken: int


class RuleCountsByRunId(Loader[int, Sequence[RuleCount]]):
    """Results per rule of runs, over the kitchens the viewer may read, in order of rule."""

    async def fetch(self, keys: list[int]) -> Mapping[int, Sequence[RuleCount]]:
        """Counts by run."""
        counted = (
            rule_standings_visible_to(self.request.viewer)
            .where(RuleStanding.run_id.in_(keys))
            .with_only_columns(
                RuleStanding.run_id,
                RuleStanding.rule,
                func.count(),
                func.count().filter(RuleStanding.holds.is_(False)),
            )
            .group_by(RuleStanding.run_id, RuleStanding.rule)
            .order_by(RuleStanding.run_id, RuleStanding.rule)
        )
        found: dict[int, list[RuleCount]] = defaultdict(list)
        for run_id, rule, results, broken in await self.request.rows(counted):
            found[run_id].append(RuleCount(rule, results, broken))
        return found

    def missing(self, key: int) -> Sequence[RuleCount]:
        """No result."""
        del key
        return ()


@strawberry.type(description="How one rule stands over a whole plan, in the kitchens you may read.")
class RuleSummary:
    run_id: strawberry.Private[int]
    rule: strawberry.ID = strawberry.field(description="Id of the rule.")
    results: int = strawberry.field(description="Kitchens × periods looked at.")
    broken: int = strawberry.field(description="Of which the rule does not hold.")

    @documented
    async def statement(self, info: Ask) -> PlanRuleStated | None:
        """The rule as stated to the optimizer; null for the rules of every plan (DEMAND, CAPACITY …)."""
        return await stated(info, self.run_id, str(self.rule))


@strawberry.type(description="How one rule stands for one kitchen and period.")
class RuleResult:
    row: strawberry.Private[RuleStanding]
    rule: strawberry.ID = strawberry.field(description="Id of the rule.")
    period: str = strawberry.field(
        description="Block `first/last date`, week (its Monday), civil year, or `horizon`: see the kind of the rule."
    )
    value: Decimal | None = strawberry.field(
        description="In the unit of the rule; null if there is nothing to measure."
    )
    minimum: Decimal | None = strawberry.field(description="Least value allowed over this period; null for none.")
    maximum: Decimal | None = strawberry.field(description="Greatest value allowed over this period; null for none.")
    holds: bool = strawberry.field(description="Whether the rule is met.")

    @documented
    async def kitchen(self, info: Ask) -> Kitchen | None:
        """The kitchen; null when you may not read it."""
        return await kitchen_of(info, self.row.kitchen_id)

    @documented
    async def statement(self, info: Ask) -> PlanRuleStated | None:
        """The rule as stated to the optimizer."""
        return await stated(info, self.row.run_id, self.row.rule)


@dataclass(frozen=True, slots=True)
class KitchenOfRun:
    """One kitchen in one plan."""

    run_id: int
    kitchen_id: int


@dataclass(frozen=True, slots=True)
class RatioStanding:
    """Share of a civil year's purchases a rule counts, with what the rule asks."""

    row: KitchenRatio
    target: Decimal | None = None
    holds: bool | None = None


class RatiosByKitchenOfRun(Loader[KitchenOfRun, Sequence[RatioStanding]]):
    """Ratios of kitchens in plans, in order of rule and year."""

    async def fetch(self, keys: list[KitchenOfRun]) -> Mapping[KitchenOfRun, Sequence[RatioStanding]]:
        """The ratios by kitchen of a plan."""
        viewer = self.request.viewer
        ratios = kitchen_ratios_visible_to(viewer).where(in_pairs(keys, KitchenRatio.run_id, KitchenRatio.kitchen_id))
        rows = await self.request.objects(ratios.order_by(KitchenRatio.rule, KitchenRatio.year))
        results = rule_standings_visible_to(viewer).where(
            in_pairs(keys, RuleStanding.run_id, RuleStanding.kitchen_id),
            RuleStanding.rule.in_({row.rule for row in rows}),
        )
        by_key = {(r.run_id, r.kitchen_id, r.rule, r.period): r for r in await self.request.objects(results)}
        found: dict[KitchenOfRun, list[RatioStanding]] = defaultdict(list)
        for row in rows:
            result = by_key.get((row.run_id, row.kitchen_id, row.rule, str(row.year)))
            standing = RatioStanding(row, result.minimum, result.holds) if result else RatioStanding(row)
            found[KitchenOfRun(row.run_id, row.kitchen_id)].append(standing)
        return found

    def missing(self, key: KitchenOfRun) -> Sequence[RatioStanding]:
        """No ratio."""
        del key
        return ()


@strawberry.type(description="Share of one kitchen's purchases of a civil year that a ratio rule counts (EGAlim).")
class Ratio:
    run_id: strawberry.Private[int]
    rule: strawberry.ID = strawberry.field(description="Id of the rule, e.g. `EGA-01`.")
    year: int = strawberry.field(description="Civil year; a week belongs to the year of its Monday.")
    share: Decimal | None = strawberry.field(description="0 to 1; null when nothing was bought.")
    target: Decimal | None = strawberry.field(description="Least share asked for, 0 to 1.")
    holds: bool | None = strawberry.field(description="Whether the target is met; null when the plan does not say.")

    @documented
    async def statement(self, info: Ask) -> PlanRuleStated | None:
        """The rule as stated to the optimizer."""
        return await stated(info, self.run_id, str(self.rule))


class StandingByKitchenOfRun(Loader[KitchenOfRun, KitchenStanding | None]):
    """What plans cost kitchens."""

    async def fetch(self, keys: list[KitchenOfRun]) -> Mapping[KitchenOfRun, KitchenStanding | None]:
        """The costs by kitchen of a plan."""
        pairs = in_pairs(keys, KitchenStanding.run_id, KitchenStanding.kitchen_id)
        rows = await self.request.objects(kitchen_standings_visible_to(self.request.viewer).where(pairs))
        return {KitchenOfRun(row.run_id, row.kitchen_id): row for row in rows}

    def missing(self, key: KitchenOfRun) -> None:
        """The plan does not concern the kitchen."""
        del key


class KitchenPlanPageByRunId(PageByParent[int, KitchenStanding]):
    """Pages of the kitchens of runs."""

    order = Order((KitchenStanding.kitchen_id,))
    table = KitchenStanding

    def statement(self, parent: int) -> Select[KitchenStanding]:
        """The visible kitchens of the run."""
        return kitchen_standings_visible_to(self.request.viewer).where(KitchenStanding.run_id == parent)


@strawberry.type(description="What a plan means for one kitchen.")
class KitchenPlan:
    row: strawberry.Private[KitchenStanding]
    meals: int = strawberry.field(description="Covers planned.")

    @documented
    def cost_eur(self) -> Decimal:
        """Purchases, € excl. tax, delivery included."""
        return self.row.cost

    @documented
    def cost_per_meal_eur(self) -> Decimal:
        """Purchases per cover, € excl. tax, four decimals."""
        return self.row.cost_per_meal

    @documented
    async def kitchen(self, info: Ask) -> Kitchen | None:
        """The kitchen; null when you may not read it."""
        return await kitchen_of(info, self.row.kitchen_id)

    @documented
    async def ratios(self, info: Ask) -> list[Ratio]:
        """EGAlim shares per rule and civil year (a dozen)."""
        key = KitchenOfRun(self.row.run_id, self.row.kitchen_id)
        found = await info.context.loader(RatiosByKitchenOfRun).load(key)
        return [show_ratio(each) for each in found]


def in_pairs(keys: Sequence[KitchenOfRun], run: InstrumentedAttribute[int], kitchen: InstrumentedAttribute[int]) -> Any:
    """The condition that a row belongs to one of these kitchens of plans; one range of the table's key per kitchen."""
    by_run: dict[int, list[int]] = defaultdict(list)
    for key in keys:
        by_run[key.run_id].append(key.kitchen_id)
    return or_(*(and_(run == number, kitchen.in_(ids)) for number, ids in by_run.items()))


async def kitchen_of(info: Ask, kitchen_id: int) -> Kitchen | None:
    """A kitchen by its number; None when the viewer may not read it."""
    row = await info.context.loader(KitchenById).load(kitchen_id)
    return None if row is None else show_kitchen(row)


async def stated(info: Ask, run_id: int, rule: str) -> PlanRuleStated | None:
    """A rule as a run stated it to the optimizer; None when it stated none of that id."""
    rows = await info.context.loader(RulesByRunId).load(run_id)
    return next((show_rule(row) for row in rows if row.rule == rule), None)


def show_rule(row: PlanRule) -> PlanRuleStated:
    """A stated rule as GraphQL shows it."""
    return shown(PlanRuleStated, row)


def show_result(row: RuleStanding) -> RuleResult:
    """A rule result as GraphQL shows it."""
    return shown(RuleResult, row, row=row)


def show_ratio(standing: RatioStanding) -> Ratio:
    """A ratio as GraphQL shows it."""
    return shown(Ratio, standing.row, target=standing.target, holds=standing.holds)


def show_kitchen_plan(row: KitchenStanding) -> KitchenPlan:
    """A kitchen's part of a plan as GraphQL shows it."""
    return shown(KitchenPlan, row, row=row)
