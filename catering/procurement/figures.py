"""Whether a figure that somebody typed can be kept exactly."""

from decimal import Decimal

CENT = Decimal("0.01")
PRICE_STEP = Decimal("0.0001")
FACT_STEP = Decimal("0.000001")
LARGEST_AMOUNT = Decimal(100_000_000)
"""A hundred million euros: more is a slip of the keyboard."""


def fits(value: Decimal, step: Decimal, least: Decimal, most: Decimal) -> bool:
    """Whether a figure is finite, from ``least`` to ``most`` (both included), without a digit below ``step``."""
    return value.is_finite() and least <= value <= most and value == value.quantize(step)


def amount_fits(value: Decimal, *, zero: bool = False) -> bool:
    """Whether an amount in euros is positive (or zero, if that may be), to the cent, and not absurd."""
    return fits(value, CENT, Decimal(0) if zero else CENT, LARGEST_AMOUNT)
