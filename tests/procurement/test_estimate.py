"""A need cut into several contracts or consultations, each below a threshold, is one need (CCP-20, CCP-21)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.db import Database
from catering.moment import today
from catering.procurement import refusals
from catering.procurement.estimate import Committed, Consulted, Estimate, Needs, Running, share_of
from catering.procurement.models import Contract
from catering.procurement.need import Duty
from catering.procurement.service.amending import AmendmentWish, amend
from catering.procurement.service.awarding import award, open_tenders
from catering.procurement.service.buying import LineToBuy, engage
from catering.procurement.service.contracting import LotWish, record_contract
from catering.procurement.service.needs import needs_of
from catering.procurement.vocabulary import Procedure
from tests.api.dataset import uai
from tests.procurement.conftest import REASON, SIGNS, deadline_passed, need, offered, published
from tests.procurement.contracting import CARROTS, wish

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
ROOTS, MILK, ON = "10.10", "10.12", date(2026, 11, 26)
BELOW, ADAPTED, FORMAL = Procedure.BELOW_THRESHOLD, Procedure.ADAPTED, Procedure.FORMAL
EUR = Decimal


def contract(number: int = 1, most: str = "40000.00", ordered: str = "0.00", **changed: Any) -> Running:
    """A contract of one kitchen since September, for a year."""
    year = Running(number, BELOW, 1, ROOTS, date(2026, 9, 1), date(2027, 8, 31), EUR(ordered), EUR(0))
    return replace(year, left=max(EUR(most) - EUR(ordered), EUR(0)), **changed)


def on_contract(number: int, amount: str, procedure: Procedure = BELOW) -> Committed:
    return Committed(1, ROOTS, number, procedure, EUR(amount))


FREE = Committed(1, ROOTS, None, None, EUR("7000.00"))

VECTORS: list[tuple[str, Needs, Estimate]] = [
    ("nothing", Needs(ON), Estimate()),
    ("bought without contract", Needs(ON, [FREE]), Estimate(EUR("7000.00"))),
    ("a contract counts for its maximum", Needs(ON, [], [contract()]), Estimate(EUR(0), EUR("40000.00"))),
    (
        "what is ordered on it is in its maximum",
        Needs(ON, [FREE, on_contract(1, "15000.00")], [contract(ordered="15000.00")]),
        Estimate(EUR("22000.00"), EUR("25000.00")),
    ),
    (
        "more than its maximum counts when it is ordered",
        Needs(ON, [on_contract(1, "41000.00")], [contract(ordered="41000.00")]),
        Estimate(EUR("41000.00")),
    ),
    (
        "two of them are one need",
        Needs(ON, [], [contract(), contract(2, "25000.00")]),
        Estimate(EUR(0), EUR("65000.00")),
    ),
    (
        "what was ordered before the twelve months counts while it is in force",
        Needs(ON, [], [contract(ordered="30000.00", start=date(2024, 1, 1))]),
        Estimate(EUR("30000.00"), EUR("10000.00")),
    ),
    (
        "one that ended within the twelve months of its first day counts whole",
        Needs(ON, [], [contract(start=date(2025, 11, 27), end=date(2026, 1, 31))]),
        Estimate(EUR(0), EUR("40000.00")),
    ),
    (
        "one that ended and began longer ago counts for what was ordered lately",
        Needs(ON, [on_contract(1, "900.00")], [contract(start=date(2025, 11, 26), end=date(2026, 1, 31))]),
        Estimate(EUR("900.00")),
    ),
    (
        "one that is signed and begins later is not forgotten",
        Needs(ON, [FREE], [contract(start=date(2027, 1, 1))]),
        Estimate(EUR("7000.00"), EUR("40000.00")),
    ),
    (
        "a renewal does not add to the contract it follows",
        Needs(ON, [], [contract(), contract(2, start=date(2027, 9, 1), end=date(2028, 8, 31))]),
        Estimate(EUR(0), EUR("40000.00")),
    ),
    (
        "orders on a contract that competition has awarded count as they are made",
        Needs(ON, [on_contract(1, "300.00", ADAPTED)], [contract(procedure=ADAPTED, ordered="300.00")]),
        Estimate(EUR("300.00")),
    ),
    (
        "a consultation that is published counts for its estimate",
        Needs(ON, [FREE], [], [Consulted(1, 1, ROOTS, ON, date(2027, 6, 30), EUR("5000.00"))]),
        Estimate(EUR("7000.00"), EUR(0), EUR("5000.00")),
    ),
    (
        "other buyers and families do not count",
        Needs(ON, [replace(FREE, kitchen=2), replace(FREE, family="10.06")], [contract(kitchen=2)]),
        Estimate(),
    ),
]


@pytest.mark.parametrize(("needs", "worth"), [pytest.param(*each[1:], id=each[0]) for each in VECTORS])
def test_a_need(needs: Needs, worth: Estimate) -> None:
    assert needs.of([1], ROOTS) == worth


def test_the_formal_procedure_is_due_for_adapted_contracts_together() -> None:
    needs = Needs(
        ON,
        [on_contract(3, "90000.00", FORMAL)],
        [contract(1, "100000.00", procedure=ADAPTED), contract(2, "50000.00")],
    )
    assert needs.of([1], ROOTS, Duty.FORMAL_PROCEDURE).total == EUR("150000.00")
    assert needs.of([1], ROOTS, Duty.COMPETITION).total == EUR("140000.00")


def test_a_contract_of_several_buyers_allows_its_rest_once() -> None:
    both = [contract(ordered="10000.00"), contract(ordered="5000.00", kitchen=2)]
    needs = Needs(ON, [], [replace(each, left=EUR("25000.00")) for each in both])
    assert needs.of([1, 2], ROOTS) == Estimate(EUR("15000.00"), EUR("25000.00"))
    assert needs.of([1], ROOTS).total == EUR("35000.00")


@given(st.lists(st.tuples(st.integers(0, 700), st.integers(1, 700), st.integers(1, 59_999)), min_size=1, max_size=6))
def test_a_need_is_never_less_than_any_contract_in_force_and_grows_with_each(found: list[tuple[int, int, int]]) -> None:
    start = date(2026, 1, 1)
    every = [
        contract(number, f"{most}.00", start=start + timedelta(days=begins), end=start + timedelta(days=begins + lasts))
        for number, (begins, lasts, most) in enumerate(found)
    ]
    whole = Needs(ON, [FREE], every).of([1], ROOTS).total
    assert whole >= Needs(ON, [FREE], every[1:]).of([1], ROOTS).total >= FREE.amount
    assert all(whole >= FREE.amount + each.left for each in every if each.start <= ON <= each.end)


def test_shares_of_an_estimate_are_those_of_the_grams() -> None:
    assert share_of(EUR("100.00"), 1, 3) == EUR("33.33")
    assert share_of(EUR("100.00"), 2, 3) == EUR("66.67")


async def recorded(database: Database, number: str, most: str, **changed: Any) -> int:
    stated = {"procedure": BELOW, "members": [uai(0)], "least": EUR(0), "end": date(2027, 8, 31), **changed}
    stated = {"lots": [LotWish(1, "Carottes", EUR(most), [CARROTS])], **stated}
    async with database.unit_of_work() as session:
        return (await record_contract(session, SIGNS, wish(number=number, most=EUR(most), **stated))).id


def both_families(number: str, most: str) -> dict[str, Any]:
    """A contract for carrots and milk, whose lots are estimated at next to nothing."""
    milk = replace(CARROTS, ingredient="ingredient_00", product="Lait")
    lots = [LotWish(1, "Carottes", EUR("1.00"), [CARROTS]), LotWish(2, "Lait", EUR("1.00"), [milk])]
    return {"number": number, "most": most, "lots": lots}


async def bought(database: Database, amount: str, source: str) -> None:
    """Of a supplier with whom there is no contract."""
    async with database.unit_of_work() as session:
        await engage(session, SIGNS, 1, today(), [LineToBuy(1, 4, 1, EUR(amount), source)])


async def test_a_need_is_not_split_into_contracts(market: Database) -> None:
    await recorded(market, "BT-1", "40000.00")
    with pytest.raises(refusals.AboveThreshold, match="CCP-21"):
        await recorded(market, "BT-2", "20000.00")
    await recorded(market, "BT-3", "19999.99")


@pytest.mark.parametrize("first", ["later", "earlier"])
async def test_in_whatever_order_they_are_recorded(on_sqlite: Database, first: str) -> None:
    later = {"start": date(2027, 3, 1), "end": date(2027, 12, 31)}
    await recorded(on_sqlite, "BT-1", "40000.00", **(later if first == "later" else {}))
    with pytest.raises(refusals.AboveThreshold):
        await recorded(on_sqlite, "BT-2", "40000.00", **({} if first == "later" else later))


async def test_the_next_year_is_a_contract_of_its_own(on_sqlite: Database) -> None:
    await recorded(on_sqlite, "BT-1", "40000.00")
    await recorded(on_sqlite, "BT-2", "40000.00", start=date(2027, 9, 1), end=date(2028, 8, 31))


async def test_nor_into_adapted_contracts_below_the_formal_procedure(market: Database) -> None:
    await recorded(market, "MAPA-1", "150000.00", procedure=ADAPTED)
    with pytest.raises(refusals.AboveThreshold, match="JOUE"):
        await recorded(market, "MAPA-2", "66000.00", procedure=ADAPTED)
    await recorded(market, "MAPA-3", "65999.99", procedure=ADAPTED)
    await recorded(market, "FORMELLE", "500000.00", procedure=FORMAL)


async def test_nor_into_a_contract_and_free_purchases(market: Database) -> None:
    await recorded(market, "BT-1", "50000.00")
    with pytest.raises(refusals.AboveThreshold):
        await bought(market, "10000.00", "order 1 line 1")
    await bought(market, "9999.99", "order 2 line 1")
    async with market.unit_of_work() as session:
        # Carrots of the supplier under contract: within its maximum, which counts already.
        (ground,) = await engage(session, SIGNS, 1, today(), [LineToBuy(2, 4, 4, EUR("45000.00"), "order 3 line 1")])
        assert ground.words.startswith("Marché BT-1")
    async with market.reading() as session:
        assert await needs_of(session, SIGNS, [1], [ROOTS], today()) == {(1, ROOTS): EUR("59999.99")}


async def test_a_contract_of_several_families_counts_for_its_maximum_in_each(market: Database) -> None:
    with pytest.raises(refusals.AboveThreshold):
        await recorded(market, **both_families("BT-0", "60000.00"))
    number = await recorded(market, **both_families("BT-1", "40000.00"))
    with pytest.raises(refusals.AboveThreshold):
        await recorded(market, "BT-2", "20000.00")
    async with market.unit_of_work() as session:
        # Drawn up in one family, it stays below the threshold of that one; what is drawn there is left in no other.
        await engage(session, SIGNS, 1, today(), [LineToBuy(2, 4, 4, EUR("30000.00"), "order 1 line 1")])
    async with market.reading() as session:
        needs = await needs_of(session, SIGNS, [1], [ROOTS, MILK], today())
    assert needs == {(1, ROOTS): EUR("40000.00"), (1, MILK): EUR("10000.00")}
    with pytest.raises(refusals.AboveThreshold):
        async with market.unit_of_work() as session:
            await amend(session, SIGNS, number, AmendmentWish(today(), REASON, most=EUR("60000.00")))


async def test_nor_into_consultations_side_by_side(market: Database) -> None:
    await published(market, need(estimated=EUR("55000.00")))
    with pytest.raises(refusals.AboveThreshold):
        await published(market, need(estimated=EUR("5000.00")))
    with pytest.raises(refusals.AboveThreshold):
        await recorded(market, "BT-1", "5000.00", members=[uai(number) for number in range(4)])


async def test_a_lot_that_is_awarded_counts_for_its_price_instead_of_its_estimate(market: Database) -> None:
    number = await published(market, need(estimated=EUR("59000.00")))
    tender = await offered(market, number, 1)
    await deadline_passed(market, number)
    async with market.unit_of_work() as session:
        await open_tenders(session, SIGNS, number)
        amount = (await award(session, SIGNS, number, tender, REASON)).amount
    async with market.reading() as session:
        needs = await needs_of(session, SIGNS, range(1, 5), [ROOTS], today())
    assert sum(needs.values()) == amount


async def test_an_avenant_counts_the_other_contracts_too(market: Database) -> None:
    number = await recorded(market, "BT-1", "30000.00")
    await recorded(market, "BT-2", "20000.00", start=date(2027, 9, 1), end=date(2028, 8, 31))
    async with market.unit_of_work() as session:
        await amend(session, SIGNS, number, AmendmentWish(today(), REASON, most=EUR("45000.00")))
    with pytest.raises(refusals.AboveThreshold):
        # Prolonged, it would be in force when the next one begins.
        async with market.unit_of_work() as session:
            await amend(session, SIGNS, number, AmendmentWish(today(), REASON, end=date(2027, 10, 31)))


async def test_a_terminated_contract_counts_for_what_was_ordered(on_sqlite: Database) -> None:
    number = await recorded(on_sqlite, "BT-1", "50000.00")
    async with on_sqlite.unit_of_work() as session:
        (await session.get_one(Contract, number)).terminated_on = today()
    await recorded(on_sqlite, "BT-2", "59999.99")
