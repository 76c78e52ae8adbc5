"""Numbers as a French reader writes them, for the messages of faults."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def rounded(number: Fraction | Decimal | int, places: int = 6) -> Decimal:
    """``number`` rounded half-up (away from zero) to ``places`` decimals, exactly."""
    scaled = abs(Fraction(number)) * 10**places
    size = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(size if number >= 0 else -size).scaleb(-places)


def figure(number: Fraction | Decimal | int) -> str:
    """``1,5``: at most 6 decimals, no trailing zeros."""
    text = format(rounded(number), "f").rstrip("0").rstrip(".")
    return text.replace(".", ",")


def euros(amount: Decimal | Fraction) -> str:
    """``12,34 €``."""
    return format(rounded(amount, 2), "f").replace(".", ",") + " €"


def percent(share: Fraction | Decimal) -> str:
    """``12,34 %``."""
    return format(rounded(Fraction(share) * 100, 2), "f").replace(".", ",") + " %"


def grams(quantity: int) -> str:
    """``1 500 g``, the thousands apart."""
    return f"{quantity:,}".replace(",", " ") + " g"
