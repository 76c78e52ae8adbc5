"""The menu rules that another dish in one place can move, each over the period that holds the day."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
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
        self._rules = [rule for rule in problem.rules if _looks_at(rule, self._slot)]
        self._blocks: dict[int, Block] = {}
        self._known: dict[Hashable, Finding] = {}
        self._elsewhere = {
            dish.id
            for day in problem.days(kitchen)
            for slot, dish in served.meal(day).items()
            if (day.date, slot) != place
        }.union(*(dishes for _, dishes in problem.history(kitchen)))

    def changes(self, before: Dish, after: Dish) -> Iterator[RuleChange]:
        """The rules that stand otherwise once ``after`` takes the place of ``before``."""
        for rule in self._rules:
            one, other = self._likeness(rule, before), self._likeness(rule, after)
            if one == other:
                continue
            stood, stands = self._with(rule, before, one), self._with(rule, after, other)
            if (stood.value, stood.violation) != (stands.value, stands.violation):
                yield RuleChange(stood, stands)

    def _likeness(self, rule: Rule, dish: Dish) -> Hashable:
        """All that a rule sees of a dish in the place: dishes alike leave the rule as it stands."""
        match rule:
            case CountRule() | WeeklyCountRule():
                return _read(rule.asked_of(self._slot) or "", dish)
            case NutrientTotalRule():
                return dish.nutrients.get(rule.nutrient)
            case SpacingRule():
                return dish.id if dish.id in self._elsewhere else None
            case PairingRule():
                pairs = ((rule.slot_a, rule.attribute_a), (rule.slot_b, rule.attribute_b))
                return tuple(_read(attribute, dish) for slot, attribute in pairs if slot == self._slot)
            case _:
                return None

    def _with(self, rule: Rule, dish: Dish, likeness: Hashable) -> Finding:
        """How a rule stands with the dish in the place, found once for all that are alike."""
        key = rule.id, likeness
        if key not in self._known:
            served = self._served.with_dish(self._kitchen, self._day, self._slot, dish)
            self._known[key] = self._finding(rule, served)
        return self._known[key]

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


def _looks_at(rule: Rule, slot: str) -> bool:
    """Whether a rule of menus sees the dishes of a slot."""
    match rule:
        case CountRule() | WeeklyCountRule():
            return rule.asked_of(slot) is not None
        case SpacingRule():
            return slot in rule.slots
        case PairingRule():
            return slot in (rule.slot_a, rule.slot_b)
        case _:
            return isinstance(rule, NutrientTotalRule)


def _read(attribute: str, dish: Dish) -> tuple[bool, bool]:
    """The attribute in both readings of what is unknown."""
    return dish.has(attribute, unknown_as=False), dish.has(attribute, unknown_as=True)
