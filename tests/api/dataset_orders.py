"""Orders of the small Département: every kitchen has ordered of every supplier, and has a basket for the week after."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.market.models import Capacity, Offer
from catering.orders import service
from catering.orders.models import Basket, BasketLine, StandingOrder
from catering.orders.opening import Place
from catering.orders.sending import send
from catering.orders.sold import read_sold
from catering.orders.vocabulary import LineReason
from catering.people.viewer import Role, Viewer
from tests.api.dataset import MOMENT, MONDAYS, Size, uai

THIS_WEEK, NEXT_WEEK = MONDAYS
SENT, ACCEPTED, CHANGE_PROPOSED, CANCEL_ASKED = 1, 2, 3, 4
"""Row ids of four orders of the kitchen 0 to the farm 1, each in a state of its own."""
OTHER_SHIFT = 1_202
"""What is added to them: the same orders of the kitchen 1 to the farm 0, made after all others (`fill_others`)."""
OWN_STANDING, OTHER_STANDING = 2, 3
"""Row ids of standing orders of the same pairs."""
AFTER_CUT_OFF = MOMENT.replace(day=5, hour=14)
PACKS = 10


def seller(number: int) -> Viewer:
    """Who sells for the n-th farm."""
    return Viewer("Productrice", Role.PRODUCER, suppliers=frozenset({f"ferme_{number:02d}"}))


def buyer(number: int) -> Viewer:
    """Who buys for the n-th kitchen."""
    return Viewer(f"Gestionnaire {number}", Role.GESTIONNAIRE, kitchens=frozenset({uai(number)}))


async def fill_orders(session: AsyncSession, size: Size) -> None:
    """Orders and baskets, sent and moved on by the use cases themselves."""
    session.add(another_offer())
    await session.flush()
    await order_four(session, 0, range(size.ingredients + 1, size.ingredients + 4), seller(1), shift=0)
    everything = range(1, size.ingredients * size.suppliers + 1)
    for number in range(size.kitchens):
        await order(session, number, everything)
        await fill_basket(session, number, everything, NEXT_WEEK)
    session.add(standing(1, kitchen_id=1, offer_id=1))
    await session.flush()


async def fill_others(session: AsyncSession) -> None:
    """What those whose data the accounts must never see have besides: the second kitchen ordered of the first farm."""
    await session.flush()
    await order_four(session, 1, range(1, 4), seller(0), shift=OTHER_SHIFT)
    session.add_all(
        [standing(OWN_STANDING, kitchen_id=1, offer_id=8), standing(OTHER_STANDING, kitchen_id=2, offer_id=2)]
    )
    await session.flush()


async def order_four(session: AsyncSession, number: int, offers: Sequence[int], farm: Viewer, *, shift: int) -> None:
    """Four orders of a kitchen to one farm, each in a state of its own."""
    for _ in range(4):
        await order(session, number, offers)
    await service.accept(session, farm, ACCEPTED + shift, {}, MOMENT)
    await service.propose_change(session, farm, CHANGE_PROPOSED + shift, {1: 4}, None, "Gel", MOMENT)
    await service.cancel(session, buyer(number), CANCEL_ASKED + shift, "Grève", AFTER_CUT_OFF)


def standing(number: int, *, kitchen_id: int, offer_id: int) -> StandingOrder:
    """A standing order for both weeks."""
    return StandingOrder(
        id=number, kitchen_id=kitchen_id, offer_id=offer_id, packs=2, weekdays=frozenset({0, 3}),
        first_day=THIS_WEEK, last_day=NEXT_WEEK, created_at=MOMENT, created_by="test",
    )  # fmt: skip


def another_offer() -> Offer:
    """What the farm 1 sells besides, at every size: another pack of the sixth ingredient."""
    return Offer(
        id=100_000, slug="offre_bis", supplier_id=2, ingredient_id=6, product="Produit bis", pack_g=10_000,
        pack_label="caisse de 10 kg", price_eur_per_pack=Decimal(21), label=None, certificate_id=None, origin="France",
        vat_pct=Decimal("5.5"),
        capacities=[Capacity(valid_from=date(2026, 9, 1), valid_to=date(2026, 12, 31), grams_per_week=None)],
    )  # fmt: skip


async def order(session: AsyncSession, number: int, offers: Sequence[int]) -> None:
    """Ten packs of each offer, sent."""
    version = await fill_basket(session, number, offers, THIS_WEEK)
    await send(session, buyer(number), Place(uai(number), THIS_WEEK, version), (), MOMENT)
    session.expunge_all()


async def fill_basket(session: AsyncSession, number: int, offers: Sequence[int], week: date) -> int:
    """Ten packs of each offer, delivered on the Monday of the week; the version of the basket."""
    kitchen = (await session.scalars(select(Kitchen).where(Kitchen.uai == uai(number)))).one()
    basket = await session.scalar(select(Basket).where(Basket.kitchen_id == kitchen.id, Basket.week == week))
    if basket is None:
        basket = Basket(kitchen_id=kitchen.id, week=week, version=0, created_at=MOMENT, created_by="test")
        session.add(basket)
    basket.version += 1
    await session.flush()
    session.add_all(
        BasketLine(
            basket_id=basket.id, offer_id=sold.offer.id, day=week, ingredient_id=sold.offer.ingredient_id, packs=PACKS,
            filling=basket.filling, planned_g=0, left_over_g=0, seen=sold.terms(week, PACKS), reason=LineReason.PLAN,
        )
        for sold in await read_sold(session, kitchen, week, list(offers), MOMENT)
    )  # fmt: skip
    await session.flush()
    return basket.version
