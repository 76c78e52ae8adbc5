"""Variety that people notice, in a plan of the demonstration Département."""

from collections import Counter
from datetime import timedelta

from optimizer import Plan, Problem

SPECIES = {
    "boeuf": "beef", "veau": "veal", "agneau": "lamb", "porc": "pork", "jambon": "pork", "poulet": "chicken",
    "coq": "chicken", "dinde": "turkey", "lapin": "rabbit", "pintade": "guinea fowl", "oeuf": "egg",
    "lentille": "pulse", "pois_chiche": "pulse", "pois_casse": "pulse", "haricot_blanc": "pulse",
    "haricot_rouge": "pulse", "lingot": "pulse", "flageolet": "pulse",
}  # fmt: skip
"""What begins the name of a carrier of protein, read without the platform's own attributes."""


def heaviest(problem: Problem, dish: str) -> str | None:
    """Of the carriers told by name the one with most grams as bought; pulses are dry and take up their weight."""
    weights: Counter[str] = Counter()
    for ingredient, grams in problem.dishes[dish].ingredients.items():
        for word, name in SPECIES.items():
            if ingredient.startswith(word):
                weights[name] += grams * (2 if name == "pulse" else 1)
                break
    return max(weights, key=lambda name: weights[name]) if weights else None


def test_no_main_ingredient_comes_twice_in_a_week(plan: Plan, problem: Problem) -> None:
    weeks: Counter[tuple[str, object, str | None]] = Counter()
    for line in plan.menus:
        if line.slot == "main" and (name := heaviest(problem, line.dish)) is not None:
            weeks[line.kitchen, line.date - timedelta(days=line.date.weekday()), name] += 1
    assert len(weeks) > 20
    assert [key for key, times in weeks.items() if times > 1] == []


def test_festive_menus_are_held_at_every_kitchen(plan: Plan) -> None:
    results = [result for result in plan.summary.rules if result.id == "HOUSE-129"]
    assert {result.kitchen for result in results} == {line.kitchen for line in plan.menus}
    assert all(result.holds and result.minimum is not None for result in results)
