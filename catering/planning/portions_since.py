"""What a kitchen's menus take with the portions in force, and how far that is from the plan (decision 0117)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import Date, Integer, Select, String, and_, cast, or_

from catering.planning.models import PlannedMeal, RunPortion
from catering.recipes.models import Dish, DishLine, PortionChange
from catering.recipes.portions import in_force, scaled_grams

NAMES = (
    "run_id", "day", "ingredient_id", "grams", "covers", "dish_id", "fiche_g", "id", "kitchen_id", "valid_from",
    "valid_to", "served_g", "planned_with", "slot", "position",
)  # fmt: skip
"""Columns of `lines_of_meals`; staples have none after the covers."""
KINDS = {"valid_from": Date, "valid_to": Date, "slot": String}
"""Those that are no integer."""


@dataclass(frozen=True, slots=True)
class Line:
    """An ingredient of a dish on one day's menu, with grams of a cover by the fiche, in force and as planned."""

    run_id: int
    day: date
    ingredient_id: int
    grams: int
    covers: int
    fiche_g: int = 1
    now_g: int = 1
    planned_g: int = 1

    @property
    def taken_g(self) -> int:
        """Raw grams that all covers take."""
        return self.covers * scaled_grams(self.grams, self.now_g, self.fiche_g)

    @property
    def more_g(self) -> int:
        """Raw grams beyond those the plan reckoned with; below 0 where less is taken."""
        return self.taken_g - self.covers * scaled_grams(self.grams, self.planned_g, self.fiche_g)


def lines_of_meals(meals: Select[PlannedMeal], kitchen_id: int) -> Select[*tuple[Any, ...]]:
    """Ingredients of planned dishes of one kitchen, a row for each change of portion that may hold (or one without)."""
    may_hold = and_(
        PortionChange.dish_id == PlannedMeal.dish_id,
        or_(PortionChange.kitchen_id.is_(None), PortionChange.kitchen_id == kitchen_id),
    )
    taken = and_(RunPortion.change_id == PortionChange.id, RunPortion.run_id == PlannedMeal.run_id)
    return (
        meals.join(Dish, Dish.id == PlannedMeal.dish_id)
        .join(DishLine, DishLine.dish_id == Dish.id)
        .outerjoin(PortionChange, may_hold)
        .outerjoin(RunPortion, taken)
        .with_only_columns(
            PlannedMeal.run_id, PlannedMeal.day, DishLine.ingredient_id, DishLine.grams, PlannedMeal.covers,
            PlannedMeal.dish_id, Dish.served_g.label("fiche_g"), PortionChange.id, PortionChange.kitchen_id,
            PortionChange.valid_from, PortionChange.valid_to, PortionChange.served_g,
            RunPortion.change_id.label("planned_with"), PlannedMeal.slot, DishLine.position,
        )
    )  # fmt: skip


def no_dish() -> list[Any]:
    """The columns of `lines_of_meals` after the covers, empty, for what is not of a dish."""
    return [cast(None, KINDS.get(name, Integer)).label(name) for name in NAMES[NAMES.index("dish_id") :]]


def lines_from(rows: Iterable[Sequence[Any]], kitchen_id: int) -> list[Line]:
    """Rows in the order of ``NAMES``, each dish with the portion that holds there on its day."""
    named = sorted((dict(zip(NAMES, row, strict=True)) for row in rows), key=_which)
    return [_line(list(some), kitchen_id) for _, some in groupby(named, _which)]


def _which(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Which line of which dish of which day: rows of it differ by the change of portion alone."""
    return row["run_id"], row["day"], row["slot"] or "", row["position"] or 0, row["ingredient_id"]


def _line(rows: Sequence[Mapping[str, Any]], kitchen_id: int) -> Line:
    """One ingredient of one dish, from a row for each change that may hold."""
    first = rows[0]
    of = {name: first[name] for name in ("run_id", "day", "ingredient_id", "grams", "covers")}
    if first["dish_id"] is None:
        return Line(**of)
    fiche = first["fiche_g"]
    changes = [
        PortionChange(
            **{name: row[name] for name in ("id", "dish_id", "kitchen_id", "valid_from", "valid_to", "served_g")}
        )
        for row in rows
        if row["id"] is not None
    ]
    held = in_force(changes, first["day"], kitchen_id).get(first["dish_id"])
    planned = next((row["served_g"] for row in rows if row["planned_with"] is not None), fiche)
    return Line(**of, fiche_g=fiche, now_g=fiche if held is None else held.served_g, planned_g=planned)


def more_than_planned(lines: Iterable[Line]) -> Mapping[int, int]:
    """Grams beyond those the plan reckoned with, by ingredient."""
    found: Counter[int] = Counter()
    for line in lines:
        found[line.ingredient_id] += line.more_g
    return found


def taken_by_day(lines: Iterable[Line]) -> Mapping[int, Counter[date]]:
    """Grams by ingredient and day."""
    found: defaultdict[int, Counter[date]] = defaultdict(Counter)
    for line in lines:
        found[line.ingredient_id][line.day] += line.taken_g
    return found


def shared_out(grams: Sequence[int], change: int) -> list[int]:
    """Purchases of one ingredient once ``change`` grams more (below 0: fewer) are needed, in proportion, never below 0.

    The parts make the new total to the gram: rounded down, then one gram more for the largest remainders.
    """
    total = sum(grams)
    goal = max(0, total + change)
    if total == 0:
        return list(grams)
    exact = [Fraction(each * goal, total) for each in grams]
    parts = [int(each) for each in exact]
    order = sorted(range(len(grams)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[: goal - sum(parts)]:
        parts[at] += 1
    return parts
