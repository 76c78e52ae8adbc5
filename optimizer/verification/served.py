"""What a plan's menus serve, meal by meal, as the rules look at it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from optimizer.blocks import ServiceDay
from optimizer.plan import MenuLine
from optimizer.problem import Dish, Problem

Meal = Mapping[str, Dish]
_NOTHING: Meal = {}


class Served:
    """Dish of each slot per kitchen and date; lines that MENU refuses (unknown dish, second dish) are left out."""

    def __init__(self, problem: Problem, menus: Iterable[MenuLine]) -> None:
        self._meals: dict[tuple[str, date], dict[str, Dish]] = {}
        for line in menus:
            dish = problem.dishes.get(line.dish)
            if dish is not None:
                self._meals.setdefault((line.kitchen, line.date), {}).setdefault(line.slot, dish)

    def meal(self, day: ServiceDay) -> Meal:
        """Dishes of the day by slot; a slot with no known dish is absent."""
        return self._meals.get((day.kitchen, day.date), _NOTHING)

    def with_dish(self, kitchen: str, day: date, slot: str, dish: Dish) -> Served:
        """The same with another dish in one place; these meals stay as they are."""
        other = Served.__new__(Served)
        other._meals = {**self._meals, (kitchen, day): {**self._meals.get((kitchen, day), {}), slot: dish}}
        return other
