"""What each viewer reads of the market."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Select

from catering.db import Database
from catering.market.models import Capacity, Certificate, Offer, Supplier, SupplierKind
from catering.market.queries import (
    capacities_visible_to,
    certificates_visible_to,
    offers,
    offers_visible_to,
    suppliers,
    suppliers_visible_to,
)
from catering.people.viewer import Role, Viewer, demo_viewer
from catering.recipes.queries import ingredients
from catering.seeding import load
from tests.seeding.small import CERTIFICATES, SeedFolder

DEMO = demo_viewer()
CHEF = Viewer("Cheffe de Dainville", Role.CHEF, kitchens=frozenset({"0620014D"}))
FARM = Viewer("Ferme des Essarts", Role.PRODUCER, suppliers=frozenset({"ferme"}))
NOBODY = Viewer("Producteur sans compte", Role.PRODUCER)


async def slugs(database: Database, statement: Select[Any]) -> list[str]:
    async with database.reading() as session:
        return sorted(row.slug for row in await session.scalars(statement))


@pytest.mark.parametrize(
    ("viewer", "counts"),
    [(DEMO, (2, 1, 3, 4)), (CHEF, (2, 1, 3, 4)), (FARM, (1, 1, 1, 2)), (NOBODY, (0, 0, 0, 0))],
)
async def test_a_producer_reads_only_what_is_theirs(
    viewer: Viewer, counts: tuple[int, ...], database: Database, seeds: SeedFolder
) -> None:
    await load(database, seeds.path)
    scopes: list[Select[Any]] = [
        suppliers_visible_to(viewer),
        certificates_visible_to(viewer),
        offers_visible_to(viewer),
        capacities_visible_to(viewer),
    ]
    async with database.reading() as session:
        assert tuple([len((await session.scalars(scope)).all()) for scope in scopes]) == counts


async def test_a_producer_cannot_reach_the_prices_of_another_by_asking(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    assert await slugs(database, offers(FARM, supplier="grossiste")) == []
    assert await slugs(database, offers(FARM, slugs={"grossiste__boeuf"})) == []
    assert await slugs(database, suppliers(FARM, slugs={"grossiste"})) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"supplier": "ferme"}, ["ferme__carotte__bio"]),
        ({"label": "BIO"}, ["ferme__carotte__bio"]),
        ({"week": date(2026, 9, 7)}, ["ferme__carotte__bio", "grossiste__boeuf", "grossiste__carotte"]),
        ({"week": date(2027, 3, 29)}, ["ferme__carotte__bio", "grossiste__boeuf", "grossiste__carotte"]),
        ({"week": date(2027, 4, 5)}, ["grossiste__boeuf", "grossiste__carotte"]),
        ({"week": date(2028, 1, 3)}, []),
        ({"slugs": ["grossiste__boeuf"]}, ["grossiste__boeuf"]),
    ],
)
async def test_offers_are_found_by_what_they_are(
    asked: dict[str, Any], found: list[str], database: Database, seeds: SeedFolder
) -> None:
    await load(database, seeds.path)
    assert await slugs(database, offers(DEMO, **asked)) == found


async def test_offers_are_found_by_ingredient(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    async with database.reading() as session:
        carrot = (await session.scalars(ingredients(DEMO, slugs=["carotte"]))).one()
    assert await slugs(database, offers(DEMO, ingredient_ids=[carrot.id])) == [
        "ferme__carotte__bio",
        "grossiste__carotte",
    ]


@pytest.mark.parametrize(("last_day", "found"), [("2026-10-09", 1), ("2026-10-08", 0)])
async def test_a_label_counts_in_a_week_that_its_certificate_covers_to_friday(
    last_day: str, found: int, database: Database, seeds: SeedFolder
) -> None:
    seeds.set(CERTIFICATES, 2, valid_to=last_day)
    await load(database, seeds.path)
    monday = date(2026, 10, 5)
    assert len(await slugs(database, offers(DEMO, label="BIO", week=monday))) == found


async def test_suppliers_are_found_by_kind_and_label(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    assert await slugs(database, suppliers(DEMO, kind=SupplierKind.WHOLESALER)) == ["grossiste"]
    assert await slugs(database, suppliers(DEMO, label="BIO")) == ["ferme"]


def test_every_table_of_the_market_has_its_scope() -> None:
    scoped = {
        scope(DEMO).column_descriptions[0]["entity"]
        for scope in (suppliers_visible_to, certificates_visible_to, offers_visible_to, capacities_visible_to)
    }
    assert scoped == {Supplier, Certificate, Offer, Capacity}
