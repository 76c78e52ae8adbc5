"""What is found among the ingredients and dishes, and how they become plain facts."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, event
from sqlalchemy.exc import InvalidRequestError

from catering.db import Database
from catering.people.viewer import Role, Viewer, demo_viewer
from catering.recipes.catalogue import load_catalogue
from catering.recipes.models import Ingredient
from catering.recipes.queries import dishes, ingredients
from catering.recipes.vocabulary import Allergen, Family, IngredientKind, Slot
from catering.seeding import load
from tests.seeding.small import INGREDIENTS, MAINS, SeedFolder

DEMO = demo_viewer()


async def slugs(database: Database, statement: Select[Any]) -> set[str]:
    async with database.reading() as session:
        return {row.slug for row in await session.scalars(statement)}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"slot": Slot.MAIN}, {"boeuf_carottes"}),
        ({"month": 4}, {"carottes_rapees", "pates_au_beurre", "maroilles_portion", "pomme"}),
        ({"ingredient": "carotte"}, {"boeuf_carottes", "carottes_rapees"}),
        ({"without": {Allergen.MILK}}, {"carottes_rapees", "pomme"}),
        ({"without": {Allergen.GLUTEN}, "slot": Slot.SIDE}, set()),
        ({"slugs": {"pomme", "inconnu"}}, {"pomme"}),
        ({"slugs": set()}, set()),
    ],
)
async def test_dishes_are_found_by_what_they_are(
    asked: dict[str, Any], found: set[str], database: Database, seeds: SeedFolder
) -> None:
    seeds.set(MAINS, 2, months="1 2 3 10 11 12")
    await load(database, seeds.path)
    assert await slugs(database, dishes(DEMO, **asked)) == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"family": Family.PRODUITS_LAITIERS}, {"beurre", "maroilles"}),
        ({"kind": IngredientKind.BEEF}, {"boeuf"}),
        ({"month": 5, "family": Family.FRUITS_ET_LEGUMES}, {"pomme"}),
        ({"slugs": ["pates"]}, {"pates"}),
    ],
)
async def test_ingredients_are_found_by_what_they_are(
    asked: dict[str, Any], found: set[str], database: Database, seeds: SeedFolder
) -> None:
    await load(database, seeds.path)
    assert await slugs(database, ingredients(DEMO, **asked)) == found


@pytest.mark.parametrize("month", range(1, 13))
async def test_each_month_finds_exactly_the_ingredients_that_list_it(
    month: int, database: Database, seeds: SeedFolder
) -> None:
    seeds.set(INGREDIENTS, 3, months=str(month))
    await load(database, seeds.path)
    listed = {row["id"] for row in seeds.rows(INGREDIENTS) if str(month) in row["months"].split()}
    assert await slugs(database, ingredients(DEMO, month=month)) == listed


@pytest.mark.parametrize("role", list(Role))
async def test_the_catalogue_is_open_to_every_role(role: Role, database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    assert len(await slugs(database, dishes(Viewer("essai", role)))) == 5


async def test_the_catalogue_gives_the_derivations_what_the_files_say(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    async with database.reading() as session:
        catalogue = await load_catalogue(session, DEMO)
    dish = catalogue.dishes["boeuf_carottes"]
    assert [(line.ingredient, line.grams) for line in dish.lines] == [("boeuf", 100), ("carotte", 80), ("beurre", 5)]
    beef = catalogue.ingredients["boeuf"]
    assert (beef.nutrients["sugars_g"], beef.nutrients["fat_g"]) == (None, Decimal("1.5"))
    assert catalogue.ingredients["pates"].allergens == {Allergen.GLUTEN, Allergen.EGGS}
    assert catalogue.ingredients["carotte"].edible_pct == 85


async def test_the_catalogue_takes_the_same_statements_whatever_its_size(database: Database, seeds: SeedFolder) -> None:
    async def count() -> int:
        asked: list[str] = []
        listen: Callable[..., None] = lambda *args: asked.append(args[2])  # noqa: E731
        event.listen(database.engine.sync_engine, "before_cursor_execute", listen)
        async with database.reading() as session:
            await load_catalogue(session, DEMO)
        event.remove(database.engine.sync_engine, "before_cursor_execute", listen)
        return len(asked)

    await load(database, seeds.path)
    few = await count()
    for rank in range(30):
        seeds.add(MAINS, id=f"boeuf_{rank}")
        seeds.add("dishes/main_lines.csv", dish=f"boeuf_{rank}")
    await load(database, seeds.path)
    assert await count() == few


async def test_a_forgotten_loading_is_an_error_and_not_a_statement_per_row(
    database: Database, seeds: SeedFolder
) -> None:
    await load(database, seeds.path)
    async with database.reading() as session:
        carrot = (await session.scalars(ingredients(DEMO, slugs=["carotte"]))).one()
        with pytest.raises(InvalidRequestError, match="raise"):
            _ = carrot.allergens


@given(st.frozensets(st.integers(1, 12), min_size=1))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_set_of_months_comes_back_as_it_went_in(months: frozenset[int]) -> None:
    kind: Any = Ingredient.__table__.c.months.type
    stored = kind.process_bind_param(months, None)
    assert 1 <= stored <= 4095
    assert kind.process_result_value(stored, None) == months


def test_a_month_out_of_the_year_is_refused() -> None:
    kind: Any = Ingredient.__table__.c.months.type
    with pytest.raises(ValueError, match="13"):
        kind.process_bind_param({13}, None)
