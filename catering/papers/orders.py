"""Papers of one delivery: the order form that the buyer sends, the delivery note that comes with the goods."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from catering.company_numbers import french_vat_number
from catering.figures import count, counted, euros, kilograms, percent, unit_price
from catering.market.allergens_told import read_told
from catering.market.models import Supplier, VatRegime
from catering.market.models_hygiene import PermitKind
from catering.moment import PARIS
from catering.orders.models import OrderLine
from catering.orders.rules import added_up
from catering.orders.vocabulary import PriceSource
from catering.papers.facts import Drop
from catering.papers.french import STATES, day_in_words
from catering.papers.sheet import Column, Sheet
from catering.receiving.rules.billing import Billed, totals_by_rate
from catering.rules import law

FORM_PT, NOTE_PT, TOTAL_PT = 10, 11, 13
FORM = (
    Column("N°", 8, "RIGHT"),
    Column("Produit", 70),
    Column("Colis", 17, "RIGHT"),
    Column("Poids", 21, "RIGHT"),
    Column("Prix du colis HT", 24, "RIGHT"),
    Column("TVA", 16, "RIGHT"),
    Column("Montant HT", 28, "RIGHT"),
)
NOTE = (
    Column("N°", 9, "RIGHT"),
    Column("Produit", 66),
    Column("Colis", 14.5, "RIGHT"),
    Column("Poids", 22, "RIGHT"),
    Column("Lot", 24),
    Column("DLC ou DDM", 22),
    Column("T° (°C)", 14),
    Column("Reçu", 14),
)
RATES = (
    Column("Taux de TVA", 1, "RIGHT"),
    Column("Montant HT", 1, "RIGHT"),
    Column("TVA", 1, "RIGHT"),
    Column("Montant TTC", 1, "RIGHT"),
)
PERMITS = {
    PermitKind.APPROVAL: "Agrément",
    PermitKind.DEROGATION: "Dérogation",
    PermitKind.PACKING_CENTRE: "Centre d'emballage",
}
ROUNDING = "Chaque ligne est arrondie au centime, puis les lignes sont additionnées ; la livraison est comprise."
TOTALS_MM = 50
"""Height of the totals, which stay on one page."""
FIRST_ROWS_MM = 50
"""Height that a heading asks for, so that it never stands alone at the foot of a page."""
HAND_MM = 12
"""Height of a row in which somebody writes."""


def order_form(drop: Drop) -> bytes:
    """The order form (bon de commande) of the one order of ``drop``, as PDF."""
    (facts,) = drop.orders
    order = facts.order
    sheet = Sheet("Bon de commande", order.number, order.sent_at)
    sheet.parties(buyer_of(drop.place), seller_of(drop.supplier))
    sheet.write_line(f"Livraison : {day_in_words(order.day)}", bold=True)
    sheet.write_line(f"Envoyée le {order.sent_at.astimezone(PARIS):%d/%m/%Y à %H:%M} ; {STATES[order.state]}")
    if not order.state.stands:
        sheet.alarm(f"Commande {STATES[order.state]} : ne pas livrer")
    sheet.lines(FORM, map(_ordered, facts.lines), FORM_PT)
    print_totals(sheet, _billed(facts.lines))
    return sheet.content()


def delivery_note(drop: Drop) -> bytes:
    """The delivery note (bon de livraison) of all that comes to the kitchen that day, as PDF: no price on it."""
    first = min(facts.order.sent_at for facts in drop.orders)
    numbers = [facts.order.number for facts in drop.orders]
    sheet = Sheet("Bon de livraison", " · ".join(each.replace("BC", "BL") for each in numbers), first)
    sheet.parties(seller_of(drop.supplier), buyer_of(drop.place, "Livré à"))
    sheet.write_line(f"Livraison : {day_in_words(drop.day)}", bold=True)
    for facts in drop.orders:
        sheet.gap(2)
        sheet.keep_together(FIRST_ROWS_MM)
        sheet.write_line(f"Commande {facts.order.number}", bold=True)
        sheet.lines(NOTE, (_delivered(line) for line in facts.lines if line.packs), NOTE_PT, HAND_MM)
    sheet.gap(2)
    sheet.write_line(f"Total : {weight_of(line for facts in drop.orders for line in facts.lines)}", bold=True)
    sheet.signatures("Livré par, heure, signature", "Reçu par, réserves, heure, signature")
    return sheet.content()


def buyer_of(
    place: Any, role: str = "Acheteur, lieu de livraison", siret: str | None = None
) -> tuple[str, Sequence[str]]:
    """The kitchen, for ``Sheet.parties``; ``place`` None is one that never ordered of who reads."""
    if place is None:
        return role, ("Collège",)
    number = f"SIRET {siret}" if siret else place.siren and f"SIREN {place.siren}"
    known = (place.name, place.address, f"{place.postcode} {place.commune}", f"UAI {place.uai}", number)
    return role, tuple(text for text in known if text)


def seller_of(supplier: Supplier) -> tuple[str, Sequence[str]]:
    """The supplier, for ``Sheet.parties``."""
    taxed = vat_number_of_seller(supplier)
    named = (supplier.siret and f"SIRET {supplier.siret}", taxed and f"TVA {taxed}")
    known = (supplier.name, supplier.address, supplier.commune, *named)
    return "Fournisseur", tuple(text for text in known if text)


def vat_number_of_seller(supplier: Supplier) -> str | None:
    """The VAT number of a supplier: as stated, else that of its SIRET when it invoices VAT."""
    if supplier.vat_number or not supplier.siret or supplier.vat_regime is not VatRegime.STANDARD:
        return supplier.vat_number
    return french_vat_number(supplier.siret)


def weight_of(lines: Iterable[OrderLine]) -> str:
    """Packs and kilograms of some lines together, in words."""
    found = [(line.packs, line.grams) for line in lines]
    return f"{counted(sum(packs for packs, _ in found), 'colis')}, {kilograms(sum(grams for _, grams in found))}"


def described(line: OrderLine) -> str:
    """What is sold, then its pack, origin, label and proof on a second line, the permit and allergens on others."""
    proof = " ".join(text for text in (line.certifier, line.certificate_number) if text)
    known = (line.pack_label, line.origin, line.label and _label(line), proof)
    told = [line.product, " · ".join(text for text in known if text), *_safety(line)]
    return "\n".join(told)


def _safety(line: OrderLine) -> Iterator[str]:
    """What hygiene law wants kept with the goods: the right to deliver them, and their allergens as stated."""
    if line.permit_kind is not None:
        yield f"{PERMITS[line.permit_kind]} {line.permit_number}"
    if line.allergens_on is not None:
        yield f"Allergènes : {read_told(line.allergens).words}"


def print_totals(sheet: Sheet, billed: Iterable[Billed]) -> None:
    """Totals by rate and the whole: sums of rounded lines, nothing rounded again."""
    rates = totals_by_rate(billed)
    amount, vat = added_up(rate.amount for rate in rates), added_up(rate.vat for rate in rates)
    sheet.keep_together(TOTALS_MM)
    rows = [
        (percent(rate.vat_pct), euros(rate.amount), euros(rate.vat), euros(rate.amount + rate.vat)) for rate in rates
    ]
    sheet.lines(RATES, rows, FORM_PT)
    sheet.gap(2)
    total = f"Total HT {euros(amount)} · TVA {euros(vat)} · Total TTC {euros(amount + vat)}"
    sheet.write_line(total, TOTAL_PT, bold=True)
    sheet.write_line(ROUNDING, FORM_PT - 1)


def _ordered(line: OrderLine) -> Sequence[str]:
    packs = count(line.packs)
    if line.packs != line.packs_ordered:
        packs = f"{packs}\nsur {count(line.packs_ordered)}"
    detail = described(line)
    if line.price_source is not PriceSource.OFFER:
        detail += f"\n{line.agreement.words}"
    if line.delivery_eur_per_kg:
        detail += f"\nlivraison {unit_price(line.delivery_eur_per_kg)} par kg"
    return (
        str(line.position), detail, packs, kilograms(line.grams), unit_price(line.price_eur_per_pack),
        percent(line.vat_pct), euros(line.amount),
    )  # fmt: skip


def _delivered(line: OrderLine) -> Sequence[str]:
    return str(line.position), described(line), count(line.packs), kilograms(line.grams), "", "", "", ""


def _label(line: OrderLine) -> str:
    rows = law().tables.labels.get(str(line.label))
    return rows[-1].french_name if rows else str(line.label)


def _billed(lines: Sequence[OrderLine]) -> list[Billed]:
    return [Billed(line.id, line.product, line.grams, line.amount, line.vat_pct, line.vat) for line in lines]
