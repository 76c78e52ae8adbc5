"""Dishes that could take a place of the plan in use, and swaps that were made, as GraphQL shows them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from catering.graph.documented import documented
from catering.graph.loading import OneByKey
from catering.graph.request import Ask
from catering.kitchens.graph import Kitchen, KitchenById, show_kitchen
from catering.moment import today
from catering.planning import models
from catering.planning.kitchen_plans import PlanInUse, kitchen_plan, plan_in_use
from catering.planning.queries import swaps_visible_to
from catering.planning.warm import problem_at_hand
from catering.recipes.graph import Dish, show_dish
from catering.recipes.loaders import DishById
from catering.recipes.models import Dish as DishRow
from catering.recipes.queries import dishes
from catering.recipes.vocabulary import Slot
from optimizer.problem import Problem
from optimizer.rules import ValueRatioRule
from optimizer.swapping import Candidate, KitchenPlan, RuleChange, UnknownDish, candidates


@strawberry.type(description="A rule of the plan that stands otherwise with another dish.")
class RuleMove:
    rule: strawberry.ID = strawberry.field(description="Id of the rule.")
    title: str = strawberry.field(description="In French.")
    period: str = strawberry.field(
        description="Block (first day/last day), week (its Monday), civil year or `horizon`."
    )
    before: Decimal | None = strawberry.field(description="In the unit of the rule; null for a share of nothing.")
    after: Decimal | None = strawberry.field(description="The same, with the other dish.")
    minimum: Decimal | None = strawberry.field(description="At least so much; null when not bounded below.")
    maximum: Decimal | None = strawberry.field(description="At most so much; null when not bounded above.")
    held: bool = strawberry.field(description="Whether it held before.")
    holds: bool = strawberry.field(description="Whether it holds with the other dish.")


@strawberry.type(description="Share of a civil year's purchases that a rate counts.")
class SwapShare:
    rule: strawberry.ID = strawberry.field(description="Id of the rate.")
    title: str = strawberry.field(description="In French.")
    share: Decimal = strawberry.field(description="Of the kitchen's civil year as planned, with the other dish.")
    minimum: Decimal = strawberry.field(description="What the rate asks for.")


@strawberry.type(description="A dish that could take the place, against the week as it is planned.")
class SwapCandidate:
    row: strawberry.Private[Candidate]
    whole: strawberry.Private["Candidates"]
    cost_eur: Decimal = strawberry.field(
        description="€ by which the week's purchases change, all of them bought again at what the other kitchens leave."
    )
    waste_eur: Decimal = strawberry.field(description="€ by which waste changes, where the plan prices it.")
    co2e_kg: Decimal = strawberry.field(description="kg CO2e by which the week's purchases change.")
    lawful: bool = strawberry.field(description="Whether it can be bought and breaks no firm rule.")

    @documented
    async def dish(self, info: Ask) -> Dish | None:
        """What would be cooked."""
        row = await info.context.loader(DishById).load(self.whole.ids[self.row.dish])
        return None if row is None else show_dish(row)

    @documented
    def rules(self) -> list[RuleMove]:
        """Rules of menus that would stand otherwise."""
        return [_move(change) for change in self.row.changes]

    @documented
    def shares(self) -> list[SwapShare]:
        """Rates of the civil year with it."""
        found = []
        for rule, share in self.row.shares.items():
            stated = self.whole.problem.rules_by_id[rule]
            assert isinstance(stated, ValueRatioRule)
            found.append(SwapShare(rule=strawberry.ID(rule), title=stated.title, share=share, minimum=stated.min_share))
        return found

    @documented
    def short(self) -> list[str]:
        """Titles of the rates or of the budget that could then not be held."""
        return [self.whole.problem.rules_by_id[rule].title for rule in self.row.short]

    @documented
    def missing(self) -> list[str]:
        """Names of the ingredients of which the other kitchens leave too little."""
        return [self.whole.problem.ingredients[of].name for of in self.row.missing]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What was found for one place."""

    of: PlanInUse
    problem: Problem
    present: str
    found: list[Candidate]
    ids: Mapping[str, int]
    """Row ids of the dishes named, by slug."""


@strawberry.type(description="Every dish that could take a place of the plan in use.")
class SwapCandidates:
    rows: strawberry.Private[Candidates]
    day: date = strawberry.field(description="The day.")
    slot: Slot = strawberry.field(description="The component.")

    @documented
    async def kitchen(self, info: Ask) -> Kitchen | None:
        """Whose menu."""
        row = await info.context.loader(KitchenById).load(self.rows.of.kitchen.id)
        return None if row is None else show_kitchen(row)

    @documented
    async def present(self, info: Ask) -> Dish | None:
        """The dish that is planned there; name it when you swap."""
        row = await info.context.loader(DishById).load(self.rows.ids[self.rows.present])
        return None if row is None else show_dish(row)

    @documented
    def candidates(self) -> list[SwapCandidate]:
        """All dishes of the component in season (two hundred or so): lawful ones first, then the cheapest."""
        return [
            SwapCandidate(
                row=each, whole=self.rows, cost_eur=each.cost_eur, waste_eur=each.waste_eur, co2e_kg=each.co2e_kg,
                lawful=each.lawful,
            )
            for each in self.rows.found
        ]  # fmt: skip


@strawberry.type(description="A dish that took the place of another one in the plan in use, its week bought again.")
class DishSwap:
    row: strawberry.Private[models.PlanSwap]
    id: strawberry.ID = strawberry.field(description="Number of the swap.")
    day: date = strawberry.field(description="The day.")
    slot: Slot = strawberry.field(description="The component.")
    old_cost_eur: Decimal = strawberry.field(description="€ of the week's purchases before, excl. tax, delivered.")
    new_cost_eur: Decimal = strawberry.field(description="€ of the week's purchases now.")
    old_co2e_kg: Decimal = strawberry.field(description="kg CO2e of the week's purchases before, where it is known.")
    new_co2e_kg: Decimal = strawberry.field(description="kg CO2e of the week's purchases now.")
    made_at: datetime = strawberry.field(description="When.")

    @documented
    async def kitchen(self, info: Ask) -> Kitchen | None:
        """Whose menu."""
        row = await info.context.loader(KitchenById).load(self.row.kitchen_id)
        return None if row is None else show_kitchen(row)

    @documented
    async def old_dish(self, info: Ask) -> Dish | None:
        """What was planned."""
        row = await info.context.loader(DishById).load(self.row.old_dish_id)
        return None if row is None else show_dish(row)

    @documented
    async def new_dish(self, info: Ask) -> Dish | None:
        """What is planned now."""
        row = await info.context.loader(DishById).load(self.row.new_dish_id)
        return None if row is None else show_dish(row)

    @documented
    def rules(self) -> list[RuleMove]:
        """Rules that stand otherwise, rates and budget among them, exactly."""
        return [_stored_move(each) for each in self.row.rules]


class SwapById(OneByKey[int, models.PlanSwap]):
    """Swaps by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return models.PlanSwap.id

    def statement(self) -> Select[models.PlanSwap]:
        """All visible swaps."""
        return swaps_visible_to(self.request.viewer)


def show_swap(row: models.PlanSwap) -> DishSwap:
    """A swap as GraphQL shows it."""
    return DishSwap(
        row=row, id=strawberry.ID(str(row.id)), day=row.day, slot=row.slot, old_cost_eur=row.old_cost,
        new_cost_eur=row.new_cost, old_co2e_kg=row.old_co2e_kg, new_co2e_kg=row.new_co2e_kg, made_at=row.made_at,
    )  # fmt: skip


def _move(change: RuleChange) -> RuleMove:
    before, after = change.before.result(), change.after.result()
    return RuleMove(
        rule=strawberry.ID(after.id), title=change.rule.title, period=after.period, before=before.value,
        after=after.value, minimum=after.minimum, maximum=after.maximum, held=before.holds, holds=after.holds,
    )  # fmt: skip


def _stored_move(of: Mapping[str, Any]) -> RuleMove:
    numbers = {name: _number(of[name]) for name in ("before", "after", "minimum", "maximum")}
    return RuleMove(
        rule=strawberry.ID(of["rule"]), title=of["title"], period=of["period"], held=of["held"], holds=of["holds"],
        **numbers,
    )  # fmt: skip


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@strawberry.type
class Query:
    @documented
    async def swap_candidates(
        self,
        info: Ask,
        kitchen: Annotated[strawberry.ID, strawberry.argument(description="UAI.")],
        day: Annotated[date, strawberry.argument(description="A day of service.")],
        slot: Annotated[Slot, strawberry.argument(description="The component.")],
    ) -> SwapCandidates | None:
        """Every dish that could take a place of the plan in use, and what it would change, the best first; null when
        no plan you may read has anything there. The first question about a plan takes seconds, the others 0.3 s."""
        found = await _find(info, str(kitchen), day, slot)
        return None if found is None else SwapCandidates(rows=found, day=day, slot=slot)


async def _find(info: Ask, uai: str, day: date, slot: Slot) -> Candidates | None:
    request = info.context
    async with request.reading() as session:
        of = await plan_in_use(session, request.viewer, uai, day, today())
        plan = None if of is None else await kitchen_plan(session, request.viewer, of)
    present = _present(plan, day, slot)
    if of is None or plan is None or present is None:
        return None
    problem = await problem_at_hand(request.database, of.run_id, of.scenario_id)
    try:
        found = await asyncio.to_thread(candidates, problem, plan, (day, slot.value))
    except UnknownDish:
        # The catalogue has lost a dish of this week: nothing can be compared with it.
        return None
    named = dishes(request.viewer, slugs=[present, *(each.dish for each in found)])
    ids = {row.slug: row.id for row in await request.rows(named.with_only_columns(DishRow.slug, DishRow.id))}
    return Candidates(of, problem, present, found, ids)


def _present(plan: KitchenPlan | None, day: date, slot: Slot) -> str | None:
    menus = () if plan is None else plan.menus
    return next((line.dish for line in menus if (line.date, line.slot) == (day, slot.value)), None)
