"""Figures as a French reader writes them: one place for the decimal comma, thousands and the space before a unit."""

from decimal import Decimal

KEPT = "\u00a0"
CENT = Decimal("0.01")
GRAMS_PER_KG = 1000


def number(value: Decimal) -> str:
    """``1 234,50``: no-break spaces between thousands, the decimals as they are."""
    return f"{value:,f}".replace(",", KEPT).replace(".", ",")


def short(value: Decimal) -> str:
    """A decimal without the zeros that say nothing."""
    return number(value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize())


def euros(amount: Decimal) -> str:
    """An amount in €, its decimals as they are: those of an amount that was rounded are its cents."""
    return f"{number(amount)}{KEPT}€"


def round_euros(amount: Decimal) -> str:
    """A threshold or a sum compared with one: ``60 000 €``, with cents only where there are some."""
    return euros(amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount.quantize(CENT))


def unit_price(price: Decimal) -> str:
    """A price in €: two decimals, or as many more as it has."""
    cents = price.quantize(CENT)
    return euros(cents if cents == price else price.normalize())


def percent(value: Decimal) -> str:
    """A value in percent."""
    return f"{short(value)}{KEPT}%"


def rate(value: Decimal | None) -> str:
    """A value in percent, its decimals as they are; a dash where there is none."""
    return "–" if value is None else f"{number(value)}{KEPT}%"


def kilograms(grams: int) -> str:
    """A weight in kg, to the gram."""
    return f"{short(Decimal(grams) / GRAMS_PER_KG)}{KEPT}kg"


def count(many: int) -> str:
    """A whole number, its thousands apart."""
    return number(Decimal(many))


def counted(many: int, one: str) -> str:
    """A number and its noun, as ``3 colis`` or ``2 commandes``."""
    plural = one if many < 2 or one.endswith("s") else f"{one}s"
    return f"{count(many)}{KEPT}{plural}"
