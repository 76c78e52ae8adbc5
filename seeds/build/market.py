"""The demonstration market: suppliers, certificates, offers and capacities (`seeds/market/`)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from catering.demonstration.draws import Draws
from catering.rules.hygiene import AnimalProduct
from seeds.build.farm_offers import FarmMarket, FarmOffer
from seeds.build.market_inputs import MarketInputs
from seeds.build.offers import Offer, wholesale_offers
from seeds.build.seasons import Season, capacities
from seeds.build.sheets import Sheet, category_of, countries_of, date_of
from seeds.build.suppliers import Supplier, producers, wholesalers
from seeds.build.tables import Row, read_parameters, write_table

SUPPLIER_COLUMNS = (
    "id",
    "name",
    "kind",
    "fictional",
    "commune",
    "insee",
    "lat",
    "lon",
    "delivery_weekdays",
    "lead_days",
    "min_drop_eur",
    "shared_door_eur",
    "max_km",
    "delivery_eur_per_kg_base",
    "delivery_eur_per_kg_per_100km",
    "activity",
)
CERTIFICATE_COLUMNS = ("id", "supplier", "label", "certifier", "number", "valid_from", "valid_to")
OFFER_COLUMNS = (
    "id",
    "supplier",
    "ingredient",
    "product",
    "pack_g",
    "pack_label",
    "price_eur_per_pack",
    "label",
    "certificate",
    "origin",
    "vat_pct",
    "variable_weight",
    "origin_country",
    "born_in",
    "reared_in",
    "slaughtered_in",
    "category",
    "animal_product",
    "date_kind",
)
PERMIT_COLUMNS = ("supplier", "kind", "number", "valid_from", "valid_to", "max_km", "large_share")
PERMITTED_FROM = "2020-01-01"
CAPACITY_COLUMNS = ("offer", "valid_from", "valid_to", "grams_per_week")
UNLIMITED = "unlimited"
EVERY_LABEL = "*"


def build_market(out: Path) -> None:
    """Write the five tables under `out`/market. Raises `ValueError` when an input does not fit the ingredients."""
    parameters = read_parameters()
    draws = Draws(parameters["market_seed"])
    horizon = dt.date.fromisoformat(parameters["market_from"]), dt.date.fromisoformat(parameters["market_to"])
    inputs = MarketInputs()
    sellers, farms = wholesalers(inputs), producers(inputs, draws)
    wholesale = wholesale_offers(inputs, sellers)
    farmed = FarmMarket(inputs, draws, farms).offers()
    offers = sorted([*wholesale, *(farm.offer for farm in farmed)], key=lambda offer: offer.id)
    folder = out / "market"
    write_table(folder / "suppliers.csv", SUPPLIER_COLUMNS, map(_supplier_row, [*sellers, *farms]))
    held = _certificate_rows(inputs, draws, sellers, offers)
    write_table(folder / "certificates.csv", CERTIFICATE_COLUMNS, held)
    rows = [_offer_row(offer, inputs.sheets[offer.ingredient], inputs.kinds[offer.ingredient]) for offer in offers]
    write_table(folder / "offers.csv", OFFER_COLUMNS, rows)
    write_table(folder / "permits.csv", PERMIT_COLUMNS, _permit_rows(rows))
    dated = [*_unlimited_rows(wholesale, horizon), *_capacity_rows(inputs, draws, farmed, horizon)]
    dated.sort(key=_by_offer_and_date)
    write_table(folder / "capacities.csv", CAPACITY_COLUMNS, dated)


def _by_offer_and_date(row: Row) -> tuple[str, str]:
    return row["offer"], row["valid_from"]


def _supplier_row(supplier: Supplier) -> dict[str, object]:
    return {"fictional": "true"} | {
        column: getattr(supplier, column) for column in SUPPLIER_COLUMNS if column != "fictional"
    }


def _offer_row(offer: Offer, sheet: Sheet, kind: str) -> dict[str, object]:
    told = countries_of(kind, offer.origin)
    plain = OFFER_COLUMNS[: OFFER_COLUMNS.index("variable_weight")]
    return {column: getattr(offer, column) for column in plain} | {
        "variable_weight": "true" if sheet.variable_weight else "false",
        **told,
        "category": category_of(sheet, offer.product, offer.pack_label).value,
        "animal_product": "" if sheet.animal_product is None else sheet.animal_product.value,
        "date_kind": date_of(sheet, offer.product, offer.pack_label),
    }


def _permit_rows(offers: Iterable[Mapping[str, object]]) -> Iterator[Row]:
    """Yield the approval of each supplier of products of animals and the packing centre of each seller of eggs.

    The commune inside the numbers is 000, which none has: they can be taken for no real establishment.
    """
    egg = AnimalProduct.SHELL_EGG.value
    sold = {(str(row["supplier"]), str(row["animal_product"])) for row in offers if row["animal_product"]}
    held = {(supplier, "packing_centre" if product == egg else "approval") for supplier, product in sold}
    for rank, (supplier, kind) in enumerate(sorted(held), start=1):
        number = f"FR 62.000.{rank:03d} CE"
        dates = {"valid_from": PERMITTED_FROM, "valid_to": "", "max_km": "", "large_share": "false"}
        yield {"supplier": supplier, "kind": kind, "number": number, **dates}


def _certificate_rows(
    inputs: MarketInputs, draws: Draws, sellers: list[Supplier], offers: list[Offer]
) -> Iterator[Row]:
    """Yield one certificate per supplier and label sold, in the order of their ids."""
    wholesale = {seller.id for seller in sellers}
    held = sorted({(offer.certificate, offer.supplier, offer.label) for offer in offers if offer.label})
    for certificate, supplier, label in held:
        holder = "wholesaler" if supplier in wholesale else "producer"
        term = _term(inputs, draws, label, holder, certificate)
        yield {
            "id": certificate,
            "supplier": supplier,
            "label": label,
            "certifier": inputs.certifiers[label],
            "number": f"FICTIF-{label}-{draws.number('certificate', certificate) % 10**9:09d}",
            "valid_from": term["valid_from"],
            "valid_to": term["valid_to"],
        }


def _term(inputs: MarketInputs, draws: Draws, label: str, holder: str, certificate: str) -> Row:
    """Draw how long a certificate runs, from the label's own terms or else from those of every label."""
    terms = [term for term in inputs.terms if term["holder"] == holder]
    own = [term for term in terms if term["label"] == label] or [term for term in terms if term["label"] == EVERY_LABEL]
    return draws.weighted([(term, int(term["weight"])) for term in own], "term", certificate)


def _unlimited_rows(offers: Iterable[Offer], horizon: tuple[dt.date, dt.date]) -> Iterator[Row]:
    first, last = (day.isoformat() for day in horizon)
    for offer in offers:
        yield {"offer": offer.id, "valid_from": first, "valid_to": last, "grams_per_week": UNLIMITED}


def _capacity_rows(
    inputs: MarketInputs, draws: Draws, farmed: Iterable[FarmOffer], horizon: tuple[dt.date, dt.date]
) -> Iterator[Row]:
    for farm in farmed:
        season = Season(farm.product.months, inputs.profiles[farm.product.profile])
        offer = farm.offer
        for capacity in capacities(farm.kg_per_week, season, horizon, draws, offer.id, offer.ingredient):
            yield {
                "offer": offer.id,
                "valid_from": capacity.valid_from.isoformat(),
                "valid_to": capacity.valid_to.isoformat(),
                "grams_per_week": str(capacity.grams_per_week),
            }
