"""Papers of a delivery day: what to harvest, what to pack for whom, and in which order to drive."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from catering.figures import count, counted, kilograms, number
from catering.market.models import Supplier
from catering.papers.facts import Drop, ToHarvest, TourStop
from catering.papers.french import day_in_words
from catering.papers.orders import FIRST_ROWS_MM, HAND_MM, buyer_of, described, seller_of, weight_of
from catering.papers.sheet import Column, Sheet

HARVEST_PT, PACKING_PT, TOUR_PT = 14, 13, 11
HARVEST = (
    Column("Produit", 76),
    Column("Colis", 24, "RIGHT"),
    Column("Poids", 38, "RIGHT"),
    Column("Commandes", 32, "RIGHT"),
    Column("Fait", 16),
)
PACKING = (Column("Produit", 108), Column("Colis", 24, "RIGHT"), Column("Poids", 38, "RIGHT"), Column("Fait", 16))
TOUR = (
    Column("N°", 9, "RIGHT"),
    Column("Collège", 74),
    Column("km", 16, "RIGHT"),
    Column("À décharger", 51),
    Column("Heure, signature", 36),
)
NOTHING = "Rien n'est commandé pour ce jour."
NO_LONGER_SOLD = "Produit retiré de la vente"


def harvest_list(supplier: Supplier, day: date, wanted: Sequence[ToHarvest]) -> bytes:
    """The harvest list (liste de récolte) of a supplier and delivery day, all kitchens together, as PDF."""
    sheet = _day_sheet("Liste de récolte", supplier, day)
    if not wanted:
        sheet.write_line(NOTHING)
        return sheet.content()
    sheet.lines(HARVEST, (_harvested(each) for each in wanted), HARVEST_PT, HAND_MM)
    sheet.gap()
    packs, grams = sum(each.packs for each in wanted), sum(each.grams for each in wanted)
    sheet.write_line(f"Total : {counted(packs, 'colis')}, {kilograms(grams)}", HARVEST_PT, bold=True)
    return sheet.content()


def packing_list(supplier: Supplier, day: date, drops: Sequence[Drop]) -> bytes:
    """The packing list (liste de colisage) of a supplier and delivery day, one kitchen after the other, as PDF.

    Each kitchen starts a page, so that its pages go with its pallet.
    """
    sheet = _day_sheet("Liste de colisage", supplier, day)
    if not drops:
        sheet.write_line(NOTHING)
    for rank, drop in enumerate(drops):
        if rank:
            sheet.add_page()
            sheet.write_line(f"Liste de colisage · {day_in_words(day)}", bold=True)
        sheet.named_below(drop.place.name, supplier.name)
        _pack(sheet, drop)
    return sheet.content()


def tour_sheet(start: Supplier, day: date, stops: Sequence[TourStop]) -> bytes:
    """The tour sheet (feuille de tournée) from ``start``, the nearest kitchen first, as PDF."""
    sheet = _day_sheet("Feuille de tournée", start, day)
    if not stops:
        sheet.write_line(NOTHING)
        return sheet.content()
    km = sum((stop.km for stop in stops), Decimal("0.0"))
    loaded = weight_of(line for drop in _drops(stops) for facts in drop.orders for line in facts.lines)
    sheet.write_line(f"{counted(len(stops), 'arrêt')}, {number(km)}\u00a0km estimés ; à charger : {loaded}", bold=True)
    sheet.lines(TOUR, (_stop(rank, stop, start) for rank, stop in enumerate(stops, start=1)), TOUR_PT, HAND_MM + 4)
    sheet.gap(2)
    sheet.write_line("Du plus proche au plus proche : l'ordre des arrêts est une proposition, à changer au besoin.")
    return sheet.content()


def _day_sheet(title: str, supplier: Supplier, day: date) -> Sheet:
    sheet = Sheet(title, day_in_words(day))
    sheet.named_below(supplier.name)
    sheet.parties(seller_of(supplier))
    return sheet


def _pack(sheet: Sheet, drop: Drop) -> None:
    sheet.parties(buyer_of(drop.place, "Pour"))
    for facts in drop.orders:
        sheet.keep_together(FIRST_ROWS_MM)
        sheet.write_line(f"Commande {facts.order.number}", bold=True)
        rows = ((described(line), count(line.packs), kilograms(line.grams), "") for line in facts.lines)
        sheet.lines(PACKING, rows, PACKING_PT, HAND_MM)
        sheet.gap(2)
    total = weight_of(line for facts in drop.orders for line in facts.lines)
    sheet.write_line(f"Total : {total}", PACKING_PT, bold=True)


def _harvested(each: ToHarvest) -> Sequence[str]:
    product = NO_LONGER_SOLD if each.offer is None else f"{each.offer.product}\n{each.offer.pack_label}"
    return product, count(each.packs), kilograms(each.grams), count(each.orders), ""


def _stop(rank: int, stop: TourStop, start: Supplier) -> Sequence[str]:
    place = f"{stop.place.name}\n{stop.place.address}\n{stop.place.postcode} {stop.place.commune}"
    return str(rank), place, number(stop.km), "\n".join(_unloaded(drop, start) for drop in stop.drops), ""


def _unloaded(drop: Drop, start: Supplier) -> str:
    numbers = ", ".join(facts.order.number for facts in drop.orders)
    whose = "" if drop.supplier.id == start.id else f"{drop.supplier.name} : "
    return f"{whose}{weight_of(line for facts in drop.orders for line in facts.lines)} ({numbers})"


def _drops(stops: Iterable[TourStop]) -> Iterable[Drop]:
    return (drop for stop in stops for drop in stop.drops)
