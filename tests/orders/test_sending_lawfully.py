"""What other rooms say before a basket is sent: hygiene, holidays, contracts and thresholds; and what is taken back."""

import asyncio
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from catering.db import Database
from catering.market.models import HygienePermit, Offer, SupplierPause
from catering.market.models_hygiene import PermitKind
from catering.market.models_sheet import DateKind
from catering.orders import refusals
from catering.orders.baskets import put_line
from catering.orders.checking import CHECKS
from catering.orders.committing import commit_lines
from catering.orders.models import Basket, Order, OrderLine
from catering.orders.sale_terms import AcceptedTerms
from catering.orders.sending import send
from catering.orders.service import accept, answer_cancel, cancel, fail_day, refuse
from catering.people.viewer import Role, Viewer
from catering.procurement.models import Contract, Engagement
from catering.procurement.refusals import AboveThreshold, BeyondMaximum
from catering.procurement.service.contracting import LineWish, LotWish, record_contract
from catering.procurement.vocabulary import GroundKind
from catering.rules.hygiene import AnimalProduct, ProductCategory, animal_rule
from tests.api.conftest import counted
from tests.api.dataset import uai
from tests.orders.market import (
    MONDAY,
    NOW,
    THURSDAY,
    TIGHT,
    assert_books_agree,
    buyer,
    fill,
    left,
    lines_of,
    place,
    seller,
    stock_market,
)
from tests.procurement.contracting import wish

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
BOTH = Viewer("Gestionnaire", Role.GESTIONNAIRE, kitchens=frozenset({uai(0), uai(1)}))
DELIVERED = Decimal("2.5691")
"""€/kg at which a contract costs what the first farm asks for carrots with their delivery: 3 crates come to 38.54 €."""
WARM = ProductCategory.AMBIENT
"""After the cut-off of the Monday."""


async def buy(database: Database, number: int, wanted: Sequence[tuple[str, int]]) -> list[int]:
    """Fill and send as everybody does; row ids of the orders."""
    async with database.unit_of_work() as session:
        seen = await fill(session, number, wanted)
    return await send_again(database, number, seen)


async def send_again(database: Database, number: int, seen: int) -> list[int]:
    async with database.unit_of_work() as session:
        sent = await send(session, buyer(number), place(number, seen), (), NOW, checks=CHECKS, grounds=commit_lines)
        return [order.id for order in sent]


async def sells_animals(database: Database, product: AnimalProduct, *permits: HygienePermit) -> None:
    """The first farm sells no carrots any more."""
    async with database.unit_of_work() as session:
        await session.execute(update(Offer).where(Offer.slug == TIGHT).values(animal_product=product))
        session.add_all(permits)


def permit(kind: PermitKind, until: date | None = None) -> HygienePermit:
    return HygienePermit(supplier_id=1, kind=kind, number="62.1", valid_from=date(2026, 1, 1), valid_to=until)


async def contract(
    database: Database,
    most: str = "1000.00",
    line: str = "ingredient_02",
    number: str = "2026-01",
    price: Decimal = DELIVERED,
) -> int:
    """The first two kitchens may order carrots of the first farm."""
    stated = wish(
        number=number, members=[uai(0), uai(1)], supplier="ferme_0",
        end=date(2026, 11, 30), least=Decimal(0), most=Decimal(most),
        lots=[LotWish(1, "Carottes", Decimal(most), [LineWish(line, "Carottes", price)])],
    )  # fmt: skip
    async with database.unit_of_work() as session:
        return (await record_contract(session, BOTH, stated)).id


async def ordered(database: Database) -> Decimal:
    """What is drawn from the only contract."""
    async with database.reading() as session:
        return (await session.scalars(select(Contract.ordered_amount).select_from(Contract))).one()


async def committed(database: Database) -> Decimal:
    async with database.reading() as session:
        return (await session.scalar(select(func.sum(Engagement.amount)))) or Decimal(0)


async def amounts(database: Database) -> Decimal:
    """What all orders come to."""
    async with database.reading() as session:
        return (await session.scalar(select(func.sum(Order.amount)))) or Decimal(0)


async def test_eggs_without_packing_centre_are_not_ordered(any_database: Database) -> None:
    await stock_market(any_database)
    await sells_animals(any_database, AnimalProduct.SHELL_EGG, permit(PermitKind.APPROVAL))
    with pytest.raises(refusals.NotHygienic, match=r"centre d'emballage agréé.*HYG-04") as refused:
        await buy(any_database, 0, [(TIGHT, 3), ("poireaux_0", 1)])
    assert [(fault.offer, fault.day) for fault in refused.value.faults] == [(TIGHT, MONDAY)]
    assert await amounts(any_database) == 0
    async with any_database.unit_of_work() as session:
        session.add(permit(PermitKind.PACKING_CENTRE, until=MONDAY))
    await send_again(any_database, 0, 2)
    assert await left(any_database) == 22


async def test_a_packing_centre_counts_on_the_day_of_delivery(any_database: Database) -> None:
    await stock_market(any_database)
    ends = permit(PermitKind.PACKING_CENTRE, until=date(2026, 9, 13))
    await sells_animals(any_database, AnimalProduct.SHELL_EGG, ends)
    with pytest.raises(refusals.NotHygienic, match="14/09/2026"):
        await buy(any_database, 0, [(TIGHT, 3)])


async def test_four_kitchens_at_once_stay_below_the_weekly_cap(any_database: Database) -> None:
    await stock_market(any_database, kitchens=4, crates=1000)
    await sells_animals(any_database, AnimalProduct.OTHER_MEAT, permit(PermitKind.DEROGATION))
    cap = weekly_cap()

    async def attempt(number: int) -> str:
        try:
            await buy(any_database, number, [(TIGHT, cap // 2 // 5_000)])
        except refusals.NotHygienic as refusal:
            return str(refusal)
        return "sent"

    answers = await asyncio.gather(*(attempt(number) for number in range(4)))
    assert answers.count("sent") == 2
    assert all("HYG-02" in answer for answer in answers if answer != "sent")


async def test_what_was_sold_as_meat_counts_as_meat_whatever_it_is_called_since(any_database: Database) -> None:
    """A farm under a dérogation that states its goods anew does not begin its week again."""
    await stock_market(any_database, kitchens=2, crates=1000)
    await sells_animals(any_database, AnimalProduct.OTHER_MEAT, permit(PermitKind.DEROGATION))
    most = weekly_cap() // 5_000
    await buy(any_database, 0, [(TIGHT, most)])
    await sells_animals(any_database, AnimalProduct.DAIRY)
    async with any_database.unit_of_work() as session:
        again = {"animal_product": AnimalProduct.OTHER_MEAT}
        await session.execute(update(Offer).where(Offer.slug == "poireaux_0").values(**again))
    with pytest.raises(refusals.NotHygienic, match="HYG-02"):
        await buy(any_database, 1, [("poireaux_0", 2)])


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ({"product": "Carottes surgelées", "category": WARM}, "surgelé"),
        ({"product": "Viande", "animal_product": AnimalProduct.FISH, "category": WARM}, "ne va pas"),
        ({"product": "Rôti", "animal_product": AnimalProduct.MEAT_PRODUCT, "category": WARM}, "rien ne dit"),
        ({"product": "Steak haché frais", "animal_product": AnimalProduct.MEAT_PRODUCT}, "hachée"),
    ],
)
async def test_a_sheet_of_before_that_contradicts_its_name_is_not_sold(
    stated: dict[str, object], says: str, any_database: Database
) -> None:
    """It was listed when the tables did not read it so: it stands, its seller is told, nobody buys it meanwhile."""
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        session.add(permit(PermitKind.APPROVAL))
        await session.execute(update(Offer).where(Offer.slug == TIGHT).values(**stated))
    with pytest.raises(refusals.NotHygienic, match=f"{says}.*corrige sa fiche"):
        await buy(any_database, 0, [(TIGHT, 3)])


async def test_a_line_keeps_what_its_product_was_when_it_was_sent(any_database: Database) -> None:
    await stock_market(any_database)
    sold = {
        "category": ProductCategory.MEAT_CUT, "date_kind": DateKind.DLC,
        "limit_celsius": Decimal("3.5"), "origin_country": "FR",
        "born_in": "FR", "reared_in": "FR", "slaughtered_in": "BE",
    }  # fmt: skip
    async with any_database.unit_of_work() as session:
        await session.execute(update(Offer).where(Offer.slug == TIGHT).values(**sold))
    (order_id,) = await buy(any_database, 0, [(TIGHT, 3)])
    async with any_database.unit_of_work() as session:
        await session.execute(update(Offer).values(dict.fromkeys(sold)))
    async with any_database.reading() as session:
        (line,) = await lines_of(session, order_id)
    assert {name: getattr(line, name) for name in sold} == sold


def weekly_cap() -> int:
    grams = animal_rule(AnimalProduct.OTHER_MEAT, MONDAY).weekly_grams(large_share=False)
    assert grams is not None
    return grams


async def test_nothing_is_ordered_on_a_holiday_or_out_of_the_dates_of_sale(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        session.add(SupplierPause(supplier_id=1, first_day=MONDAY, last_day=MONDAY, reason="Foire", made_by="test"))
    with pytest.raises(refusals.SupplierAway, match="Ferme 0 le 14/09/2026"):
        await buy(any_database, 0, [(TIGHT, 3)])
    async with any_database.unit_of_work() as session:
        await session.execute(update(Offer).values(valid_to=date(2026, 9, 13)))
    with pytest.raises(refusals.NotForSale, match="Carottes de la ferme 0"):
        await send_again(any_database, 0, 1)


async def test_a_line_keeps_the_contract_it_is_bought_on(any_database: Database) -> None:
    await stock_market(any_database, kitchens=2)
    await contract(any_database)
    (order_id,) = await buy(any_database, 0, [(TIGHT, 3), ("poireaux_0", 1)])
    async with any_database.reading() as session:
        carrots, leeks = await lines_of(session, order_id)
        grounds = (await session.scalars(select(Engagement.ground).order_by(Engagement.id))).all()
    assert carrots.ground == "Marché 2026-01, ligne 1"
    assert leeks.ground is not None
    assert "CCP-10" in leeks.ground
    assert set(grounds) == {GroundKind.CONTRACT_LINE, GroundKind.FREE_PURCHASE}
    assert await ordered(any_database) == carrots.amount
    assert await committed(any_database) == await amounts(any_database)


async def test_beyond_the_maximum_of_the_contract_nothing_is_ordered(any_database: Database) -> None:
    await stock_market(any_database, kitchens=2)
    await contract(any_database, most="38.53")
    with pytest.raises(BeyondMaximum, match="2026-01"):
        await buy(any_database, 0, [(TIGHT, 3)])
    assert await amounts(any_database) == await ordered(any_database) == 0


async def test_what_one_contract_has_no_room_for_goes_to_another_at_its_price(any_database: Database) -> None:
    """Three crates on each of two days: each fits the first contract alone, both together do not."""
    await stock_market(any_database, kitchens=2)
    await contract(any_database, most="60.00")
    await contract(any_database, number="2026-02", price=DELIVERED + 1)
    async with any_database.unit_of_work() as session:
        seen = await fill(session, 0, [(TIGHT, 3)])
        seen = (await put_line(session, buyer(), place(0, seen), TIGHT, 3, THURSDAY, NOW)).version
    with pytest.raises(refusals.TermsChanged) as changed:
        await send_again(any_database, 0, seen)
    (line,) = changed.value.lines
    assert (line.day, "2026-02" in str(line.changes)) == (THURSDAY, True)
    accepted = [AcceptedTerms(TIGHT, THURSDAY, line.fingerprint)]
    async with any_database.unit_of_work() as session:
        await send(session, buyer(), place(0, seen), accepted, NOW, checks=CHECKS, grounds=commit_lines)
    async with any_database.reading() as session:
        drawn = (
            await session.scalars(select(Contract.ordered_amount).select_from(Contract).order_by(Contract.number))
        ).all()
    assert drawn == [Decimal("38.54"), Decimal("53.54")]
    assert await committed(any_database) == await amounts(any_database) == sum(drawn)


async def test_two_kitchens_at_once_never_pass_the_maximum_of_their_contract(any_database: Database) -> None:
    await stock_market(any_database, kitchens=2)
    await contract(any_database, most="60.00")

    async def attempt(number: int) -> bool:
        try:
            await buy(any_database, number, [(TIGHT, 3)])
        except BeyondMaximum:
            return False
        return True

    assert sorted(await asyncio.gather(attempt(0), attempt(1))) == [False, True]
    assert await ordered(any_database) == Decimal("38.54")


async def test_the_basket_that_reaches_the_threshold_is_refused(any_database: Database) -> None:
    await stock_market(any_database, crates=None)
    with pytest.raises(AboveThreshold, match="MAPA"):
        await buy(any_database, 0, [(TIGHT, 5_000)])
    assert await committed(any_database) == 0


async def test_what_the_supplier_does_not_take_is_free_again(any_database: Database) -> None:
    await stock_market(any_database, kitchens=2)
    await contract(any_database)
    (order_id,) = await buy(any_database, 0, [(TIGHT, 3), ("poireaux_0", 2)])
    async with any_database.unit_of_work() as session:
        await accept(session, seller(), order_id, {1: 2}, NOW)
    async with any_database.reading() as session:
        carrots = (await session.scalars(select(OrderLine.amount).where(OrderLine.position == 1))).one()
    assert (carrots, await ordered(any_database)) == (Decimal("25.69"), Decimal("25.69"))
    assert await committed(any_database) == await amounts(any_database)


@pytest.mark.parametrize("way", ["cancel", "cancel late", "refuse", "fail"])
async def test_an_order_that_falls_gives_everything_back(any_database: Database, way: str) -> None:
    await stock_market(any_database, kitchens=2)
    await contract(any_database)
    (order_id,) = await buy(any_database, 0, [(TIGHT, 3), ("poireaux_0", 2)])
    await buy(any_database, 1, [(TIGHT, 3)])
    async with any_database.unit_of_work() as session:
        if way == "cancel":
            await cancel(session, buyer(0), order_id, "Grève", NOW)
        elif way == "cancel late":
            # Past the cut-off, while the farm may still answer: later a cancellation takes effect at once.
            late = NOW.replace(day=12, hour=10, minute=30)
            await cancel(session, buyer(0), order_id, "Grève", late)
            await answer_cancel(session, seller(), order_id, agreed=True, now=late)
        elif way == "refuse":
            await refuse(session, seller(), order_id, "Gel", NOW)
        else:
            await fail_day(session, seller(), "ferme_0", MONDAY, "Gel", NOW)
    standing = Decimal(0) if way == "fail" else Decimal("38.54")
    assert await ordered(any_database) == standing
    assert await committed(any_database) == await amounts(any_database) == standing


@pytest.mark.parametrize(("on_contract", "most"), [(False, 8), (True, 9)])
async def test_sending_takes_as_many_statements_whatever_the_lines(
    on_contract: bool, most: int, any_database: Database
) -> None:
    """The key of the request, which the API takes first, makes it one more (decision 0052)."""
    await stock_market(any_database, kitchens=2, crates=1000)
    await sells_animals(any_database, AnimalProduct.OTHER_MEAT, permit(PermitKind.APPROVAL))
    if on_contract:
        await contract(any_database)
    every = [(f"{name}_{number}", 3) for name in ("carottes", "poireaux") for number in range(3)]
    for number, wanted in enumerate((every[:1], every)):
        async with any_database.unit_of_work() as session:
            seen = await fill(session, number, wanted)
        with counted(any_database) as statements:
            assert len(await send_again(any_database, number, seen)) == len({offer[-1] for offer, _ in wanted})
        assert len([each for each in statements if not each.startswith("BEGIN")]) == most, "\n".join(statements)


async def test_cancelling_and_sending_on_one_contract_never_wait_in_a_ring(any_database: Database) -> None:
    await stock_market(any_database, kitchens=2, crates=1000)
    await contract(any_database, most="10000.00")
    sent = [[(await buy(any_database, number, [(TIGHT, 3)]))[0]] for number in range(2)]
    for _ in range(4):
        versions = []
        for number in range(2):
            async with any_database.unit_of_work() as session:
                at = (await session.scalars(select(Basket.version).where(Basket.kitchen_id == number + 1))).one()
                versions.append(await fill(session, number, [(TIGHT, 3), ("poireaux_0", 1)], at))

        async def give_up(number: int) -> None:
            async with any_database.unit_of_work() as session:
                await cancel(session, buyer(number), sent[number].pop(), "menu changé", NOW)

        again = [send_again(any_database, number, versions[number]) for number in range(2)]
        made = await asyncio.gather(*again, give_up(0), give_up(1))
        for number in range(2):
            sent[number] += made[number] or []
    # What stands is what is drawn: the last order of each of the two kitchens, three crates of carrots.
    assert await ordered(any_database) == 2 * Decimal("38.54")
    async with any_database.reading() as session:
        await assert_books_agree(session)
