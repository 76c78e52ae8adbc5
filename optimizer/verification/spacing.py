"""Rule ``spacing``: the same dish does not come back too soon in a kitchen."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from optimizer.blocks import HORIZON, ServiceDay
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
        f"la première : « {dish} » le {before.date} puis le {after.date}."
    )
    count = Fraction(len(repeats))
    yield Finding(rule, kitchen, HORIZON, count, None, zero, count, said)


def _repeats(
    problem: Problem, rule: SpacingRule, served: Served, kitchen: str
) -> Iterator[tuple[str, ServiceDay, ServiceDay]]:
    """Dish, day of its last serving and day of the serving that comes too soon after it."""
    weeks = {week: place for place, week in enumerate(problem.kitchen_weeks(kitchen))}
    last: dict[str, tuple[int, ServiceDay]] = {}
    for place, day in enumerate(problem.days(kitchen)):
        now = place if rule.unit == "days" else weeks[day.week]
        meal = served.meal(day)
        for dish in (meal[slot].id for slot in rule.slots if slot in meal):
            before = last.get(dish)
            if before is not None and now - before[0] < rule.within:
                yield dish, before[1], day
            last[dish] = now, day
