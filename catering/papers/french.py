"""How papers write days and the states of orders."""

from datetime import date

from catering.orders.standing import FRENCH_DAYS
from catering.orders.vocabulary import OrderState

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip

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
