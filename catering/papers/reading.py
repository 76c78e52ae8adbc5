"""Reads what papers print, as the viewer may read it: None when there is nothing that they may."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy.orm import joinedload

from catering.declarations.display import Display, display_of
from catering.graph.request import Request
from catering.kitchens.graph import CoversByKitchenId
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.market.loaders import OfferById, SupplierById
from catering.market.models import Supplier
from catering.market.queries import suppliers
from catering.menus.diners import DinersDay, DinersPlace, place_of, week_of
from catering.menus.models import MenuDish
from catering.menus.queries import MENU_KEY, menus
from catering.menus.service import register_start
from catering.moment import today
from catering.orders.loaders import (
    DaysOfSupplier,
    DropsOfDay,
    HarvestByDays,
    LinesByOrderId,
    OrderById,
    OrderingPlaceById,
    PackingByDay,
)
from catering.orders.models import Order, OrderLine
from catering.orders.queries import ORDER_KEY, order_lines_visible_to, orders
from catering.orders.tour import Stop, nearest_first
from catering.orders.vocabulary import OrderState
from catering.papers.facts import Drop, InvoiceFacts, OrderFacts, ToHarvest, TourStop
from catering.papers.menus import RegisterFacts
from catering.papers.waste import DiagnosticFacts
from catering.purchases.models import Canteen
from catering.purchases.queries import sirets_visible_to
from catering.receiving.loaders import InvoiceById, LinesByInvoiceId
from catering.receiving.origins import goods_told
from catering.recipes.vocabulary import Slot
from catering.rules import law
from catering.waste.loaders import SiteByKitchenId
from catering.waste.reading import YEAR, Measured, biowaste_sums, facts, history, kept, latest_diagnostic, measured
from catering.waste.reading_worth import year_measured
from catering.waste.rules.duties import duties
from catering.waste.vocabulary import KitchenKind

SIX_DAYS = timedelta(days=6)
TRAY = list(Slot)
STANDING = [state for state in OrderState if state.stands]


async def order_of(request: Request, number: int) -> Drop | None:
    """One order (row id) with its lines and both parties."""
    order = await request.loader(OrderById).load(number)
    return None if order is None else (await drops_of(request, [order]))[0]


async def delivery_of(request: Request, number: int) -> Drop | None:
    """All that comes with an order (row id): the orders of the same kitchen, supplier and day that stand.

    None as well when nothing of it is to be delivered.
    """
    order = await request.loader(OrderById).load(number)
    if order is None:
        return None
    together = orders(
        request.viewer, kitchen_id=order.kitchen_id, supplier_id=order.supplier_id, day=order.day, states=STANDING
    )
    found = await request.objects(together.order_by(*ORDER_KEY))
    if not found:
        return None
    drops = await drops_of(request, found)
    return Drop(drops[0].supplier, drops[0].place, order.day, [facts for drop in drops for facts in drop.orders])


async def drops_of(request: Request, found: Sequence[Order]) -> list[Drop]:
    """Orders, each with its lines, its supplier and its kitchen: three statements, however many they are."""
    lines = await request.loader(LinesByOrderId).load_many([order.id for order in found])
    return await drops_with(request, found, dict(zip([order.id for order in found], lines, strict=True)))


async def drops_with(request: Request, found: Sequence[Order], lines: Mapping[int, Sequence[OrderLine]]) -> list[Drop]:
    """Orders with their lines, which are read already, each with its supplier and its kitchen."""
    sellers, places = await _parties(request, found)
    return [
        Drop(sellers[order.supplier_id], places[order.kitchen_id], order.day, [OrderFacts(order, lines[order.id])])
        for order in found
    ]


async def supplier_of(request: Request, slug: str) -> Supplier | None:
    """A supplier whose day the viewer may print: their own for who sells, any for who reads everything.

    A buyer reads its own orders only: a list of theirs would look like the whole day of the farm and not be it.
    """
    if request.viewer.buys:
        return None
    return await request.one(suppliers(request.viewer, slugs=[slug]))


async def harvest_of(request: Request, supplier: Supplier, day: date) -> list[ToHarvest]:
    """What a supplier harvests for a delivery day, by name of the product."""
    rows = await request.loader(HarvestByDays).load(DaysOfSupplier(supplier.id, day, day))
    offers = await request.loader(OfferById).load_many([row.offer_id for row in rows])
    found = [
        ToHarvest(offer, int(row.packs), int(row.grams), row.orders) for row, offer in zip(rows, offers, strict=True)
    ]
    return sorted(found, key=lambda each: (each.offer is None, each.offer.product if each.offer else ""))


async def packing_of(request: Request, found: Sequence[Supplier], day: date) -> list[Drop]:
    """What suppliers pack for a delivery day: kitchen by kitchen, then supplier by supplier."""
    wanted = DropsOfDay(frozenset(each.id for each in found), day)
    rows = await request.loader(PackingByDay).load(wanted)
    sellers, places = await _parties(request, [row.Order for row in rows])
    by_drop = groupby(rows, key=lambda row: (row.Order.kitchen_id, row.Order.supplier_id))
    return [
        Drop(sellers[supplier_id], places[kitchen_id], day, _by_order(of_drop))
        for (kitchen_id, supplier_id), of_drop in by_drop
    ]


async def tour_of(request: Request, start: Supplier, others: Sequence[Supplier], day: date) -> list[TourStop]:
    """The stops of a tour from ``start`` with its own goods and those of others, the nearest first."""
    drops = await packing_of(request, [start, *others], day)
    by_kitchen: dict[int, list[Drop]] = {}
    for drop in drops:
        by_kitchen.setdefault(drop.place.id, []).append(drop)
    places = {drop.place.id: drop.place for drop in drops}
    stops = [Stop(place.id, place.lat, place.lon) for place in places.values()]
    return [
        TourStop(places[stop.kitchen_id], km, by_kitchen[stop.kitchen_id])
        for stop, km in nearest_first(start.lat, start.lon, stops)
    ]


async def invoice_of(request: Request, number: int) -> InvoiceFacts | None:
    """One invoice (row id) with its lines and both parties."""
    invoice = await request.loader(InvoiceById).load(number)
    if invoice is None:
        return None
    lines = await request.loader(LinesByInvoiceId).load(invoice.id)
    sellers, places = await _parties(request, [invoice])
    billed = order_lines_visible_to(request.viewer).where(OrderLine.id.in_({line.order_line_id for line in lines}))
    of_orders = billed.join(Order, Order.id == OrderLine.order_id).with_only_columns(OrderLine, Order)
    sold = {line.id: (line, order) for line, order in await request.rows(of_orders)}
    named = sirets_visible_to(request.viewer).where(Canteen.kitchen_id == invoice.kitchen_id)
    siret = await request.one(named.with_only_columns(Canteen.siret))
    return InvoiceFacts(sellers[invoice.supplier_id], places[invoice.kitchen_id], invoice, lines, sold, siret)


async def _parties(request: Request, rows: Sequence[Any]) -> tuple[dict[int, Supplier], dict[int, Any]]:
    sellers = await request.loader(SupplierById).load_many([row.supplier_id for row in rows])
    places = await request.loader(OrderingPlaceById).load_many([row.kitchen_id for row in rows])
    return (
        {row.supplier_id: seller for row, seller in zip(rows, sellers, strict=True) if seller is not None},
        {row.kitchen_id: place for row, place in zip(rows, places, strict=True)},
    )


def _by_order(rows: Iterable[Any]) -> list[OrderFacts]:
    of_order = groupby(rows, key=lambda row: row.Order.id)
    return [_facts(list(lines)) for _, lines in of_order]


def _facts(rows: Sequence[Any]) -> OrderFacts:
    return OrderFacts(rows[0].Order, [row.OrderLine for row in rows])


async def diagnostic_of(request: Request, uai: str, version: int | None) -> DiagnosticFacts | None:
    """A version of the diagnostic of a kitchen, the latest by default, with what it rests on."""
    row = await latest_diagnostic(request, uai, version)
    kitchen: Kitchen | None = await request.one(kitchens(request.viewer, uais=[uai]))
    if row is None or kitchen is None:
        return None
    site = await request.loader(SiteByKitchenId).load(kitchen.id)
    covers = await request.loader(CoversByKitchenId).load(kitchen.id)
    known = await facts(request, kitchen, row.written_on, max((each.covers for each in covers), default=None))
    found = stands = year = None
    if row.measured_from is not None and row.measured_to is not None:
        found = await measured(request, uai, row.measured_from, row.measured_to)
    if found is not None:
        stands, year = await kept(request, found), await year_measured(request, found)
    kind = KitchenKind.COLLEGE if site is None else site.kind
    left = await biowaste_sums(request, kitchen.id, row.written_on - YEAR, row.written_on)
    return DiagnosticFacts(kitchen, kind, row, found, stands, year, left, duties(known, row.written_on))


async def campaigns_of(request: Request, uai: str, year: int) -> list[Measured] | None:
    """The campaigns of a kitchen that began in a civil year; None when the viewer may not read the kitchen."""
    kitchen: Kitchen | None = await request.one(kitchens(request.viewer, uais=[uai]))
    if kitchen is None:
        return None
    return await history(request, kitchen, year=year)


async def displayed_of(request: Request, uai: str, year: int | None) -> Display | None:
    """The legal display of a collège, open to everybody; None when there is no such collège."""
    async with request.of_everybody() as session:
        place = await place_of(session, request.signed_in, uai)
        return None if place is None else await display_of(session, request.signed_in, place, year)


async def diners_week_of(request: Request, uai: str, monday: date) -> tuple[DinersPlace, list[DinersDay]] | None:
    """The menus of a week of a collège, open to everybody; None when there is no such collège."""
    async with request.of_everybody() as session:
        place = await place_of(session, request.signed_in, uai)
        if place is None:
            return None
        last = monday + SIX_DAYS
        told = await goods_told(session, request.signed_in, place.id, monday, last)
        return place, await week_of(session, request.signed_in, place, monday, last, told)


async def register_of(request: Request, uai: str, last: date | None) -> RegisterFacts | None:
    """The register of the menus of a kitchen that ends on a day, today by default; None when it may not be read."""
    kitchen: Kitchen | None = await request.one(kitchens(request.viewer, uais=[uai]))
    if kitchen is None:
        return None
    ends = last or today()
    begins = register_start(ends, int(law().parameter("NUT-S4", ends)))
    served = menus(request.viewer, kitchen_ids=[kitchen.id], first=begins, last=ends)
    rows = await request.objects(served.order_by(*MENU_KEY).options(joinedload(MenuDish.dish)))
    place = DinersPlace(kitchen.id, kitchen.uai, kitchen.name, kitchen.commune, kitchen.insee)
    async with request.reading() as session:
        goods = await goods_told(session, request.viewer, place.id, begins, ends)
        days = await week_of(session, request.viewer, place, begins, ends, goods)
    told = {(day.day, dish.slug): dish for day in days for dish in day.dishes}
    return RegisterFacts(place, begins, ends, sorted(rows, key=_in_tray), told)


def _in_tray(row: MenuDish) -> tuple[date, int, int]:
    return row.day, TRAY.index(row.slot), row.rank
