"""Results of the nutrition check, stored when menus change: the grid of a year is read, never computed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from catering.kitchens.calendar import Span
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import colleges, school_calendar
from catering.menus.dishes import Book, Identified, Known
from catering.menus.models import MenuDish, NutritionResult
from catering.menus.names.matching import Match
from catering.menus.names.words import Reading
from catering.menus.queries import MENU_KEY, menus, portion_changes_visible_to, results_visible_to
from catering.menus.trays import Taken, Tray, meal_of
from catering.people.viewer import Role, Viewer
from catering.recipes.catalogue import Catalogue, plain_dish, plain_ingredient
from catering.recipes.models import Dish, PortionChange
from catering.recipes.portions import Portions
from catering.recipes.queries import dishes, with_lines
from catering.rules.frequencies import Finding, Frequencies, check_all
from catering.rules.meals import Meal, Standing, Weight

CHECKER = Viewer("Contrôle nutritionnel", Role.DEPARTEMENT)
"""On whose behalf results are computed: they are those of all kitchens, whoever changed a menu."""
MILLIONTH = Decimal("0.000001")
UNREAD = Reading(frozenset(), ())
ROWS_AT_ONCE = 5_000


class Trend(StrEnum):
    """How a criterion moves from the block before to the current one: the distance to its bounds."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class YearOfMenus:
    """A kitchen's school year: its trays, its lunches and what is found of them."""

    trays: Sequence[Tray]
    meals: Sequence[Meal]
    frequencies: Frequencies


@dataclass(frozen=True, slots=True)
class Cell:
    """One kitchen × one criterion over a school year, for a grid.

    ``standing`` is the worst of all periods. The count and the bounds are those of the current period: the one that
    holds the day asked about, else the next, else the last. ``broken_past`` is done, ``broken_ahead`` can be cured.
    """

    kitchen_id: int
    rule: str
    standing: Standing
    first: date
    last: date
    sure: Decimal
    possible: Decimal
    minimum: int | None
    maximum: int | None
    current: Standing
    periods: int
    broken_past: int
    broken_ahead: int
    undecided: int
    windows_broken: int
    trend: Trend | None


def tray_of(day: date, rows: Sequence[MenuDish]) -> Tray:
    """The tray of a day from its rows, read with their dishes."""
    return Tray(day, tuple(Taken(ours(r.dish.slug, r.dish.name, r.slot.value), r.served_covers) for r in rows))


@lru_cache(maxsize=4_096)
def ours(slug: str, name: str, slot: str) -> Identified:
    """A dish of ours on a menu: nothing is guessed from its name."""
    return Identified(name, slot, Known.RECIPE, Match(slug, slot, 1.0), UNREAD)


async def read_years(
    session: AsyncSession, viewer: Viewer, kitchen_ids: Collection[int] | None, span: Span
) -> Mapping[int, list[Tray]]:
    """The trays of a school year of the collèges that a viewer may read, by kitchen, in order of day.

    The arrêté of 30 September 2011 is of schools: the menus of a place of care are not held against it.
    """
    schools = MenuDish.kitchen_id.in_(colleges(viewer).with_only_columns(Kitchen.id))
    of_year = menus(viewer, kitchen_ids=kitchen_ids, first=span.first_day, last=span.last_day).where(schools)
    # Plain columns: a year of all kitchens is a hundred thousand rows, of which no object is needed.
    statement = of_year.join(Dish, Dish.id == MenuDish.dish_id).with_only_columns(
        MenuDish.kitchen_id, MenuDish.day, MenuDish.slot, Dish.slug, Dish.name, MenuDish.served_covers
    )
    days: dict[int, dict[date, list[Taken]]] = defaultdict(lambda: defaultdict(list))
    for kitchen, day, slot, slug, name, covers in await session.execute(statement.order_by(*MENU_KEY)):
        days[kitchen][day].append(Taken(ours(slug, name, slot.value), covers))
    return {kitchen: [Tray(day, tuple(taken)) for day, taken in sorted(of.items())] for kitchen, of in days.items()}


async def read_book(session: AsyncSession, viewer: Viewer, years: Iterable[Sequence[Tray]]) -> Book:
    """The fiches techniques of the dishes on some trays, in a fixed number of statements."""
    slugs = {taken.dish.match.dish for trays in years for tray in trays for taken in tray.taken if taken.dish.match}
    rows = list(await session.scalars(with_lines(dishes(viewer, slugs=slugs)).order_by(Dish.slug)))
    foods = {line.ingredient.slug: line.ingredient for row in rows for line in row.lines}
    return Book(
        Catalogue({slug: plain_ingredient(food) for slug, food in foods.items()}, {r.slug: plain_dish(r) for r in rows})
    )


async def read_portions(session: AsyncSession, viewer: Viewer) -> Portions:
    """The portions that somebody changed, in one statement."""
    asked = portion_changes_visible_to(viewer).join(Dish, Dish.id == PortionChange.dish_id).add_columns(Dish.slug)
    rows = (await session.execute(asked)).all()
    return Portions([change for change, _ in rows], {change.dish_id: slug for change, slug in rows})


def served_there(book: Book, portions: Portions, kitchen_id: int) -> Book:
    """The fiches as a kitchen serves them, each day with the portion in force."""
    return book.at(partial(portions.served_g, kitchen_id)) if portions.changes else book


def check_year(trays: Sequence[Tray], book: Book) -> YearOfMenus:
    """What a kitchen's year is found to be."""
    meals = [meal_of(tray, book) for tray in trays]
    return YearOfMenus(trays, meals, check_all(meals))


async def refresh(
    session: AsyncSession, kitchen_ids: Collection[int] | None = None, days: Collection[date] | None = None
) -> int:
    """Compute again and store the results of some kitchens, for the school years of some days; how many rows.

    Args:
        session: of the write; it flushes.
        kitchen_ids: all when None.
        days: all school years when None.
    """
    spans = (await school_calendar(session, CHECKER)).years
    wanted = [span for span in spans if days is None or any(span.first_day <= day <= span.last_day for day in days)]
    portions = await read_portions(session, CHECKER)
    stored = 0
    for span in wanted:
        years = await read_years(session, CHECKER, kitchen_ids, span)
        book = await read_book(session, CHECKER, years.values())
        rows = [
            row
            for kitchen, trays in sorted(years.items())
            for row in _rows(span, kitchen, trays, served_there(book, portions, kitchen))
        ]
        await _forget(session, span, kitchen_ids)
        for start in range(0, len(rows), ROWS_AT_ONCE):
            await session.execute(insert(NutritionResult), rows[start : start + ROWS_AT_ONCE])
        stored += len(rows)
    return stored


async def _forget(session: AsyncSession, span: Span, kitchen_ids: Collection[int] | None) -> None:
    statement = delete(NutritionResult).where(NutritionResult.school_year == span.label)
    if kitchen_ids is not None:
        statement = statement.where(NutritionResult.kitchen_id.in_(kitchen_ids))
    await session.execute(statement.execution_options(synchronize_session=False))


def _rows(span: Span, kitchen_id: int, trays: Sequence[Tray], book: Book) -> Iterator[dict[str, object]]:
    found = check_year(trays, book).frequencies
    windows: dict[str, list[Finding]] = defaultdict(list)
    for window in found.windows:
        windows[window.rule].append(window)
    for block in found.blocks:
        starting = [each for each in windows[block.rule] if block.first <= each.first <= block.last]
        yield {
            "school_year": span.label,
            "kitchen_id": kitchen_id,
            "rule": block.rule,
            "first": block.first,
            "last": block.last,
            "meals": block.meals,
            "sure": exact(block.sure),
            "possible": exact(block.possible),
            "minimum": block.minimum,
            "maximum": block.maximum,
            "outside": exact(block.outside),
            "standing": block.status,
            "windows": len(starting),
            "windows_broken": sum(each.status is Standing.BROKEN for each in starting),
        }


def exact(weight: Weight) -> Decimal:
    """A count as it is stored, to the millionth, half up."""
    return (Decimal(weight.numerator) / weight.denominator).quantize(MILLIONTH, ROUND_HALF_UP)


async def grid(
    session: AsyncSession,
    viewer: Viewer,
    school_year: str,
    today: date,
    kitchen_ids: Collection[int] | None = None,
) -> list[Cell]:
    """One cell per kitchen that a viewer may read and per criterion, in one statement, by kitchen then rule.

    The database adds up the periods and picks the current one: what leaves it is one row per cell.
    """
    visible = results_visible_to(viewer).where(NutritionResult.school_year == school_year)
    if kitchen_ids is not None:
        visible = visible.where(NutritionResult.kitchen_id.in_(kitchen_ids))
    of = _added_up(visible, today).subquery()
    before = aliased(NutritionResult)
    outside_before = (
        select(before.outside)
        .where(*_of_cell(before, school_year, of), before.first < of.c.current)
        .order_by(before.first.desc())
        .limit(1)
        .scalar_subquery()
    )
    now = NutritionResult
    statement = (
        select(of, now.last, now.sure, now.possible, now.minimum, now.maximum, now.standing, now.outside)
        .add_columns(outside_before.label("before"))
        .join(now, and_(*_of_cell(now, school_year, of), now.first == of.c.current))
        .order_by(of.c.kitchen_id, of.c.rule)
    )
    return [_cell(row) for row in await session.execute(statement)]


def _of_cell(result: Any, school_year: str, of: Any) -> tuple[ColumnElement[bool], ...]:
    return result.school_year == school_year, result.kitchen_id == of.c.kitchen_id, result.rule == of.c.rule


def _added_up(visible: Select[NutritionResult], today: date) -> Select[*tuple[Any, ...]]:
    """The periods of each kitchen and rule, counted, and the first day of the current one."""
    result = NutritionResult
    broken, undecided = result.standing == Standing.BROKEN, result.standing == Standing.UNDECIDED
    over = result.last < today
    current = func.coalesce(func.min(case((~over, result.first))), func.max(result.first))
    return visible.with_only_columns(
        result.kitchen_id,
        result.rule,
        current.label("current"),
        func.count().label("periods"),
        func.count(case((and_(broken, over), 1))).label("broken_past"),
        func.count(case((and_(broken, ~over), 1))).label("broken_ahead"),
        func.count(case((undecided, 1))).label("undecided"),
        func.sum(result.windows_broken).label("windows_broken"),
    ).group_by(result.kitchen_id, result.rule)


def _cell(row: Any) -> Cell:
    broken = row.broken_past + row.broken_ahead
    return Cell(
        kitchen_id=row.kitchen_id,
        rule=row.rule,
        standing=Standing.BROKEN if broken else Standing.UNDECIDED if row.undecided else Standing.SATISFIED,
        first=row.current,
        last=row.last,
        sure=row.sure,
        possible=row.possible,
        minimum=row.minimum,
        maximum=row.maximum,
        current=row.standing,
        periods=row.periods,
        broken_past=row.broken_past,
        broken_ahead=row.broken_ahead,
        undecided=row.undecided,
        windows_broken=row.windows_broken,
        trend=_trend(row.before, row.outside),
    )


def _trend(before: Decimal | None, now: Decimal) -> Trend | None:
    if before is None or before == now:
        return None if before is None else Trend.SAME
    return Trend.BETTER if now < before else Trend.WORSE
