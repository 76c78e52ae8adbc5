"""The menu rules that another dish in one place can move, each over the period that holds the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from optimizer.blocks import Block, ServiceDay, week_of
from optimizer.problem import Dish, Problem
from optimizer.rules import CountRule, NutrientTotalRule, PairingRule, Rule, SpacingRule, WeeklyCountRule
from optimizer.swapping.kitchen_plan import Place
from optimizer.swapping.standing import RuleChange
from optimizer.verification.counting import count_in_block, count_in_week
from optimizer.verification.findings import Finding
from optimizer.verification.nutrient_total import nutrient_in_block
from optimizer.verification.pairing import find_pairing
from optimizer.verification.served import Served
from optimizer.verification.spacing import find_spacing


class NearDay:
    """One place on the menus of a problem's one kitchen, and how the rules stand around it."""

    def __init__(self, problem: Problem, kitchen: str, place: Place, served: Served) -> None:
        self._problem, self._kitchen, self._served = problem, kitchen, served
        self._day, self._slot = place
        self._blocks: dict[int, Block] = {}
        self._before: dict[str, Finding] = {}

    def changes(self, before: Dish, after: Dish) -> Iterator[RuleChange]:
        """The rules that stand otherwise once ``after`` takes the place of ``before``."""
        served = self._served.with_dish(self._kitchen, self._day, self._slot, after)
        for rule in self._problem.rules:
            if not _may_move(rule, self._slot, before, after):
                continue
            if rule.id not in self._before:
                self._before[rule.id] = self._finding(rule, self._served)
            one, other = self._before[rule.id], self._finding(rule, served)
            if (one.value, one.violation) != (other.value, other.violation):
                yield RuleChange(one, other)

    def _finding(self, rule: Rule, served: Served) -> Finding:
        match rule:
            case CountRule():
                return count_in_block(rule, served, self._block(rule.window))
            case WeeklyCountRule():
                return count_in_week(rule, served, self._week())
            case NutrientTotalRule():
                return nutrient_in_block(rule, served, self._block(rule.window))
            case SpacingRule():
                return next(find_spacing(self._problem, rule, served, self._kitchen))
            case PairingRule():
                return next(find_pairing(self._problem, rule, served, self._kitchen))
        raise TypeError(f"{rule.kind} is no rule of menus")

    def _block(self, window: int) -> Block:
        if window not in self._blocks:
            blocks = self._problem.blocks(self._kitchen, window)
            self._blocks[window] = next(of for of in blocks if of.days[-1].date >= self._day)
        return self._blocks[window]

    def _week(self) -> list[ServiceDay]:
        monday: date = week_of(self._day)
        return [day for day in self._problem.days(self._kitchen) if day.week == monday]


def _may_move(rule: Rule, slot: str, before: Dish, after: Dish) -> bool:
    """Whether one dish instead of another can change what a rule of menus finds."""
    match rule:
        case CountRule() | WeeklyCountRule():
            return slot in rule.slots and _differ(rule.attribute, before, after)
        case NutrientTotalRule():
            return before.nutrients.get(rule.nutrient) != after.nutrients.get(rule.nutrient)
        case SpacingRule():
            return slot in rule.slots
        case PairingRule():
            pairs = ((rule.slot_a, rule.attribute_a), (rule.slot_b, rule.attribute_b))
            return any(slot == of and _differ(attribute, before, after) for of, attribute in pairs)
        case _:
            return False


def _differ(attribute: str, before: Dish, after: Dish) -> bool:
    return any(
        before.has(attribute, unknown_as=reading) != after.has(attribute, unknown_as=reading)
        for reading in (True, False)
    )
