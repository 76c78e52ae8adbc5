"""Purchases from third countries ask for a written reason (EGA-51): when, of what, from whom, once."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from catering.db import Database
from catering.people.models import ChangeEvent
from catering.people.viewer import Role, Viewer
from catering.purchases import refusals
from catering.purchases.models import OriginZone, PurchaseImport, PurchaseLine, PurchaseSource, ThirdCountryReason
from catering.purchases.third_country import Abroad, ReasonWish, bought_abroad, state_reason
from catering.recipes.vocabulary import Family
from catering.rules import LAW_FOLDER
from catering.rules.third_country import COLUMNS, TABLE, periods, treatment
from catering.rules.zones import zone_of
from tests.api.dataset import uai
from tests.purchases.conftest import MANAGER, NOW

BURSAR = Viewer("Gestionnaire", Role.GESTIONNAIRE, kitchens=frozenset({uai(0)}))
CHEF = Viewer("Cheffe", Role.CHEF, kitchens=frozenset({uai(0)}))
SELLER = Viewer("Productrice", Role.PRODUCER, suppliers=frozenset({"ferme_00"}))
BANANAS, COCOA = "Bananes", "Cacao"
ASKED, BEFORE = date(2026, 9, 1), date(2026, 8, 19)

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")


def line(kitchen: int, product: str, euros: str, rank: int, on: date = ASKED, zone: str = "TIERS") -> PurchaseLine:
    return PurchaseLine(
        kitchen_id=kitchen, source=PurchaseSource.IMPORT, bought_on=on, product=product,
        family=Family.FRUITS_ET_LEGUMES, labels="", sign="", not_counted="", origin="", origin_zone=OriginZone(zone),
        local=False, amount_excl_tax=Decimal(euros), import_id=1, file_line=rank, year=2026, entered_at=NOW,
        entered_by="x", circuit_court=False,
    )  # fmt: skip


@pytest.fixture
async def bought(world: Database) -> Database:
    """Bananas of two collèges, cocoa of one, and what asks for no reason: of France, of before, taken back."""
    async with world.unit_of_work() as session:
        session.add(
            PurchaseImport(
                id=1, identity="0" * 64, name="x.csv", lines=7, amount_excl_tax=Decimal(1), at=NOW, actor="x"
            )
        )
        await session.flush()
        session.add_all([
            line(1, BANANAS, "40.00", 1), line(1, BANANAS, "20.00", 2), line(2, BANANAS, "10.00", 3),
            line(1, COCOA, "90.00", 4), line(1, "Café", "50.00", 5, BEFORE),
            line(1, "Poires", "30.00", 6, zone="FRANCE"),
            line(2, "Riz", "30.00", 7), line(2, "Riz", "-30.00", 8),
        ])  # fmt: skip
    return world


async def found(world: Database, viewer: Viewer = MANAGER, of: list[int] | None = None) -> list[Abroad]:
    async with world.reading() as session:
        return list(await bought_abroad(session, viewer, 2026, kitchen_ids=of))


async def told(world: Database, reason: str, kitchen: str | None, viewer: Viewer, product: str = BANANAS) -> int:
    async with world.unit_of_work() as session:
        return await state_reason(session, viewer, ReasonWish(product, 2026, reason, kitchen))


async def test_what_is_bought_abroad_is_told_by_kitchen_and_product(bought: Database) -> None:
    assert [(each.kitchen_id, each.product, each.lines, each.amount) for each in await found(bought)] == [
        (1, COCOA, 1, Decimal("90.00")), (1, BANANAS, 2, Decimal("60.00")), (2, BANANAS, 1, Decimal("10.00")),
    ]  # fmt: skip
    assert {(each.blocking, each.reason) for each in await found(bought)} == {(False, None)}
    assert {each.kitchen_id for each in await found(bought, BURSAR)} == {1}
    assert await found(bought, SELLER) == []
    assert [each.product for each in await found(bought, of=[2])] == [BANANAS]


async def test_a_reason_stands_for_a_product_and_year_and_is_traced(bought: Database) -> None:
    assert await told(bought, " Aucune offre de  l'Union ", uai(0), BURSAR) == 1
    assert await told(bought, "Aucune offre de l'Union", uai(0), BURSAR) == 1, "told again it changes nothing"
    assert await told(bought, "Pas de bananes d'Europe", None, MANAGER) == 2
    reasons = {(each.kitchen_id, each.product): each.reason for each in await found(bought)}
    assert reasons == {
        (1, BANANAS): "Aucune offre de l'Union", (2, BANANAS): "Pas de bananes d'Europe", (1, COCOA): None,
    }, "of all collèges it is written where nothing was"  # fmt: skip
    await told(bought, "Rupture en Guadeloupe", uai(0), MANAGER)
    async with bought.reading() as session:
        events = list(await session.scalars(select(ChangeEvent).order_by(ChangeEvent.id)))
        kept = list(await session.scalars(select(ThirdCountryReason)))
    mine = [(each.before, each.after) for each in events if each.key == f"1 2026 {BANANAS}"]
    assert mine == [
        (None, {"reason": "Aucune offre de l'Union"}),
        ({"reason": "Aucune offre de l'Union"}, {"reason": "Rupture en Guadeloupe"}),
    ]
    assert len(kept) == 2


@pytest.mark.parametrize(
    ("viewer", "kitchen", "product", "reason", "refusal"),
    [
        (CHEF, uai(0), BANANAS, "Aucune offre", refusals.MayNotImport),
        (SELLER, None, BANANAS, "Aucune offre", refusals.MayNotImport),
        (BURSAR, uai(1), BANANAS, "Aucune offre", refusals.ReasonRefused),
        (MANAGER, None, "Poires", "Aucune offre", refusals.ReasonRefused),
        (MANAGER, None, BANANAS, " ", refusals.ReasonRefused),
        (MANAGER, None, BANANAS, "x" * 201, refusals.ReasonRefused),
    ],
)
async def test_no_reason_is_written_by_others_of_nothing_or_saying_nothing(
    bought: Database, viewer: Viewer, kitchen: str | None, product: str, reason: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await told(bought, reason, kitchen, viewer, product)
    assert {each.reason for each in await found(bought)} == {None}


@pytest.mark.parametrize(
    ("country", "bought_on", "asked"),
    [
        # T08: fair-trade organic bananas of the Dominican Republic count as organic, and ask for a reason.
        ("DO", ASKED, "warning"),
        ("DO", BEFORE, None),
        ("NO", ASKED, None),  # of the Economic Area
        ("FR", ASKED, None),
        ("GB", ASKED, "warning"),
        (None, ASKED, None),  # unknown: EGA-50 asks for it
    ],
)
def test_a_reason_is_asked_of_third_countries_from_a_day_on(
    country: str | None, bought_on: date, asked: str | None
) -> None:
    assert treatment(zone_of(country, bought_on), bought_on) == asked


def test_a_line_of_the_table_makes_it_block_from_its_day_on(tmp_path: Path) -> None:
    shutil.copytree(LAW_FOLDER, tmp_path / "rules", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    rows = "warning,2026-08-20,2026-12-31,READING,unresolved,\nblocking,2027-01-01,,READING,unresolved,\n"
    (tmp_path / "rules" / TABLE).write_text(f"{','.join(COLUMNS)}\n{rows}", encoding="utf-8")
    folder = tmp_path / "rules"
    assert [row.treatment for row in periods(folder)] == ["warning", "blocking"]
    days = (date(2026, 12, 31), date(2027, 1, 1))
    assert [treatment("TIERS", day, folder) for day in days] == ["warning", "blocking"]
