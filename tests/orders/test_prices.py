"""The price a kitchen pays: its contract of the delivery day, else its price list, else the offer's own."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import Database
from catering.market.delivered import eur_per_kg, eur_per_pack
from catering.market.models import Offer, PriceList
from catering.market.pricing import Price, PriceListWish, end_price_list, open_price_list
from catering.market.queries import price_lists
from catering.market.rules import ListedPrice
from catering.orders import refusals
from catering.orders.baskets import put_line
from catering.orders.checking import CHECKS
from catering.orders.committing import commit_lines
from catering.orders.models import Basket, BasketLine, OrderEvent, OrderLine
from catering.orders.prices import Agreed, read_agreed
from catering.orders.queries import basket_lines_visible_to
from catering.orders.rules import Agreement
from catering.orders.sale_terms import AcceptedTerms
from catering.orders.sending import send
from catering.orders.service import refuse
from catering.orders.sold import read_sold
from catering.orders.standing import StandingWish, fill_week, state
from catering.orders.vocabulary import PriceSource, SaleCondition
from catering.people.viewer import Role, Viewer
from catering.procurement.grounds import ContractTerm
from catering.procurement.index_file import IndexWish
from catering.procurement.models import Contract
from catering.procurement.revision import Clause, Revised
from catering.procurement.service.contracting import LineWish, LotWish, record_contract
from catering.procurement.service.revising import record_index_values
from catering.procurement.vocabulary import RevisionRhythm
from tests.api.conftest import counted
from tests.api.dataset import kitchen, uai
from tests.orders.market import (
    CARROT,
    CRATE_G,
    LEEK,
    MONDAY,
    NOW,
    THURSDAY,
    THURSDAY_BEFORE,
    TIGHT,
    WEEK,
    assert_books_agree,
    buyer,
    fill,
    lines_of,
    offers,
    place,
    seller,
    stock_market,
)
from tests.procurement.contracting import wish

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
DAY = timedelta(days=1)
CONTROL = Viewer("Département", Role.DEPARTEMENT)
INDEX = "RNM-FRUITS-LEGUMES"
WEEKLY = Clause(INDEX, Decimal(100), Decimal(0), RevisionRhythm.WEEKLY)
OFFERED = Decimal("12.3456")


async def listed(
    database: Database, price: str, *kitchens: int, last: date | None = None, since: date = date(2026, 9, 1)
) -> str:
    """The first farm opens a price list for carrots; its slug."""
    wanted = PriceListWish("Groupement", None, date(2026, 9, 1), last, frozenset(uai(each) for each in kitchens))
    async with database.unit_of_work() as session:
        prices = [Price(TIGHT, Decimal(price), since)]
        return (await open_price_list(session, seller(), "ferme_0", wanted, prices)).slug


async def contracted(
    database: Database,
    price: str = "2.0001",
    *,
    number: str = "2026-07",
    most: str = "1000.00",
    offer: str | None = None,
    clause: Clause | None = None,
    until: date = date(2026, 11, 30),
) -> int:
    """The first kitchen may order carrots (``ingredient_02``) of the first farm; row id of the contract."""
    line = LineWish("ingredient_02", "Carottes", Decimal(price), offer, clause)
    stated = wish(
        members=[uai(0)], number=number, supplier="ferme_0", end=until, least=Decimal(0), most=Decimal(most),
        lots=[LotWish(1, "Carottes", Decimal(most), [line])],
    )  # fmt: skip
    async with database.unit_of_work() as session:
        return (await record_contract(session, buyer(), stated)).id


async def revised(database: Database, day: date, value: int) -> None:
    async with database.unit_of_work() as session:
        await record_index_values(session, CONTROL, [IndexWish(INDEX, day, Decimal(value))])


async def paid(database: Database, number: int = 0, day: date = MONDAY, packs: int = 1) -> tuple[str, str, PriceSource]:
    """What a kitchen pays for a crate of carrots of the first farm."""
    async with database.reading() as session:
        (sold,) = await read_sold(session, kitchen(number), WEEK, [1], NOW)
    found = sold.paid(day, packs)
    return str(found.price_eur_per_pack), str(found.delivery_eur_per_kg), found.agreement.source


async def sent(session: AsyncSession, seen: int, number: int = 0, accepted: tuple[AcceptedTerms, ...] = ()) -> int:
    (order,) = await send(
        session, buyer(number), place(number, seen), accepted, NOW, checks=CHECKS, grounds=commit_lines
    )
    return order.id


def accepting(refused: refusals.TermsChanged) -> tuple[AcceptedTerms, ...]:
    """The conditions that a refusal told, accepted."""
    return tuple(AcceptedTerms(each.offer, each.day, each.fingerprint) for each in refused.lines)


async def bought(database: Database, packs: int, number: int = 0) -> OrderLine:
    """The line of an order of carrots, filled and sent as everybody does."""
    async with database.unit_of_work() as session:
        seen = await fill(session, number, [(TIGHT, packs)])
    async with database.unit_of_work() as session:
        order_id = await sent(session, seen, number)
    async with database.reading() as session:
        await assert_books_agree(session)
        (line,) = await lines_of(session, order_id)
    return line


async def test_the_contract_comes_first_then_the_list_then_the_offer(any_database: Database) -> None:
    await stock_market(any_database)
    assert await paid(any_database) == ("12.3456", "0.1000", PriceSource.OFFER)
    slug = await listed(any_database, "11.50", 0)
    assert await paid(any_database) == ("11.5000", "0.1000", PriceSource.LIST)
    await contracted(any_database)
    # 5 kg at 2.0001 €/kg, rounded half-up to four decimals; delivered free.
    assert await paid(any_database) == ("10.0005", "0.0000", PriceSource.CONTRACT)
    async with any_database.unit_of_work() as session:
        await session.execute(update(Contract).values(end_day=date(2026, 8, 31), start_day=date(2026, 8, 1)))
    assert await paid(any_database) == ("11.5000", "0.1000", PriceSource.LIST)
    async with any_database.unit_of_work() as session:
        await end_price_list(session, seller(), slug, MONDAY - DAY)
    assert await paid(any_database) == ("12.3456", "0.1000", PriceSource.OFFER)
    assert await paid(any_database, day=THURSDAY_BEFORE) == ("11.5000", "0.1000", PriceSource.LIST)


async def test_two_kitchens_pay_two_prices_for_one_offer(any_database: Database) -> None:
    await stock_market(any_database, kitchens=3)
    slug = await listed(any_database, "11.50", 1)
    await contracted(any_database)
    lines = [await bought(any_database, 3, number) for number in range(3)]
    assert [(str(line.price_eur_per_pack), line.price_source) for line in lines] == [
        ("10.0005", PriceSource.CONTRACT),
        ("11.5000", PriceSource.LIST),
        ("12.3456", PriceSource.OFFER),
    ]
    # Three crates: 3 x 10.0005 delivered free; 3 x 11.50 and 3 x 12.3456, plus 15 kg at 0.10 €.
    assert [str(line.amount) for line in lines] == ["30.00", "36.00", "38.54"]
    assert [line.agreement.words for line in lines] == [
        f"Prix du marché n° 2026-07, ligne {lines[0].price_line}, franco de port",
        f"Tarif {slug}",
        "Prix de l'offre",
    ]
    assert lines[0].ground == f"Marché 2026-07, ligne {lines[0].price_line}"


async def test_a_contract_draws_what_its_price_comes_to(any_database: Database) -> None:
    await stock_market(any_database)
    await contracted(any_database)
    line = await bought(any_database, 7)
    async with any_database.reading() as session:
        drawn = (await session.scalars(select(Contract.ordered_amount).select_from(Contract))).one()
    assert drawn == line.amount == Decimal("70.00")


async def test_the_price_is_that_of_the_delivery_day(any_database: Database) -> None:
    await stock_market(any_database)
    await contracted(any_database, "2.0000", clause=WEEKLY)
    await revised(any_database, MONDAY, 110)
    assert (await paid(any_database, day=THURSDAY_BEFORE))[0] == "10.0000"
    assert [(await paid(any_database, day=day))[0] for day in (MONDAY, THURSDAY)] == ["11.0000", "11.0000"]
    line = await bought(any_database, 2)
    assert (line.price_since, line.amount) == (MONDAY, Decimal("22.00"))
    assert "révisé au 14/09/2026, franco de port" in line.agreement.words


async def test_a_revision_between_basket_and_sending_must_be_accepted(any_database: Database) -> None:
    await stock_market(any_database)
    await contracted(any_database, "2.0000", clause=WEEKLY)
    async with any_database.unit_of_work() as session:
        seen = await fill(session, 0, [(TIGHT, 2)])
    await revised(any_database, MONDAY, 110)
    async with any_database.reading() as session:
        with pytest.raises(refusals.TermsChanged, match="10,00\u00a0€ → 11,00\u00a0€") as refused:
            await sent(session, seen)
        (change,) = [each for each in refused.value.lines[0].changes if each.condition is SaleCondition.PRICE_SOURCE]
        assert "révisé au 14/09/2026" in change.now
    async with any_database.unit_of_work() as session:
        order_id = await sent(session, seen, accepted=accepting(refused.value))
    async with any_database.reading() as session:
        (line,) = await lines_of(session, order_id)
    assert line.amount == Decimal("22.00")


async def test_a_contract_that_begins_after_the_basket_was_filled_is_said_too(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        seen = await fill(session, 0, [(TIGHT, 2)])
    await contracted(any_database, "2.4691")
    # The pack costs nearly the same, but its delivery is free now: that is another price.
    async with any_database.reading() as session:
        with pytest.raises(refusals.TermsChanged, match="livraison 0,10\u00a0€ → 0,00\u00a0€"):
            await sent(session, seen)


async def test_one_offer_on_two_days_may_have_two_prices_to_accept(any_database: Database) -> None:
    await stock_market(any_database)
    await contracted(any_database, "2.0000", clause=WEEKLY)
    async with any_database.unit_of_work() as session:
        seen = await fill(session, 0, [(TIGHT, 2)])
        seen = (await put(session, seen, THURSDAY_BEFORE)).version
        await session.execute(update(BasketLine).values(price_seen=Decimal("9.0000")))
    await revised(any_database, MONDAY, 110)
    async with any_database.reading() as session:
        with pytest.raises(refusals.TermsChanged) as refused:
            await send(session, buyer(), place(seen=seen), (), NOW)
    both = accepting(refused.value)
    assert [each.day for each in both] == [THURSDAY_BEFORE, MONDAY]
    async with any_database.reading() as session:
        with pytest.raises(refusals.TermsChanged):
            await send(session, buyer(), place(seen=seen), both[1:], NOW)
    async with any_database.unit_of_work() as session:
        assert len(await send(session, buyer(), place(seen=seen), both, NOW, grounds=commit_lines)) == 2


async def put(session: AsyncSession, seen: int, day: date) -> Basket:
    return await put_line(session, buyer(), place(seen=seen), TIGHT, 2, day, NOW)


async def test_a_list_that_ends_before_the_delivery_is_not_paid(any_database: Database) -> None:
    await stock_market(any_database)
    await listed(any_database, "11.50", 0, last=MONDAY - DAY)
    await listed(any_database, "11.00", 0, since=MONDAY + DAY)
    prices = [(await paid(any_database, day=day))[0] for day in (THURSDAY_BEFORE, MONDAY, THURSDAY)]
    assert prices == ["11.5000", "12.3456", "11.0000"]


async def test_the_contract_with_enough_left_gives_price_and_ground(any_database: Database) -> None:
    await stock_market(any_database)
    await contracted(any_database, "2.0000", number="2026-07", most="25.00")
    await contracted(any_database, "2.1000", number="2026-08")
    assert [(await paid(any_database, packs=packs))[0] for packs in (2, 3)] == ["10.0000", "10.5000"]
    line = await bought(any_database, 3)
    assert (line.price_name, line.amount) == ("2026-08", Decimal("31.50"))
    assert line.ground == f"Marché 2026-08, ligne {line.price_line}"


async def test_a_contract_for_another_product_gives_no_price(any_database: Database) -> None:
    await stock_market(any_database)
    await contracted(any_database, offer=TIGHT)
    async with any_database.reading() as session:
        sold = await read_sold(session, kitchen(0), WEEK, [1, 2, 3], NOW)
    sources = {each.offer.slug: each.paid(MONDAY).agreement.source for each in sold}
    assert sources == {
        TIGHT: PriceSource.CONTRACT, "poireaux_0": PriceSource.OFFER, "carottes_1": PriceSource.OFFER
    }  # fmt: skip


async def test_proposals_are_ranked_and_priced_as_the_kitchen_pays(any_database: Database) -> None:
    await stock_market(any_database, crates=3)
    async with any_database.unit_of_work() as session:
        wanted = PriceListWish("Groupement", None, date(2026, 9, 1), None, frozenset({uai(0)}))
        await open_price_list(session, seller(2), "ferme_2", wanted, [Price("carottes_2", Decimal(9), NOW.date())])
    # Farm 2 is the dearest but for this kitchen: what farm 0 refuses is proposed from it.
    line = await bought(any_database, 3)
    async with any_database.unit_of_work() as session:
        await refuse(session, seller(), line.order_id, "gel", NOW)
    async with any_database.reading() as session:
        (proposed,) = await session.scalars(basket_lines_visible_to(buyer()))
        offer = await session.get_one(Offer, proposed.offer_id)
    assert (offer.slug, proposed.price_seen) == ("carottes_2", Decimal("9.0000"))


async def test_a_standing_order_fills_at_the_price_of_the_kitchen(any_database: Database) -> None:
    await stock_market(any_database)
    await contracted(any_database)
    standing = StandingWish(uai(0), TIGHT, 2, frozenset({0}), date(2026, 9, 1), date(2026, 12, 31))
    async with any_database.unit_of_work() as session:
        await state(session, buyer(), standing, NOW)
        assert await fill_week(session, CONTROL, WEEK, NOW) == (1, 0)
    async with any_database.reading() as session:
        (line,) = await session.scalars(select(BasketLine))
    assert (line.price_seen, line.delivery_seen) == (Decimal("10.0005"), Decimal(0))


async def test_who_reads_which_prices(any_database: Database) -> None:
    await stock_market(any_database, kitchens=2)
    slug = await listed(any_database, "11.50", 0)
    await contracted(any_database)
    control = Viewer("Contrôle", Role.AUDITOR)
    may = {buyer(0): True, seller(0): True, CONTROL: True, control: True, buyer(1): False, seller(1): False}
    async with any_database.reading() as session:
        carrots = (await session.scalars(select(Offer).where(Offer.slug == TIGHT))).all()
        for viewer, read in may.items():
            agreed = await read_agreed(session, viewer, [kitchen(0)], carrots, WEEK, NOW.date())
            found = agreed.get(uai(0), Agreed())
            assert (len(found.listed), len(found.contracts)) == ((1, 1) if read else (0, 0)), viewer
            lists = (await session.scalars(price_lists(viewer).with_only_columns(PriceList.slug))).all()
            assert list(lists) == ([slug] if read else []), viewer


async def test_prices_come_in_one_statement_whatever_the_kitchens_and_offers(any_database: Database) -> None:
    await stock_market(any_database, kitchens=3)
    await listed(any_database, "11.50", 0, 1, 2)
    await contracted(any_database)
    async with any_database.reading() as session:
        every = (await session.scalars(select(Offer))).all()
        for kitchens, some in (([kitchen(0)], every[:1]), ([kitchen(each) for each in range(3)], every)):
            with counted(any_database) as statements:
                agreed = await read_agreed(session, CONTROL, kitchens, some, WEEK, NOW.date())
            assert (len(statements), len(agreed)) == (1, len(kitchens))


DAYS = st.dates(date(2026, 8, 1), date(2026, 10, 31))
PRICES = st.decimals("0.0001", "99", places=4)


@st.composite
def terms(draw: st.DrawFn) -> ContractTerm:
    changes = sorted(draw(st.lists(st.tuples(DAYS, PRICES), max_size=4)), key=lambda each: each[0])
    return ContractTerm(
        contract=1, number="2026-07", line=draw(st.integers(1, 3)), supplier=1, kitchens=frozenset({1}), grouped=False,
        ingredient=draw(st.sampled_from([CARROT, LEEK])), offer=draw(st.sampled_from([None, 1, 3])),
        start=date(2026, 9, 1), end=date(2027, 8, 31), base_price_eur_per_kg=draw(PRICES),
        left=draw(st.decimals("0", "500", places=2)), revisions=tuple(Revised(*each) for each in changes),
    )  # fmt: skip


LINES = st.builds(
    ListedPrice,
    slug=st.sampled_from(["a", "b"]),
    valid_from=st.just(date(2026, 8, 1)),
    valid_to=st.none() | DAYS,
    since=DAYS,
    price_eur_per_pack=PRICES,
)


@given(st.lists(terms(), max_size=4), st.lists(LINES, max_size=4), DAYS, st.integers(1, 200), PRICES)
def test_what_is_paid_is_always_one_of_the_prices_agreed(
    contracts: list[ContractTerm], lists: list[ListedPrice], day: date, packs: int, delivery: Decimal
) -> None:
    offer = offers(None)[0]
    found = Agreed({1: lists}, contracts).paid(offer, day, packs, delivery)
    covering = [term for term in contracts if term.ingredient == CARROT and term.offer in (None, 1)]
    standing = [each for each in lists if each.since <= day and (each.valid_to is None or day <= each.valid_to)]
    if covering:
        assert found.delivery_eur_per_kg == 0
        assert found.agreement.source is PriceSource.CONTRACT
        exact = {term.price_on(day) * CRATE_G / 1000 for term in covering if term.line == found.agreement.line}
        assert min(abs(found.price_eur_per_pack - each) for each in exact) <= Decimal("0.00005")
    else:
        assert found.delivery_eur_per_kg == delivery
        prices = {each.price_eur_per_pack for each in standing} or {OFFERED}
        assert found.price_eur_per_pack in prices
        assert (found.agreement.source is PriceSource.LIST) == bool(standing)


@given(PRICES, st.integers(1, 50_000))
def test_a_pack_priced_by_the_kilogram_is_rounded_once(price: Decimal, pack_g: int) -> None:
    pack = eur_per_pack(price, pack_g)
    assert pack > 0
    assert pack == pack.quantize(Decimal("0.0001"))
    if pack > Decimal("0.0001"):
        assert abs(pack - price * pack_g / 1000) <= Decimal("0.00005")
    if pack_g % 1000 == 0:
        assert eur_per_kg(pack, pack_g) == price


def test_a_price_says_in_french_where_it_comes_from() -> None:
    assert Agreement(PriceSource.OFFER).words == "Prix de l'offre"
    never_revised = Agreement(PriceSource.CONTRACT, "2026-07", 3)
    assert never_revised.words == "Prix du marché n° 2026-07, ligne 3, franco de port"


async def test_the_first_event_of_an_order_names_the_price(any_database: Database) -> None:
    await stock_market(any_database)
    await contracted(any_database)
    line = await bought(any_database, 3)
    async with any_database.reading() as session:
        (event,) = await session.scalars(select(OrderEvent).where(OrderEvent.order_id == line.order_id))
    assert event.data["lines"][0]["agreement"] == line.agreement.words
