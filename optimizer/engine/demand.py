"""What menus need: grams of each ingredient by kitchen and week."""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.engine.instance import Instance
from optimizer.engine.kitchen_year import YearMenu


def menu_demand(instance: Instance, menus: Sequence[YearMenu]) -> dict[tuple[int, int, int], int]:
    """Exact grams by (kitchen, week, ingredient) that the menus need."""
    problem = instance.problem
    demand: dict[tuple[int, int, int], int] = {}
    place = {ingredient: i for i, ingredient in enumerate(instance.ingredients)}
    recipes = [[(place[i], g) for i, g in problem.dishes[d].ingredients.items()] for d in instance.dishes]
    always = [(place[i], g) for i, g in problem.every_meal.items()]
    for menu in menus:
        k = menu.kitchen
        pattern, places = instance.pattern(k), instance.week_place[instance.pattern_of[k]]
        for week, count in enumerate(pattern.week_days):
            first, w = pattern.first_day_of_week(week), int(places[week])
            for day in range(first, first + count):
                covers = int(instance.covers[k][day])
                for i, grams in [*always, *(line for dish in menu.days[day] for line in recipes[dish])]:
                    demand[k, w, i] = demand.get((k, w, i), 0) + covers * grams
    return demand


def changed_weeks(instance: Instance, before: YearMenu, after: YearMenu) -> list[tuple[int, int]]:
    """(kitchen, week of the horizon) in which two menus of a kitchen serve other dishes."""
    k = before.kitchen
    pattern, places = instance.pattern(k), instance.week_place[instance.pattern_of[k]]
    found = []
    for week, count in enumerate(pattern.week_days):
        days = slice(first := pattern.first_day_of_week(week), first + count)
        if before.days[days] != after.days[days]:
            found.append((k, int(places[week])))
    return found
