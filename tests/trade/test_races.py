"""Everybody asks at once, on SQLite and on the real PostgreSQL server: whoever comes first, the books agree."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, update

from catering.db import Database
from catering.market.models import Certificate
from catering.moment import Clock
from catering.orders.models import Order, OrderLine
from catering.procurement.models import Contract, Engagement
from catering.receiving.models import Invoice, InvoiceLine, Reception, ReceptionLine
from catering.receiving.rules.billing import amount_of
from catering.receiving.vocabulary import InvoiceState
from tests.api.dataset import uai
from tests.orders.market import CRATE_G, MONDAY, NOW, WEEK, buyer, seller
from tests.trade.audit import faults
from tests.trade.doors import AFTERWARDS, MOST, Doors, open_market

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
KITCHENS = 8
TODAY = AFTERWARDS.date().isoformat()
SEEN = Decimal("13.3456")
"""€ per pack of the carrots of the farm 1 outside its contract, which gives 12.50 €; leeks cost the same."""


@pytest.fixture
async def doors(any_database: Database, monkeypatch: pytest.MonkeyPatch) -> Doors:
    """The market of eight kitchens on an empty database."""
    monkeypatch.setattr(Clock, "fixed", NOW)
    await open_market(any_database, kitchens=KITCHENS)
    return Doors(any_database)


async def at_once(*doings: Awaitable[Any]) -> list[Any]:
    return list(await asyncio.gather(*doings))


def kinds(answers: list[Any]) -> Counter[str]:
    """How many answers of each kind."""
    return Counter(answer["__typename"] for answer in answers)


async def rows(doors: Doors, table: Any) -> list[Any]:
    async with doors.database.reading() as session:
        return list(await session.scalars(select(table).order_by(table.id)))


async def agree(doors: Doors) -> bool:
    async with doors.database.reading() as session:
        assert await faults(session) == []
    return True


async def shipped(doors: Doors, offer: str, packs: int, kitchen: int = 0) -> str:
    """An order that is on its way; its number."""
    await doors.put(kitchen, offer, packs)
    (order,) = (await doors.send(kitchen))["orders"]
    farm, number = seller(int(offer[-1])), order["id"]
    await doors(farm, "producer/AcceptOrder", orderId=number, packs=[])
    await doors(farm, "producer/ShipOrder", NOW.replace(day=13), orderId=number)
    return str(order["id"])


async def test_nobody_pays_a_price_they_have_not_seen_while_a_price_list_changes(doors: Doors) -> None:
    for kitchen in range(KITCHENS):
        await doors.put(kitchen, "poireaux_1", 3)
    listed = {"name": "Collèges", "validFrom": "2026-09-01", "kitchens": [uai(each) for each in range(KITCHENS)]}
    price = {"offer": "poireaux_1", "priceEurPerPack": "9.9999", "since": "2026-09-01"}

    async def list_price() -> Any:
        return await doors(
            seller(1), "producer/OpenPriceList", supplier="ferme_1", priceList=listed, prices=[price]
        )  # fmt: skip

    async def change_price() -> Any:
        change = {"id": "poireaux_1", "priceEurPerPack": "15.0001"}
        return await doors(seller(1), "producer/ChangeOffers", supplier="ferme_1", changes=[change])

    sends = [doors.send(kitchen) for kitchen in range(KITCHENS)]
    answers = await at_once(*sends[:3], list_price(), *sends[3:6], change_price(), *sends[6:])
    told = kinds(answers)
    assert set(told) <= {"BasketSent", "TermsChanged", "PriceListOpened", "OffersChanged"}
    assert (told["PriceListOpened"], told["OffersChanged"]) == (1, 1)
    assert {line.price_eur_per_pack for line in await rows(doors, OrderLine)} <= {SEEN}
    assert len(await rows(doors, Order)) == told["BasketSent"]
    assert await agree(doors)
    await doors.put(0, "poireaux_1", 3, seen=2 if answers[0]["__typename"] == "BasketSent" else 1)
    version = 3 if answers[0]["__typename"] == "BasketSent" else 2
    assert (await doors.send(0, seen=version))["__typename"] == "BasketSent"
    assert (await rows(doors, OrderLine))[-1].price_eur_per_pack == Decimal("9.9999"), "as seen afterwards"


async def test_the_kitchens_of_a_group_never_order_beyond_the_maximum_of_their_contract(doors: Doors) -> None:
    for kitchen in range(KITCHENS):
        await doors.put(kitchen, "carottes_1", 3)
    told = kinds(await at_once(*(doors.send(kitchen) for kitchen in range(KITCHENS))))
    each = Decimal("37.50")
    assert told["BasketSent"] == MOST // each
    assert set(told) == {"BasketSent", "BeyondMaximum"}
    (contract,) = await rows(doors, Contract)
    assert contract.ordered_amount == told["BasketSent"] * each
    assert await agree(doors)


async def test_deliveries_heavier_than_ordered_do_not_pass_the_maximum_together(doors: Doors) -> None:
    """Four orders leave 10 € of the contract; each delivery weighs 6.25 € more than ordered, so that one fits."""
    orders = [await shipped(doors, "carottes_1", 3, kitchen) for kitchen in range(4)]
    told = kinds(
        await at_once(
            *(
                doors.receive(kitchen, order, deliveredPacks=3, deliveredG=3 * CRATE_G + 2_500)
                for kitchen, order in enumerate(orders)
            )
        )
    )
    assert told == {"DeliveryReceived": 1, "BeyondContract": 3}
    (contract,) = await rows(doors, Contract)
    assert contract.ordered_amount == 4 * Decimal("37.50") + Decimal("6.25") <= MOST
    assert await agree(doors)


async def test_what_is_sent_after_a_certificate_has_ended_is_refused(doors: Doors) -> None:
    for kitchen in range(KITCHENS):
        await doors.put(kitchen, "poireaux_1", 3)
    ended = asyncio.Event()

    async def end() -> None:
        async with doors.database.unit_of_work() as session:
            await session.execute(update(Certificate).values(valid_to=MONDAY - timedelta(days=1)))
        ended.set()

    async def send_afterwards(kitchen: int) -> Any:
        await ended.wait()
        return await doors.send(kitchen)

    racing = [doors.send(kitchen) for kitchen in range(5)]
    answers = await at_once(*racing[:3], end(), *racing[3:], *(send_afterwards(kitchen) for kitchen in (5, 6, 7)))
    answers.pop(3)
    told = kinds(answers)
    assert set(told) <= {"BasketSent", "NotProven"}
    assert kinds(answers[-3:]) == {"NotProven": 3}
    lines = await rows(doors, OrderLine)
    assert len(lines) == told["BasketSent"]
    assert {(line.label, line.certificate_number) for line in lines} <= {("BIO", "N1")}
    assert await agree(doors)


async def test_two_tablets_that_note_one_delivery_differently_are_one_reception(doors: Doors) -> None:
    order = await shipped(doors, "poireaux_0", 4)
    told = kinds(
        await at_once(
            *(doors.receive(0, order, deliveredPacks=4, deliveredG=4 * CRATE_G + odd) for odd in (-200, 0, 150, 300))
        )
    )
    assert told == {"DeliveryReceived": 1, "AlreadyReceived": 3}
    assert len(await rows(doors, Reception)) == 1
    assert await agree(doors)


async def test_an_invoice_issued_while_the_reception_is_corrected_ends_up_right(doors: Doors) -> None:
    order = await shipped(doors, "poireaux_0", 4)
    await doors.receive(0, order, deliveredPacks=4, deliveredG=4 * CRATE_G)
    (line,) = await rows(doors, ReceptionLine)

    async def correct(number: int, grams: int) -> Any:
        noted = {"decision": "ACCEPTED", "deliveredPacks": 4, "deliveredG": grams, "lot": "A"}
        return await doors(
            buyer(), "chef/CorrectReception", AFTERWARDS, lineId=str(number), noted=noted, why="repesé"
        )  # fmt: skip

    async def issue() -> Any:
        return await doors(seller(0), "producer/IssueInvoice", AFTERWARDS, orderIds=[order], issuedOn=TODAY)

    told = kinds(await at_once(issue(), correct(line.id, 19_321), issue(), correct(line.id, 18_765), issue()))
    assert told["ReceptionCorrected"] == 1
    assert told["InvoiceIssued"] >= 1
    assert set(told) <= {"ReceptionCorrected", "AlreadyCorrected", "InvoiceIssued", "NothingToInvoice"}
    await issue()
    assert (await issue())["__typename"] == "NothingToInvoice"
    (sold,) = await rows(doors, OrderLine)
    async with doors.database.reading() as session:
        billed = (
            await session.execute(select(func.sum(InvoiceLine.grams), func.sum(InvoiceLine.amount_excl_tax)))
        ).one()
    assert tuple(billed) == (sold.received_g, amount_of(sold, sold.received_g))
    assert await agree(doors)


async def test_an_invoice_is_not_approved_on_a_reception_that_was_corrected_before(doors: Doors) -> None:
    """Whoever is first: approved, then corrected and credited; or corrected, and not good for payment."""
    order = await shipped(doors, "poireaux_0", 4)
    await doors.receive(0, order, deliveredPacks=4, deliveredG=4 * CRATE_G)
    (line,) = await rows(doors, ReceptionLine)
    issued = await doors(seller(0), "producer/IssueInvoice", AFTERWARDS, orderIds=[order], issuedOn=TODAY)
    noted = {"decision": "ACCEPTED", "deliveredPacks": 4, "deliveredG": 19_000, "lot": "A"}
    approve, correct = await at_once(
        doors(buyer(), "chef/ApproveInvoice", AFTERWARDS, invoiceId=issued["invoice"]["id"]),
        doors(buyer(), "chef/CorrectReception", AFTERWARDS, lineId=str(line.id), noted=noted, why="repesé"),
    )
    assert correct["__typename"] == "ReceptionCorrected"
    (invoice,) = await rows(doors, Invoice)
    approved = approve["__typename"] == "InvoiceApproved"
    assert (invoice.state is InvoiceState.APPROVED) is approved
    assert approved or approve["__typename"] == "NotApprovable"
    note = await doors(seller(0), "producer/IssueInvoice", AFTERWARDS, orderIds=[order], issuedOn=TODAY)
    assert note["invoice"]["kind"] == "CREDIT_NOTE"
    assert await agree(doors)


async def test_one_key_for_different_baskets_at_once_sends_one(doors: Doors) -> None:
    """The same person gives one key to four weeks: one is sent, the others are told so and stay in their baskets."""
    weeks = [WEEK + timedelta(days=7 * each) for each in range(4)]
    for week in weeks:
        await doors.put(0, "poireaux_2", 3, week=week)
    told = kinds(await at_once(*(doors.send(0, week=week, key="one-key-for-all") for week in weeks)))
    assert told == {"BasketSent": 1, "KeyRefused": 3}
    assert len(await rows(doors, Order)) == 1
    assert len(await rows(doors, Engagement)) == 1
    assert await agree(doors)
