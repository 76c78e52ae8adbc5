"""The seeds that come with the platform load without a fault, fast, and say what the Département is."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from catering.db import Database
from catering.kitchens.queries import service_days_by_uai
from catering.market.models import SupplierKind
from catering.people.viewer import demo_viewer
from catering.recipes.vocabulary import Family, Slot
from catering.rules import law
from catering.seeding import load, read_seeds
from catering.seeding.reading import Sheet
from catering.settings import seeds_folder


@pytest.fixture(scope="module")
def sheets() -> dict[str, Sheet]:
    """The real tables; reading them raises on any fault."""
    return {sheet.table.name: sheet for sheet in read_seeds(seeds_folder())}


def test_the_tables_are_as_large_as_the_departement(sheets: dict[str, Sheet]) -> None:
    assert len(sheets["kitchens"].rows) == 125
    assert len(sheets["ingredients"].rows) >= 200
    assert len(sheets["dishes"].rows) >= 320
    assert len(sheets["offers"].rows) >= 1600
    kinds = [row.cells["kind"] for row in sheets["suppliers"].rows]
    assert kinds.count(SupplierKind.WHOLESALER) >= 5
    assert kinds.count(SupplierKind.PRODUCER) >= 320


def test_every_slot_has_dishes_in_every_month(sheets: dict[str, Sheet]) -> None:
    served = {(row.values["slot"], month) for row in sheets["dishes"].rows for month in _months(row.values["months"])}
    assert served >= {(slot, month) for slot in Slot for month in (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12)}


def test_a_dish_is_served_only_in_the_months_of_all_its_ingredients(sheets: dict[str, Sheet]) -> None:
    """seeds/dishes/SOURCES.csv: a dish's months lie within the intersection of its ingredients' seasons."""
    season = {row.cells["id"]: _months(row.values["months"]) for row in sheets["ingredients"].rows}
    served = {row.cells["id"]: _months(row.values["months"]) for row in sheets["dishes"].rows}
    lines = [(row.cells["dish"], row.cells["ingredient"]) for row in sheets["dish_lines"].rows]
    beyond = {(dish, of): sorted(served[dish] - season[of]) for dish, of in lines if not served[dish] <= season[of]}
    assert beyond == {}


def _months(value: object) -> frozenset[int]:
    assert isinstance(value, frozenset)
    return value


def test_every_ingredient_of_a_dish_is_sold_by_somebody(sheets: dict[str, Sheet]) -> None:
    used = {row.cells["ingredient"] for row in sheets["dish_lines"].rows}
    sold = {row.cells["ingredient"] for row in sheets["offers"].rows}
    assert used - sold == set()


def test_every_offer_can_be_bought_in_some_week(sheets: dict[str, Sheet]) -> None:
    sold = {row.cells["offer"] for row in sheets["capacities"].rows}
    assert {row.cells["id"] for row in sheets["offers"].rows} - sold == set()


def test_the_families_of_the_code_are_those_of_the_law() -> None:
    assert {family.value for family in Family} == set(law().tables.families)


async def test_the_whole_departement_loads_in_few_statements_and_twice_changes_nothing(database: Database) -> None:
    statements: list[str] = []

    def listen(*args: Any) -> None:
        statements.append(args[2])

    event.listen(database.engine.sync_engine, "before_cursor_execute", listen)
    first = await load(database, seeds_folder())
    assert first.changes > 15_000
    assert len(statements) < 250  # bulk statements of bounded size, whatever the number of rows
    assert (await load(database, seeds_folder())).changes == 0


async def test_every_college_serves_the_year_and_they_serve_six_and_a_half_million_lunches(database: Database) -> None:
    await load(database, seeds_folder())
    async with database.reading() as session:
        days = await service_days_by_uai(session, demo_viewer(), date(2026, 9, 1), date(2027, 7, 31))
    assert len(days) == 125
    assert {len(each) for each in days.values()} == {139}
    assert 6_450_000 <= sum(day.covers for each in days.values() for day in each) <= 6_550_000
