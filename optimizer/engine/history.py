"""What was served before the horizon, and what a former plan has in it: bans and charges of dishes in weeks."""

from __future__ import annotations

import numpy as np

from optimizer.blocks import week_of
from optimizer.engine.instance import Bools, Instance
from optimizer.goals import MOVED
from optimizer.rules import SpacingRule
from optimizer.solver import Floats


def dish_charges(instance: Instance, kitchen: int) -> Floats:
    """€/cover that a dish adds to the objective in each week (D × W) besides what it needs: waste, and being moved."""
    charges = np.repeat(instance.waste[kitchen][:, None], len(instance.weeks), axis=1)
    weight = float(instance.problem.goals.get(MOVED, 0))
    if weight:
        name = instance.kitchens[kitchen]
        place = {dish: d for d, dish in enumerate(instance.dishes)}
        for w, week in enumerate(instance.weeks):
            before = instance.problem.former.get((name, week))
            if before is not None:
                other = np.ones(len(place), dtype=np.bool_)
                other[[place[dish] for dish in before if dish in place]] = False
                charges[other, w] += weight
    return charges


def barred(instance: Instance, kitchen: int, *, by_day: bool = False) -> Bools:
    """Flags (D × W) of the dishes that hard spacing keeps out of a whole week after what was served before it.

    Under a spacing in days the first days of a week may still be too near: `day_order` sees to these. `by_day` bars the
    whole week then, for models that look at no order.
    """
    bars = np.zeros((len(instance.dishes), len(instance.weeks)), dtype=np.bool_)
    history = instance.problem.history(instance.kitchens[kitchen])
    if not history:
        return bars
    for rule in instance.rules:
        if isinstance(rule, SpacingRule) and rule.hard:
            first, within = _first_weeks(instance, kitchen, rule, by_day), rule.within
            for d, last in _last_served(instance, kitchen, rule).items():
                for w, place in first.items():
                    bars[d, w] |= place - last < within
    return bars


def last_days(instance: Instance, kitchen: int) -> dict[int, int]:
    """Day of the last serving of each dish before the horizon, counted from its first day: −1 is the day before."""
    history = instance.problem.history(instance.kitchens[kitchen])
    place = {dish: d for d, dish in enumerate(instance.dishes)}
    return {place[dish]: n - len(history) for n, (_, dishes) in enumerate(history) for dish in dishes}


def _last_served(instance: Instance, kitchen: int, rule: SpacingRule) -> dict[int, int]:
    """Place of the last serving of each dish of the rule, in days or weeks from the start of the history."""
    history = instance.problem.history(instance.kitchens[kitchen])
    weeks = {week: n for n, week in enumerate(dict.fromkeys(week_of(day) for day, _ in history))}
    dishes = instance.problem.dishes
    place = {dish: d for d, dish in enumerate(instance.dishes)}
    return {
        place[dish]: n if rule.unit == "days" else weeks[week_of(day)]
        for n, (day, served) in enumerate(history)
        for dish in served
        if dishes[dish].slot in rule.slots
    }


def _first_weeks(instance: Instance, kitchen: int, rule: SpacingRule, by_day: bool) -> dict[int, int]:
    """Of each week of the kitchen the place that decides: its own, or that of its last (by_day: first) day."""
    history = instance.problem.history(instance.kitchens[kitchen])
    pattern, places = instance.pattern(kitchen), instance.week_place[instance.pattern_of[kitchen]]
    if rule.unit == "weeks":
        mondays = list(dict.fromkeys([week_of(day) for day, _ in history] + list(pattern.weeks)))
        return {int(places[n]): mondays.index(week) for n, week in enumerate(pattern.weeks)}
    found, start = {}, len(history)
    for n, count in enumerate(pattern.week_days):
        found[int(places[n])] = start if by_day else start + count - 1
        start += count
    return found
