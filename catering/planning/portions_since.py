"""What the portions in force take of a plan's menus, more or less than the plan reckoned with (decision 0117)."""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from sqlalchemy import Select

from catering.menus.queries import portion_changes_visible_to
from catering.people.viewer import Viewer
from catering.planning.models import PlannedMeal, RunPortion
from catering.planning.queries_of_runs import run_portions_visible_to
from catering.recipes.models import Dish, DishLine, PortionChange
from catering.recipes.portions import in_force, scaled_grams
from catering.recipes.queries import dishes

Read: TypeAlias = Callable[[Select[*tuple[Any, ...]]], Awaitable[Sequence[Any]]]
"""Runs a statement."""
Grams: TypeAlias = Mapping[int, Counter[date]]
"""By ingredient (row id) and day; below 0 where less is taken."""


@dataclass
class Portions:
    """Changed portions, those each run planned with, and the fiches of the dishes they are of."""

    changes: Sequence[PortionChange] = ()
    planned: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    """Grams of a cover by run and dish."""
    fiches: Mapping[int, Sequence[tuple[int, int, int]]] = field(default_factory=dict)
    """Grams of a cover by the fiche, ingredient and its raw grams, by dish."""

    def now(self, kitchen_id: int, day: date) -> Mapping[int, int]:
        """Grams of a cover by dish."""
        return {dish: each.served_g for dish, each in in_force(self.changes, day, kitchen_id).items()}

    def against_fiche(self, kitchen_id: int, meals: Sequence[Any]) -> Grams:
        """Raw grams that meals (rows of run, day, dish, covers) take beyond those of the fiches."""
        return self._added(kitchen_id, meals, lambda _run, _dish: None)

    def against_plan(self, kitchen_id: int, meals: Sequence[Any]) -> Grams:
        """Raw grams that meals take beyond those their plan reckoned with."""
        return self._added(kitchen_id, meals, lambda run, dish: self.planned.get(run, {}).get(dish))

    def _added(
        self, kitchen_id: int, meals: Sequence[Any], before: Callable[[int, int], int | None]
    ) -> defaultdict[int, Counter[date]]:
        found: defaultdict[int, Counter[date]] = defaultdict(Counter)
        held: dict[date, Mapping[int, int]] = {}
        for run, day, dish, covers in meals:
            now = held.setdefault(day, self.now(kitchen_id, day)).get(dish)
            for fiche_g, ingredient, grams in self.fiches.get(dish, ()):
                then = scaled_grams(grams, before(run, dish) or fiche_g, fiche_g)
                found[ingredient][day] += covers * (scaled_grams(grams, now or fiche_g, fiche_g) - then)
        return found


async def read_portions(read: Read, viewer: Viewer, run_ids: Sequence[int]) -> Portions:
    """Portions that somebody changed, in three statements; in one where nobody did."""
    changes = [change for (change,) in await read(portion_changes_visible_to(viewer))]
    if not changes:
        return Portions()
    taken = run_portions_visible_to(viewer).where(RunPortion.run_id.in_(run_ids))
    planned: dict[int, dict[int, int]] = defaultdict(dict)
    rows = taken.join(PortionChange, PortionChange.id == RunPortion.change_id)
    for run, dish, grams in await read(
        rows.with_only_columns(RunPortion.run_id, PortionChange.dish_id, PortionChange.served_g)
    ):
        planned[run][dish] = grams
    of = {change.dish_id for change in changes}
    lines = dishes(viewer).where(Dish.id.in_(of)).join(DishLine, DishLine.dish_id == Dish.id)
    fiches: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for dish, served_g, ingredient, grams in await read(
        lines.with_only_columns(Dish.id, Dish.served_g, DishLine.ingredient_id, DishLine.grams)
    ):
        fiches[dish].append((served_g, ingredient, grams))
    return Portions(changes, planned, fiches)


def meals_of(statement: Select[PlannedMeal]) -> Select[*tuple[Any, ...]]:
    """Planned dishes as the sums above read them."""
    return statement.with_only_columns(PlannedMeal.run_id, PlannedMeal.day, PlannedMeal.dish_id, PlannedMeal.covers)


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
