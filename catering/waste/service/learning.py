"""Draw a lesson from the weighings of a period: once, with all that makes it again (decision 0096)."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import func, insert
from sqlalchemy.ext.asyncio import AsyncSession

from catering.menus.queries import menus, portion_changes_visible_to
from catering.moment import now, today
from catering.people.viewer import Role, Viewer
from catering.recipes.facts import facts_of
from catering.recipes.models import Dish, PortionChange
from catering.recipes.portions import in_force
from catering.recipes.queries import dishes, with_lines
from catering.rules import Truth, law
from catering.waste import refusals
from catering.waste.models import DishInKitchenLesson, DishLesson, KitchenLesson, WasteLesson, Weighing
from catering.waste.queries import covers, summed, weighings
from catering.waste.rules.acceptance import Acceptance, acceptances
from catering.waste.rules.families import family_of
from catering.waste.rules.observing import Menus, Observed, OnMenu, observed
from catering.waste.rules.pooling import MODEL, Learnt, learn
from catering.waste.vocabulary import Stage

LONGEST_PERIOD = timedelta(days=3 * 366)  # legal-number: three years of a history
STEP = Decimal("0.000001")
LEARNS = frozenset({Role.NUTRITION_MANAGER, Role.DEPARTEMENT})
"""Who draws lessons and decides portions for all kitchens."""


@dataclass(frozen=True, slots=True)
class Book:
    """The dishes, with what a cover of each weighs on any day."""

    rows: Mapping[int, Dish]
    families: Mapping[int, str]
    changes: Sequence[PortionChange]

    def served_g(self, on: date, kitchen_id: int | None = None) -> dict[int, int]:
        """Grams of a cover of every dish on a day, in a kitchen or wherever nothing else was decided."""
        changed = in_force(self.changes, on, kitchen_id)
        return {
            number: changed[number].served_g if number in changed else dish.served_g
            for number, dish in self.rows.items()
        }


def require_learner(viewer: Viewer) -> None:
    """Refuse who may not decide for all kitchens.

    Raises:
        refusals.NotForAllKitchens: the viewer does not.
    """
    if viewer.role not in LEARNS:
        raise refusals.NotForAllKitchens


async def draw_lesson(session: AsyncSession, viewer: Viewer, first: date, last: date) -> WasteLesson:
    """Learn from what all kitchens weighed from ``first`` to ``last``, in a fixed number of statements.

    Raises:
        refusals.Refusal: the viewer may not, the period cannot be, or nothing in it teaches anything.
    """
    require_learner(viewer)
    if not first <= last <= today() or last - first > LONGEST_PERIOD:
        raise refusals.InvalidLesson(
            f"Du {first:%d/%m/%Y} au {last:%d/%m/%Y} : donner une période passée, de trois ans au plus."
        )
    book = await dish_book(session, viewer, last)
    seen, latest = await observe(session, viewer, book, first, last)
    if not seen.rows:
        raise refusals.InvalidLesson(
            f"Rien à apprendre du {first:%d/%m/%Y} au {last:%d/%m/%Y} : peser les restes d'assiette par plat, et "
            "compter les couverts servis."
        )
    # Seconds of pure computing: beside the event loop, so that a web process goes on answering.
    learnt = await asyncio.to_thread(learn, seen.rows, book.families)
    lesson = WasteLesson(
        first_day=first, last_day=last, last_weighing_id=latest, model=MODEL, rows=learnt.rows, left_out=seen.left_out,
        eur_per_kg=law().parameter("GAS-PRIX-KG", last), variances=_variances(learnt), made_at=now(),
        made_by=viewer.actor,
    )  # fmt: skip
    session.add(lesson)
    await session.flush()
    await _store(session, lesson, learnt, book)
    return lesson


async def dish_book(session: AsyncSession, viewer: Viewer, on: date) -> Book:
    """Every dish with its family under the law of a day."""
    rows = {row.id: row for row in await session.scalars(with_lines(dishes(viewer)))}
    facts = facts_of(rows.values(), on)
    families = {}
    for number, row in rows.items():
        true = {name for name, truth in facts[row.slug].attributes.items() if truth is Truth.TRUE}
        families[number] = family_of(row.slot.value, true)
    changes = (await session.scalars(portion_changes_visible_to(viewer))).all()
    return Book(rows, families, changes)


async def observe(session: AsyncSession, viewer: Viewer, book: Book, first: date, last: date) -> tuple[Observed, int]:
    """What the plates of a period teach, and the number of its last weighing."""
    asked = weighings(viewer, first=first, last=last)
    latest = await session.scalar(asked.with_only_columns(func.max(Weighing.id)))
    bins = (await session.execute(summed(asked.where(Weighing.stage == Stage.PLATES)))).all()
    counted = (await session.scalars(covers(viewer, first=first, last=last))).all()
    weighed = {row.kitchen_id for row in bins}
    on_menus = await _menus(session, viewer, book, weighed, first, last)
    by_portions = _by_portions(bins, {each.kitchen_id for each in book.changes})
    found = [observed(some, counted, on_menus, book.served_g(*key)) for key, some in by_portions.items()]
    rows = [row for each in found for row in each.rows]
    days = [day for each in found for day in each.days]
    return Observed(rows, days, sum(each.left_out for each in found)), latest or 0


def _by_portions(bins: Iterable[Any], apart: Collection[int | None]) -> Mapping[tuple[date, int | None], list[Any]]:
    """Bins by day, those of kitchens with portions of their own apart from the others."""
    found: dict[tuple[date, int | None], list[Any]] = defaultdict(list)
    for each in bins:
        found[each.day, each.kitchen_id if each.kitchen_id in apart else None].append(each)
    return dict(sorted(found.items(), key=lambda pair: (pair[0][0], pair[0][1] or 0)))


async def _menus(
    session: AsyncSession, viewer: Viewer, book: Book, kitchens: Iterable[int], first: date, last: date
) -> Menus:
    found: dict[tuple[int, date], list[OnMenu]] = defaultdict(list)
    apart = {each.kitchen_id for each in book.changes}
    portions: dict[tuple[int | None, date], Mapping[int, int]] = {}
    for row in await session.scalars(menus(viewer, kitchen_ids=list(kitchens), first=first, last=last)):
        place = row.kitchen_id if row.kitchen_id in apart else None
        if (place, row.day) not in portions:
            portions[place, row.day] = book.served_g(row.day, place)
        grams = portions[place, row.day]
        found[row.kitchen_id, row.day].append(OnMenu(row.dish_id, row.slot, grams[row.dish_id], row.served_covers))
    return found


async def _store(session: AsyncSession, lesson: WasteLesson, learnt: Learnt, book: Book) -> None:
    slots = {number: row.slot.value for number, row in book.rows.items()}
    served = book.served_g(lesson.last_day)
    judged = acceptances(learnt, slots, lesson.last_day)
    rows = [_dish(lesson, learnt, each, book.families[each.dish_id], served[each.dish_id]) for each in judged]
    await session.execute(insert(DishLesson), rows)
    kitchens = [
        {"lesson_id": lesson.id, "kitchen_id": kitchen, "effect": exact(effect)}
        for kitchen, effect in learnt.kitchens.items()
    ]
    await session.execute(insert(KitchenLesson), kitchens)
    cells = [
        {"lesson_id": lesson.id, "kitchen_id": kitchen, "dish_id": dish, "effect": exact(effect)}
        for (kitchen, dish), effect in learnt.cells.items()
    ]
    if cells:
        await session.execute(insert(DishInKitchenLesson), cells)


def _dish(lesson: WasteLesson, learnt: Learnt, judged: Acceptance, family: str, served_g: int) -> dict[str, object]:
    found = learnt.dishes[judged.dish_id]
    return {
        "lesson_id": lesson.id,
        "dish_id": judged.dish_id,
        "family": family,
        "share": exact(found.mean),
        "error": exact(found.error),
        "family_share": exact(found.family),
        "weight": exact(found.weight),
        "alone": found.alone,
        "together": found.together,
        "served_g": served_g,
        "best_rank": judged.best_rank,
        "worst_rank": judged.worst_rank,
        "ranked": judged.of,
    }


def _variances(learnt: Learnt) -> dict[str, str]:
    """As text: JSON would read them back as binary floats."""
    return {name: str(exact(value)) for name, value in sorted(learnt.variances.items())}


def exact(value: float) -> Decimal:
    """A figure of the model as the tables keep it."""
    return Decimal(value).quantize(STEP, ROUND_HALF_UP)
