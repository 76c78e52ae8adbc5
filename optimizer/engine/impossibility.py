"""Is there any plan at all? Some kitchens under some of their rules, and the smallest set of rules that leaves none.

Answers are proofs: the LP relaxation in the `bound` reading first, then, for what is small enough, the `exact` model
day by day. "Possible" is only as sure as the model asked last; where time or size forbid the exact one, it means "not
proven impossible".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from optimizer.engine.instance import Instance, compile_instance
from optimizer.engine.joint import JointModel, whole_model
from optimizer.engine.menu_rows import Reading
from optimizer.problem import Capacity, Delivery, Problem
from optimizer.rules import BudgetRule, CountRule, NutrientTotalRule, PurchaseTotalRule, Rule, ValueRatioRule
from optimizer.solver import Model, Status

SEASON, CAPACITY, REACH = "SEASON", "CAPACITY", "REACH"
EVERY_MONTH = frozenset(range(1, 13))
MOST_DAY_COLUMNS = 15_000
"""Dishes × days up to which the exact model is asked."""
SECONDS_PER_QUESTION = 15.0
SECONDS_IN_ALL = 180.0
_ZERO = Decimal(0)


@dataclass
class Case:
    """Some kitchens with all their days, looked at over all blocks or (one kitchen) over some of them.

    Over some blocks only what those blocks decide can be asked: value ratios and budgets are left out.
    """

    problem: Problem
    blocks: tuple[int, ...] | None = None
    deadline: float = field(default_factory=lambda: time.monotonic() + SECONDS_IN_ALL)
    _answers: dict[frozenset[str], bool] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Everything that can be taken away: structural rules, hard rules, and kitchens where there are several."""
        rules = [rule.id for rule in self.problem.rules if rule.hard and not (self.blocks is not None and _money(rule))]
        kitchens = [f"{KITCHEN}{k}" for k in sorted(self.problem.kitchens)] if len(self.problem.kitchens) > 1 else []
        return [SEASON, CAPACITY, REACH, *rules, *kitchens]

    def impossible(self, names: Sequence[str]) -> bool:
        """Whether it is proven that the named rules, at the named kitchens, cannot hold together."""
        key = frozenset(names)
        if key not in self._answers:
            problem = _under(self.problem, key)
            late = time.monotonic() > self.deadline
            self._answers[key] = bool(problem.kitchens) and not late and self._proven(problem)
        return self._answers[key]

    def _proven(self, problem: Problem) -> bool:
        counts = self._model(compile_instance(problem), "bound")
        if counts.solve(relax=True).status is Status.INFEASIBLE:
            return True
        if day_columns(problem) > MOST_DAY_COLUMNS:
            return _refuted(counts)
        days = self._model(compile_instance(problem, by_day=True), "exact")
        return days.solve(relax=True).status is Status.INFEASIBLE or _refuted(days)

    def _model(self, instance: Instance, reading: Reading) -> Model:
        if self.blocks is None:
            return whole_model(instance, range(len(instance.kitchens)), reading, every_offer=True).model
        joint = JointModel(instance, 0, self.blocks, reading, None, every_offer=True)
        joint.add_kitchen(0, self.blocks)
        joint.close()
        return joint.model

    def conflict(self) -> list[str] | None:
        """Smallest set of names without a plan (empty: not even without any rule); None if that is not proven."""
        if not self.impossible(self.names):
            return None
        return smallest(self.impossible, self.names)


KITCHEN = "cuisine:"
"""Marks the name of a kitchen among the names of rules."""


def smallest(impossible: Callable[[Sequence[str]], bool], names: Sequence[str]) -> list[str]:
    """An irreducible part of impossible `names`, by halving (QuickXplain, Junker 2004)."""

    def within(kept: list[str], added: bool, open_: list[str]) -> list[str]:
        if added and impossible(kept):
            return []
        if len(open_) == 1:
            return open_
        first, second = open_[: len(open_) // 2], open_[len(open_) // 2 :]
        late = within([*kept, *first], True, second)
        early = within([*kept, *late], bool(late), first)
        return [*early, *late]

    return [] if impossible([]) else within([], False, list(names))


def day_columns(problem: Problem) -> int:
    """Columns of the model day by day: dishes in season, over the days of every kitchen."""
    in_season = {w: sum(problem.dish_in_season(dish, w) for dish in problem.dishes) for w in problem.weeks}
    return sum(in_season[day.week] for day in problem.service_days)


def _refuted(model: Model) -> bool:
    return model.solve(time_limit=SECONDS_PER_QUESTION, gap=1.0).status is Status.INFEASIBLE


def _money(rule: object) -> bool:
    return isinstance(rule, ValueRatioRule | BudgetRule | PurchaseTotalRule)


def _under(problem: Problem, names: frozenset[str]) -> Problem:
    """The problem under the named rules alone, at the named kitchens; without names of kitchens at all of them."""
    rules = tuple(kept for rule in problem.rules if (kept := rule if rule.id in names else _void(rule)) is not None)
    chosen = replace(problem, rules=rules)
    if len(problem.kitchens) > 1:
        chosen = of_kitchens(chosen, [k for k in problem.kitchens if f"{KITCHEN}{k}" in names])
    if not any(_money(rule) for rule in rules):
        chosen = replace(chosen, purchases=())
    if SEASON not in names:
        chosen = replace(chosen, dishes={d: replace(dish, months=EVERY_MONTH) for d, dish in chosen.dishes.items()})
    if REACH not in names:
        near = {(s, k): Delivery(s, k, _ZERO, _ZERO) for s in chosen.suppliers for k in chosen.kitchens}
        chosen = replace(chosen, deliveries={**near, **chosen.deliveries})
    if CAPACITY not in names and chosen.service_days:
        first, last = chosen.weeks[0], chosen.weeks[-1]
        chosen = replace(chosen, capacities={o: (Capacity(o, first, last, None),) for o in chosen.offers})
    return chosen


def _void(rule: Rule) -> Rule | None:
    """What stays of a rule that is taken away: a window without bounds, so that the days are cut as before."""
    if isinstance(rule, CountRule):
        return replace(rule, minimum=None, maximum=None)
    if isinstance(rule, NutrientTotalRule):
        return replace(rule, min_per_meal=None, max_per_meal=None)
    return None


def of_kitchens(problem: Problem, kitchens: Sequence[str]) -> Problem:
    """The problem of some kitchens alone; what they and others must reach or keep together is not asked of them."""
    chosen = set(kitchens)
    left_out = problem.kitchens.keys() - chosen
    return replace(
        problem,
        rules=tuple(
            rule
            for rule in problem.rules
            if not (isinstance(rule, PurchaseTotalRule) and any(rule.buys(kitchen) for kitchen in left_out))
        ),
        kitchens={k: of for k, of in problem.kitchens.items() if k in chosen},
        service_days=tuple(day for day in problem.service_days if day.kitchen in chosen),
        deliveries={key: of for key, of in problem.deliveries.items() if key[1] in chosen},
        purchases=tuple(purchase for purchase in problem.purchases if purchase.kitchen in chosen),
        receptions={k: most for k, most in problem.receptions.items() if k in chosen},
        shared_drops={key: of for key, of in problem.shared_drops.items() if of.kitchen in chosen},
        waste={key: of for key, of in problem.waste.items() if key[0] in chosen},
    )
