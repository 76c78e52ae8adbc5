"""Rule ``spacing``: the same dish does not come back too soon in a kitchen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from optimizer.blocks import HORIZON, week_of
from optimizer.problem import Problem
from optimizer.rules import SpacingRule
from optimizer.verification.findings import Finding
from optimizer.verification.served import Served


def find_spacing(problem: Problem, rule: SpacingRule, served: Served, kitchen: str) -> Iterator[Finding]:
    """One finding per kitchen: how many servings of a dish follow its last one within the days or weeks named."""
    repeats = list(_repeats(problem, rule, served, kitchen))
    zero = Fraction(0)
    if not repeats:
        yield Finding(rule, kitchen, HORIZON, zero, None, zero)
        return
    dish, before, after = repeats[0]
    unit = "jours de service" if rule.unit == "days" else "semaines de service"
    said = (
        f"{len(repeats)} répétition(s) à moins de {rule.within} {unit}, aucune n'est admise ; "
        f"la première : « {dish} » le {before} puis le {after}."
    )
    count = Fraction(len(repeats))
    yield Finding(rule, kitchen, HORIZON, count, None, zero, count, said)


def _repeats(problem: Problem, rule: SpacingRule, served: Served, kitchen: str) -> Iterator[tuple[str, date, date]]:
    """Dish, day of its last serving (before the horizon or in it) and day of the serving that comes too soon."""
    history = problem.history(kitchen)
    days = problem.days(kitchen)
    mondays = dict.fromkeys([week_of(day) for day, _ in history] + [day.week for day in days])
    weeks = {week: place for place, week in enumerate(mondays)}
    last: dict[str, tuple[int, date]] = {}
    for place, (before, dishes) in enumerate(history):
        now = place if rule.unit == "days" else weeks[week_of(before)]
        last.update({dish: (now, before) for dish in dishes if problem.dishes[dish].slot in rule.slots})
    for place, day in enumerate(days, start=len(history)):
        now = place if rule.unit == "days" else weeks[day.week]
        meal = served.meal(day)
        for dish in (meal[slot].id for slot in rule.slots if slot in meal):
            earlier = last.get(dish)
            if earlier is not None and now - earlier[0] < rule.within:
                yield dish, earlier[1], day.date
            last[dish] = now, day.date
