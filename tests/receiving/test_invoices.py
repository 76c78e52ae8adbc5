"""Invoices say what was accepted, to the cent; whatever else they say is named; credits close the gap."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from catering import refusal
from catering.db import Database
from catering.market.delivered import vat_of
from catering.orders.models import OrderLine
from catering.orders.refusals import UnknownLine, UnknownOrder
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer
from catering.purchases.models import PurchaseLine
from catering.receiving import refusals
from catering.receiving.models import CreditRequest, Invoice, InvoiceEvent, InvoiceLine, ReceptionLine
from catering.receiving.rules.billing import Books, amount_of, differences, to_bill, to_give_back, totals_by_rate
from catering.receiving.service.credit import decline, grant
from catering.receiving.service.invoice import Paper, PaperLine, approve, enter, issue, match
from catering.receiving.service.receive import correct, receive
from catering.receiving.service.rejecting import reject
from catering.receiving.vocabulary import (
    CreditState,
    Decision,
    DifferenceKind,
    InvoiceKind,
    InvoiceState,
    ReceptionReason,
)
from tests.receiving.world import (
    BOTH,
    BURSAR,
    CARROT,
    CHEF,
    FARMER,
    FARMS,
    MILK,
    MINCE,
    NUTRITION,
    OTHER_CHEF,
    OTHER_FARMER,
    TODAY,
    a_pass,
    noted,
    order_id,
    rows,
    uai,
    whole,
)  # fmt: skip

DAY = timedelta(days=1)


async def done(world: Database, verb: Any, *given: Any, viewer: Viewer = BURSAR) -> Any:
    async with world.unit_of_work() as session:
        return await verb(session, viewer, *given)


async def issued(world: Database, *order_ids: int, number: str | None = None, viewer: Viewer = FARMER) -> Invoice:
    return await done(world, issue, list(order_ids or (order_id(),)), TODAY, number, viewer=viewer)


async def billed_lines(world: Database, invoice: Invoice) -> list[InvoiceLine]:
    async with world.reading() as session:
        found = await session.scalars(
            select(InvoiceLine).where(InvoiceLine.invoice_id == invoice.id).order_by(InvoiceLine.position)
        )
        return list(found)


async def printed(world: Database, **changed: Any) -> Paper:
    """The paper invoice of the whole first order, as it should be; ``changed`` replaces fields of its first line."""
    total = changed.pop("stated_total", None)
    lines = []
    for line in await rows(world, OrderLine, OrderLine.order_id == order_id()):
        said = {
            "order_id": line.order_id, "position": line.position, "product": line.product, "grams": line.grams,
            "amount": line.amount, "vat_pct": line.vat_pct, "vat": line.vat,
        }  # fmt: skip
        lines.append(PaperLine(**{**said, **({} if lines else changed)}))
    right = sum((line.amount + line.vat for line in lines), Decimal(0))
    return Paper(
        uai=uai(0), supplier=FARMS[0], number="2026-117", issued_on=TODAY, lines=lines, stated_total=total or right
    )


async def test_an_invoice_is_the_sum_of_what_was_accepted(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    invoice = await issued(world)
    lines = await billed_lines(world, invoice)
    ordered = await rows(world, OrderLine, OrderLine.order_id == order_id())
    assert [(each.grams, each.amount_excl_tax, each.vat) for each in lines] == [
        (each.grams, each.amount, each.vat) for each in ordered
    ]
    assert (invoice.kind, invoice.state, invoice.number) == (
        InvoiceKind.INVOICE,
        InvoiceState.MATCHED,
        f"P{TODAY.year}-00001",
    )
    assert invoice.amount_excl_tax == sum(each.amount_excl_tax for each in lines)
    assert invoice.vat == sum(each.vat for each in lines)
    assert {(row.invoice_number, row.invoiced_on) for row in await rows(world, PurchaseLine)} == {
        (invoice.number, TODAY)
    }


async def test_what_is_billed_is_not_billed_again(world: Database) -> None:
    await done(world, receive, a_pass(noted(CARROT)), viewer=CHEF)
    await issued(world)
    with pytest.raises(refusals.NothingToInvoice):
        await issued(world)
    await done(world, receive, a_pass(noted(MILK)), viewer=CHEF)
    second = await issued(world)
    assert ([line.product for line in await billed_lines(world, second)], second.number) == (
        ["Lait"],
        f"P{TODAY.year}-00002",
    )


async def test_an_invoice_leaves_out_what_was_refused(world: Database) -> None:
    refused = noted(MILK, decision=Decision.REFUSED, reason=ReceptionReason.DAMAGED)
    await done(world, receive, a_pass(noted(CARROT), refused), viewer=CHEF)
    invoice = await issued(world)
    assert len(await billed_lines(world, invoice)) == 1
    assert [each.state for each in await rows(world, CreditRequest)] == [CreditState.NOT_INVOICED]


async def test_an_invoice_as_shipped_is_disputed_until_the_credit_note_comes(world: Database) -> None:
    some = noted(CARROT, decision=Decision.RESERVED, reason=ReceptionReason.QUALITY, accepted_packs=3)
    await done(world, receive, a_pass(some, noted(MINCE), noted(MILK)), viewer=CHEF)
    invoice = await done(world, enter, await printed(world))
    assert invoice.state is InvoiceState.DISPUTED
    (event,) = [each for each in await events(world, invoice) if each.state is InvoiceState.DISPUTED]
    assert [(each["kind"], each["expected"], each["stated"]) for each in event.data["differences"]] == [
        ("quantity", "30000", "40000")
    ]
    with pytest.raises(refusals.NotApprovable, match="contestée"):
        await done(world, approve, invoice.id)
    (asked,) = await rows(world, CreditRequest)
    answered = await done(world, grant, asked.id, TODAY, viewer=FARMER)
    assert answered.state is CreditState.GRANTED
    note = (await rows(world, Invoice))[1]
    assert (note.kind, note.amount_excl_tax, note.vat) == (InvoiceKind.CREDIT_NOTE, -asked.amount, -asked.vat)
    assert (await done(world, match, invoice.id)).state is InvoiceState.MATCHED
    assert (await done(world, approve, invoice.id)).state is InvoiceState.APPROVED
    with pytest.raises(refusals.NotApprovable, match="déjà approuvée"):
        await done(world, approve, invoice.id)
    states = [each.state for each in await events(world, invoice)]
    assert [each.value for each in states] == ["received", "disputed", "matched", "approved"]
    assert await billed_total(world) == await bought_total(world)


async def events(world: Database, invoice: Invoice) -> list[InvoiceEvent]:
    async with world.reading() as session:
        found = await session.scalars(
            select(InvoiceEvent).where(InvoiceEvent.invoice_id == invoice.id).order_by(InvoiceEvent.seq)
        )
        return list(found)


async def billed_total(world: Database) -> Decimal:
    return sum((each.amount_excl_tax for each in await rows(world, Invoice)), Decimal(0))


async def bought_total(world: Database) -> Decimal:
    return sum((each.amount_excl_tax for each in await rows(world, PurchaseLine)), Decimal(0))


async def test_a_correction_after_the_invoice_is_given_back(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    invoice = await issued(world)
    line = (await rows(world, ReceptionLine))[0]
    await done(world, correct, line.id, noted(CARROT, packs=2), "deux caisses seulement", viewer=CHEF)
    with pytest.raises(refusals.NotApprovable, match="devenue inexacte"):
        await done(world, approve, invoice.id)
    note = await issued(world)
    assert note.kind is InvoiceKind.CREDIT_NOTE
    bought = await rows(world, PurchaseLine, PurchaseLine.grams < 0)
    assert [row.invoice_number for row in bought] == [note.number], "the credit note is the invoice of what it gives"
    assert await billed_total(world) == await bought_total(world)
    assert (await done(world, approve, invoice.id)).state is InvoiceState.APPROVED


async def test_a_credit_is_a_paper_of_its_own_whatever_else_is_to_bill(world: Database) -> None:
    await done(world, receive, a_pass(noted(CARROT)), viewer=CHEF)
    first = await issued(world)
    (line,) = await rows(world, ReceptionLine)
    less = noted(CARROT, decision=Decision.RESERVED, accepted_packs=3, reason=ReceptionReason.QUALITY)
    await done(world, correct, line.id, less, "une caisse pourrie", viewer=CHEF)
    await done(world, receive, a_pass(noted(MILK)), viewer=CHEF)
    (asked,) = await rows(world, CreditRequest)
    given = await done(world, grant, asked.id, TODAY, "Avoir accordé", viewer=FARMER)
    (note,) = await rows(world, Invoice, Invoice.id != first.id)
    assert (given.state, given.credit_note_id) == (CreditState.GRANTED, note.id)
    assert (note.kind, note.amount_excl_tax) == (InvoiceKind.CREDIT_NOTE, Decimal("-14.60"))
    await done(world, reject, note.id, "avoir en double")
    assert [each.state for each in await rows(world, CreditRequest)] == [CreditState.ASKED]
    milk = await issued(world)
    assert [each.product for each in await billed_lines(world, milk)] == ["Lait"]
    assert [each.state for each in await rows(world, CreditRequest)] == [CreditState.ASKED], "still too much is billed"
    assert (await issued(world)).kind is InvoiceKind.CREDIT_NOTE
    assert [each.state for each in await rows(world, CreditRequest)] == [CreditState.GRANTED]
    assert (await done(world, approve, first.id)).state is InvoiceState.APPROVED


async def test_a_credit_is_asked_for_the_cents_that_its_note_gives_back(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    await issued(world)
    line = (await rows(world, ReceptionLine))[0]
    found = noted(CARROT, decision=Decision.RESERVED, accepted_packs=2, reason=ReceptionReason.DAMAGED)
    await done(world, correct, line.id, found, "deux caisses pourries", viewer=CHEF)
    note = await issued(world)
    (asked,) = await rows(world, CreditRequest)
    assert (asked.amount, asked.vat) == (-note.amount_excl_tax, -note.vat) == (Decimal("29.20"), Decimal("1.61"))


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"amount": Decimal("60.00"), "vat": Decimal("3.30")}, DifferenceKind.PRICE),
        ({"vat_pct": Decimal(20), "vat": Decimal("11.68")}, DifferenceKind.VAT_RATE),
        ({"vat": Decimal("0.01")}, DifferenceKind.VAT_AMOUNT),
        ({"order_id": None}, DifferenceKind.NOT_ORDERED),
        ({"stated_total": Decimal("1.00")}, DifferenceKind.TOTAL),
    ],
)
async def test_each_difference_is_named(changed: dict[str, Any], kind: DifferenceKind, world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    right = await done(world, enter, await printed(world))
    assert right.state is InvoiceState.MATCHED
    await done(world, reject, right.id, "saisie pour un autre collège")
    invoice = await done(world, enter, await printed(world, **changed))
    event = (await events(world, invoice))[-1]
    assert [each["kind"] for each in event.data["differences"]] == [kind.value]


async def test_a_line_billed_twice_in_one_invoice_is_named(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    once = await printed(world)
    twice = replace(once, lines=[*once.lines, once.lines[0]], stated_total=once.stated_total + Decimal("61.62"))
    event = (await events(world, await done(world, enter, twice)))[-1]
    assert ("quantity", 4, "0") in {
        (each["kind"], each["position"], each["expected"]) for each in event.data["differences"]
    }


async def test_what_never_came_is_named(world: Database) -> None:
    invoice = await done(world, enter, await printed(world))
    event = (await events(world, invoice))[-1]
    assert [each["kind"] for each in event.data["differences"]] == ["not_received"] * 3


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"amount": Decimal("1.001")}, refusals.InvalidInvoice),
        ({"amount": Decimal("NaN")}, refusals.InvalidInvoice),
        ({"amount": Decimal(10) ** 9}, refusals.InvalidInvoice),
        ({"vat_pct": Decimal(101)}, refusals.InvalidInvoice),
        ({"amount": Decimal(-1)}, refusals.InvalidInvoice),
        ({"order_id": 999}, UnknownOrder),
        ({"position": 9}, UnknownLine),
        ({"position": None}, refusals.InvalidInvoice),
        ({"order_id": order_id(farm=1)}, refusals.InvalidInvoice),
    ],
)
async def test_a_paper_invoice_that_cannot_be_is_refused(
    changed: dict[str, Any], reason: type[refusal.Refusal], world: Database
) -> None:
    with pytest.raises(reason):
        await done(world, enter, await printed(world, **changed))
    assert await rows(world, Invoice) == []


async def test_a_number_is_used_once(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    await issued(world, number="2026-117")
    with pytest.raises(refusals.InvoiceNumberTaken, match="2026-117"):
        await done(world, enter, await printed(world))


@pytest.mark.parametrize(
    ("viewer", "verb", "given", "reason"),
    [
        (OTHER_FARMER, issue, ([order_id()], TODAY), UnknownOrder),
        (BURSAR, issue, ([order_id()], TODAY), refusals.OnlyTheSupplier),
        (FARMER, issue, ([order_id(), order_id(kitchen=1)], TODAY), refusals.InvalidInvoice),
        (FARMER, issue, ([], TODAY), refusals.InvalidInvoice),
        (FARMER, issue, ([order_id()], TODAY + 2 * DAY), refusals.InvalidInvoice),
        (FARMER, issue, ([order_id()], TODAY, "9" * 41), refusals.InvalidInvoice),
        (CHEF, approve, (1,), refusals.OnlyTheBursar),
        (FARMER, approve, (1,), refusals.OnlyTheBursar),
        (NUTRITION, approve, (1,), refusals.OnlyTheBursar),
        (OTHER_FARMER, approve, (1,), refusals.UnknownInvoice),
        (OTHER_FARMER, grant, (1, TODAY), refusals.UnknownCredit),
        (BURSAR, grant, (1, TODAY), refusals.OnlyTheSupplier),
        (FARMER, decline, (1, " "), refusals.InvalidInvoice),
    ],
)
async def test_each_side_does_its_part_only(
    viewer: Viewer, verb: Any, given: Any, reason: type[refusal.Refusal], world: Database
) -> None:
    some = noted(CARROT, decision=Decision.RESERVED, reason=ReceptionReason.QUALITY, accepted_packs=3)
    await done(world, receive, a_pass(some), viewer=CHEF)
    await done(world, receive, a_pass(noted(CARROT), kitchen=1), viewer=OTHER_CHEF)
    await done(world, enter, await printed(world))
    with pytest.raises(reason):
        await done(world, verb, *given, viewer=viewer)


async def test_a_credit_is_answered_once(world: Database) -> None:
    await done(
        world, receive, a_pass(noted(MILK, decision=Decision.REFUSED, reason=ReceptionReason.QUALITY)), viewer=CHEF
    )
    (asked,) = await rows(world, CreditRequest)
    declined = await done(world, decline, asked.id, "livré conforme", viewer=FARMER)
    assert (declined.state, declined.answer) == (CreditState.DECLINED, "livré conforme")
    (trace,) = await rows(world, ChangeEvent, ChangeEvent.subject == CreditRequest.__tablename__)
    assert (trace.actor, trace.before["state"], trace.after["state"]) == ("Productrice", "asked", "declined")
    with pytest.raises(refusals.CreditAnswered):
        await done(world, grant, asked.id, TODAY, viewer=FARMER)


async def test_a_credit_for_what_nobody_billed_is_nothing(world: Database) -> None:
    await done(
        world, receive, a_pass(noted(MILK, decision=Decision.REFUSED, reason=ReceptionReason.QUALITY)), viewer=CHEF
    )
    (asked,) = await rows(world, CreditRequest)
    assert (await done(world, grant, asked.id, TODAY, viewer=FARMER)).state is CreditState.NOT_INVOICED
    assert await rows(world, Invoice) == []


SOLD = st.builds(
    OrderLine,
    pack_g=st.integers(1, 30_000),
    price_eur_per_pack=st.decimals("0.0001", "999", places=4),
    delivery_eur_per_kg=st.decimals("0", "2", places=4),
    vat_pct=st.sampled_from([Decimal("0"), Decimal("5.5"), Decimal("10"), Decimal("20")]),
)
GOES = st.lists(st.integers(0, 200_000), min_size=1, max_size=6)


@given(st.lists(st.tuples(SOLD, GOES, st.integers(1, 6)), min_size=1, max_size=5))
def test_whatever_the_goes_and_invoices_the_cents_agree(said: list[tuple[OrderLine, list[int], int]]) -> None:
    """Received in several goes, billed twice: both invoices match, and together bill the amount of all that came."""
    first, second = {}, {}
    for number, (sold, goes, cut) in enumerate(said):
        first[number] = ("x", Books(sold, sum(goes[:cut])))
    bills = to_bill(first)
    for number, (sold, goes, _) in enumerate(said):
        mine = [bill for bill in bills if bill.order_line_id == number]
        billed = sum(bill.grams for bill in mine), sum((bill.amount for bill in mine), Decimal(0))
        second[number] = ("x", Books(sold, sum(goes), *billed))
    rest = [*to_bill(second), *to_give_back(second)]
    assert differences(bills, {key: books for key, (_, books) in first.items()}) == []
    assert differences(rest, {key: books for key, (_, books) in second.items()}) == []
    everything = [*bills, *rest]
    assert sum(bill.amount for bill in everything) == sum(amount_of(sold, sum(goes)) for sold, goes, _ in said)
    assert all(bill.vat == vat_of(bill.amount, bill.vat_pct) for bill in everything)
    totals = totals_by_rate(everything)
    assert sum(rate.vat for rate in totals) == sum(bill.vat for bill in everything)
    assert len({rate.vat_pct for rate in totals}) == len(totals)


async def test_numbers_of_the_platform_follow_each_other_in_time(world: Database) -> None:
    yesterday = TODAY - DAY
    for of in (order_id(), order_id(kitchen=1)):
        async with world.unit_of_work() as session:
            await receive(session, BOTH, replace(whole(kitchen=of > 2), day=yesterday, order_id=of))
    first = await issued(world)
    later = [order_id(kitchen=1)]
    with pytest.raises(refusals.InvalidInvoice, match=rf"{first.number}, du {TODAY:%d/%m/%Y}"):
        await done(world, issue, later, yesterday, None, viewer=FARMER)
    own = await done(world, issue, later, yesterday, "A-17", viewer=FARMER)
    assert (own.number, own.issued_on) == ("A-17", yesterday)


async def test_a_credit_note_names_the_invoice_that_it_gives_back_of(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    invoice = await issued(world)
    (first, *_) = await rows(world, ReceptionLine, ReceptionLine.order_line_id == 11)
    less = noted(CARROT, packs=4, accepted_packs=3, decision=Decision.RESERVED, reason=ReceptionReason.QUALITY)
    await done(world, correct, first.id, less, "un colis gâté", viewer=CHEF)
    note = await issued(world)
    assert (note.kind, note.corrects) == (InvoiceKind.CREDIT_NOTE, [invoice.number])
    assert invoice.corrects == []
