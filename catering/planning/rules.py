"""Pure decisions of planning: what reaches whom, at what price, and for how long a label counts."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

PRICE_STEP = Decimal("0.0001")
GRAMS_PER_KG = 1000
HUNDRED_KM = 100


def delivery_eur_per_kg(base: Decimal, per_100km: Decimal, distance_km: Decimal) -> Decimal:
    """Delivery price in €/kg excl. tax for a distance, rounded half-up to four decimals."""
    return (base + per_100km * distance_km / HUNDRED_KM).quantize(PRICE_STEP, ROUND_HALF_UP)


def eur_per_kg(price_eur_per_pack: Decimal, pack_g: int) -> Decimal:
    """Price of a kilogram in €/kg excl. tax, rounded half-up to four decimals."""
    return (price_eur_per_pack * GRAMS_PER_KG / pack_g).quantize(PRICE_STEP, ROUND_HALF_UP)


def overlap(first: tuple[date, date | None], second: tuple[date, date | None]) -> tuple[date, date] | None:
    """Days common to two spans (both ends included, None = without end); None when there is none.

    Raises:
        ValueError: neither span ends.
    """
    start = max(first[0], second[0])
    ends = [end for _, end in (first, second) if end is not None]
    if not ends:
        raise ValueError("neither span ends")
    end = min(ends)
    return (start, end) if start <= end else None
