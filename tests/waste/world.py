"""Two collèges that serve on four days, a dish of each kind, and who cooks: facts small enough to add up by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import Database
from catering.kitchens.models import Kitchen, KitchenCovers, SchoolYear
from catering.people.viewer import Role, Viewer
from catering.recipes.models import Dish, DishLine, Ingredient
from catering.recipes.vocabulary import Family, IngredientKind, Slot, Technique
from catering.waste.service.weighing import Entry
from catering.waste.vocabulary import Part, Service, Stage

NOW = datetime(2026, 9, 18, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
MONDAY, TUESDAY, WEDNESDAY = date(2026, 9, 14), date(2026, 9, 15), date(2026, 9, 16)
ALL_YEAR = frozenset(range(1, 13))
GOODS = {
    "carotte": IngredientKind.VEGETABLE_RAW,
    "boeuf": IngredientKind.BEEF,
    "jus": IngredientKind.DRINK,
}
DISHES = {"carottes": Slot.STARTER, "boeuf_braise": Slot.MAIN, "jus_d_orange": Slot.STARTER}


def uai(number: int = 0) -> str:
    """UAI of the n-th collège."""
    return f"062{number:04d}A"


CHEF = Viewer("Chef", Role.CHEF, kitchens=frozenset({uai(0)}))
BURSAR = Viewer("Gestionnaire", Role.GESTIONNAIRE, kitchens=frozenset({uai(0)}))
OTHER_CHEF = Viewer("Autre chef", Role.CHEF, kitchens=frozenset({uai(1)}))
MANAGER = Viewer("Diététicienne", Role.NUTRITION_MANAGER)
FARMER = Viewer("Ferme", Role.PRODUCER, suppliers=frozenset({"ferme"}))


async def fill(session: AsyncSession) -> None:
    """All of it."""
    session.add(SchoolYear(school_year="2026-27", first_day=date(2026, 9, 1), last_day=date(2027, 7, 2), source="test"))
    session.add_all(kitchen(number) for number in (0, 1))
    session.add_all(ingredient(number, slug) for number, slug in enumerate(GOODS, start=1))
    await session.flush()
    session.add_all(dish(number, slug) for number, slug in enumerate(DISHES, start=1))


def kitchen(number: int) -> Kitchen:
    return Kitchen(
        id=number + 1,
        uai=uai(number),
        name=f"Collège {number}",
        address="1 rue de l'École",
        postcode="62000",
        commune="Arras",
        insee="62041",
        epci="CU d'Arras",
        lat=Decimal("50.29"),
        lon=Decimal("2.78"),
        pupils=300,
        budget_eur_per_meal=Decimal("2.30"),
        covers=[KitchenCovers(weekday=day, covers=100) for day in (0, 1, 3, 4)],
    )


def ingredient(number: int, slug: str) -> Ingredient:
    return Ingredient(
        id=number, slug=slug, name=slug, family=Family.AUTRES, kind=GOODS[slug], edible_pct=Decimal(100), minced=False,
        months=ALL_YEAR, source="test",
    )  # fmt: skip


def dish(number: int, slug: str) -> Dish:
    return Dish(
        id=number, slug=slug, name=slug, slot=DISHES[slug], technique=Technique.RAW, served_g=100, months=ALL_YEAR,
        steps="Servir", lines=[DishLine(position=1, ingredient_id=number, grams=100)],
    )  # fmt: skip


def entry(key: str = "tablette-1", **given: Any) -> Entry:
    """Three kilograms left on plates on Monday, not sorted, in a bin of half a kilogram."""
    usual: dict[str, Any] = {
        "day": MONDAY, "service": Service.LUNCH, "stage": Stage.PLATES, "part": Part.UNSORTED, "gross_g": 3_500,
        "tare_g": 500, "noted_at": NOW,
    }  # fmt: skip
    return Entry(key=key, **(usual | given))


async def rows(database: Database, table: Any, *conditions: Any) -> list[Any]:
    """Rows of a table, in order of id."""
    async with database.reading() as session:
        return list(await session.scalars(select(table).where(*conditions).order_by(table.id)))
