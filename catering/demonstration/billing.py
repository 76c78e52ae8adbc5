"""The invoices of the story: most agree with what was accepted; one bills a refused line, and ends with a credit."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from random import Random

from sqlalchemy.ext.asyncio import AsyncSession

from catering.demonstration.cast import Cast
from catering.demonstration.ordering import Sent
from catering.demonstration.stage import Stage
from catering.market.delivered import vat_of
from catering.moment import paris_day
from catering.orders.models import OrderLine
from catering.orders.queries import order_lines_visible_to
from catering.receiving.models import CreditRequest, Invoice
from catering.receiving.queries_invoices import credit_requests
from catering.receiving.refusals import NothingToInvoice
from catering.receiving.rules.billing import amount_of
from catering.receiving.service.credit import grant
from catering.receiving.service.invoice import Paper, PaperLine, approve, enter, issue, match
from catering.receiving.vocabulary import CreditState

APPROVED = 0.7  # legal-number: share of invented invoices
"""Share of the invoices that are approved already; the others wait for the gestionnaire."""


async def bill(
    session: AsyncSession, stage: Stage, cast: Cast, sent: Sequence[Sent], chance: Random, at: datetime
) -> None:
    """A supplier bills a kitchen for some orders; the gestionnaire approves most invoices."""
    supplier, kitchen = stage.suppliers[sent[0].supplier], sent[0].kitchen
    numbers = [each.order_id for each in sent]
    try:
        invoice = await issue(session, cast.seller(supplier), numbers, paris_day(at))
    except NothingToInvoice:  # all of it was refused on arrival
        return
    if chance.random() < APPROVED:
        await approve(session, cast.bursar(kitchen.uai), invoice.id)


async def bill_on_paper(session: AsyncSession, stage: Stage, cast: Cast, sent: Sent, at: datetime) -> Invoice:
    """A paper invoice bills all that was delivered, the refused line too: it is disputed."""
    bursar = cast.bursar(sent.kitchen.uai)
    of_order = order_lines_visible_to(bursar).where(OrderLine.order_id == sent.order_id, OrderLine.packs > 0)
    lines = [_billed(sent, line) for line in await session.scalars(of_order.order_by(OrderLine.position))]
    total = sum((line.amount + line.vat for line in lines), Decimal("0.00"))
    return await enter(
        session,
        bursar,
        Paper(
            uai=sent.kitchen.uai,
            supplier=stage.suppliers[sent.supplier].slug,
            number=f"F-{sent.order_id:05d}",
            issued_on=paris_day(at),
            lines=lines,
            stated_total=total,
        ),
    )


def _billed(sent: Sent, line: OrderLine) -> PaperLine:
    grams = line.packs * line.pack_g
    amount = amount_of(line, grams)
    return PaperLine(
        order_id=sent.order_id,
        position=line.position,
        product=line.product,
        grams=grams,
        amount=amount,
        vat_pct=line.vat_pct,
        vat=vat_of(amount, line.vat_pct),
    )


async def credit(session: AsyncSession, stage: Stage, cast: Cast, sent: Sent, invoice_id: int, at: datetime) -> None:
    """The supplier grants the credit that the kitchen asked for; the invoice agrees, and is approved."""
    seller, bursar = cast.seller(stage.suppliers[sent.supplier]), cast.bursar(sent.kitchen.uai)
    of_order = order_lines_visible_to(seller).where(OrderLine.order_id == sent.order_id).with_only_columns(OrderLine.id)
    asked = credit_requests(seller, order_line_ids=list(await session.scalars(of_order)), state=CreditState.ASKED)
    for number in list(await session.scalars(asked.with_only_columns(CreditRequest.id))):
        await grant(session, seller, number, paris_day(at), "Chaîne du froid rompue au chargement : avoir accordé.")
    await match(session, bursar, invoice_id)
    await approve(session, bursar, invoice_id)
