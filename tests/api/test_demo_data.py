"""The API on the seeds that come with the platform."""

from typing import Any

import pytest

from catering.db import Database
from tests.api.conftest import Client
from tests.api.operations import operations

OPERATIONS = operations()
ON = "2026-09-01"


@pytest.fixture
def département(demo: Database) -> Client:
    return Client(demo)


async def every(client: Client, name: str, list_name: str, **variables: Any) -> list[Any]:
    """All rows of a stored operation, page after page."""
    found: list[Any] = []
    after = None
    while True:
        page = (await client.data(OPERATIONS[name], first=100, after=after, **variables))[list_name]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


async def test_the_year_of_the_125_kitchens(département: Client) -> None:
    kitchens = await every(département, "chef/Kitchens", "kitchens")
    assert len(kitchens) == 125
    calendar = await département.data(
        OPERATIONS["chef/ServiceCalendar"], uai=kitchens[0]["uai"], firstDay="2026-09-01", lastDay="2027-07-10"
    )
    assert len(calendar["kitchen"]["serviceDays"]) == 139


async def test_every_dish_of_the_catalogue_is_shown_with_its_facts_and_cost(département: Client) -> None:
    dishes = await every(département, "chef/Dishes", "dishes", on=ON)
    assert len(dishes) >= 320
    for dish in dishes:
        assert dish["cost"] is not None, f"nobody offers an ingredient of {dish['id']}"
        assert float(dish["cost"]["lowestEur"]) <= float(dish["cost"]["highestEur"])


async def test_vegetarian_mains_that_suit_a_weekly_menu(département: Client) -> None:
    mains = await every(département, "chef/Dishes", "dishes", slot="MAIN", attribute="vegetarian", on=ON)
    assert len(mains) >= 30
    for dish in mains:
        assert not {"FISH", "CRUSTACEANS", "MOLLUSCS"} & set(dish["facts"]["allergens"]), dish["id"]


async def test_offers_and_ingredients_page_to_their_end(département: Client) -> None:
    offers = await every(département, "producer/Market", "offers")
    assert len(offers) >= 1600
    assert all(each["supplier"] and each["ingredient"] for each in offers)
    assert len(await every(département, "nutrition/Ingredients", "ingredients")) >= 200
