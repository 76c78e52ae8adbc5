"""Orders, their lines and all that happened to them, as GraphQL shows them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

import strawberry

from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.pages_by_parent import PageKey
from catering.graph.paging import Page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.kitchens.graph import DeliveryPlace
from catering.market.graph import Label, Offer, Supplier, show_offer, show_supplier
from catering.market.loaders import OfferById, SupplierById
from catering.market.models_hygiene import PermitKind
from catering.moment import now
from catering.orders import models
from catering.orders.answering import answer_by, unanswered
from catering.orders.loaders import (
    AwayByDropDay,
    DropDay,
    EventsByOrderId,
    LinesByOrderId,
    NewestOrderPageByWish,
    OrderById,
    OrderingPlaceById,
    OrderPageByWish,
    OrdersWanted,
)
from catering.orders.replay import TO_DELIVER
from catering.orders.vocabulary import OrderEventKind, PriceSource
from catering.orders.vocabulary import OrderState as OrderState

strawberry.enum(OrderState, description="Where an order stands.")
strawberry.enum(PriceSource, description="Where the price that a kitchen pays comes from.")
strawberry.enum(OrderEventKind, description="What happened to an order.")

States: TypeAlias = Annotated[
    list[OrderState] | None, strawberry.argument(description="Only in one of these states; all by default.")
]
SupplierAway: TypeAlias = Annotated[
    bool,
    strawberry.argument(
        description="Only those still to come on a day for which their supplier has stated a pause since."
    ),
]
Day: TypeAlias = Annotated[date | None, strawberry.argument(description="Only delivered on this day.")]


@strawberry.type(description="One offer of an order, as it was sold on the day it was sent.")
class OrderLine:
    row: strawberry.Private[models.OrderLine]
    position: int = strawberry.field(description="From 1; how answers name the line.")
    product: str = strawberry.field(description="What is sold, in French.")
    pack_label: str = strawberry.field(description="The pack, in words.")
    pack_g: int = strawberry.field(description="Grams of one pack.")
    packs_ordered: int = strawberry.field(description="Packs as sent.")
    packs: int = strawberry.field(description="Packs agreed now; 0 when the order does not stand.")
    grams: int = strawberry.field(description="Weight of the packs agreed.")
    received_g: int | None = strawberry.field(description="Grams the kitchen accepted; null before the reception.")
    price_eur_per_pack: Decimal = strawberry.field(description="€ excl. tax.")
    price_source: PriceSource = strawberry.field(description="Where that price comes from.")
    delivery_eur_per_kg: Decimal = strawberry.field(
        description="€ excl. tax of bringing one kilogram; 0 when the price is delivered free, as in a contract."
    )
    vat_pct: Decimal = strawberry.field(description="VAT rate, percent.")
    certificate_number: str | None = strawberry.field(description="Of the proof of its label, when it was sold.")
    certifier: str | None = strawberry.field(description="Who certifies.")
    permit_kind: PermitKind | None = strawberry.field(
        description="By which right it may be delivered to a canteen (HYG-01); null for what is not of animals."
    )
    permit_number: str | None = strawberry.field(description="Number of that approval or receipt.")
    permit_max_km: int | None = strawberry.field(
        description="Kilometres as the crow flies that the prefect granted to a dérogation; null for the common ones."
    )
    origin: str = strawberry.field(description="Where it comes from.")

    @documented
    def amount_eur(self) -> Decimal:
        """€ excl. tax, delivery included, rounded half-up to the cent."""
        return self.row.amount

    @documented
    def vat_eur(self) -> Decimal:
        """VAT of the line in €, rounded half-up to the cent."""
        return self.row.vat

    @documented
    def price_words(self) -> str:
        """Which price it was, in French: `Prix du marché n° 2026-07, ligne 3, révisé au 01/10/2026, franco de port`."""
        return self.row.agreement.words

    @documented
    def label(self) -> Label | None:
        """Under which it was sold; null for none."""
        return None if self.row.label is None else Label(code=strawberry.ID(self.row.label))

    @documented
    def ground(self, info: Ask) -> str | None:
        """By which contract, award or threshold it is lawfully bought, in French; null for who sells."""
        return None if info.context.viewer.sells else self.row.ground

    @documented
    async def offer(self, info: Ask) -> Offer | None:
        """The offer as it is today; null when you may not read it."""
        row = await info.context.loader(OfferById).load(self.row.offer_id)
        return None if row is None else show_offer(row)


@strawberry.type(description="Packs of one line of an order.")
class LinePacks:
    position: int = strawberry.field(description="The line.")
    packs: int = strawberry.field(description="How many.")


@strawberry.type(description="One thing that happened to an order; events are only ever added.")
class OrderEvent:
    row: strawberry.Private[models.OrderEvent]
    seq: int = strawberry.field(description="From 1.")
    at: datetime = strawberry.field(description="When.")
    actor: str = strawberry.field(description="Who: an account or a program.")
    kind: OrderEventKind = strawberry.field(description="What.")

    @documented
    def reason(self) -> str | None:
        """Why, in the words of who did it; null when none was given."""
        return self.row.data.get("reason") or None

    @documented
    def packs(self) -> list[LinePacks]:
        """Packs that were accepted or proposed, line by line; empty for other events."""
        return show_packs(self.row)

    @documented
    def day(self) -> date | None:
        """Delivery day that was asked for or proposed; null for other events."""
        stated = self.row.data.get("day")
        return None if stated is None else date.fromisoformat(stated)


@strawberry.type(description="What the supplier proposes instead of what was ordered.")
class ProposedChange:
    seq: int = strawberry.field(description="Number of the event; the answer names it.")
    at: datetime = strawberry.field(description="When it was proposed.")
    reason: str | None = strawberry.field(description="Why, in the words of the supplier.")
    day: date = strawberry.field(description="Delivery day proposed.")
    packs: list[LinePacks] = strawberry.field(description="Packs proposed, line by line.")


@strawberry.type(description="What one kitchen asks of one supplier for one delivery day.")
class Order:
    row: strawberry.Private[models.Order]
    number: str = strawberry.field(description="As written on the order form; never changes.")
    state: OrderState = strawberry.field(description="Where it stands.")
    week: date = strawberry.field(description="Monday of the week whose meals it is for.")
    day: date = strawberry.field(description="Delivery day.")
    sent_at: datetime = strawberry.field(description="When it was sent.")
    sent_by: str = strawberry.field(description="By whom.")
    cut_off: datetime = strawberry.field(description="Until then the kitchen cancels freely.")
    cancel_asked_at: datetime | None = strawberry.field(
        description="The kitchen asked to cancel after the cut-off and waits for the supplier; null otherwise."
    )

    @documented
    def id(self) -> strawberry.ID:
        """Number of the row, by which requests name the order."""
        return strawberry.ID(str(self.row.id))

    @documented
    def amount_eur(self) -> Decimal:
        """€ excl. tax, delivery included: the sum of its rounded lines."""
        return self.row.amount

    @documented
    def vat_eur(self) -> Decimal:
        """€ of VAT: the sum of its rounded lines."""
        return self.row.vat

    @documented
    def answer_by(self) -> datetime:
        """Until when its supplier answers it; unanswered after that, the kitchen takes it back at once by cancelling
        (HOUSE-CDE-01)."""
        return answer_by(self.row)

    @documented
    def unanswered(self) -> bool:
        """Whether its supplier has let that time pass without an answer."""
        return unanswered(self.row, now())

    @documented
    async def lines(self, info: Ask) -> list[OrderLine]:
        """What is ordered (a few dozen lines)."""
        rows = await info.context.loader(LinesByOrderId).load(self.row.id)
        return [show_line(row) for row in rows]

    @documented
    async def events(self, info: Ask) -> list[OrderEvent]:
        """All that happened to it, oldest first (a dozen)."""
        rows = await info.context.loader(EventsByOrderId).load(self.row.id)
        return [shown(OrderEvent, row, row=row) for row in rows]

    @documented
    async def proposed_change(self, info: Ask) -> ProposedChange | None:
        """What waits for the kitchen's answer; null when nothing does."""
        if self.row.state is not OrderState.CHANGE_PROPOSED:
            return None
        events = await info.context.loader(EventsByOrderId).load(self.row.id)
        newest = next(event for event in reversed(events) if event.kind is OrderEventKind.CHANGE_PROPOSED)
        return ProposedChange(
            seq=newest.seq,
            at=newest.at,
            reason=newest.data.get("reason") or None,
            day=date.fromisoformat(newest.data["day"]),
            packs=show_packs(newest),
        )

    @documented
    async def supplier_away(self, info: Ask) -> bool:
        """Whether it is still to come on a day for which its supplier has stated a pause since: the supplier has to
        report its failure or to propose another day."""
        if self.row.state not in TO_DELIVER:
            return False
        return await info.context.loader(AwayByDropDay).load(DropDay(self.row.supplier_id, self.row.day))

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """Who delivers; null when you may not read them."""
        row = await info.context.loader(SupplierById).load(self.row.supplier_id)
        return None if row is None else show_supplier(row)

    @documented
    async def place(self, info: Ask) -> DeliveryPlace | None:
        """Where it goes."""
        return await place_of(info, self.row.kitchen_id)


def show_order(row: models.Order) -> Order:
    """An order as GraphQL shows it."""
    return shown(Order, row, row=row)


def show_line(row: models.OrderLine) -> OrderLine:
    """A line as GraphQL shows it."""
    return shown(OrderLine, row, row=row)


def show_packs(event: models.OrderEvent) -> list[LinePacks]:
    """Packs that an event states, by line."""
    stated: dict[str, Any] = event.data.get("packs", {})
    return [
        LinePacks(position=int(position), packs=int(packs))
        for position, packs in sorted(stated.items(), key=lambda each: int(each[0]))
    ]


async def place_of(info: Ask, kitchen_id: int) -> DeliveryPlace | None:
    """Where an order goes; None when no order that the viewer may read comes from there."""
    row = await info.context.loader(OrderingPlaceById).load(kitchen_id)
    return None if row is None else shown(DeliveryPlace, row)


async def page_of_orders(info: Ask, wanted: OrdersWanted, first: int, after: str | None) -> Page[Order]:
    """One page of orders by delivery day: of a kitchen the last one first, of a supplier the first one."""
    pages = OrderPageByWish if wanted.kitchen_id is None else NewestOrderPageByWish
    found = await info.context.loader(pages).load(PageKey(wanted, first, after))
    return found.shown(show_order)


@strawberry.type
class Query:
    @documented
    async def order(
        self, info: Ask, order_id: Annotated[strawberry.ID, strawberry.argument(name="id", description="Its id.")]
    ) -> Order | None:
        """The order of this id; null when there is none or you may not read it."""
        row = await info.context.loader(OrderById).load(row_number(order_id, "commande"))
        return None if row is None else show_order(row)
