"""A kitchen-week bought again after other dishes are put on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from optimizer.blocks import week_of
from optimizer.engine.assembly import drops
from optimizer.plan import Drop, MenuLine, SourcingLine
from optimizer.problem import Problem
from optimizer.swapping.kitchen_plan import KitchenPlan, Place, bought_elsewhere, need, to_buy
from optimizer.swapping.standing import RuleChange, Standing, changes, standing
from optimizer.swapping.week_market import Elsewhere, WeekMarket
from optimizer.verification.spent import ZERO, brought_by


class CannotBuy(Exception):  # noqa: N818 - named as what it says
    """What the others leave does not feed the menus; ``grams`` that lack, by ingredient."""

    def __init__(self, grams: Mapping[str, int]) -> None:
        super().__init__(", ".join(f"{ingredient} {of} g" for ingredient, of in sorted(grams.items())))
        self.grams = dict(grams)


@dataclass(frozen=True)
class Swapped:
    """The week's menus, purchases and deliveries after a change, and how the kitchen's plan stood and stands."""

    week: date
    menus: tuple[MenuLine, ...]
    lines: tuple[SourcingLine, ...]
    drops: tuple[Drop, ...]
    before: Standing
    after: Standing

    @property
    def changes(self) -> tuple[RuleChange, ...]:
        """Rules that stand otherwise than before."""
        return tuple(changes(self.before.findings, self.after.findings))


def swap(whole: Problem, plan: KitchenPlan, week: date, dishes: Mapping[Place, str]) -> Swapped:
    """Put dishes in places (day, slot) of one week, and buy the week again at what all others leave.

    The ratios are held over the civil year and the budget over the horizon, with what the kitchen's other weeks buy;
    where they cannot be, the rule is told as not holding.

    Raises:
        UnknownDish: a dish is not in the problem, or not of the slot.
        ValueError: a place is not one of the week's menus.
        CannotBuy: some ingredient cannot be had.
    """
    if strange := dishes.keys() - {(line.date, line.slot) for line in plan.served(week)}:
        raise ValueError(f"not on the menus of the week: {sorted(strange)}")
    problem = plan.problem(whole)
    menus = plan.with_dishes(dishes)
    served = tuple(line for line in menus if week_of(line.date) == week)
    wanted = to_buy(need(problem, served), plan.from_store(problem, week))
    market = market_of(problem, plan, week, wanted)
    lines, lacking = market.lines(wanted, market.buy(wanted))
    if lacking:
        raise CannotBuy(lacking)
    rest = plan.other_weeks(week)
    return Swapped(
        week,
        served,
        lines,
        drops(problem, lines),
        before=standing(problem, plan.menus, plan.lines, week),
        after=standing(problem, menus, (*rest, *lines), week),
    )


def market_of(
    problem: Problem, plan: KitchenPlan, week: date, ingredients: Iterable[str], *, every_offer: bool = True
) -> WeekMarket:
    """What the kitchen can buy for the week of some ingredients."""
    spent = sum((line.amount_excl_tax for line in plan.other_weeks(week)), ZERO)
    elsewhere = Elsewhere(bought_elsewhere(problem, plan, week), spent)
    coming = brought_by(problem, (line for line in plan.lines if line.week == week))
    place = plan.kitchen, week
    return WeekMarket(problem, place, ingredients, plan.taken, elsewhere, coming, every_offer=every_offer)
