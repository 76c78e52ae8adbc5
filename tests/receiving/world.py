"""Two collèges, two farms and an order of each collège to each farm, agreed and on its way."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import Database
from catering.market.delivered import delivered_amount, vat_of
from catering.market.models import Capacity, Offer, OfferWeek
from catering.orders.models import Order, OrderEvent, OrderLine
from catering.orders.rules import PARIS
from catering.orders.vocabulary import LineReason, OrderEventKind, OrderState
from catering.people.viewer import Role, Viewer
from catering.receiving.service.receive import NotedLine, Pass
from catering.receiving.vocabulary import Decision, ExpiryKind
from catering.recipes.models import Ingredient
from catering.recipes.vocabulary import Family, IngredientKind
from tests.api import dataset
from tests.api.dataset import uai

TODAY = datetime.now(PARIS).date()
WEEK = TODAY - timedelta(days=TODAY.weekday())
SENT = datetime.now(UTC) - timedelta(days=3)
FARMS = ("ferme_00", "ferme_01")
CARROT, MINCE, MILK = 1, 2, 3
GOODS: Mapping[int, tuple[str, IngredientKind, Family, int, str, str]] = {
    CARROT: ("carotte", IngredientKind.VEGETABLE_RAW, Family.FRUITS_ET_LEGUMES, 10_000, "13.37", "5.5"),
    MINCE: ("boeuf_hache", IngredientKind.BEEF, Family.VIANDES_VOLAILLES, 3_000, "31.4159", "5.5"),
    MILK: ("lait", IngredientKind.MILK, Family.PRODUITS_LAITIERS, 5_000, "4.99", "20"),
}
"""Ingredient by row id: slug, kind, family, grams of a pack, € of a pack, VAT."""
BY_WEIGHT = {MINCE}
"""Billed by the weight delivered."""
PACKS = {CARROT: 4, MINCE: 5, MILK: 6}
DELIVERY = Decimal("0.1233")
BURSAR = Viewer("Gestionnaire", Role.GESTIONNAIRE, kitchens=frozenset({uai(0)}))
CHEF = Viewer("Cheffe", Role.CHEF, kitchens=frozenset({uai(0)}))
BOTH = Viewer("Groupement", Role.CHEF, kitchens=frozenset({uai(0), uai(1)}))
OTHER_CHEF = Viewer("Chef voisin", Role.CHEF, kitchens=frozenset({uai(1)}))
FARMER = Viewer("Productrice", Role.PRODUCER, suppliers=frozenset({FARMS[0]}))
OTHER_FARMER = Viewer("Voisin", Role.PRODUCER, suppliers=frozenset({FARMS[1]}))
NUTRITION = Viewer("Nutrition", Role.NUTRITION_MANAGER)
AUDITOR = Viewer("Contrôle", Role.AUDITOR)


def order_id(kitchen: int = 0, farm: int = 0) -> int:
    """Row id of the order of a collège to a farm."""
    return 1 + kitchen * len(FARMS) + farm


def line_id(good: int, kitchen: int = 0, farm: int = 0) -> int:
    """Row id of an order line."""
    return order_id(kitchen, farm) * 10 + good


async def fill(session: AsyncSession, *, packs: Mapping[int, int] = PACKS) -> None:
    """The world, its orders shipped."""
    session.add_all(dataset.kitchen(number) for number in range(2))
    session.add_all(dataset.supplier(number) for number in range(2))
    session.add_all(good(number) for number in GOODS)
    await session.flush()
    session.add_all(offer(farm, number) for farm in range(2) for number in GOODS)
    await session.flush()
    session.add_all(
        OfferWeek(offer_id=farm * 10 + number, week=WEEK, reserved_g=2 * packs[number] * GOODS[number][3])
        for farm in range(2)
        for number in GOODS
    )
    for kitchen in range(2):
        for farm in range(2):
            session.add(order(kitchen, farm, packs))
            await session.flush()


def good(number: int) -> Ingredient:
    slug, kind, family, *_ = GOODS[number]
    made = dataset.ingredient(5)
    made.id, made.slug, made.name, made.kind, made.family = number, slug, slug.capitalize(), kind, family
    made.minced = number == MINCE
    return made


def offer(farm: int, number: int) -> Offer:
    slug, _, _, pack_g, price, vat = GOODS[number]
    return Offer(
        id=farm * 10 + number,
        slug=f"{FARMS[farm]}__{slug}",
        supplier_id=farm + 1,
        ingredient_id=number,
        product=slug.replace("_", " ").capitalize(),
        pack_g=pack_g,
        pack_label="caisse",
        price_eur_per_pack=Decimal(price),
        label="BIO" if farm else None,
        certificate_id=2 if farm else None,
        origin="France (Pas-de-Calais)",
        vat_pct=Decimal(vat),
        capacities=[Capacity(valid_from=date(2026, 1, 1), valid_to=date(2027, 12, 31), grams_per_week=None)],
    )


def order(kitchen: int, farm: int, packs: Mapping[int, int]) -> Order:
    """An order as it stands once shipped, with the event that made it."""
    lines = [line(kitchen, farm, number, position, packs[number]) for position, number in enumerate(packs, start=1)]
    return Order(
        id=order_id(kitchen, farm),
        kitchen_id=kitchen + 1,
        supplier_id=farm + 1,
        week=WEEK,
        day=TODAY,
        state=OrderState.SHIPPED,
        last_seq=3,
        sending=order_id(kitchen, farm),
        sent_at=SENT,
        sent_by="test",
        cut_off=SENT + timedelta(days=1),
        amount=sum((each.amount for each in lines), Decimal(0)),
        vat=sum((each.vat for each in lines), Decimal(0)),
        lines=lines,
        events=[
            OrderEvent(seq=1, at=SENT, actor="test", kind=OrderEventKind.SENT, data=sent(lines)),
            OrderEvent(seq=2, at=SENT, actor="test", kind=OrderEventKind.ACCEPTED, data={"packs": {}}),
            OrderEvent(seq=3, at=SENT, actor="test", kind=OrderEventKind.SHIPPED, data={}),
        ],
    )


def sent(lines: list[OrderLine]) -> dict[str, Any]:
    return {
        "day": TODAY.isoformat(),
        "lines": [
            {
                "position": each.position,
                "packs": each.packs,
                "pack_g": each.pack_g,
                "price": str(each.price_eur_per_pack),
                "delivery": str(each.delivery_eur_per_kg),
                "vat_pct": str(each.vat_pct),
            }
            for each in lines
        ],
    }


def line(kitchen: int, farm: int, number: int, position: int, packs: int) -> OrderLine:
    slug, _, _, pack_g, price, vat = GOODS[number]
    amount = delivered_amount(packs * pack_g, Decimal(price), pack_g, DELIVERY)
    return OrderLine(
        id=line_id(number, kitchen, farm),
        position=position,
        offer_id=farm * 10 + number,
        ingredient_id=number,
        reason=LineReason.PLAN,
        packs_ordered=packs,
        packs=packs,
        planned_g=packs * pack_g,
        product=slug.replace("_", " ").capitalize(),
        pack_g=pack_g,
        pack_label="caisse",
        variable_weight=number in BY_WEIGHT,
        price_eur_per_pack=Decimal(price),
        delivery_eur_per_kg=DELIVERY,
        vat_pct=Decimal(vat),
        label="BIO" if farm else None,
        certificate_id=2 if farm else None,
        certificate_number="N1" if farm else None,
        certifier="FR-BIO-01" if farm else None,
        origin="France (Pas-de-Calais)",
        amount=amount,
        vat=vat_of(amount, Decimal(vat)),
    )


def noted(good: int = CARROT, packs: int | None = None, **given: Any) -> NotedLine:
    """A line of an order, accepted whole unless told otherwise."""
    if good == MINCE:
        given.setdefault("celsius", Decimal("1.5"))
        if "date_kind" not in given:
            given |= {"date_kind": ExpiryKind.USE_BY, "expires_on": TODAY + timedelta(days=5)}
    return NotedLine(
        **{
            "position": good,
            "decision": Decision.ACCEPTED,
            "delivered_packs": PACKS[good] if packs is None else packs,
            "lot": f"L{good}",
            **given,
        }
    )


def a_pass(*lines: NotedLine, kitchen: int = 0, farm: int = 0, **given: Any) -> Pass:
    """One pass at an order, noted a minute ago."""
    return Pass(
        order_id=order_id(kitchen, farm),
        day=given.pop("day", TODAY),
        lines=lines,
        noted_at=datetime.now(UTC) - timedelta(minutes=1),
        **given,
    )


def whole(kitchen: int = 0, farm: int = 0) -> Pass:
    """The whole order of a collège to a farm, accepted."""
    return a_pass(*(noted(each) for each in GOODS), kitchen=kitchen, farm=farm)


async def rows(database: Database, table: Any, *conditions: Any) -> list[Any]:
    """Rows of a table, in order of id."""
    async with database.reading() as session:
        return list(await session.scalars(select(table).where(*conditions).order_by(table.id)))
