"""A small market to order from: kitchens, three farms that sell the same ingredients, and who acts on both sides."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from catering.db import Database
from catering.kitchens.models import SchoolYear
from catering.market.models import Capacity, Certificate, Offer, OfferWeek, Supplier, SupplierKind
from catering.orders.asking import Check
from catering.orders.baskets import put_line
from catering.orders.life import happened, standing_of
from catering.orders.models import Basket, Order, OrderLine
from catering.orders.opening import Place
from catering.orders.replay import replay
from catering.orders.sending import send
from catering.people.viewer import Role, Viewer
from tests.api.dataset import ingredient, kitchen, uai

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
WEEK = date(2026, 9, 14)
MONDAY, THURSDAY_BEFORE, THURSDAY = WEEK, date(2026, 9, 10), date(2026, 9, 17)
CRATE_G = 5_000
CARROT, LEEK = 3, 4
"""Row ids of two ingredients."""
TIGHT = "carottes_0"
"""Offer of which there are few crates."""


def buyer(number: int = 0, role: Role = Role.GESTIONNAIRE) -> Viewer:
    """Who buys for the n-th kitchen."""
    return Viewer(f"Gestionnaire {number}", role, kitchens=frozenset({uai(number)}))


def seller(number: int = 0) -> Viewer:
    """Who sells for the n-th farm."""
    return Viewer(f"Ferme {number}", Role.PRODUCER, suppliers=frozenset({f"ferme_{number}"}))


def farm(number: int) -> Supplier:
    """The n-th farm: Mondays and Thursdays, two days ahead; each a little dearer to reach than the one before."""
    return Supplier(
        id=number + 1,
        slug=f"ferme_{number}",
        name=f"Ferme {number}",
        kind=SupplierKind.PRODUCER,
        fictional=True,
        commune="Licques",
        insee="62506",
        lat=Decimal("50.29"),
        lon=Decimal("2.78"),
        delivery_weekdays=frozenset({0, 3}),
        lead_days=2,
        min_drop_eur=Decimal("20.00"),
        max_km=80,
        delivery_eur_per_kg_base=Decimal("0.1"),
        delivery_eur_per_kg_per_100km=Decimal("0.2"),
        activity="Maraîchage",
        certificates=[
            Certificate(
                id=number + 1,
                slug=f"certificat_{number}",
                label="BIO",
                certifier="FR-BIO-01",
                number=f"N{number}",
                valid_from=date(2026, 1, 1),
                valid_to=date(2026, 12, 31),
            )
        ],
    )


def offers(crates: int | None) -> list[Offer]:
    """Each farm sells carrots and leeks; the farm 0 has ``crates`` of carrots a week, everything else is plentiful."""
    made = []
    for farm_number in range(3):
        for name, which in (("carottes", CARROT), ("poireaux", LEEK)):
            tight = name == "carottes" and farm_number == 0
            made.append(
                Offer(
                    id=len(made) + 1,
                    slug=f"{name}_{farm_number}",
                    supplier_id=farm_number + 1,
                    ingredient_id=which,
                    product=f"{name.capitalize()} de la ferme {farm_number}",
                    pack_g=CRATE_G,
                    pack_label="caisse de 5 kg",
                    price_eur_per_pack=Decimal("12.3456") + farm_number,
                    label="BIO" if farm_number == 1 else None,
                    certificate_id=2 if farm_number == 1 else None,
                    origin="France",
                    vat_pct=Decimal("5.5"),
                    capacities=[
                        Capacity(
                            valid_from=date(2026, 9, 1),
                            valid_to=date(2026, 12, 31),
                            grams_per_week=crates * CRATE_G if tight and crates is not None else None,
                        )
                    ],
                )
            )
    return made


async def stock_market(database: Database, *, kitchens: int = 1, crates: int | None = 25) -> None:
    """Fill an empty database."""
    async with database.unit_of_work() as session:
        session.add(
            SchoolYear(school_year="2026-27", first_day=date(2026, 9, 1), last_day=date(2027, 7, 2), source="test")
        )
        session.add_all(kitchen(number) for number in range(kitchens))
        session.add_all(ingredient(number) for number in range(6))
        session.add_all(farm(number) for number in range(3))
        await session.flush()
        session.add_all(offers(crates))


def place(number: int = 0, seen: int = 0) -> Place:
    """The basket of the n-th kitchen."""
    return Place(uai(number), WEEK, seen)


async def fill(session: AsyncSession, number: int, wanted: Sequence[tuple[str, int]], seen: int = 0) -> int:
    """Put packs of offers into a basket, in that order; the version of the basket afterwards."""
    for offer, packs in wanted:
        basket = await put_line(session, buyer(number), place(number, seen), offer, packs, MONDAY, NOW)
        seen = basket.version
    return seen


async def fill_and_send(
    database: Database, number: int, wanted: Sequence[tuple[str, int]], *, checks: Sequence[Check] = ()
) -> list[int]:
    """Fill the basket of a kitchen in one transaction, send it in another; row ids of the orders."""
    async with database.unit_of_work() as session:
        basket = await session.scalar(select(Basket).where(Basket.kitchen_id == number + 1, Basket.week == WEEK))
        seen = await fill(session, number, wanted, basket.version if basket else 0)
    async with database.unit_of_work() as session:
        return [order.id for order in await send(session, buyer(number), place(number, seen), (), NOW, checks=checks)]


async def left(database: Database, slug: str = TIGHT) -> int | None:
    """Crates of an offer that are left for the week; None for any number."""
    async with database.reading() as session:
        row = (
            await session.scalars(
                select(OfferWeek).join(Offer, Offer.id == OfferWeek.offer_id).where(Offer.slug == slug)
            )
        ).one()
    return None if row.available_g is None else (row.available_g - row.reserved_g) // CRATE_G


async def assert_books_agree(session: AsyncSession) -> None:
    """What must hold after anything: stock is what orders take, rows are what their events make, sums are sums."""
    taken: dict[tuple[int, date], int] = {}
    options = selectinload(Order.lines), selectinload(Order.events)
    for order in await session.scalars(select(Order).options(*options).execution_options(populate_existing=True)):
        assert replay(happened(event) for event in order.events) == standing_of(order)
        assert order.amount == sum(line.amount for line in order.lines)
        assert order.vat == sum(line.vat for line in order.lines)
        assert order.state.stands or not any(line.packs for line in order.lines)
        for line in order.lines:
            key = (line.offer_id, order.week)
            taken[key] = taken.get(key, 0) + line.grams
    weeks = await session.scalars(select(OfferWeek).execution_options(populate_existing=True))
    reserved = {(week.offer_id, week.week): week.reserved_g for week in weeks}
    assert {key: grams for key, grams in taken.items() if grams} == {
        key: grams for key, grams in reserved.items() if grams
    }


async def lines_of(session: AsyncSession, order_id: int) -> list[OrderLine]:
    """Lines of an order, in order."""
    statement = select(OrderLine).where(OrderLine.order_id == order_id).order_by(OrderLine.position)
    return list(await session.scalars(statement))
