"""What is prepared, packed and driven on a day: harvest list, packing list and tour sheet."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Annotated, Any

import strawberry

from catering.graph.documented import documented
from catering.graph.errors import BadArgumentError
from catering.graph.request import Ask
from catering.graph.values import BigInt
from catering.kitchens.graph import DeliveryPlace
from catering.market.graph import Offer, show_offer
from catering.market.loaders import OfferById
from catering.market.models import Supplier, SupplierKind
from catering.market.queries import suppliers
from catering.orders.graph.orders import Order, OrderLine, place_of, show_line, show_order
from catering.orders.loaders import DropsOfDay, OrderingPlaceById, PackingByDay
from catering.orders.models import Order as OrderRow
from catering.orders.models import OrderLine as LineRow
from catering.orders.rules import added_up
from catering.orders.tour import Stop, nearest_first

MOST_SUPPLIERS = 50


@strawberry.type(description="What to harvest or pack of one offer for one delivery day, all kitchens together.")
class HarvestLine:
    row: strawberry.Private[Any]
    day: date = strawberry.field(description="Delivery day.")
    packs: int = strawberry.field(description="Packs to prepare.")
    grams: BigInt = strawberry.field(description="Their weight.")
    orders: int = strawberry.field(description="Orders it is for.")

    @documented
    async def offer(self, info: Ask) -> Offer | None:
        """What is sold; null when you may not read it."""
        row = await info.context.loader(OfferById).load(self.row.offer_id)
        return None if row is None else show_offer(row)


@strawberry.type(description="One order to pack, with its lines.")
class PackedOrder:
    order: Order = strawberry.field(description="The order.")
    lines: list[OrderLine] = strawberry.field(description="What goes into it, in order of position.")


@strawberry.type(description="What goes to one kitchen on a day.")
class PackingPlace:
    kitchen_id: strawberry.Private[int]
    orders: list[PackedOrder] = strawberry.field(description="Its orders, supplier by supplier.")
    grams: BigInt = strawberry.field(description="Weight of all of them.")
    amount_eur: Decimal = strawberry.field(description="€ excl. tax of all of them.")

    @documented
    async def place(self, info: Ask) -> DeliveryPlace | None:
        """Where it goes."""
        return await place_of(info, self.kitchen_id)


@strawberry.type(description="One stop of a tour.")
class TourStop:
    rank: int = strawberry.field(description="From 1.")
    km: Decimal = strawberry.field(description="Estimated road kilometres from the stop before, or from the start.")
    packing: PackingPlace = strawberry.field(description="What is unloaded there.")


@strawberry.type(description="Everything that goes out together on a day, kitchen by kitchen, nearest next.")
class TourSheet:
    day: date = strawberry.field(description="Delivery day.")
    stops: list[TourStop] = strawberry.field(description="In order; empty when nothing is ordered.")
    km: Decimal = strawberry.field(description="Estimated road kilometres to the last stop.")
    grams: BigInt = strawberry.field(description="Weight loaded.")


def show_packing(rows: Iterable[Any]) -> list[PackingPlace]:
    """Lines with their orders, in order of kitchen and order, gathered kitchen by kitchen."""
    by_kitchen = groupby(rows, key=lambda row: row.Order.kitchen_id)
    return [_packing_place(kitchen_id, list(of_kitchen)) for kitchen_id, of_kitchen in by_kitchen]


def _packing_place(kitchen_id: int, rows: Sequence[Any]) -> PackingPlace:
    orders: dict[int, tuple[OrderRow, list[LineRow]]] = {}
    for row in rows:
        orders.setdefault(row.Order.id, (row.Order, []))[1].append(row.OrderLine)
    return PackingPlace(
        kitchen_id=kitchen_id,
        orders=[
            PackedOrder(order=show_order(order), lines=[show_line(line) for line in lines])
            for order, lines in orders.values()
        ],
        grams=BigInt(sum(row.OrderLine.grams for row in rows)),
        amount_eur=added_up(order.amount for order, _ in orders.values()),
    )


@strawberry.type
class Query:
    @documented
    async def tour(
        self,
        info: Ask,
        day: Annotated[date, strawberry.argument(description="Delivery day.")],
        suppliers: Annotated[
            list[strawberry.ID], strawberry.argument(description="Suppliers whose goods go together, 1 to 50 ids.")
        ],
    ) -> TourSheet:
        """The tour sheet of a day: what some suppliers deliver together, starting from the hub among them."""
        if not 1 <= len(suppliers) <= MOST_SUPPLIERS:
            raise BadArgumentError(f"suppliers compte {len(suppliers)} identifiants : en donner 1 à {MOST_SUPPLIERS}.")
        found = await info.context.objects(_named(info, suppliers))
        if not found:
            return TourSheet(day=day, stops=[], km=Decimal("0.0"), grams=BigInt(0))
        wanted = DropsOfDay(frozenset(each.id for each in found), day)
        places = show_packing(await info.context.loader(PackingByDay).load(wanted))
        return await _tour(info, day, _start(found), places)


def _named(info: Ask, slugs: Sequence[str]) -> Any:
    return suppliers(info.context.viewer, slugs=slugs).order_by(Supplier.slug)


def _start(found: Sequence[Supplier]) -> Supplier:
    return next((each for each in found if each.kind is SupplierKind.HUB), found[0])


async def _tour(info: Ask, day: date, start: Supplier, packed: Sequence[PackingPlace]) -> TourSheet:
    rows = await info.context.loader(OrderingPlaceById).load_many([each.kitchen_id for each in packed])
    by_id = {each.kitchen_id: each for each in packed}
    stops = [Stop(row.id, row.lat, row.lon) for row in rows if row is not None]
    tour = nearest_first(start.lat, start.lon, stops)
    return TourSheet(
        day=day,
        stops=[
            TourStop(rank=rank, km=km, packing=by_id[stop.kitchen_id]) for rank, (stop, km) in enumerate(tour, start=1)
        ],
        km=sum((km for _, km in tour), Decimal("0.0")),
        grams=BigInt(sum(int(each.grams) for each in packed)),
    )
