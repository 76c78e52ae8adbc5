"""A basket about to be sent, and what every room is asked about it: one statement reads all that they decide from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol, TypeAlias

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.market.models import Certificate, Offer, Supplier
from catering.moment import paris_day
from catering.orders.models import Basket, BasketLine
from catering.orders.opening import LineKey
from catering.orders.prices import Agreed, Paid, agreements, days_of
from catering.orders.rules import Priced, added_up, least_of
from catering.orders.sale_terms import SaleTerms
from catering.orders.sold import Sold
from catering.people.viewer import Viewer
from catering.procurement.grounds import Ground
from catering.together import read_together

Answers: TypeAlias = Sequence[Sequence[tuple[Any, ...]]]
"""The rows of each select that somebody asked for, in that order."""


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line of a basket as it was read: what it buys of whom, and what its drop holds already, in €."""

    line: BasketLine
    offer: Offer
    supplier: Supplier
    certificate: Certificate | None
    ordered: Decimal | None
    allergens: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """A basket read and held, before anything is known of prices and of what other rooms say."""

    kitchen: Kitchen
    basket: Basket
    lines: Sequence[HeldLine]
    now: datetime


@dataclass(frozen=True)
class SendingLine:
    """A line of the basket and the offer it buys, at the prices of today."""

    line: BasketLine
    sold: Sold

    @cached_property
    def paid(self) -> Paid:
        """Prices, and by which agreement."""
        return self.sold.paid(self.line.day, self.line.packs)

    @property
    def terms(self) -> SaleTerms:
        """Conditions of sale."""
        return self.sold.terms(self.line.day, self.line.packs)

    @cached_property
    def priced(self) -> Priced:
        """Packs and amounts."""
        return self.sold.priced(self.line.packs, self.line.day)


@dataclass(frozen=True, slots=True)
class Part:
    """What goes to one supplier for one delivery day: one order. ``ordered`` is what that drop holds already, in €."""

    supplier: Supplier
    day: date
    lines: tuple[SendingLine, ...]
    ordered: Decimal

    @property
    def positions(self) -> Iterable[tuple[int, SendingLine]]:
        """The lines with the position each has in the order, from 1."""
        return enumerate(self.lines, start=1)

    @property
    def amount(self) -> Decimal:
        """€ excl. tax, delivery included."""
        return added_up(line.priced.amount for line in self.lines)

    @property
    def least(self) -> Decimal:
        """€ excl. tax from which the delivery may be ordered."""
        return least_of(self.supplier, (each.line for each in self.lines))


@dataclass(frozen=True, slots=True)
class Sending:
    """A basket about to be sent, as the checks see it; ``agreed`` is what the kitchen has agreed with its suppliers."""

    kitchen: Kitchen
    basket: Basket
    parts: tuple[Part, ...]
    agreed: Agreed
    now: datetime

    @property
    def lines(self) -> Iterable[SendingLine]:
        """Lines of all parts."""
        return (line for part in self.parts for line in part.lines)


class Asking(Protocol):
    """A room that has something to say: what it decides from is read with what the others ask, in one round trip."""

    def asks(self, viewer: Viewer, held: Held) -> Sequence[Select[Any]]:
        """Selects of plain columns; only this room knows what their rows mean."""


Kept: TypeAlias = Mapping[LineKey, Mapping[str, Any]]
"""Columns of order lines that a check has found out: what each line was let through by."""
NOTHING_KEPT: Kept = {}


class Check(Asking, Protocol):
    """Says no to a sending by raising a Refusal."""

    def check(self, sending: Sending, answers: Answers) -> Kept:
        """Check a whole sending at once; ``answers`` are the rows of what it asked."""


OrderIds: TypeAlias = Mapping[tuple[int, date], int]
"""Row id of the order to each supplier (row id) for each day."""


class Grounds(Asking, Protocol):
    """By which contract, award or threshold each line is bought; says no by raising a Refusal."""

    async def engage(
        self, session: AsyncSession, viewer: Viewer, sending: Sending, orders: OrderIds, answers: Answers
    ) -> Mapping[LineKey, Ground]:
        """The ground of each line."""


class Prices:
    """What the kitchen has agreed: asked like the rest, answered before it."""

    def asks(self, viewer: Viewer, held: Held) -> Sequence[Select[Any]]:
        """Price lists of the kitchen and lines of its contracts, for the offers of the basket."""
        offers = [line.offer for line in held.lines]
        days = days_of(held.basket.week)
        return agreements(viewer, [held.kitchen.uai], offers, paris_day(held.now), days)


async def ask(session: AsyncSession, viewer: Viewer, held: Held, rooms: Iterable[Asking]) -> list[Answers]:
    """What each room asked for, all of it read by one statement."""
    asked = [list(room.asks(viewer, held)) for room in rooms]
    rows = iter(await read_together(session, [each for of_room in asked for each in of_room]))
    return [[next(rows) for _ in of_room] for of_room in asked]
