"""What goods cost at the kitchen's door: the price of the pack and the delivery of its weight (decision 0013)."""

from decimal import ROUND_HALF_UP, Decimal

GRAMS_PER_KG = 1000
HUNDRED_KM = 100
PRICE_STEP = Decimal("0.0001")
CENT = Decimal("0.01")
PERCENT = 100


def delivery_eur_per_kg(base: Decimal, per_100km: Decimal, distance_km: Decimal) -> Decimal:
    """Delivery price in €/kg excl. tax for a distance, rounded half-up to four decimals."""
    return (base + per_100km * distance_km / HUNDRED_KM).quantize(PRICE_STEP, ROUND_HALF_UP)


def eur_per_kg(price_eur_per_pack: Decimal, pack_g: int) -> Decimal:
    """Price of a kilogram in €/kg excl. tax, rounded half-up to four decimals."""
    return (price_eur_per_pack * GRAMS_PER_KG / pack_g).quantize(PRICE_STEP, ROUND_HALF_UP)


def eur_per_pack(price_eur_per_kg: Decimal, pack_g: int) -> Decimal:
    """Price of a pack of goods priced by the kilogram, € excl. tax, rounded half-up to four decimals, never nothing."""
    return max((price_eur_per_kg * pack_g / GRAMS_PER_KG).quantize(PRICE_STEP, ROUND_HALF_UP), PRICE_STEP)


def delivered_amount(grams: int, price_eur_per_pack: Decimal, pack_g: int, per_kg: Decimal) -> Decimal:
    """€ excl. tax of a line of ``grams``, delivery at ``per_kg`` included, rounded half-up to the cent.

    Weights need not be whole packs: goods of variable weight are billed as delivered. Everything is multiplied before
    the one division, so that whole packs cost exactly packs x price, and only the cent is rounded.
    """
    goods = price_eur_per_pack * GRAMS_PER_KG * grams
    delivery = per_kg * pack_g * grams
    return ((goods + delivery) / (GRAMS_PER_KG * pack_g)).quantize(CENT, ROUND_HALF_UP)


def vat_of(amount: Decimal, vat_pct: Decimal) -> Decimal:
    """VAT in € of a line, rounded half-up to the cent; the delivery bears the rate of the goods it brings."""
    return (amount * vat_pct / PERCENT).quantize(CENT, ROUND_HALF_UP)
