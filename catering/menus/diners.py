"""What diners may read of the menus of a collège: names, allergens, meat, season; no account, no figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from catering.kitchens.models import Kitchen
from catering.market.countries import countries
from catering.menus.dishes import Book
from catering.menus.models import MenuDish
from catering.menus.queries import MENU_KEY, between, diners_kitchens_visible_to, diners_menus_visible_to
from catering.menus.standings import read_book, tray_of
from catering.menus.told import GoodsTold
from catering.menus.trays import Tray, meal_of
from catering.people.viewer import Role, Viewer
from catering.recipes.attributes import DishFacts
from catering.recipes.rules import Ingredient
from catering.recipes.vocabulary import Allergen, Slot
from catering.rules import Truth, law
from catering.rules.meals import tally
from catering.rules.origin import meat_rule, missing_stages, wording
from catering.rules.shapes import WeeklyCount

PUBLIC = Viewer("Convives", Role.PRODUCER)
"""Reads the catalogue, which is everybody's, and nothing of any kitchen or supplier."""
VEGETARIAN_MENU = "VEG-01"
ALL_YEAR = 12
TRAY = list(Slot)


@dataclass(frozen=True, slots=True)
class DinersPlace:
    """A collège as everybody may know it."""

    id: int
    uai: str
    name: str
    commune: str
    insee: str


@dataclass(frozen=True, slots=True)
class Meat:
    """A meat whose origin the law wants told; ``wording`` None when a country is not known."""

    name: str
    wording: str | None


@dataclass(frozen=True, slots=True)
class DinersDish:
    """A dish of a menu. ``allergens`` None: its fiche is not known."""

    slot: Slot
    slug: str
    name: str
    vegetarian: Truth
    in_season: bool
    allergens: frozenset[Allergen] | None
    meats: tuple[Meat, ...]
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DinersDay:
    """A day's menu."""

    day: date
    vegetarian: Truth
    dishes: tuple[DinersDish, ...]


async def places(session: AsyncSession, viewer: Viewer | None) -> list[DinersPlace]:
    """Every collège, by commune then name: what somebody looks theirs up in."""
    by_commune = diners_kitchens_visible_to(viewer).order_by(Kitchen.commune, Kitchen.name, Kitchen.id)
    return [DinersPlace(*row) for row in await session.execute(by_commune)]


async def place_of(session: AsyncSession, viewer: Viewer | None, uai: str) -> DinersPlace | None:
    """A collège by its UAI; None when there is none."""
    row = (await session.execute(diners_kitchens_visible_to(viewer).where(Kitchen.uai == uai))).one_or_none()
    return None if row is None else DinersPlace(*row)


async def week_of(
    session: AsyncSession,
    viewer: Viewer | None,
    place: DinersPlace,
    first: date,
    last: date,
    told: GoodsTold,
) -> list[DinersDay]:
    """The menus of a collège between two days, both included, in a fixed number of statements.

    Args:
        session: of the read.
        viewer: None for somebody without an account.
        place: the collège.
        first: first day, included.
        last: last day, included.
        told: what is known of the goods used on these days, or about to be.
    """
    statement = between(diners_menus_visible_to(viewer), [place.id], first, last).order_by(*MENU_KEY)
    days: dict[date, list[MenuDish]] = defaultdict(list)
    for row in await session.scalars(statement.options(joinedload(MenuDish.dish))):
        days[row.day].append(row)
    trays = [tray_of(day, rows) for day, rows in sorted(days.items())]
    book = await read_book(session, PUBLIC, [trays])
    facts = {
        (tray.day, taken.dish.name): (book.facts(taken.dish, tray.day), book.catalogue.ingredients)
        for tray in trays
        for taken in tray.taken
    }
    return [
        DinersDay(
            tray.day,
            _vegetarian(tray, book),
            tuple(
                _dish(row, *facts[tray.day, row.dish.name], told)
                for row in sorted(days[tray.day], key=lambda row: (TRAY.index(row.slot), row.rank))
            ),
        )
        for tray in trays
    ]


def _vegetarian(tray: Tray, book: Book) -> Truth:
    """Whether one may eat a whole menu without meat or fish, choosing among what is offered (VEG-01)."""
    rule = law().entries[VEGETARIAN_MENU]
    assert isinstance(rule, WeeklyCount)
    found = tally(rule, meal_of(tray, book))
    return Truth.TRUE if found.sure else Truth.UNKNOWN if found.possible else Truth.FALSE


def _dish(row: MenuDish, facts: DishFacts | None, ingredients: Mapping[str, Ingredient], told: GoodsTold) -> DinersDish:
    season = frozenset[int]() if facts is None else facts.season
    return DinersDish(
        slot=row.slot,
        slug=row.dish.slug,
        name=row.dish.name,
        vegetarian=Truth.UNKNOWN if facts is None else facts.attributes["vegetarian"],
        # What can be had all year has no season to be marked.
        in_season=row.day.month in season and len(season) < ALL_YEAR,
        allergens=None if facts is None else facts.allergens.union(*_of_products(facts, ingredients, row.day, told)),
        meats=() if facts is None else tuple(_meats(facts, ingredients, row.day, told)),
        changed_at=row.changed_at,
    )


def _of_products(
    facts: DishFacts, ingredients: Mapping[str, Ingredient], on: date, told: GoodsTold
) -> Iterator[frozenset[Allergen]]:
    """Allergens that sellers state of the products behind each line: a product may hold more than its ingredient."""
    for line in facts.dish.lines:
        yield told.allergens.get((on, ingredients[line.ingredient].id), frozenset())


def _meats(facts: DishFacts, ingredients: Mapping[str, Ingredient], on: date, told: GoodsTold) -> Sequence[Meat]:
    found = []
    for line in facts.dish.lines:
        food = ingredients[line.ingredient]
        if meat_rule(food.kind.value, on) is None:
            continue
        stages = told.meats.get((on, food.id), ())
        known = stages and not any(missing_stages(food.kind.value, each, on) for each in stages)
        words = dict.fromkeys(wording(each, countries()) for each in stages) if known else {}
        found.append(Meat(food.name, " ; ".join(each for each in words if each) or None))
    return found
