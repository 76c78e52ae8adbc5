"""A basket becomes orders: all of them or none, at the prices seen, in time, proven, and never more than there is."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from catering.db import Database
from catering.market.models import Capacity, Certificate, Offer, Supplier, SupplierPause
from catering.market.models_sheet import DateKind, OfferAllergen, SaleUnit
from catering.market.refusals_stock import NotEnough
from catering.market.stock import restate
from catering.orders import refusals
from catering.orders.models import Basket, Order
from catering.orders.sale_terms import AcceptedTerms, SaleTerms
from catering.orders.sending import send
from catering.orders.vocabulary import OrderState, SaleCondition
from catering.rules.allergens import Allergen
from tests.orders.market import (
    LEEK,
    MONDAY,
    NOW,
    THURSDAY,
    TIGHT,
    assert_books_agree,
    buyer,
    fill,
    fill_and_send,
    left,
    lines_of,
    place,
    seller,
    stock_market,
)

DAY = timedelta(days=1)
pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")


async def test_one_order_per_supplier_with_what_was_sold(any_database: Database) -> None:
    await stock_market(any_database)
    first, second = await fill_and_send(any_database, 0, [(TIGHT, 3), ("poireaux_0", 1), ("carottes_1", 2)])
    async with any_database.reading() as session:
        orders = {order.id: order for order in await session.scalars(select(Order))}
        lines = await lines_of(session, first)
        (bio,) = await lines_of(session, second)
        await assert_books_agree(session)
        assert await session.scalar(select(func.count()).select_from(Basket).join(Basket.lines)) == 0
    assert [(line.product, line.packs) for line in lines] == [
        ("Carottes de la ferme 0", 3),
        ("Poireaux de la ferme 0", 1),
    ]
    assert (bio.label, bio.certificate_number, bio.certifier, bio.origin) == ("BIO", "N1", "FR-BIO-01", "France")
    # Three crates at 12.3456 €, delivered at 0.10 €/kg; VAT 5.5 %, each rounded half-up to the cent.
    assert (lines[0].amount, lines[0].vat) == (Decimal("38.54"), Decimal("2.12"))
    assert orders[first].amount == Decimal("38.54") + Decimal("12.85")
    assert (orders[first].state, orders[first].number) == (OrderState.SENT, f"BC26-{first:06d}")
    assert orders[first].cut_off.isoformat() == "2026-09-12T10:00:00+00:00", "noon in Paris, two days before"
    assert await left(any_database) == 22


async def test_an_order_tells_the_origin_of_a_meat_in_the_words_of_the_law(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        life = {"reared_in": "DE", "slaughtered_in": "FR"}
        await session.execute(update(Offer).where(Offer.slug == TIGHT).values(**life))
    (order,) = await fill_and_send(any_database, 0, [(TIGHT, 4)])
    async with any_database.reading() as session:
        (line,) = await lines_of(session, order)
    assert line.origin == "élevé : Allemagne, abattu : France"


async def test_forty_kitchens_race_for_twenty_five_crates(any_database: Database) -> None:
    await stock_market(any_database, kitchens=40, crates=25)

    async def buy(number: int) -> str:
        async with any_database.unit_of_work() as session:
            seen = await fill(session, number, [(TIGHT, 1), ("poireaux_0", 2)])
        try:
            async with any_database.unit_of_work() as session:
                await send(session, buyer(number), place(number, seen), (), NOW)
        except NotEnough as refusal:
            (short,) = refusal.shortages
            assert (short.offer, short.asked_packs, short.left_packs) == (TIGHT, 1, 0)
            return str(refusal)
        return "sold"

    answers = await asyncio.gather(*(buy(number) for number in range(40)))
    assert answers.count("sold") == 25
    assert "1 colis demandés, il en reste 0" in next(answer for answer in answers if answer != "sold")
    assert await left(any_database) == 0
    async with any_database.reading() as session:
        await assert_books_agree(session)
        assert await session.scalar(select(func.count()).select_from(Order)) == 25
        kept = await session.scalar(select(func.count(Basket.id.distinct())).join(Basket.lines))
    assert kept == 15, "who was refused keeps the basket"


async def test_a_refusal_names_what_is_left(any_database: Database) -> None:
    await stock_market(any_database, kitchens=2, crates=5)
    await fill_and_send(any_database, 0, [(TIGHT, 3)])
    with pytest.raises(NotEnough, match="4 colis demandés, il en reste 2"):
        await fill_and_send(any_database, 1, [(TIGHT, 4)])
    assert await left(any_database) == 2


async def test_baskets_with_reversed_lines_never_deadlock(any_database: Database) -> None:
    await stock_market(any_database, kitchens=12, crates=1000)
    there = [(TIGHT, 2), ("poireaux_0", 2), ("carottes_1", 2), ("poireaux_1", 2), ("carottes_2", 2), ("poireaux_2", 2)]
    sent = await asyncio.gather(
        *(fill_and_send(any_database, n, there if n % 2 else list(reversed(there))) for n in range(12))
    )
    assert [len(orders) for orders in sent] == [3] * 12
    assert await left(any_database) == 1000 - 24
    async with any_database.reading() as session:
        await assert_books_agree(session)


async def test_of_two_sendings_of_one_basket_one_wins(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        seen = await fill(session, 0, [(TIGHT, 3)])

    async def try_to_send() -> str:
        try:
            async with any_database.unit_of_work() as session:
                await send(session, buyer(), place(seen=seen), (), NOW)
        except (refusals.BasketChanged, refusals.EmptyBasket) as refusal:
            return type(refusal).__name__
        return "sent"

    answers = await asyncio.gather(*(try_to_send() for _ in range(4)))
    assert answers.count("sent") == 1
    assert await left(any_database) == 22


async def test_a_price_that_changed_is_shown_and_must_be_accepted(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        seen = await fill(session, 0, [(TIGHT, 3)])
        await session.execute(update(Offer).where(Offer.slug == TIGHT).values(price_eur_per_pack=Decimal("13.00")))
    async with any_database.reading() as session:
        with pytest.raises(refusals.TermsChanged, match="12,3456\u00a0€ → 13,00\u00a0€") as refused:
            await send(session, buyer(), place(seen=seen), (), NOW)
        (line,) = refused.value.lines
        (change,) = line.changes
        assert (line.offer, line.day, change.condition) == (TIGHT, MONDAY, SaleCondition.PRICE)
        assert (change.seen, change.now) == ("12,3456\u00a0€", "13,00\u00a0€")
    seen_then = AcceptedTerms(TIGHT, MONDAY, line.fingerprint)
    for other in (seen_then._replace(fingerprint="0" * 16), seen_then._replace(day=THURSDAY)):
        async with any_database.reading() as session:
            with pytest.raises(refusals.TermsChanged):
                await send(session, buyer(), place(seen=seen), [other], NOW)
    async with any_database.unit_of_work() as session:
        (order,) = await send(session, buyer(), place(seen=seen), [seen_then], NOW)
        assert order.amount == Decimal("40.50")


CHANGED: list[tuple[dict[str, object], SaleCondition, str, str]] = [
    ({"pack_g": 1_000}, SaleCondition.PACK, "5\u00a0kg", "1\u00a0kg"),
    ({"pack_label": "boîte"}, SaleCondition.PACKAGING, "« caisse de 5 kg »", "« boîte »"),
    ({"label": None, "certificate_id": None}, SaleCondition.LABEL, "BIO", "aucun"),
    ({"certificate_id": 9}, SaleCondition.CERTIFICATE, "N1 (FR-BIO-01)", "N9 (FR-BIO-01)"),
    ({"vat_pct": Decimal(20)}, SaleCondition.VAT, "5,5\u00a0%", "20\u00a0%"),
    (
        {"product": "Carottes de conserve"},
        SaleCondition.PRODUCT,
        "« Carottes de la ferme 1 »",
        "« Carottes de conserve »",
    ),
    ({"origin": "Chine"}, SaleCondition.ORIGIN, "« France »", "« Chine »"),
    ({"ingredient_id": LEEK}, SaleCondition.INGREDIENT, "Ingrédient 2", "Ingrédient 3"),
    ({"variable_weight": True}, SaleCondition.WEIGHING, "au colis", "au poids livré"),
    ({"origin_country": "ES"}, SaleCondition.ORIGIN, "« France »", "« France (de ES) »"),
    ({"slaughtered_in": "PL"}, SaleCondition.ORIGIN, "« France »", "« France (abattu en PL) »"),
    (
        {"unit": SaleUnit.PIECE}, SaleCondition.PACKAGING, "« caisse de 5 kg »",
        "« caisse de 5 kg, à la pièce de 1000 g »",
    ),
    ({"date_kind": DateKind.DLC}, SaleCondition.PACKAGING, "« caisse de 5 kg »", "« caisse de 5 kg, DLC »"),
    ({"allergens_on": date(2026, 9, 1)}, SaleCondition.ALLERGENS, "non déclarés", "n'en contient aucun"),
]  # fmt: skip


async def test_an_allergen_stated_on_the_same_day_is_told(any_database: Database) -> None:
    """What the tray holds counts, not the day on which somebody said it; saying the same again changes nothing."""
    await stock_market(any_database)

    async def state(*stated: tuple[Allergen, bool]) -> None:
        async with any_database.unit_of_work() as session:
            (number,) = await session.scalars(select(Offer.id).where(Offer.slug == TIGHT))
            await session.execute(delete(OfferAllergen).where(OfferAllergen.offer_id == number))
            session.add_all(OfferAllergen(offer_id=number, allergen=each, traces=traces) for each, traces in stated)
            await session.execute(update(Offer).where(Offer.id == number).values(allergens_on=date(2026, 9, 1)))

    await state((Allergen.MILK, True))
    async with any_database.unit_of_work() as session:
        seen = await fill(session, 0, [(TIGHT, 3)])
    await state((Allergen.MILK, True), (Allergen.GLUTEN, False))
    async with any_database.reading() as session:
        with pytest.raises(refusals.TermsChanged) as refused:
            await send(session, buyer(), place(seen=seen), (), NOW)
    (change,) = refused.value.lines[0].changes
    assert (change.condition, change.seen, change.now) == (
        SaleCondition.ALLERGENS,
        "n'en contient aucun ; traces possibles : lait",
        "contient gluten ; traces possibles : lait",
    )
    await state((Allergen.MILK, True))
    async with any_database.unit_of_work() as session:
        assert await send(session, buyer(), place(seen=seen), (), NOW)


@pytest.mark.parametrize(("changed", "condition", "before", "after"), CHANGED, ids=lambda value: str(value)[:30])
async def test_whatever_changed_since_it_was_seen_is_told_and_must_be_accepted(
    any_database: Database, changed: dict[str, object], condition: SaleCondition, before: str, after: str
) -> None:
    await stock_market(any_database)
    days = {"valid_from": date(2026, 1, 1), "valid_to": date(2027, 12, 31)}
    renewed = Certificate(
        id=9, slug="certificat_9", supplier_id=2, label="BIO", certifier="FR-BIO-01", number="N9", **days
    )
    async with any_database.unit_of_work() as session:
        session.add(renewed)
        seen = await fill(session, 0, [("carottes_1", 3), (TIGHT, 3)])
        await session.execute(update(Offer).where(Offer.slug == "carottes_1").values(**changed))
    async with any_database.reading() as session:
        with pytest.raises(refusals.TermsChanged) as refused:
            await send(session, buyer(), place(seen=seen), (), NOW)
    (line,) = refused.value.lines
    assert (condition, before, after) in [(each.condition, each.seen, each.now) for each in line.changes]
    assert len(line.changes) == len(changed)
    assert f"{before} → {after}" in str(refused.value)
    async with any_database.unit_of_work() as session:
        assert await send(
            session, buyer(), place(seen=seen), [AcceptedTerms("carottes_1", MONDAY, line.fingerprint)], NOW
        )


async def test_a_delivery_that_grew_dearer_after_the_price_was_accepted_is_asked_again(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        seen = await fill(session, 0, [(TIGHT, 3)])
        await session.execute(update(Offer).where(Offer.slug == TIGHT).values(price_eur_per_pack=Decimal("13.00")))
    async with any_database.reading() as session:
        with pytest.raises(refusals.TermsChanged) as refused:
            await send(session, buyer(), place(seen=seen), (), NOW)
    accepted = [AcceptedTerms(TIGHT, MONDAY, refused.value.lines[0].fingerprint)]
    async with any_database.unit_of_work() as session:
        await session.execute(update(Supplier).values(delivery_eur_per_kg_base=Decimal(10)))
    async with any_database.reading() as session:
        with pytest.raises(
            refusals.TermsChanged, match=r"prix du colis 12,3456.* livraison 0,10\u00a0€ → 10,00\u00a0€ le kg"
        ):
            await send(session, buyer(), place(seen=seen), accepted, NOW)


TERMS = st.builds(
    SaleTerms,
    st.integers(1, 3), st.sampled_from(["a", "b"]), st.just("France"), st.sampled_from([None, "BIO", "aucun"]),
    st.sampled_from([None, "N"]), st.sampled_from([1, 1000]), st.just("caisse"), st.booleans(),
    st.sampled_from([Decimal(1), Decimal("1.0000"), Decimal(10)]), st.sampled_from([Decimal(0), Decimal("0.1")]),
    st.sampled_from(["Prix de l'offre", "Tarif a"]), st.sampled_from([Decimal("5.5"), Decimal("5.500000")]),
    st.sampled_from([None, date(2026, 9, 1)]),
)  # fmt: skip


@given(TERMS, TERMS)
def test_no_two_conditions_share_a_fingerprint_and_equal_ones_do(one: SaleTerms, other: SaleTerms) -> None:
    assert (one == other) == (one.fingerprint == other.fingerprint)


async def test_too_late_says_when_it_is_possible(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        seen = await fill(session, 0, [(TIGHT, 3)])
    late = NOW.replace(day=12, hour=10)
    async with any_database.reading() as session:
        with pytest.raises(refusals.TooLate, match="prochaine livraison possible le 17/09/2026"):
            await send(session, buyer(), place(seen=seen), (), late)
    async with any_database.unit_of_work() as session:
        assert await send(session, buyer(), place(seen=seen), (), late - timedelta(seconds=1))


async def test_a_drop_below_its_minimum_waits_for_more(any_database: Database) -> None:
    await stock_market(any_database)
    with pytest.raises(refusals.BelowMinimum, match="minimum de 20,00\u00a0€"):
        await fill_and_send(any_database, 0, [(TIGHT, 1)])
    await fill_and_send(any_database, 0, [(TIGHT, 2)])
    assert await fill_and_send(any_database, 0, [(TIGHT, 1)]), "what that drop holds already counts"


async def test_a_label_must_be_proven_on_the_day_of_delivery(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        await session.execute(update(Certificate).values(valid_to=MONDAY - timedelta(days=1)))
    with pytest.raises(refusals.NotProven, match=r"Carottes de la ferme 1.*14/09/2026"):
        await fill_and_send(any_database, 0, [("carottes_1", 2)])


async def test_what_is_not_on_sale_that_week_is_not_sold(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        await session.execute(update(Capacity).values(valid_from=MONDAY + timedelta(days=1)))
    with pytest.raises(NotEnough, match="2 colis demandés, il en reste 0"):
        await fill_and_send(any_database, 0, [(TIGHT, 2)])


async def test_only_who_buys_for_the_kitchen_sends_its_basket(any_database: Database) -> None:
    await stock_market(any_database, kitchens=2)
    async with any_database.unit_of_work() as session:
        seen = await fill(session, 0, [(TIGHT, 3)])
    for other in (buyer(1), seller()):
        async with any_database.reading() as session:
            with pytest.raises(refusals.NotYourKitchen):
                await send(session, other, place(0, seen), (), NOW)


async def test_an_empty_basket_is_not_sent(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.reading() as session:
        with pytest.raises(refusals.EmptyBasket):
            await send(session, buyer(), place(), (), NOW)


async def test_a_farther_kitchen_is_not_delivered(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        await session.execute(update(Supplier).values(lat=Decimal(48)))
    with pytest.raises(refusals.TooFar, match="80 km"):
        await fill_and_send(any_database, 0, [(TIGHT, 2)])


async def test_a_day_on_which_nobody_delivers_is_refused(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        seen = await fill(session, 0, [(TIGHT, 3)])
        await session.execute(update(Supplier).values(delivery_weekdays=frozenset({3})))
    async with any_database.reading() as session:
        with pytest.raises(refusals.NotADeliveryDay, match="10/09/2026"):
            await send(session, buyer(), place(seen=seen), (), NOW)
    assert date(2026, 9, 10).weekday() == 3


async def test_who_orders_while_the_capacity_falls_gets_what_is_left_of_the_new_one(any_database: Database) -> None:
    """The row of the week does not exist yet: it must not be made from the capacity of before."""
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        seen = await fill(session, 0, [(TIGHT, 4)])

    async def try_to_send() -> str:
        try:
            async with any_database.unit_of_work() as session:
                await send(session, buyer(), place(seen=seen), (), NOW)
        except NotEnough as refusal:
            return str(refusal)
        return "sent"

    async with any_database.unit_of_work() as session:
        await session.execute(update(Capacity).where(Capacity.offer_id == 1).values(grams_per_week=15_000))
        await restate(session, {1: (date.min, date.max)})
        sending = asyncio.create_task(try_to_send())
        await asyncio.sleep(0.5)
        assert not sending.done()
    assert "4 colis demandés, il en reste 3" in await sending


@pytest.mark.parametrize("why", ["away", "ended", "not yet"])
async def test_nothing_is_left_in_a_week_without_sale(any_database: Database, why: str) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        if why == "away":
            session.add(
                SupplierPause(supplier_id=1, first_day=MONDAY, last_day=MONDAY + 4 * DAY, reason="Foire", made_by="")
            )
        else:
            dates = {"valid_to": MONDAY - DAY} if why == "ended" else {"valid_from": MONDAY + DAY}
            await session.execute(update(Offer).where(Offer.slug == TIGHT).values(**dates))
    with pytest.raises(NotEnough, match="il en reste 0"):
        await fill_and_send(any_database, 0, [(TIGHT, 3)])
