"""The main dish of each kitchen's days, as a forecast looks at it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from statistics import fmean
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from catering.attendance.rules.history import Menu
from catering.menus.models import MenuDish
from catering.menus.queries import menus
from catering.people.viewer import Viewer
from catering.recipes.facts import facts_of
from catering.recipes.models import Dish
from catering.recipes.queries import dishes, with_lines
from catering.recipes.vocabulary import Slot
from catering.rules.truth import Truth
from catering.waste.models import DishLesson, WasteLesson
from catering.waste.queries_learning import dish_lessons_visible_to, lesson
from catering.waste.rules.families import family_of

MenusByKitchen: TypeAlias = Mapping[int, Mapping[date, Menu]]
"""By row id of the kitchen."""


async def main_dishes(session: AsyncSession, viewer: Viewer, first: date, last: date, on: date) -> MenusByKitchen:
    """The main dish of each visible kitchen's days, in four statements.

    A day with a choice of main dishes is left out: nobody knows before which one draws. What is liked is what the
    latest lesson says, for days before it too: it was learnt from plates, not from who came.

    Args:
        session: of a read.
        viewer: whose kitchens.
        first: first day, included.
        last: last day, included.
        on: day whose law says what a dish is.
    """
    asked = menus(viewer, first=first, last=last).where(MenuDish.slot == Slot.MAIN)
    rows = await session.execute(asked.with_only_columns(MenuDish.kitchen_id, MenuDish.day, MenuDish.dish_id))
    served: dict[int, dict[date, list[int]]] = defaultdict(lambda: defaultdict(list))
    for kitchen, day, dish in rows:
        served[kitchen][day].append(dish)
    book = await _book(session, viewer, on)
    return {
        kitchen: {day: book[some[0]] for day, some in days.items() if len(some) == 1 and some[0] in book}
        for kitchen, days in served.items()
    }


async def _book(session: AsyncSession, viewer: Viewer, on: date) -> dict[int, Menu]:
    """Every main dish by row id."""
    rows: Sequence[Dish] = (await session.scalars(with_lines(dishes(viewer)).where(Dish.slot == Slot.MAIN))).all()
    facts, liked = facts_of(rows, on), await _liked(session, viewer, {row.id for row in rows})
    found = {}
    for row in rows:
        true = {name for name, truth in facts[row.slug].attributes.items() if truth is Truth.TRUE}
        family = family_of(row.slot.value, true)
        found[row.id] = Menu(family, row.slug, "vegetarian" in true, liked.get(row.id, 0.0))
    return found


async def _liked(session: AsyncSession, viewer: Viewer, mains: set[int]) -> dict[int, float]:
    """How much less of a dish comes back than of the main dishes together, as the latest lesson has it."""
    drawn: WasteLesson | None = await session.scalar(lesson(viewer))
    if drawn is None:
        return {}
    of = dish_lessons_visible_to(viewer).where(DishLesson.lesson_id == drawn.id)
    shares = {row.dish_id: float(row.share) for row in await session.scalars(of) if row.dish_id in mains}
    usual = fmean(shares.values()) if shares else 0.0
    return {dish: usual - share for dish, share in shares.items()}
