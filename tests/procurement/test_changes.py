"""A contract lives: avenants and résiliation, each with its reason, added and never overwritten."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from catering.db import Database
from catering.kitchens.models import Kitchen
from catering.moment import today
from catering.outbox.models import OutgoingMail
from catering.people.models import ChangeEvent
from catering.people.viewer import Role, Viewer
from catering.procurement import refusals
from catering.procurement.grounds import Ground
from catering.procurement.index_file import IndexWish
from catering.procurement.models import Contract, ContractChange, ContractPriceChange, PriceRevision
from catering.procurement.queries import changes_visible_to, price_changes_visible_to
from catering.procurement.service.amending import AmendmentWish, amend, terminate
from catering.procurement.service.buying import LineToBuy, engage
from catering.procurement.service.contracting import LotWish, record_contract
from catering.procurement.service.revising import record_index_values
from catering.procurement.terms import contract_lines_in_force, contract_terms_of
from catering.procurement.vocabulary import ContractChangeKind, GroundKind, Procedure
from catering.together import read_together
from tests.procurement.conftest import COOKS, ELSEWHERE, FARMS, SIGNS
from tests.procurement.contracting import CARROTS, END, START, wish
from tests.procurement.test_letters import register

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
DEPARTEMENT = Viewer("Département", Role.DEPARTEMENT, account=30)
AUDITOR = Viewer("Contrôle", Role.AUDITOR, account=31)
INDEX = "RNM-FRUITS-LEGUMES"
WHY = "Le fournisseur cesse son activité de maraîchage."
COSTS = "Hausse durable du coût des plants, justifiée par factures."
CARROT = 4
TODAY = today()
SOON = TODAY + timedelta(days=40)


async def recorded(database: Database, **changed: Any) -> int:
    async with database.unit_of_work() as session:
        return (await record_contract(session, SIGNS, wish(**changed))).id


async def amended(database: Database, number: int, viewer: Viewer = SIGNS, **wished: Any) -> int:
    async with database.unit_of_work() as session:
        given = {"day": TODAY, "reason": COSTS, **wished}
        return (await amend(session, viewer, number, AmendmentWish(**given))).id


async def ended(database: Database, number: int, day: date = SOON, viewer: Viewer = SIGNS, why: str = WHY) -> None:
    async with database.unit_of_work() as session:
        await terminate(session, viewer, number, day, why)


async def contract(database: Database, number: int) -> Contract:
    async with database.reading() as session:
        return await session.get_one(Contract, number)


async def price_on(database: Database, day: date) -> Decimal:
    async with database.reading() as session:
        statement = contract_lines_in_force(SIGNS, Kitchen.id == 1, [CARROT], day, (day, day))
        (rows,) = await read_together(session, [statement])
    ((term,),) = contract_terms_of(rows).values()
    return term.price_on(day)


async def ordered(database: Database, day: date, amount: str = "10.00", source: str = "order 1 line 1") -> Ground:
    async with database.unit_of_work() as session:
        (ground,) = await engage(session, SIGNS, 1, day, [LineToBuy(2, CARROT, 4, Decimal(amount), source)])
        return ground


async def test_a_terminated_contract_takes_no_order_after_its_day_and_keeps_those_it_has(market: Database) -> None:
    await register(market)
    number = await recorded(market)
    await ordered(market, TODAY, "120.00")
    await ended(market, number)
    kept = await contract(market, number)
    assert (kept.end_day, kept.terminated_on, kept.ordered_amount) == (SOON, SOON, Decimal("120.00"))
    assert (await ordered(market, SOON, source="order 2 line 1")).kind is GroundKind.CONTRACT_LINE
    late = await ordered(market, SOON + timedelta(days=1), source="order 3 line 1")
    assert late.kind is GroundKind.FREE_PURCHASE
    async with market.reading() as session:
        (change,) = (await session.scalars(select(ContractChange))).all()
        trace = (await session.scalars(select(ChangeEvent).where(ChangeEvent.subject == "contracts"))).all()[-1]
        letter = (await session.scalars(select(OutgoingMail))).one()
    assert (change.kind, change.day, change.reason, change.before_end_day) == (
        ContractChangeKind.TERMINATION, SOON, WHY, END,
    )  # fmt: skip
    assert (trace.actor, trace.before, (trace.after or {})["end_day"]) == (
        "account 1", {"end_day": f"{END}", "max_amount": "1000.00"}, f"{SOON}",
    )  # fmt: skip
    assert letter.party == "ferme_01"
    assert WHY in letter.body


async def test_what_is_terminated_never_changes_again(market: Database) -> None:
    number = await recorded(market)
    await ended(market, number)
    with pytest.raises(refusals.ContractOver, match="résilié"):
        await ended(market, number, SOON - timedelta(days=1))
    with pytest.raises(refusals.ContractOver, match="nouveau marché"):
        await amended(market, number, end=END)


async def test_a_contract_past_its_last_day_is_over(on_sqlite: Database) -> None:
    number = await recorded(on_sqlite, start=date(2024, 9, 1), end=date(2025, 8, 31))
    with pytest.raises(refusals.ContractOver, match="31/08/2025"):
        await amended(on_sqlite, number, end=SOON)


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), END, END + timedelta(days=1)])
async def test_a_contract_ends_neither_in_the_past_nor_after_its_end(on_sqlite: Database, day: date) -> None:
    number = await recorded(on_sqlite)
    with pytest.raises(refusals.InvalidChange, match="au plus tôt"):
        await ended(on_sqlite, number, day)
    assert (await contract(on_sqlite, number)).end_day == END


async def test_an_avenant_changes_the_end_and_the_maximum_and_says_what_was_before(market: Database) -> None:
    number = await recorded(market)
    later = date(2030, 8, 31)
    await amended(market, number, end=later, most=Decimal("2000.00"))
    await amended(market, number, most=Decimal("1500.00"))
    kept = await contract(market, number)
    assert (kept.end_day, kept.max_amount) == (later, Decimal("1500.00"))
    async with market.reading() as session:
        rows = (await session.scalars(select(ContractChange).order_by(ContractChange.rank))).all()
    assert [(row.rank, row.before_end_day, row.end_day) for row in rows] == [(1, END, later), (2, later, later)]
    assert [(row.before_max_amount, row.max_amount) for row in rows] == [
        (Decimal("1000.00"), Decimal("2000.00")),
        (Decimal("2000.00"), Decimal("1500.00")),
    ]
    assert (await ordered(market, END + timedelta(days=1), "1200.00")).kind is GroundKind.CONTRACT_LINE


async def test_a_maximum_never_falls_below_what_is_ordered(market: Database) -> None:
    number = await recorded(market)
    await ordered(market, TODAY, "300.00")
    with pytest.raises(refusals.BelowOrdered, match="300"):
        await amended(market, number, most=Decimal("299.99"))
    await amended(market, number, most=Decimal("300.00"))
    with pytest.raises(refusals.BeyondMaximum):
        await ordered(market, TODAY, "0.01", "order 2 line 1")


@pytest.mark.parametrize(
    ("wished", "refused", "says"),
    [
        ({"end": date(2030, 9, 1)}, refusals.InvalidContract, "CCP-32"),
        ({"most": Decimal("216000.00")}, refusals.InvalidContract, "CCP-13"),
        ({"most": Decimal("50.00")}, refusals.InvalidContract, "minimum"),
        ({"most": Decimal("NaN")}, refusals.InvalidContract, "CCP-32"),
        ({}, refusals.InvalidChange, "ne change rien"),
        ({"end": END, "most": Decimal("1000.00")}, refusals.InvalidChange, "ne change rien"),
        ({"end": TODAY - timedelta(days=1)}, refusals.InvalidChange, "passé"),
        ({"prices": {1: Decimal("1.10")}, "day": TODAY - timedelta(days=1)}, refusals.InvalidChange, "prend effet"),
        ({"prices": {1: Decimal("1.10")}, "day": END + timedelta(days=1)}, refusals.InvalidChange, "prend effet"),
        ({"prices": {99: Decimal("1.10")}}, refusals.InvalidChange, "ligne 99"),
        ({"prices": {1: Decimal(0)}}, refusals.InvalidChange, "€/kg"),
        ({"prices": {1: Decimal("1.00001")}}, refusals.InvalidChange, "décimales"),
        ({"most": Decimal("2000.00"), "reason": "ok"}, refusals.ReasonMissing, "motif"),
        ({"most": Decimal("2000.00"), "reason": "." * 40}, refusals.ReasonMissing, "ni lettre ni chiffre"),
    ],
)
async def test_an_avenant_that_the_law_or_sense_does_not_allow_is_refused(
    on_sqlite: Database, wished: dict[str, Any], refused: type[Exception], says: str
) -> None:
    number = await recorded(on_sqlite)
    with pytest.raises(refused, match=says):
        await amended(on_sqlite, number, **wished)
    kept = await contract(on_sqlite, number)
    assert (kept.end_day, kept.max_amount) == (END, Decimal("1000.00"))
    async with on_sqlite.reading() as session:
        assert (await session.scalars(select(ContractChange))).all() == []


async def test_a_short_contract_with_fixed_prices_is_not_made_long(on_sqlite: Database) -> None:
    lots = [LotWish(1, "Carottes", Decimal("1000.00"), [replace(CARROTS, clause=None)])]
    number = await recorded(on_sqlite, start=TODAY, end=TODAY + timedelta(days=60), lots=lots)
    with pytest.raises(refusals.InvalidContract, match="CCP-33"):
        await amended(on_sqlite, number, end=TODAY + timedelta(days=400))


async def test_without_competition_an_avenant_stays_below_the_threshold_too(on_sqlite: Database) -> None:
    number = await recorded(on_sqlite, procedure=Procedure.BELOW_THRESHOLD)
    await ordered(on_sqlite, TODAY, "400.00")
    with pytest.raises(refusals.AboveThreshold, match="CCP-21"):
        await amended(on_sqlite, number, most=Decimal("60000.00"))
    await amended(on_sqlite, number, most=Decimal("59999.99"))


async def test_a_new_price_holds_from_its_day_and_the_index_goes_on_from_it(market: Database) -> None:
    """1 € at index 100; the index is 110 when 1,50 € is agreed; at 121 the moving 80 % of 1,50 € rise by a tenth."""
    number = await recorded(market)
    async with market.unit_of_work() as session:
        await record_index_values(session, DEPARTEMENT, [IndexWish(INDEX, date(2026, 9, 15), Decimal(110))])
    day = date(2027, 2, 10)
    await amended(market, number, day=day, prices={1: Decimal("1.50")})
    assert await price_on(market, day - timedelta(days=1)) == Decimal("1.0800")
    assert await price_on(market, day) == Decimal("1.5000")
    async with market.unit_of_work() as session:
        await record_index_values(session, DEPARTEMENT, [IndexWish(INDEX, date(2027, 3, 1), Decimal(121))])
        await record_index_values(session, DEPARTEMENT, [IndexWish(INDEX, date(2027, 1, 1), Decimal(105))])
    assert await price_on(market, date(2027, 1, 5)) == Decimal("1.0400"), "before its day the signed price goes on"
    assert await price_on(market, day) == Decimal("1.5000")
    assert await price_on(market, date(2027, 3, 1)) == Decimal("1.6200")
    async with market.reading() as session:
        (said,) = (await session.scalars(select(ContractPriceChange))).all()
    assert (said.before_price_eur_per_kg, said.price_eur_per_kg, said.base_index) == (
        Decimal("1.0800"), Decimal("1.5000"), Decimal(110),
    )  # fmt: skip


async def test_what_an_index_has_said_of_later_days_is_worked_out_again_and_nothing_is_overwritten(
    market: Database,
) -> None:
    number = await recorded(market)
    async with market.unit_of_work() as session:
        await record_index_values(session, DEPARTEMENT, [IndexWish(INDEX, date(2027, 3, 1), Decimal(120))])
    assert await price_on(market, date(2027, 3, 1)) == Decimal("1.1600")
    await amended(market, number, day=date(2027, 2, 10), prices={1: Decimal("2.00")})
    assert await price_on(market, date(2027, 2, 28)) == Decimal("2.0000")
    assert await price_on(market, date(2027, 3, 1)) == Decimal("2.3200")
    async with market.reading() as session:
        rows = (await session.scalars(select(PriceRevision).order_by(PriceRevision.id))).all()
    assert [(row.price_eur_per_kg, row.index_value_id is None, row.change_id is None) for row in rows] == [
        (Decimal("1.1600"), False, True),
        (Decimal("2.0000"), True, False),
        (Decimal("2.3200"), False, False),
    ]


async def test_a_price_that_was_agreed_knows_what_its_index_had_said_by_then(on_sqlite: Database) -> None:
    number = await recorded(on_sqlite)
    await amended(on_sqlite, number, day=date(2027, 2, 1), prices={1: Decimal("2.00")})
    async with on_sqlite.unit_of_work() as session:
        await record_index_values(session, DEPARTEMENT, [IndexWish(INDEX, date(2027, 1, 20), Decimal(120))])
    assert await price_on(on_sqlite, date(2027, 1, 31)) == Decimal("1.0000")
    assert await price_on(on_sqlite, date(2027, 2, 1)) == Decimal("2.0000")


async def test_an_agreed_price_that_its_index_would_make_absurd_is_refused(on_sqlite: Database) -> None:
    number = await recorded(on_sqlite)
    async with on_sqlite.unit_of_work() as session:
        await record_index_values(session, DEPARTEMENT, [IndexWish(INDEX, date(2027, 3, 1), Decimal(900))])
    with pytest.raises(refusals.InvalidChange, match="passerait à"):
        await amended(on_sqlite, number, day=date(2027, 2, 10), prices={1: Decimal("900.00")})


async def test_who_may_change_a_contract(market: Database) -> None:
    number = await recorded(market)
    for viewer in (COOKS, FARMS[1], AUDITOR):
        with pytest.raises(refusals.NotBuyer):
            await amended(market, number, viewer, most=Decimal("2000.00"))
        with pytest.raises(refusals.NotBuyer):
            await ended(market, number, viewer=viewer)
    with pytest.raises(refusals.UnknownContract):
        await ended(market, number, viewer=ELSEWHERE)
    one_member = replace(SIGNS, kitchens=frozenset(sorted(SIGNS.kitchens)[:1]))
    with pytest.raises(refusals.NotBuyer):
        await ended(market, number, viewer=one_member)
    await amended(market, number, DEPARTEMENT, most=Decimal("2000.00"))


async def test_who_reads_a_contract_reads_what_changed_it(market: Database) -> None:
    number = await recorded(market)
    await amended(market, number, prices={1: Decimal("1.10")})
    async with market.reading() as session:
        for viewer, readable in ((SIGNS, 1), (FARMS[1], 1), (AUDITOR, 1), (FARMS[0], 0), (ELSEWHERE, 0)):
            assert len((await session.scalars(changes_visible_to(viewer))).all()) == readable, viewer
            assert len((await session.scalars(price_changes_visible_to(viewer))).all()) == readable, viewer


async def test_the_database_keeps_a_price_without_a_cause_out(market: Database) -> None:
    await recorded(market)
    with pytest.raises(Exception, match="has_cause"):
        async with market.unit_of_work() as session:
            await session.execute(
                text("INSERT INTO price_revisions (line_id, effective_from, price_eur_per_kg) VALUES (1, :day, 10000)"),
                {"day": START if market.engine.dialect.name == "postgresql" else START.isoformat()},
            )
