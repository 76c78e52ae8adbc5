"""Rule ``pairing``: attributes of two dishes of a meal that must, or must not, meet."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from optimizer.blocks import HORIZON
from optimizer.problem import Problem
from optimizer.rules import PairingRule
from optimizer.verification.findings import Finding
from optimizer.verification.served import Meal, Served


def find_pairing(problem: Problem, rule: PairingRule, served: Served, kitchen: str) -> Iterator[Finding]:
    """One finding per kitchen: the number of days on which the pair is wrong."""
    wrong = [day.date for day in problem.days(kitchen) if _wrong(rule, served.meal(day))]
    count = Fraction(len(wrong))
    said = ""
    if wrong:
        word = "n'a pas" if rule.mode == "require" else "a aussi"
        said = (
            f"{len(wrong)} jour(s) où {rule.slot_a} a « {rule.attribute_a} » et {rule.slot_b} {word} "
            f"« {rule.attribute_b} », aucun n'est admis ; le premier : {wrong[0]}."
        )
    yield Finding(rule, kitchen, HORIZON, count, None, Fraction(0), count, said)


def _wrong(rule: PairingRule, meal: Meal) -> bool:
    """Whether the meal breaks the pair, unknown attributes read against it."""
    first, second = meal.get(rule.slot_a), meal.get(rule.slot_b)
    if first is None or second is None or not first.has(rule.attribute_a, unknown_as=True):
        return False
    if rule.mode == "require":
        return not second.has(rule.attribute_b, unknown_as=False)
    return second.has(rule.attribute_b, unknown_as=True)
