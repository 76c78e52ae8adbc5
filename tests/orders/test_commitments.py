"""What a line takes of its contract follows what is agreed, then what is accepted; never beyond the maximum."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, update

from catering.db import Database
from catering.market.models import Offer
from catering.moment import Clock
from catering.orders.committing import commit_lines
from catering.orders.models import OrderLine
from catering.orders.sending import send
from catering.procurement.models import Contract, Engagement
from catering.procurement.service.contracting import ContractWish, LineWish, LotWish, record_contract
from catering.procurement.vocabulary import Procedure
from catering.receiving import refusals
from catering.receiving.models import ReceptionLine
from catering.receiving.rules.billing import amount_of
from catering.receiving.service.receive import Noted, NotedLine, Pass, correct, receive
from catering.receiving.vocabulary import Decision, ReceptionReason
from tests.api.dataset import uai
from tests.orders.market import CARROT, CRATE_G, MONDAY, NOW, buyer, fill, place, stock_market
from tests.procurement.contracting import CLAUSE

ARRIVAL = datetime(2026, 9, 14, 8, 0, tzinfo=UTC)
ORDERED = 10 * CRATE_G
WORTH = Decimal("125.00")
"""€ of what is ordered: 50 kg at the 2,50 €/kg of the contract."""


@pytest.fixture
async def ordered(any_database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Ten crates of variable weight ordered on a contract that has room for half a crate more."""
    monkeypatch.setattr(Clock, "fixed", NOW)
    await stock_market(any_database)
    lot = LotWish(1, "Carottes", Decimal("135.00"), [LineWish("ingredient_02", "C", Decimal("2.5000"), clause=CLAUSE)])
    wish = ContractWish(
        kitchen=uai(0), members=[uai(0)], number="M1", title="Légumes", supplier="ferme_0",
        procedure=Procedure.ADAPTED, start=date(2026, 9, 1), end=date(2027, 8, 31), least=Decimal("0.00"),
        most=Decimal("135.00"), lots=[lot],
    )  # fmt: skip
    async with any_database.unit_of_work() as session:
        await session.execute(update(Offer).where(Offer.ingredient_id == CARROT).values(variable_weight=True))
        await record_contract(session, buyer(), wish)
        seen = await fill(session, 0, [("carottes_0", 10)])
    async with any_database.unit_of_work() as session:
        await send(session, buyer(), place(0, seen), {}, NOW, grounds=commit_lines)
    monkeypatch.setattr(Clock, "fixed", ARRIVAL)
    return any_database


async def arrives(database: Database, packs: int, grams: int, *, done: bool = True, **more: Any) -> None:
    line = NotedLine(
        position=1, decision=more.pop("decision", Decision.ACCEPTED), delivered_packs=packs, delivered_g=grams,
        lot="A", **more,
    )  # fmt: skip
    given = Pass(order_id=1, day=MONDAY, lines=[line] if packs else [], noted_at=ARRIVAL, complete=done)
    async with database.unit_of_work() as session:
        await receive(session, buyer(), given)


async def correction(database: Database, decision: Decision, packs: int, grams: int) -> None:
    reason = None if decision is Decision.ACCEPTED else ReceptionReason.QUALITY
    noted = Noted(decision=decision, delivered_packs=packs, delivered_g=grams, lot="A", reason=reason)
    async with database.unit_of_work() as session:
        last = await session.scalar(select(func.max(ReceptionLine.id)))
        assert last is not None
        await correct(session, buyer(), last, noted, "recompté")


async def taken(database: Database) -> Decimal:
    """€ that the contract and the need hold: the same."""
    async with database.reading() as session:
        (contract,) = await session.scalars(select(Contract))
        need = await session.scalar(select(func.sum(Engagement.amount)))
    assert contract.ordered_amount == need
    return contract.ordered_amount


async def worth(database: Database, grams: int) -> Decimal:
    async with database.reading() as session:
        return amount_of(await session.get_one(OrderLine, 1), grams)


async def test_what_is_refused_is_given_back(ordered: Database) -> None:
    assert await taken(ordered) == await worth(ordered, ORDERED) == WORTH
    await arrives(ordered, 10, ORDERED, decision=Decision.REFUSED, reason=ReceptionReason.QUALITY)
    assert await taken(ordered) == 0
    await correction(ordered, Decision.ACCEPTED, 10, ORDERED)
    assert await taken(ordered) == WORTH
    await correction(ordered, Decision.ACCEPTED, 4, 4 * CRATE_G)
    assert await taken(ordered) == await worth(ordered, 4 * CRATE_G)


async def test_what_is_still_to_come_stays_committed(ordered: Database) -> None:
    await arrives(ordered, 4, 4 * CRATE_G, done=False)
    assert await taken(ordered) == WORTH
    await arrives(ordered, 0, 0)
    assert await taken(ordered) == await worth(ordered, 4 * CRATE_G)


async def test_what_weighs_more_is_committed_as_soon_as_it_is_there(ordered: Database) -> None:
    await arrives(ordered, 9, 50_500, done=False)
    assert await taken(ordered) == await worth(ordered, 50_500) > WORTH
    await arrives(ordered, 0, 0)
    assert await taken(ordered) == await worth(ordered, 50_500)


async def test_no_weight_passes_the_maximum(ordered: Database) -> None:
    with pytest.raises(refusals.BeyondContract, match="ne reste que 10,00\u00a0€"):
        await arrives(ordered, 10, 55_000)
    assert await taken(ordered) == WORTH
    some = {"decision": Decision.RESERVED, "reason": ReceptionReason.WEIGHT, "accepted_packs": 10}
    await arrives(ordered, 10, 55_000, accepted_g=52_500, **some)
    assert await taken(ordered) == await worth(ordered, 52_500) <= Decimal("135.00")
    with pytest.raises(refusals.BeyondContract):
        await correction(ordered, Decision.ACCEPTED, 10, 55_000)
    assert await taken(ordered) == await worth(ordered, 52_500)
