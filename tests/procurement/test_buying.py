"""The lawful ground of what is ordered, and what it commits to: pure decisions, then the database."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from catering.db import Database
from catering.procurement import refusals
from catering.procurement.grounds import (
    AwardTerm,
    ContractTerm,
    PricedBy,
    Wish,
    first_term,
    ground_of_purchase,
    grounds_of_order,
)
from catering.procurement.models import Contract, Engagement
from catering.procurement.need import window_of
from catering.procurement.service.awarding import award, open_tenders
from catering.procurement.service.buying import LineToBuy, engage, release
from catering.procurement.service.contracting import record_contract
from catering.procurement.service.needs import needs_of
from catering.procurement.vocabulary import GroundKind
from tests.api.conftest import counted
from tests.procurement.conftest import COOKS, REASON, SIGNS, deadline_passed, offered, published
from tests.procurement.contracting import wish as contract_wish
from tests.procurement.spending import committed

ON = date(2026, 11, 25)
ROOTS = "10.10"
CARROT = 4
WISH = Wish(kitchen=1, supplier=2, ingredient=CARROT, offer=10, family=ROOTS, amount=Decimal("300.00"))
TERM = ContractTerm(
    contract=7, number="2026-01", line=3, supplier=2, kitchens=frozenset({1}), grouped=False, ingredient=CARROT,
    offer=None, start=date(2026, 9, 1), end=date(2028, 8, 31), base_price_eur_per_kg=Decimal("1.08"),
    left=Decimal(1000),
)  # fmt: skip
AWARD = AwardTerm(5, 50, 2, 9, 2, 1, CARROT, date(2026, 10, 1), date(2027, 6, 30), Decimal("1.20"), Decimal(420))


def with_left(left: str) -> ContractTerm:
    return ContractTerm(**{**{name: getattr(TERM, name) for name in TERM.__slots__}, "left": Decimal(left)})


def other(**changed: object) -> ContractTerm:
    return ContractTerm(**{**{name: getattr(TERM, name) for name in TERM.__slots__}, **changed})


def test_a_contract_line_comes_first_at_its_price() -> None:
    ground = ground_of_purchase(WISH, ON, [TERM], [AWARD], Decimal(0))
    assert (ground.kind, ground.contract, ground.contract_line) == (GroundKind.CONTRACT_LINE, 7, 3)
    assert ground.price_eur_per_kg == Decimal("1.08")
    assert ground.words == "Marché 2026-01, ligne 3"


def test_then_an_award_then_the_freedom_below_the_threshold() -> None:
    awarded = ground_of_purchase(WISH, ON, [], [AWARD], Decimal(0))
    assert (awarded.consultation, awarded.words) == (5, "Attribution de la consultation 5, lot 2")
    free = ground_of_purchase(WISH, ON, [], [], Decimal(0))
    assert free.kind is GroundKind.FREE_PURCHASE
    assert "CCP-10" in free.words


@pytest.mark.parametrize(
    "changed",
    [
        {"supplier": 3}, {"ingredient": 5}, {"kitchens": frozenset({2})}, {"offer": 11},
        {"start": date(2026, 11, 26)}, {"end": date(2026, 11, 24)},
    ],
)  # fmt: skip
def test_a_contract_that_does_not_fit_is_passed_over(changed: dict[str, object]) -> None:
    assert ground_of_purchase(WISH, ON, [other(**changed)], [], Decimal(0)).kind is GroundKind.FREE_PURCHASE


def test_an_order_beyond_the_maximum_is_refused_and_not_bought_otherwise() -> None:
    with pytest.raises(refusals.BeyondMaximum, match="299,99"):
        ground_of_purchase(WISH, ON, [with_left("299.99")], [AWARD], Decimal(0))


def test_the_contract_of_another_supplier_is_told() -> None:
    ground = ground_of_purchase(WISH, ON, [other(supplier=3, number="2025-09")], [], Decimal(0))
    assert "2025-09" in ground.notices[0]


def test_a_purchase_that_reaches_the_threshold_is_refused() -> None:
    assert ground_of_purchase(WISH, ON, [], [], Decimal("59699.99")).notices
    with pytest.raises(refusals.AboveThreshold, match="MAPA"):
        ground_of_purchase(WISH, ON, [], [], Decimal("59700.00"))


def test_what_one_line_takes_is_gone_for_the_next() -> None:
    with pytest.raises(refusals.BeyondMaximum):
        grounds_of_order([WISH, WISH], ON, [with_left("599.99")], [], {})
    kinds = [each.kind for each in grounds_of_order([WISH, WISH], ON, [], [AWARD], {})]
    assert kinds == [GroundKind.CONSULTATION_AWARD, GroundKind.FREE_PURCHASE]
    with pytest.raises(refusals.AboveThreshold):
        grounds_of_order([WISH, WISH], ON, [], [], {(1, ROOTS): Decimal("59400.00")})


def test_a_large_free_purchase_needs_a_written_contract() -> None:
    large = Wish(1, 2, CARROT, 10, ROOTS, Decimal("12500.00"))
    first, second = grounds_of_order([large, large], ON, [], [], {})
    assert any("écrit" in notice for notice in first.notices)
    (alone,) = grounds_of_order([large], ON, [], [], {})
    assert (alone.notices, len(second.notices)) == ((), 1)


@given(
    st.lists(st.decimals(Decimal("0.01"), 9000, places=2), min_size=1, max_size=12),
    st.decimals(0, 70_000, places=2),
    st.decimals(Decimal("0.01"), 30_000, places=2),
)
def test_whatever_is_granted_stays_within_contract_and_threshold(
    amounts: list[Decimal], need: Decimal, left: Decimal
) -> None:
    """Lines alternate between a product under contract and one that is free."""
    lines = [Wish(1, 2, CARROT + rank % 2, 10, ROOTS, amount) for rank, amount in enumerate(amounts)]
    on_contract = sum(amounts[0::2], Decimal(0))
    lawful = on_contract <= left
    running = need
    for rank, amount in enumerate(amounts):
        running += amount
        lawful = lawful and (rank % 2 == 0 or running < 60_000)
    try:
        grounds = grounds_of_order(lines, ON, [with_left(str(left))], [], {(1, ROOTS): need})
    except (refusals.BeyondMaximum, refusals.AboveThreshold):
        assert not lawful
        return
    assert lawful
    assert [ground.kind is GroundKind.CONTRACT_LINE for ground in grounds] == [
        rank % 2 == 0 for rank in range(len(lines))
    ]


@given(
    st.lists(st.integers(0, 900), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(1, 600), st.booleans()), min_size=1, max_size=6),
)
def test_a_need_split_across_contracts_draws_on_each_what_it_has(
    lefts: list[int], lines: list[tuple[int, bool]]
) -> None:
    """Each line has the price of the contract that has room for it alone, as a basket does; some name no contract."""
    terms = [other(contract=rank, number=f"M{rank}", line=rank, left=Decimal(left)) for rank, left in enumerate(lefts)]
    wishes = []
    for amount, named in lines:
        chosen = first_term(terms, lambda _, amount=amount: Decimal(amount))
        priced_by = PricedBy(contract_line=chosen.line) if named else None
        wishes.append(replace(WISH, amount=Decimal(amount), priced_by=priced_by))
    left = {term.number: term.left for term in terms}
    for many, wish in enumerate(wishes, start=1):
        own = list(left) if wish.priced_by is None else [f"M{wish.priced_by.contract_line}"]
        if all(left[number] < wish.amount for number in own):
            room = [number for number, rest in left.items() if rest >= wish.amount]
            with pytest.raises(refusals.BeyondMaximum, match=f"{room[0]} couvre aussi" if room else "nouveau marché"):
                grounds_of_order(wishes[:many], ON, terms, [], {})
            return
        *_, ground = grounds_of_order(wishes[:many], ON, terms, [], {})
        assert ground.contract_number in own
        left[str(ground.contract_number)] -= wish.amount
        assert left[str(ground.contract_number)] >= 0


def line(amount: str, source: str, supplier: int = 2) -> LineToBuy:
    return LineToBuy(supplier, CARROT, 10, Decimal(amount), source)


async def test_an_order_commits_and_its_cancellation_takes_back_exactly_that(market: Database) -> None:
    async with market.unit_of_work() as session:
        number = (await record_contract(session, SIGNS, contract_wish())).id
    async with market.unit_of_work() as session:
        await engage(
            session, COOKS, 1, ON, [line("300.00", "order 1"), line("100.00", "order 1"), line("50.00", "order 2")]
        )
        free = LineToBuy(1, CARROT, 4, Decimal("70.00"), "order 1")
        await engage(session, COOKS, 1, ON, [free])
    async with market.unit_of_work() as session:
        assert (await needs_of(session, SIGNS, [1], [ROOTS], ON)) == {(1, ROOTS): Decimal("520.00")}
        assert (await session.get_one(Contract, number)).ordered_amount == Decimal("450.00")
        assert await release(session, COOKS, "order 1") == Decimal("470.00")
    async with market.unit_of_work() as session:
        assert await release(session, COOKS, "order 1") == 0
        assert (await needs_of(session, SIGNS, [1], [ROOTS], ON)) == {(1, ROOTS): Decimal("50.00")}
        assert (await session.get_one(Contract, number)).ordered_amount == Decimal("50.00")
        rows = (await session.scalars(select(Engagement))).all()
    assert {row.actor for row in rows} == {"account 3"}
    assert len(rows) == 5


async def test_an_order_on_an_award_adds_nothing_to_the_need_and_stays_within_it(market: Database) -> None:
    number = await published(market)
    tender = await offered(market, number, 1, "1.20")
    await deadline_passed(market, number)
    async with market.unit_of_work() as session:
        await open_tenders(session, SIGNS, number)
        day = (await award(session, SIGNS, number, tender, REASON)).day
    async with market.unit_of_work() as session:
        (ground,) = await engage(session, COOKS, 1, day, [line("300.00", "order 1")])
        assert (ground.consultation, ground.price_eur_per_kg) == (number, Decimal("1.2000"))
        assert (await needs_of(session, SIGNS, [1], [ROOTS], day)) == {(1, ROOTS): Decimal("300.00")}
        (beyond,) = await engage(session, COOKS, 1, day, [line("120.01", "order 2")])
        assert beyond.kind is GroundKind.FREE_PURCHASE
    async with market.unit_of_work() as session:
        assert await release(session, COOKS, "order 1") == Decimal("300.00")
        (again,) = await engage(session, COOKS, 1, day, [line("420.00", "order 3")])
        assert again.consultation == number


async def test_statements_do_not_grow_with_the_lines(on_sqlite: Database) -> None:
    async with on_sqlite.unit_of_work() as session:
        await record_contract(session, SIGNS, contract_wish())
    ran = []
    for lines in (1, 40):
        with counted(on_sqlite) as statements:
            async with on_sqlite.unit_of_work() as session:
                wanted = [line("1.00", f"order {lines}", 1 + rank % 3) for rank in range(lines * 3)]
                await engage(session, COOKS, 1, ON, wanted)
        ran.append(len(statements))
    assert ran[0] == ran[1] <= 7


async def test_a_need_is_the_sum_of_twelve_months_both_ends_included(market: Database) -> None:
    chance = random.Random(7)
    first, last = window_of(ON)
    around = [first - timedelta(days=1), first, ON - timedelta(days=100), last, last + timedelta(days=1)]
    spent = [(chance.choice(around), Decimal(chance.randint(-500, 5000)) / 100) for _ in range(80)]
    async with market.unit_of_work() as session:
        session.add_all(committed(day, amount, ROOTS) for day, amount in spent)
    inside = sum((amount for day, amount in spent if first <= day <= last), Decimal(0))
    async with market.reading() as session:
        assert await needs_of(session, SIGNS, [1], [ROOTS], ON) == {(1, ROOTS): inside}
        assert await needs_of(session, SIGNS, [2], [ROOTS], ON) == {}
