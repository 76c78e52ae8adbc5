"""How papers write days, amounts and weights."""

from datetime import date
from decimal import Decimal

from catering.orders.standing import FRENCH_DAYS
from catering.orders.vocabulary import OrderState

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
GRAMS_PER_KG = 1000

STATES = {
    OrderState.SENT: "envoyée, sans réponse",
    OrderState.CHANGE_PROPOSED: "changement proposé, à confirmer par la cuisine",
    OrderState.ACCEPTED: "acceptée",
    OrderState.PARTLY_ACCEPTED: "acceptée en partie",
    OrderState.PREPARED: "préparée",
    OrderState.SHIPPED: "expédiée",
    OrderState.PARTLY_RECEIVED: "reçue en partie",
    OrderState.RECEIVED: "reçue",
    OrderState.REFUSED: "refusée par le fournisseur",
    OrderState.FAILED: "non livrée par le fournisseur",
    OrderState.CANCELLED: "annulée",
}


def day_in_words(day: date) -> str:
    """A day as ``lundi 7 septembre 2026``."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{FRENCH_DAYS[day.weekday()]} {number} {MONTHS[day.month - 1]} {day.year}"


def number(value: Decimal) -> str:
    """A decimal with a comma, no-break spaces between thousands, and its decimals as they are."""
    return f"{value:,f}".replace(",", "\u00a0").replace(".", ",")


def euros(amount: Decimal) -> str:
    """An amount in €."""
    return f"{number(amount)}\u00a0€"


def short(value: Decimal) -> str:
    """A decimal without the zeros that say nothing."""
    return number(value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize())


def kilograms(grams: int) -> str:
    """A weight in kg, to the gram."""
    return f"{short(Decimal(grams) / GRAMS_PER_KG)}\u00a0kg"


def unit_price(price: Decimal) -> str:
    """A price in €: two decimals, or as many more as it has."""
    cents = price.quantize(Decimal("0.01"))
    return euros(cents if cents == price else price.normalize())


def percent(value: Decimal) -> str:
    """A rate in percent."""
    return f"{short(value)}\u00a0%"


def count(many: int) -> str:
    """A whole number, its thousands apart."""
    return number(Decimal(many))


def counted(many: int, one: str) -> str:
    """A number and its noun, as ``3 colis`` or ``2 commandes``."""
    plural = one if many < 2 or one.endswith("s") else f"{one}s"
    return f"{count(many)}\u00a0{plural}"
