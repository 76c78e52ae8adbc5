"""What papers print, read beforehand: rows of one consistent read, nothing loaded later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from catering.market.models import Offer, Supplier
from catering.orders.models import Order, OrderLine
from catering.receiving.models import Invoice, InvoiceLine


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order with its lines in order of position."""

    order: Order
    lines: Sequence[OrderLine]


@dataclass(frozen=True, slots=True)
class Drop:
    """What one supplier brings to one kitchen on a day. ``place`` has the columns of ``orders.queries.PLACE``."""

    supplier: Supplier
    place: Any
    day: date
    orders: Sequence[OrderFacts]


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """An invoice or a credit note with its lines."""

    supplier: Supplier
    place: Any
    invoice: Invoice
    lines: Sequence[InvoiceLine]
    sold: Mapping[int, tuple[OrderLine, Order]]
    """The order lines that it bills, by row id, with their orders."""
    buyer_siret: str | None = None
    """Of the collège, when it is known."""


@dataclass(frozen=True, slots=True)
class ToHarvest:
    """Packs and grams of one offer, all kitchens together; no offer when it is no longer sold."""

    offer: Offer | None
    packs: int
    grams: int
    orders: int


@dataclass(frozen=True, slots=True)
class TourStop:
    """A kitchen to drive to, with the estimated road kilometres from the stop before and what is unloaded."""

    place: Any
    km: Decimal
    drops: Sequence[Drop]
