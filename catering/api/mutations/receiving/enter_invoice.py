"""Enter an invoice that came outside the platform."""

from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market.refusals import UnknownDocument
from catering.api.mutations.orders.refusals import UnknownLine, UnknownOrder
from catering.api.mutations.receiving import refusals
from catering.api.mutations.receiving.changing import keep_invoice
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.receiving import models
from catering.receiving import refusals as reasons
from catering.receiving.graph.invoices import Invoice
from catering.receiving.service.invoice import Paper, PaperLine, enter
from catering.refusal import Refusal
from catering.spelling import tidy, unfit

LONGEST_PRODUCT = 200  # legal-number: width of a column, no distance of the law


@strawberry.input(description="A line as printed; negative on a credit note.")
class PaperLineInput:
    product: str = strawberry.field(description="What is billed, as printed.")
    grams: int = strawberry.field(description="Grams billed.")
    amount_eur: Decimal = strawberry.field(description="€ excl. tax, to the cent.")
    vat_pct: Decimal = strawberry.field(description="VAT rate, percent.")
    vat_eur: Decimal = strawberry.field(description="€ of VAT of the line, to the cent.")
    order_id: strawberry.ID | None = strawberry.field(
        default=None, description="The order that it bills; null when nobody ordered it."
    )
    position: int | None = strawberry.field(default=None, description="The line of that order.")


@strawberry.input(description="An invoice or a credit note, as printed.")
class EnterInvoiceInput:
    kitchen: strawberry.ID = strawberry.field(description="UAI of the kitchen billed.")
    supplier: strawberry.ID = strawberry.field(description="Who bills (id).")
    number: str = strawberry.field(description="As printed, at most 40 characters.")
    issued_on: date = strawberry.field(description="As printed.")
    lines: list[PaperLineInput] = strawberry.field(description="As printed, at most 400.")
    total_eur: Decimal = strawberry.field(description="€ incl. tax, as printed.")
    document_id: strawberry.ID | None = strawberry.field(default=None, description="Number of the scan.")


@strawberry.type(description="Entered and compared: matched, or disputed with each difference named.")
class InvoiceEntered:
    invoice: Invoice = strawberry.field(description="The invoice; see `differences`.")


EnterInvoiceResult: TypeAlias = Annotated[
    InvoiceEntered
    | UnknownOrder
    | UnknownLine
    | refusals.InvoiceNumberTaken
    | refusals.InvoiceAlreadyEntered
    | refusals.InvalidInvoice
    | refusals.UnknownPlace
    | UnknownDocument
    | NotAllowed
    | KeyRefused,
    strawberry.union("EnterInvoiceResult", description="The invoice, or why it is not kept."),
]


@documented
async def enter_invoice(
    info: Ask,
    invoice: Annotated[EnterInvoiceInput, strawberry.argument(description="The invoice.")],
    idempotency_key: IdempotencyKey,
) -> EnterInvoiceResult:
    """Enter an invoice that came on paper and compare it with orders and receptions; only the gestionnaire may."""

    async def write(session: AsyncSession, viewer: Viewer) -> models.Invoice:
        return await enter(session, viewer, _paper(invoice))

    try:
        kept = await keep_invoice(info.context, "enterInvoice", idempotency_key, invoice, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return InvoiceEntered(invoice=kept)


def _paper(given: EnterInvoiceInput) -> Paper:
    for position, line in enumerate(given.lines, start=1):
        if (fault := unfit(line.product, LONGEST_PRODUCT)) is not None:
            raise reasons.InvalidInvoice(f"Ligne {position} : le nom du produit {fault}. Le recopier de la facture.")
    return Paper(
        uai=str(given.kitchen),
        supplier=str(given.supplier),
        number=given.number,
        issued_on=given.issued_on,
        lines=[_line(line) for line in given.lines],
        stated_total=given.total_eur,
        document_id=None if given.document_id is None else row_number(given.document_id, "document"),
    )


def _line(given: PaperLineInput) -> PaperLine:
    return PaperLine(
        order_id=None if given.order_id is None else row_number(given.order_id, "commande"),
        position=given.position,
        product=tidy(given.product),
        grams=given.grams,
        amount=given.amount_eur,
        vat_pct=given.vat_pct,
        vat=given.vat_eur,
    )
