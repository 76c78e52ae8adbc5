"""An invoice or a credit note, as the platform keeps it."""

from collections.abc import Sequence

from catering.papers.facts import InvoiceFacts
from catering.papers.french import day_in_words, euros, kilograms, percent
from catering.papers.orders import FORM_PT, buyer_of, print_totals, seller_of
from catering.papers.sheet import Column, Sheet
from catering.receiving.models import InvoiceLine
from catering.receiving.rules.billing import Billed
from catering.receiving.vocabulary import InvoiceKind

TITLES = {InvoiceKind.INVOICE: "Facture", InvoiceKind.CREDIT_NOTE: "Avoir"}
LINES = (
    Column("N°", 10, "RIGHT"),
    Column("Produit", 88),
    Column("Poids", 26, "RIGHT"),
    Column("TVA", 17.5, "RIGHT"),
    Column("Montant HT", 28, "RIGHT"),
)


def invoice_copy(facts: InvoiceFacts) -> bytes:
    """A readable copy of an invoice or a credit note, as PDF; the supplier's own paper stays the original."""
    invoice = facts.invoice
    sheet = Sheet(TITLES[invoice.kind], invoice.number)
    sheet.parties(seller_of(facts.supplier), buyer_of(facts.place, "Client"))
    sheet.write_line(f"Date : {day_in_words(invoice.issued_on)}", bold=True)
    sheet.write_line("Copie de lecture, tirée de la plateforme.")
    sheet.lines(LINES, map(_line, facts.lines), FORM_PT)
    print_totals(sheet, map(_billed, facts.lines))
    return sheet.content()


def _line(line: InvoiceLine) -> Sequence[str]:
    return (
        str(line.position), line.product, kilograms(line.grams), percent(line.vat_pct), euros(line.amount_excl_tax)
    )  # fmt: skip


def _billed(line: InvoiceLine) -> Billed:
    return Billed(line.order_line_id, line.product, line.grams, line.amount_excl_tax, line.vat_pct, line.vat)
