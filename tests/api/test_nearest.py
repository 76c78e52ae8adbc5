"""The offers page of a kitchen: filters, nearest first, three statements whatever the number of offers."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, update

from catering.market.models import Capacity, Offer, OfferWeek, Supplier
from tests.api.conftest import CHEF, PRODUCER, Client
from tests.api.dataset import MONDAYS, uai

WEEK = MONDAYS[0].isoformat()
PAGE = """
query ($near: ID, $first: Int! = 100, $after: String, $family: Family, $words: String, $inStock: Boolean! = false,
       $week: Date, $label: String, $ingredient: ID) {
  offers(near: $near, first: $first, after: $after, family: $family, words: $words, inStock: $inStock, week: $week,
         label: $label, ingredient: $ingredient) {
    nodes { id supplier { id } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
PLACES = {"ferme_00": "50.60", "ferme_01": "50.35", "ferme_02": "50.45", "ferme_03": "50.45", "ferme_04": "51.90"}
"""Degrees north of the farms; the kitchens are at 50.29."""

SOLD_IN_WEEK = 4 * 18 + 1
"""Offers of the four farms within reach, and the second one of an ingredient that orders are tested with."""


@pytest.fixture
async def spread(large_client: Client) -> Client:
    """The large Département with its farms at several distances; one delivers no farther than 80 km and is too far."""
    async with large_client.database.unit_of_work() as session:
        await session.execute(update(Supplier).values(max_km=80))
        for slug, lat in PLACES.items():
            place = {"lat": Decimal(lat), "lon": Decimal("2.78")}
            await session.execute(update(Supplier).where(Supplier.slug == slug).values(**place))
    return large_client


async def page(client: Client, viewer: Any = CHEF, **asked: Any) -> Any:
    return (await client.data(PAGE, viewer, **({"near": uai(0)} | asked)))["offers"]


async def test_the_nearest_supplier_comes_first_and_who_does_not_deliver_there_not_at_all(spread: Client) -> None:
    sellers, after = [], None
    while True:
        found = await page(spread, first=7, after=after)
        sellers += [(node["supplier"]["id"], node["id"]) for node in found["nodes"]]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert list(dict.fromkeys(seller for seller, _ in sellers)) == ["ferme_01", "ferme_02", "ferme_03", "ferme_00"]
    assert len(set(sellers)) == len(sellers) == SOLD_IN_WEEK + 2 * 6
    assert sellers == sorted(sellers, key=lambda pair: (PLACES[pair[0]], pair[0], pair[1]))
    assert [node["id"] for node in (await page(spread, first=100))["nodes"]] == [offer for _, offer in sellers]


@pytest.mark.parametrize("first", [1, 5, 40, 100])
async def test_the_page_takes_three_statements(first: int, spread: Client) -> None:
    asked = PAGE.replace("supplier { id }", "")
    answer = await spread(asked, CHEF, near=uai(0), first=first, week=WEEK)
    assert len(answer.data["offers"]["nodes"]) == min(first, SOLD_IN_WEEK)
    assert len(answer.statements) == 3


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"family": "VIANDES_VOLAILLES"}, {"offre_001", "offre_019"}),
        ({"family": "PRODUITS_LAITIERS", "label": "BIO"}, {"offre_018"}),
        ({"ingredient": "ingredient_01", "family": "PRODUITS_LAITIERS"}, set()),
        ({"words": "PRODUIT 17"}, {"offre_017"}),
        ({"words": "carottés botte 1"}, {"vente_ferme_00_01", "vente_ferme_01_01"}),
        ({"words": "100%"}, set()),
    ],
)
async def test_filters_meet(asked: dict[str, Any], found: set[str], large_client: Client) -> None:
    async with large_client.database.unit_of_work() as session:
        for offer in (17, 18):
            await session.execute(update(Offer).where(Offer.id == offer).values(search=f"produit {offer - 1}"))
        await session.execute(update(Offer).where(Offer.id == 18).values(search="produit 17"))
        await session.execute(update(Supplier).where(Supplier.id > 2).values(max_km=1))
    assert {node["id"] for node in (await page(large_client, **asked))["nodes"]} == found


async def test_in_stock_is_at_least_a_pack_in_the_week(client: Client) -> None:
    async with client.database.unit_of_work() as session:
        await session.execute(delete(OfferWeek))
        await session.execute(update(Capacity).where(Capacity.offer_id == 1).values(grams_per_week=4_999))
        await session.execute(update(Capacity).where(Capacity.offer_id == 2).values(grams_per_week=5_000))
    sold = {node["id"] for node in (await page(client, week=WEEK))["nodes"]}
    stocked = {node["id"] for node in (await page(client, week=WEEK, inStock=True))["nodes"]}
    assert sold - stocked == {"offre_000"}


async def test_what_is_ordered_is_no_longer_in_stock(client: Client) -> None:
    async with client.database.unit_of_work() as session:
        await session.execute(delete(OfferWeek))
        session.add(OfferWeek(offer_id=1, week=date.fromisoformat(WEEK), available_g=20_000, reserved_g=15_001))
        session.add(OfferWeek(offer_id=2, week=date.fromisoformat(WEEK), available_g=20_000, reserved_g=15_000))
        session.add(OfferWeek(offer_id=3, week=date.fromisoformat(WEEK), available_g=None, reserved_g=15_000))
    sold = {node["id"] for node in (await page(client, week=WEEK))["nodes"]}
    stocked = {node["id"] for node in (await page(client, week=WEEK, inStock=True))["nodes"]}
    assert sold - stocked == {"offre_000"}


async def test_the_distance_is_shown(client: Client) -> None:
    text = f'{{ offers(near: "{uai(0)}", first: 1) {{ nodes {{ distanceKm(kitchen: "{uai(0)}") }} }} }}'
    (node,) = (await client.data(text, CHEF))["offers"]["nodes"]
    assert Decimal(node["distanceKm"]) == Decimal("105.4")


@pytest.mark.parametrize(
    ("asked", "viewer", "code"),
    [
        ({"near": uai(1)}, CHEF, "BAD_ARGUMENT"),
        ({"near": uai(0)}, PRODUCER, "BAD_ARGUMENT"),
        ({"first": 101}, CHEF, "PAGE_SIZE"),
        ({"after": "bm90IGEgY3Vyc29y"}, CHEF, "BAD_CURSOR"),
        ({"inStock": True}, CHEF, "BAD_ARGUMENT"),
    ],
)
async def test_what_cannot_be_asked_is_said(asked: dict[str, Any], viewer: Any, code: str, client: Client) -> None:
    answer = await client(PAGE, viewer, **({"near": uai(0)} | asked))
    assert [each for each, _ in answer.errors] == [code]
