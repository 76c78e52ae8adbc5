"""Offers of the demonstration market: what is common to a farm's and a wholesaler's, and the wholesalers' own.

Prices are plausible demonstration prices, not quotations.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import gcd

from seeds.build.market_inputs import MarketInputs, Price
from seeds.build.suppliers import Supplier

CENT = Decimal("0.01")
GRAMS_PER_KG = 1000
PRICE_GRAIN = 100_000  # a price per kg has 4 decimals: price in cents × 100 000 / pack grams is an integer


@dataclass(frozen=True)
class Offer:
    """A product of a supplier in a pack at a price excl. tax; `label` empty when nothing is certified."""

    supplier: str
    ingredient: str
    product: str
    pack_g: int
    pack_label: str
    price_eur_per_pack: Decimal
    label: str
    origin: str
    vat_pct: str

    @property
    def id(self) -> str:
        """Stable id: supplier, ingredient and label."""
        return "__".join(filter(None, (self.supplier, self.ingredient, self.label.lower())))

    @property
    def certificate(self) -> str:
        """Id of the supplier's certificate behind the label; empty without label."""
        return f"{self.supplier}__{self.label.lower()}" if self.label else ""


def pack_price(eur_per_kg: Decimal, pack_g: int) -> Decimal:
    """Return the price of a pack in whole cents, such that the price per kg it implies is exact at 4 decimals."""
    step = CENT * (pack_g // gcd(pack_g, PRICE_GRAIN))
    steps = (eur_per_kg * pack_g / GRAMS_PER_KG / step).quantize(Decimal(1), ROUND_HALF_UP)
    return max(steps, Decimal(1)) * step


def make_offer(inputs: MarketInputs, supplier: str, price: Price, pack: str, eur_per_kg: Decimal, **told: str) -> Offer:
    """Return the offer of an ingredient at a price per kg; `told` gives product, label and origin."""
    packing = inputs.packs[pack]
    return Offer(
        supplier=supplier,
        ingredient=price.ingredient,
        pack_g=packing.grams,
        pack_label=packing.label,
        price_eur_per_pack=pack_price(eur_per_kg, packing.grams),
        vat_pct=price.vat_pct,
        **told,
    )


def wholesale_offers(inputs: MarketInputs, sellers: list[Supplier]) -> list[Offer]:
    """Return the wholesalers' offers: every ingredient plain, then bio and official signs where the trade has them."""
    return [offer for seller in sellers for offer in _of_seller(inputs, seller)]


def _of_seller(inputs: MarketInputs, seller: Supplier) -> Iterator[Offer]:
    factor = next(Decimal(row["price_factor"]) for row in inputs.wholesalers if row["role"] == seller.trade)

    def offer(price: Price, eur_per_kg: Decimal, label: str) -> Offer:
        told = {"product": price.product, "label": label, "origin": price.origin}
        return make_offer(inputs, seller.id, price, price.pack, eur_per_kg * factor, **told)

    for ingredient in inputs.ingredients:
        price = inputs.prices[ingredient]
        if seller.trade in price.sold_by:
            yield offer(price, price.eur_per_kg, price.label)
        if seller.trade in price.bio_sold_by and price.bio_eur_per_kg is not None:
            yield offer(price, price.bio_eur_per_kg, "BIO")
    for ingredient, label, premium in inputs.signs:
        price = inputs.prices[ingredient]
        if seller.trade == price.sold_by[0]:
            yield offer(price, price.eur_per_kg * premium, label)
