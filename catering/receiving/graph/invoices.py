"""Credits and invoices, as GraphQL shows them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.paging import DEFAULT_ROWS, After, First, Page, page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.graph.values import BigInt
from catering.kitchens.graph import DeliveryPlace
from catering.market.graph import Supplier
from catering.orders.graph.orders import place_of
from catering.receiving import models
from catering.receiving.graph.places import OfKitchen, supplier_of
from catering.receiving.graph.words import CreditState, DifferenceKind, InvoiceKind, InvoiceState, ReceptionReason
from catering.receiving.loaders import (
    NEWEST_CREDITS,
    NEWEST_INVOICES,
    EventsByInvoiceId,
    InvoiceById,
    LinesByInvoiceId,
)
from catering.receiving.queries_invoices import credit_requests, invoices
from catering.receiving.rules.billing import Billed, totals_by_rate


@strawberry.type(description="What is billed of one order line; negative on a credit note.")
class InvoiceLine:
    row: strawberry.Private[models.InvoiceLine]
    position: int = strawberry.field(description="From 1.")
    product: str = strawberry.field(description="What is billed, in French.")
    vat_pct: Decimal = strawberry.field(description="VAT rate, percent.")

    @documented
    def grams(self) -> BigInt:
        """Grams billed."""
        return BigInt(self.row.grams)

    @documented
    def amount_eur(self) -> Decimal:
        """€ excl. tax, rounded half-up to the cent."""
        return self.row.amount_excl_tax

    @documented
    def vat_eur(self) -> Decimal:
        """VAT of the line in €, rounded half-up to the cent."""
        return self.row.vat


@strawberry.type(description="What an invoice bills at one VAT rate: sums of rounded lines.")
class VatTotal:
    vat_pct: Decimal = strawberry.field(description="The rate, percent.")
    amount_eur: Decimal = strawberry.field(description="€ excl. tax.")
    vat_eur: Decimal = strawberry.field(description="€ of VAT.")


@strawberry.type(description="One way in which an invoice is not what was ordered and accepted.")
class InvoiceDifference:
    kind: DifferenceKind = strawberry.field(description="Which.")
    position: int | None = strawberry.field(description="The line; null for the whole invoice.")
    product: str = strawberry.field(description="Of which product.")
    expected: Decimal = strawberry.field(description="By the books: grams, € or percent, as the kind says.")
    stated: Decimal = strawberry.field(description="By the invoice, in the same unit.")


@strawberry.type(description="One thing that happened to an invoice; events are only ever added.")
class InvoiceEvent:
    seq: int = strawberry.field(description="From 1.")
    at: datetime = strawberry.field(description="When.")
    actor: str = strawberry.field(description="Who.")
    state: InvoiceState = strawberry.field(description="Into which it brought the invoice.")
    reason: str | None = strawberry.field(description="Of a rejection: what is wrong, for the supplier to read.")


@strawberry.type(description="What a supplier bills one kitchen, or gives back by a credit note.")
class Invoice:
    row: strawberry.Private[models.Invoice]
    number: str = strawberry.field(description="The supplier's number.")
    kind: InvoiceKind = strawberry.field(description="Invoice or credit note.")
    issued_on: date = strawberry.field(description="Its date.")
    state: InvoiceState = strawberry.field(description="Where it stands.")
    corrects: list[str] = strawberry.field(
        description="Of a credit note: numbers of the invoices that billed what it gives back."
    )

    @documented
    def id(self) -> strawberry.ID:
        """Number of the row, by which requests name it."""
        return strawberry.ID(str(self.row.id))

    @documented
    def amount_eur(self) -> Decimal:
        """€ excl. tax: the sum of its rounded lines."""
        return self.row.amount_excl_tax

    @documented
    def vat_eur(self) -> Decimal:
        """€ of VAT: the sum of its rounded lines."""
        return self.row.vat

    @documented
    def total_eur(self) -> Decimal:
        """€ incl. tax."""
        return self.row.amount_excl_tax + self.row.vat

    @documented
    async def lines(self, info: Ask) -> list[InvoiceLine]:
        """What is billed (a few dozen lines)."""
        rows = await info.context.loader(LinesByInvoiceId).load(self.row.id)
        return [shown(InvoiceLine, row, row=row) for row in rows]

    @documented
    async def vat_totals(self, info: Ask) -> list[VatTotal]:
        """Totals per VAT rate, lowest rate first."""
        rows = await info.context.loader(LinesByInvoiceId).load(self.row.id)
        lines = (Billed(None, row.product, row.grams, row.amount_excl_tax, row.vat_pct, row.vat) for row in rows)
        return [
            VatTotal(vat_pct=rate.vat_pct, amount_eur=rate.amount, vat_eur=rate.vat) for rate in totals_by_rate(lines)
        ]

    @documented
    async def events(self, info: Ask) -> list[InvoiceEvent]:
        """All that happened to it, oldest first (a handful)."""
        rows = await info.context.loader(EventsByInvoiceId).load(self.row.id)
        return [shown(InvoiceEvent, row, reason=row.data.get("reason")) for row in rows]

    @documented
    async def differences(self, info: Ask) -> list[InvoiceDifference]:
        """How it differs from what was ordered and accepted, by the last comparison; empty when they agree."""
        if self.row.state is not InvoiceState.DISPUTED:
            return []
        rows = await info.context.loader(EventsByInvoiceId).load(self.row.id)
        return [
            InvoiceDifference(
                kind=DifferenceKind(each["kind"]),
                position=each["position"],
                product=each["product"],
                expected=Decimal(each["expected"]),
                stated=Decimal(each["stated"]),
            )
            for each in rows[-1].data.get("differences", [])
        ]

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """Who bills."""
        return await supplier_of(info, self.row.supplier_id)

    @documented
    async def place(self, info: Ask) -> DeliveryPlace | None:
        """Which kitchen is billed."""
        return await place_of(info, self.row.kitchen_id)


@strawberry.type(
    description="What a kitchen refused, told to the supplier so that it is not paid for (demande d'avoir)."
)
class CreditRequest:
    row: strawberry.Private[models.CreditRequest]
    state: CreditState = strawberry.field(description="Where it stands.")
    reason: ReceptionReason = strawberry.field(description="Why it was refused.")
    grams: int = strawberry.field(description="Grams refused.")
    asked_at: datetime = strawberry.field(description="When it was asked.")
    answer: str | None = strawberry.field(description="Of the supplier, in its words.")

    @documented
    def id(self) -> strawberry.ID:
        """Number of the request."""
        return strawberry.ID(str(self.row.id))

    @documented
    def amount_eur(self) -> Decimal:
        """€ excl. tax of what was refused, at the ordered price."""
        return self.row.amount

    @documented
    def vat_eur(self) -> Decimal:
        """€ of VAT on it."""
        return self.row.vat

    @documented
    async def credit_note(self, info: Ask) -> Invoice | None:
        """The credit note that grants it; null for none."""
        if self.row.credit_note_id is None:
            return None
        row = await info.context.loader(InvoiceById).load(self.row.credit_note_id)
        return None if row is None else show_invoice(row)

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """Who is asked."""
        return await supplier_of(info, self.row.supplier_id)

    @documented
    async def place(self, info: Ask) -> DeliveryPlace | None:
        """Which kitchen asks."""
        return await place_of(info, self.row.kitchen_id)


def show_invoice(row: models.Invoice) -> Invoice:
    """An invoice as GraphQL shows it."""
    return shown(Invoice, row, row=row)


def show_credit(row: models.CreditRequest) -> CreditRequest:
    """A request for a credit as GraphQL shows it."""
    return shown(CreditRequest, row, row=row)


@strawberry.type
class Query:
    @documented
    async def invoices(
        self,
        info: Ask,
        state: Annotated[InvoiceState | None, strawberry.argument(description="Only in this state.")] = None,
        kitchen: OfKitchen = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Invoice]:
        """Invoices and credit notes you may read, the latest first: a seller their own."""
        statement = invoices(info.context.viewer, state=state, uai=kitchen)
        return await page(info.context, statement, NEWEST_INVOICES, show_invoice, first, after)

    @documented
    async def invoice(
        self, info: Ask, invoice_id: Annotated[strawberry.ID, strawberry.argument(name="id", description="Its id.")]
    ) -> Invoice | None:
        """The invoice of this id; null when there is none or you may not read it."""
        row = await info.context.loader(InvoiceById).load(row_number(invoice_id, "facture"))
        return None if row is None else show_invoice(row)

    @documented
    async def credit_requests(
        self,
        info: Ask,
        state: Annotated[CreditState | None, strawberry.argument(description="Only in this state.")] = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[CreditRequest]:
        """Requests for credits you may read, the latest first: a seller those addressed to them."""
        statement = credit_requests(info.context.viewer, state=state)
        return await page(info.context, statement, NEWEST_CREDITS, show_credit, first, after)
