"""An invoice or a credit note: the original of what the platform numbers, a copy of what came on paper."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from catering.figures import euros, kilograms, percent, unit_price
from catering.market.models import VatRegime
from catering.papers.facts import InvoiceFacts
from catering.papers.french import day_in_words
from catering.papers.orders import FORM_PT, buyer_of, print_totals, seller_of, vat_number_of_seller
from catering.papers.sheet import Column, Sheet
from catering.receiving.models import InvoiceLine
from catering.receiving.rules.billing import Billed
from catering.receiving.service.filing import GIVEN
from catering.receiving.vocabulary import InvoiceKind

TITLES = {InvoiceKind.INVOICE: "Facture", InvoiceKind.CREDIT_NOTE: "Avoir"}
LINES = (
    Column("N°", 8, "RIGHT"),
    Column("Produit, commande, livraison", 76),
    Column("Poids", 21, "RIGHT"),
    Column("Prix du kg HT", 24, "RIGHT"),
    Column("TVA", 15.5, "RIGHT"),
    Column("Montant HT", 25, "RIGHT"),
)
GRAMS_PER_KG = 1000
PRICE_STEP = Decimal("0.0001")
NO_VAT = {
    VatRegime.FRANCHISE: "TVA non applicable, article 293 B du code général des impôts.",
    VatRegime.FLAT_RATE: (
        "TVA non facturée : remboursement forfaitaire agricole, article 298 quater du code général des impôts."
    ),
}
"""Why no VAT is invoiced, by the regime of the seller."""
TERMS = (
    "Livraison de biens. Délai de paiement, intérêts moratoires et indemnité de recouvrement : articles L2192-10 à "
    "L2192-14 du code de la commande publique."
)
NO_SELLER_NUMBER = "Numéro de TVA du fournisseur : inconnu de la plateforme, à écrire avant le dépôt."
NO_BUYER_NUMBER = "SIRET du client : inconnu de la plateforme, à demander au collège avant le dépôt (Chorus Pro)."
COPY = "Copie de lecture, tirée de la plateforme : le papier du fournisseur reste l'original."


def invoice_copy(facts: InvoiceFacts) -> bytes:
    """An invoice or a credit note, as PDF.

    Numbered by the platform it is the original, with what CGI, annexe II, art. 242 nonies A asks of it; else a copy to
    read, of which the supplier's paper stays the original.
    """
    invoice = facts.invoice
    sheet = Sheet(TITLES[invoice.kind], invoice.number)
    sheet.parties(seller_of(facts.supplier), buyer_of(facts.place, "Client", facts.buyer_siret))
    sheet.write_line(f"Date : {day_in_words(invoice.issued_on)}", bold=True)
    if invoice.corrects:
        sheet.write_line(f"Corrige : {', '.join(invoice.corrects)}", bold=True)
    if not GIVEN.fullmatch(invoice.number):
        sheet.write_line(COPY)
    sheet.lines(LINES, (_line(facts, line) for line in facts.lines), FORM_PT)
    print_totals(sheet, map(_billed, facts.lines))
    for mention in _mentions(facts):
        sheet.write_line(mention, FORM_PT - 1)
    return sheet.content()


def _mentions(facts: InvoiceFacts) -> Iterator[str]:
    if not GIVEN.fullmatch(facts.invoice.number):
        return
    if facts.supplier.vat_regime in NO_VAT and not facts.invoice.vat:
        yield NO_VAT[facts.supplier.vat_regime]
    yield TERMS
    if facts.invoice.vat and vat_number_of_seller(facts.supplier) is None:
        yield NO_SELLER_NUMBER
    if facts.buyer_siret is None:
        yield NO_BUYER_NUMBER


def _line(facts: InvoiceFacts, line: InvoiceLine) -> Sequence[str]:
    detail, price = line.product, ""
    if line.order_line_id is not None and line.order_line_id in facts.sold:
        ordered, order = facts.sold[line.order_line_id]
        detail += f"\ncommande {order.number}, livraison du {order.day:%d/%m/%Y}"
        per_kg = ordered.price_eur_per_pack * GRAMS_PER_KG / ordered.pack_g + ordered.delivery_eur_per_kg
        price = unit_price(per_kg.quantize(PRICE_STEP))
    return (
        str(line.position), detail, kilograms(line.grams), price, percent(line.vat_pct), euros(line.amount_excl_tax)
    )  # fmt: skip


def _billed(line: InvoiceLine) -> Billed:
    return Billed(line.order_line_id, line.product, line.grams, line.amount_excl_tax, line.vat_pct, line.vat)
