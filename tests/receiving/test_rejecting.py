"""A wrong invoice is sent back: it counts for nothing, its number is free, what it settled is as before."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert

from catering.db import Database
from catering.market.delivered import vat_of
from catering.orders.models import OrderLine
from catering.people.viewer import Role, Viewer
from catering.purchases.models import PurchaseLine
from catering.receiving import refusals
from catering.receiving.models import CreditRequest, Invoice, InvoiceSequence, ReceptionLine
from catering.receiving.rules.billing import amount_of
from catering.receiving.service.credit import grant
from catering.receiving.service.invoice import Paper, approve, enter, issue, match
from catering.receiving.service.receive import Noted, correct, receive
from catering.receiving.service.rejecting import reject
from catering.receiving.vocabulary import CreditState, Decision, InvoiceKind, InvoiceState, ReceptionReason
from tests.receiving.test_invoices import billed_lines, done, events, issued, printed
from tests.receiving.world import (
    CARROT,
    CHEF,
    FARMER,
    MILK,
    MINCE,
    NUTRITION,
    OTHER_CHEF,
    TODAY,
    a_pass,
    line_id,
    noted,
    order_id,
    rows,
    uai,
    whole,
)  # fmt: skip

WHY = "Montant mal recopié."


def negative(paper: Paper, **changed: Any) -> Paper:
    """The credit note of a whole paper invoice."""
    lines = [replace(each, grams=-each.grams, amount=-each.amount, vat=-each.vat) for each in paper.lines]
    return replace(paper, lines=lines, stated_total=-paper.stated_total, **changed)


async def state_of(world: Database, invoice: Invoice) -> InvoiceState:
    (row,) = await rows(world, Invoice, Invoice.id == invoice.id)
    return InvoiceState(row.state)


async def test_a_mistyped_invoice_is_rejected_and_typed_again(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    wrong = await done(world, enter, await printed(world, amount=Decimal("158.41"), vat=Decimal("8.71")))
    assert wrong.state is InvoiceState.DISPUTED
    with pytest.raises(refusals.InvoiceNumberTaken):
        await done(world, enter, await printed(world))
    rejected = await done(world, reject, wrong.id, f"  {WHY}\n")
    assert rejected.state is InvoiceState.REJECTED
    assert (await events(world, wrong))[-1].data == {"reason": WHY}
    assert {row.invoice_number for row in await rows(world, PurchaseLine)} == {None}
    right = await done(world, enter, await printed(world))
    assert right.state is InvoiceState.MATCHED
    assert (await done(world, approve, right.id)).state is InvoiceState.APPROVED
    assert {row.invoice_number for row in await rows(world, PurchaseLine)} == {right.number}
    assert (await done(world, match, wrong.id)).state is InvoiceState.REJECTED
    with pytest.raises(refusals.NotApprovable, match="rejetée"):
        await done(world, approve, wrong.id)


async def test_an_invoice_entered_twice_leaves_the_good_one(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    good = await done(world, enter, await printed(world))
    mistyped = await printed(world, amount=Decimal("158.41"))
    for paper in (await printed(world), mistyped, replace(mistyped, lines=list(reversed(mistyped.lines)))):
        with pytest.raises(refusals.InvoiceAlreadyEntered, match=r"la n° 2026-117 du .*€ TTC.*la rejeter") as refused:
            await done(world, enter, replace(paper, number="2026 117"))
        assert refused.value.number == good.number
    assert await state_of(world, good) is InvoiceState.MATCHED
    assert (await done(world, approve, good.id)).state is InvoiceState.APPROVED
    assert {row.invoice_number for row in await rows(world, PurchaseLine)} == {good.number}


async def test_what_the_platform_issued_is_not_typed_again(any_world: Database) -> None:
    await done(any_world, receive, whole(), viewer=CHEF)
    invoice = await issued(any_world)
    with pytest.raises(refusals.InvoiceAlreadyEntered, match=invoice.number):
        await done(any_world, enter, await printed(any_world))
    note = await done(any_world, enter, negative(await printed(any_world), number="A-1"))
    with pytest.raises(refusals.InvoiceAlreadyEntered, match="A-1"):
        await done(any_world, enter, negative(await printed(any_world), number="A 1"))
    assert note.state is InvoiceState.MATCHED


async def test_two_halves_of_one_line_are_two_papers(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    (sold,) = await rows(world, OrderLine, OrderLine.id == line_id(CARROT))
    amount = amount_of(sold, 20_000)
    half = replace((await printed(world)).lines[0], grams=20_000, amount=amount, vat=vat_of(amount, sold.vat_pct))
    paper = replace(await printed(world), lines=[half], stated_total=half.amount + half.vat)
    await done(world, enter, paper)
    second = await done(world, enter, replace(paper, number="2026-118"))
    assert [line.grams for line in await billed_lines(world, second)] == [20_000]
    with pytest.raises(refusals.InvoiceAlreadyEntered):
        await done(world, enter, replace(paper, number="2026-119"))


async def test_what_nobody_ordered_is_known_by_its_day(world: Database) -> None:
    paper = await printed(world)
    bread = replace(paper, lines=[replace(paper.lines[0], order_id=None, position=None)])
    await done(world, enter, bread)
    with pytest.raises(refusals.InvoiceAlreadyEntered):
        await done(world, enter, replace(bread, number="2026-118"))
    await done(world, enter, replace(bread, number="2026-118", issued_on=TODAY - timedelta(days=1)))


async def test_purchases_take_the_number_of_the_invoice_that_stays(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    first = await done(world, enter, await printed(world))
    # It says less of one line: another paper, and more than was accepted.
    grams = 30_000
    (sold,) = await rows(world, OrderLine, OrderLine.id == line_id(CARROT))
    amount = amount_of(sold, grams)
    less = await printed(world, grams=grams, amount=amount, vat=vat_of(amount, sold.vat_pct))
    second = await done(world, enter, replace(less, number="2026-118"))
    await done(world, reject, first.id, "Le bon numéro est 2026-118")
    assert {row.invoice_number for row in await rows(world, PurchaseLine)} == {second.number}
    assert (await done(world, match, second.id)).state is InvoiceState.MATCHED


async def test_a_credit_note_for_what_nobody_billed_changes_no_invoice(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    note = await done(world, enter, negative(await printed(world), number="A-1"))
    assert (note.kind, note.state) == (InvoiceKind.CREDIT_NOTE, InvoiceState.DISPUTED)
    invoice = await issued(world)
    assert [line.grams for line in await billed_lines(world, invoice)] == [40_000, 15_000, 30_000]
    assert (await done(world, approve, invoice.id)).state is InvoiceState.APPROVED
    with pytest.raises(refusals.NothingToInvoice):
        await issued(world)
    # Once the goods are billed, it gives them back: then only it agrees.
    assert (await done(world, match, note.id)).state is InvoiceState.MATCHED


async def test_a_credit_note_rests_on_the_invoice_it_mends(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    invoice = await done(world, enter, await printed(world))
    note = await done(world, enter, negative(await printed(world), number="A-1"))
    assert note.state is InvoiceState.MATCHED
    await done(world, reject, invoice.id, WHY)
    assert await state_of(world, note) is InvoiceState.DISPUTED
    right = await issued(world)
    assert [line.grams for line in await billed_lines(world, right)] == [40_000, 15_000, 30_000]


async def test_an_invoice_under_an_approved_credit_note_stays(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    invoice = await done(world, enter, await printed(world))
    note = await done(world, enter, negative(await printed(world), number="A-1"))
    await done(world, approve, note.id)
    with pytest.raises(refusals.NotRejectable, match="avoir approuvé"):
        await done(world, reject, invoice.id, WHY)
    assert await state_of(world, invoice) is InvoiceState.MATCHED


async def test_what_a_rejected_document_had_settled_waits_again(world: Database) -> None:
    some = noted(CARROT, decision=Decision.RESERVED, reason=ReceptionReason.QUALITY, accepted_packs=3)
    refused = noted(MILK, decision=Decision.REFUSED, reason=ReceptionReason.DAMAGED)
    await done(world, receive, a_pass(some, refused, complete=True), viewer=CHEF)
    invoice = await issued(world)
    assert {each.state for each in await rows(world, CreditRequest)} == {CreditState.NOT_INVOICED}
    await done(world, reject, invoice.id, WHY)
    asked = await rows(world, CreditRequest)
    assert {each.state for each in asked} == {CreditState.ASKED}
    shipped = await printed(world)
    shipped = replace(shipped, lines=shipped.lines[:1], stated_total=shipped.lines[0].amount + shipped.lines[0].vat)
    paper = await done(world, enter, shipped)
    assert paper.state is InvoiceState.DISPUTED
    granted = await done(world, grant, asked[0].id, TODAY, viewer=FARMER)
    assert granted.state is CreditState.GRANTED
    await done(world, reject, granted.credit_note_id, "L'avoir est d'un autre mois")
    assert (await rows(world, CreditRequest, CreditRequest.id == granted.id))[0].state is CreditState.ASKED
    again = await issued(world)
    assert again.kind is InvoiceKind.CREDIT_NOTE
    assert (await done(world, match, paper.id)).state is InvoiceState.MATCHED


async def test_only_a_gestionnaire_rejects_once_with_a_reason(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    invoice = await issued(world)
    for viewer, says in ((CHEF, "OnlyTheBursar"), (NUTRITION, "OnlyTheBursar"), (OTHER_CHEF, "UnknownInvoice")):
        with pytest.raises(getattr(refusals, says)):
            await done(world, reject, invoice.id, WHY, viewer=viewer)
    for reason in ("", " \n", "\u200b", "faux\x00", "x" * 301, "\ud800"):
        with pytest.raises(refusals.InvalidInvoice, match="motif"):
            await done(world, reject, invoice.id, reason)
    await done(world, reject, invoice.id, WHY)
    with pytest.raises(refusals.NotRejectable, match="déjà"):
        await done(world, reject, invoice.id, WHY)
    good = await issued(world)
    assert good.number == f"P{TODAY.year}-00002", "the rejected one keeps its number"
    await done(world, approve, good.id)
    with pytest.raises(refusals.NotRejectable, match="bonne à payer"):
        await done(world, reject, good.id, WHY)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"grams": -40_000}, "tous négatifs"),
        ({"vat": Decimal("-3.21")}, "tous négatifs"),
        ({"amount": Decimal("-58.41")}, "tous négatifs"),
        ({"grams": 0, "amount": Decimal("0.00"), "vat": Decimal("0.00")}, "ne facture rien"),
        ({"vat_pct": Decimal("5.5555555")}, "centième"),
        ({"grams": -40_000, "amount": Decimal("-58.41"), "vat": Decimal("-3.21")}, "l'un après l'autre"),
        ({"grams": -40_000, "amount": Decimal("0.00"), "vat": Decimal("0.00")}, "l'un après l'autre"),
    ],
)
async def test_a_line_asks_or_gives_back(changed: dict[str, Any], says: str, world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    with pytest.raises(refusals.InvalidInvoice, match=says):
        await done(world, enter, await printed(world, **changed))
    assert await rows(world, Invoice) == []


async def test_an_invoice_is_dated_after_what_it_bills(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    with pytest.raises(refusals.InvalidInvoice, match="avant le"):
        await done(world, issue, [order_id()], TODAY - timedelta(days=1), viewer=FARMER)
    for day in (date(1, 1, 1), TODAY - timedelta(days=5)):
        with pytest.raises(refusals.InvalidInvoice, match="avant le"):
            await done(world, enter, replace(await printed(world), issued_on=day))
    # The day on which the goods left, after the order was sent.
    left = await done(world, enter, replace(await printed(world), issued_on=TODAY - timedelta(days=1)))
    assert left.state is InvoiceState.MATCHED
    nobody = replace((await printed(world)).lines[0], order_id=None, position=None)
    unordered = replace(await printed(world), number="2025-1", lines=[nobody], issued_on=TODAY - timedelta(days=400))
    with pytest.raises(refusals.InvalidInvoice, match="avant le"):
        await done(world, enter, unordered)


async def test_a_supplier_uses_a_number_once_whichever_kitchen_it_bills(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    await done(world, receive, whole(kitchen=1), viewer=OTHER_CHEF)
    neighbour = Viewer("Intendante voisine", Role.GESTIONNAIRE, kitchens=frozenset({uai(1)}))
    mine = await printed(world)
    lines = [replace(line, order_id=order_id(1)) for line in mine.lines]
    theirs = await done(world, enter, replace(mine, uai=uai(1), lines=lines), viewer=neighbour)
    with pytest.raises(refusals.InvoiceNumberTaken, match="rejette"):
        await done(world, enter, mine)
    await done(world, reject, theirs.id, "Numéro d'une autre facture", viewer=neighbour)
    assert (await done(world, enter, mine)).state is InvoiceState.MATCHED


async def test_no_paper_takes_a_number_of_the_platform(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    for number in (f"P{TODAY.year}-00001", f" p{TODAY.year}-00001 "):
        with pytest.raises(refusals.InvalidInvoice, match="la plateforme donne"):
            await done(world, enter, replace(await printed(world), number=number))
    for number in ("", "N\u202e2", "x" * 41, "\x00"):
        with pytest.raises(refusals.InvalidInvoice, match="numéro de facture"):
            await done(world, enter, replace(await printed(world), number=number))


async def test_the_series_passes_over_numbers_taken_before(world: Database) -> None:
    await done(world, receive, whole(), viewer=CHEF)
    old = await done(world, enter, await printed(world))
    async with world.unit_of_work() as session:
        (await session.get_one(Invoice, old.id)).number = f"P{TODAY.year}-00001"
        await session.execute(insert(InvoiceSequence).values(supplier_id=1, year=TODAY.year, last=0))
    await done(world, receive, whole(kitchen=1), viewer=OTHER_CHEF)
    assert (await issued(world, order_id(1))).number == f"P{TODAY.year}-00002"


async def test_a_line_corrected_after_its_invoice_is_asked_back_once(world: Database) -> None:
    """Found by the machine of the whole trade: the request of the replaced note waited again, beside the new one."""
    short = {"decision": Decision.REFUSED, "reason": ReceptionReason.QUALITY}
    await done(world, receive, a_pass(noted(CARROT), noted(MILK, **short), complete=True), viewer=CHEF)
    invoice = await issued(world)
    (line,) = await rows(world, ReceptionLine, ReceptionLine.ingredient_id == MILK)
    again = Noted(delivered_packs=5, lot="L3", **short)
    await done(world, correct, line.id, again, "une caisse de moins", viewer=CHEF)
    await done(world, reject, invoice.id, WHY)
    waiting = await rows(world, CreditRequest, CreditRequest.state == CreditState.ASKED)
    assert [(each.reception_line_id, each.grams) for each in waiting] == [(line.id + 1, 25_000)]


REFUSED: dict[str, Any] = {"decision": Decision.REFUSED, "reason": ReceptionReason.QUALITY}


async def credited(world: Database) -> tuple[ReceptionLine, Invoice]:
    """The milk is billed and refused, and its supplier gave it back: the line refused, and the credit note."""
    await done(world, receive, a_pass(noted(CARROT), noted(MILK, **REFUSED), complete=True), viewer=CHEF)
    (line,) = await rows(world, ReceptionLine, ReceptionLine.ingredient_id == MILK)
    shipped = await printed(world)
    kept = [each for each in shipped.lines if each.position != MINCE]
    total = sum((each.amount + each.vat for each in kept), Decimal(0))
    await done(world, enter, replace(shipped, lines=kept, stated_total=total))
    (asked,) = await rows(world, CreditRequest)
    granted = await done(world, grant, asked.id, TODAY, viewer=FARMER)
    (note,) = await rows(world, Invoice, Invoice.id == granted.credit_note_id)
    return line, note


async def requests(world: Database) -> list[tuple[int, int, CreditState]]:
    return [(each.reception_line_id, each.grams, each.state) for each in await rows(world, CreditRequest)]


async def test_a_credit_note_that_falls_asks_what_the_correction_says(any_world: Database) -> None:
    line, note = await credited(any_world)
    fewer = Noted(delivered_packs=5, lot="L3", **REFUSED)
    await done(any_world, correct, line.id, fewer, "une caisse de moins", viewer=CHEF)
    assert await requests(any_world) == [(line.id, 30_000, CreditState.GRANTED)], "the supplier has answered"
    await done(any_world, reject, note.id, WHY)
    now = [(line.id, 30_000, CreditState.WITHDRAWN), (line.id + 1, 25_000, CreditState.ASKED)]
    assert await requests(any_world) == now
    waiting = (await rows(any_world, CreditRequest))[1]
    (sold,) = await rows(any_world, OrderLine, OrderLine.id == waiting.order_line_id)
    assert (waiting.amount, waiting.vat) == (amount_of(sold, 25_000), vat_of(amount_of(sold, 25_000), sold.vat_pct))
    again = await done(any_world, grant, waiting.id, TODAY, viewer=FARMER)
    assert again.state is CreditState.GRANTED


async def test_a_credit_note_that_falls_asks_nothing_of_what_was_accepted_after_all(any_world: Database) -> None:
    line, note = await credited(any_world)
    good = Noted(decision=Decision.ACCEPTED, delivered_packs=6, lot="L3")
    await done(any_world, correct, line.id, good, "tri refait", viewer=CHEF)
    await done(any_world, reject, note.id, WHY)
    assert await requests(any_world) == [(line.id, 30_000, CreditState.WITHDRAWN)]


async def test_what_was_granted_is_not_asked_again_however_often_it_is_corrected(any_world: Database) -> None:
    line, _ = await credited(any_world)
    for times in range(2):
        fewer = Noted(delivered_packs=5 - times, lot="L3", **REFUSED)
        await done(any_world, correct, line.id + times, fewer, "recompté", viewer=CHEF)
    assert await requests(any_world) == [(line.id, 30_000, CreditState.GRANTED)]
