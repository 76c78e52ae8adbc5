"""Loads of baskets and orders for one operation."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import Select, or_
from sqlalchemy.orm import InstrumentedAttribute

from catering.graph.loading import Loader, ManyByKey, OneByKey
from catering.graph.pages_by_parent import PageByParent
from catering.graph.paging import Order as PageOrder
from catering.graph.request import Request
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.models import Offer, SupplierPause
from catering.market.queries import offers_visible_to, pauses_visible_to
from catering.market.rules import paused
from catering.moment import today
from catering.orders.models import Basket, BasketLine, Order, OrderEvent, OrderLine
from catering.orders.prices import FREE, NOTHING_AGREED, Agreed, Paid, agreed_of, agreements, read_agreed
from catering.orders.queries import (
    GIVEN_UP,
    ORDER_KEY,
    PLACE,
    basket_lines_visible_to,
    baskets_visible_to,
    harvest,
    order_events_visible_to,
    order_lines_visible_to,
    orders,
    orders_visible_to,
    packing,
    places_visible_to,
)
from catering.orders.sold import Sold, sold_in
from catering.orders.vocabulary import OrderState
from catering.together import read_together

BY_DAY, NEWEST_FIRST = PageOrder(ORDER_KEY), PageOrder(ORDER_KEY, newest_first=True)


@dataclass(frozen=True, slots=True)
class KitchenWeek:
    """One kitchen (row id) and the Monday of a week."""

    kitchen_id: int
    week: date


class BasketByKitchenWeek(Loader[KitchenWeek, Basket | None]):
    """Baskets the viewer may read; None when nobody has touched that one yet."""

    async def fetch(self, keys: list[KitchenWeek]) -> Mapping[KitchenWeek, Basket | None]:
        """The baskets by kitchen and week."""
        wanted = or_(*((Basket.kitchen_id == key.kitchen_id) & (Basket.week == key.week) for key in keys))
        rows = await self.request.objects(baskets_visible_to(self.request.viewer).where(wanted))
        return {KitchenWeek(row.kitchen_id, row.week): row for row in rows}

    def missing(self, key: KitchenWeek) -> None:
        """Nobody has."""
        del key


class LinesByBasketId(ManyByKey[int, BasketLine]):
    """Lines of baskets: a few dozen each."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The basket."""
        return BasketLine.basket_id

    def statement(self) -> Select[BasketLine]:
        """All visible lines, delivery by delivery."""
        visible = basket_lines_visible_to(self.request.viewer)
        return visible.order_by(BasketLine.basket_id, BasketLine.day, BasketLine.offer_id)


class KitchenRowById(OneByKey[int, Kitchen]):
    """Kitchens the viewer may read, to weigh offers from."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return Kitchen.id

    def statement(self) -> Select[Kitchen]:
        """All visible kitchens."""
        return kitchens_visible_to(self.request.viewer)


@dataclass(frozen=True, slots=True)
class OfferWanted:
    """An offer (row id) as a kitchen can buy it for a week."""

    place: KitchenWeek
    offer_id: int


class SoldByOffer(Loader[OfferWanted, Sold | None]):
    """Offers as kitchens can buy them: one statement per distinct week."""

    async def fetch(self, keys: list[OfferWanted]) -> Mapping[OfferWanted, Sold | None]:
        """The offers by kitchen, week and row id."""
        found: dict[OfferWanted, Sold | None] = {}
        kitchens = await self.request.loader(KitchenRowById).load_many([key.place.kitchen_id for key in keys])
        places = {key.place.kitchen_id: kitchen for key, kitchen in zip(keys, kitchens, strict=True)}
        for week in sorted({key.place.week for key in keys}):
            asked = [key for key in keys if key.place.week == week]
            named = offers_visible_to(self.request.viewer).where(Offer.id.in_({key.offer_id for key in asked}))
            rows = {row.Offer.id: row for row in await self.request.rows(sold_in(week, named))}
            agreed = await _agreed(self.request, places.values(), week, rows.values())
            for key in asked:
                kitchen = places[key.place.kitchen_id]
                if kitchen is not None and key.offer_id in rows:
                    terms = agreed.get(kitchen.uai, NOTHING_AGREED)
                    found[key] = Sold(kitchen, week, terms, *rows[key.offer_id])
        return found

    def missing(self, key: OfferWanted) -> None:
        """The viewer may not read it."""
        del key


@dataclass(frozen=True, slots=True)
class IngredientWanted:
    """Whatever a kitchen can buy of an ingredient (row id) for a week."""

    place: KitchenWeek
    ingredient_id: int


class SoldByIngredient(Loader[IngredientWanted, Sequence[Sold]]):
    """All offers of ingredients, in no order: one statement per distinct week."""

    async def fetch(self, keys: list[IngredientWanted]) -> Mapping[IngredientWanted, Sequence[Sold]]:
        """The offers by kitchen, week and ingredient."""
        found: dict[IngredientWanted, list[Sold]] = defaultdict(list)
        kitchens = await self.request.loader(KitchenRowById).load_many([key.place.kitchen_id for key in keys])
        places = {key.place.kitchen_id: kitchen for key, kitchen in zip(keys, kitchens, strict=True)}
        for week in sorted({key.place.week for key in keys}):
            asked = [key for key in keys if key.place.week == week]
            ids = {key.ingredient_id for key in asked}
            named = offers_visible_to(self.request.viewer).where(Offer.ingredient_id.in_(ids))
            rows = await self.request.rows(sold_in(week, named))
            agreed = await _agreed(self.request, places.values(), week, rows)
            for key in asked:
                kitchen = places[key.place.kitchen_id]
                if kitchen is not None:
                    terms = agreed.get(kitchen.uai, NOTHING_AGREED)
                    same = (row for row in rows if row.Offer.ingredient_id == key.ingredient_id)
                    found[key] = [Sold(kitchen, week, terms, *row) for row in same]
        return found

    def missing(self, key: IngredientWanted) -> Sequence[Sold]:
        """Nobody offers it."""
        del key
        return ()


async def _agreed(
    request: Request, kitchens: Iterable[Kitchen | None], week: date, rows: Iterable[Any]
) -> Mapping[str, Agreed]:
    """What kitchens have agreed for the offers of some rows, as far as the viewer may read it: one statement."""
    asking = [kitchen for kitchen in kitchens if kitchen is not None]
    offers = [row.Offer for row in rows]
    async with request.reading() as session:
        return await read_agreed(session, request.viewer, asking, offers, week, today())


@dataclass(frozen=True, slots=True)
class PriceAsked:
    """An offer and the kitchen (UAI) and delivery day for which its price is asked."""

    uai: str
    day: date
    offer: Offer


class PaidByKitchen(Loader[PriceAsked, Paid]):
    """What kitchens pay for offers if they order today, delivery left out: one statement per distinct day."""

    async def fetch(self, keys: list[PriceAsked]) -> Mapping[PriceAsked, Paid]:
        """The prices by kitchen, day and offer."""
        found: dict[PriceAsked, Paid] = {}
        for day in dict.fromkeys(key.day for key in keys):
            asked = [key for key in keys if key.day == day]
            uais = {key.uai for key in asked}
            reads = agreements(self.request.viewer, uais, (key.offer for key in asked), today(), (day, day))
            async with self.request.reading() as session:
                agreed = agreed_of(uais, *await read_together(session, reads))
            found |= {key: agreed.get(key.uai, NOTHING_AGREED).paid(key.offer, day, 1, FREE) for key in asked}
        return found


class OrderedByKitchenWeek(Loader[KitchenWeek, Sequence[OrderLine]]):
    """What kitchens have ordered for weeks and what still stands."""

    async def fetch(self, keys: list[KitchenWeek]) -> Mapping[KitchenWeek, Sequence[OrderLine]]:
        """The lines by kitchen and week: one statement."""
        found: dict[KitchenWeek, list[OrderLine]] = defaultdict(list)
        wanted = or_(*((Order.kitchen_id == key.kitchen_id) & (Order.week == key.week) for key in keys))
        statement = (
            order_lines_visible_to(self.request.viewer)
            .join(Order, Order.id == OrderLine.order_id)
            .where(wanted, Order.state.not_in(GIVEN_UP))
            .with_only_columns(OrderLine, Order.kitchen_id, Order.week)
        )
        for line, kitchen_id, week in await self.request.rows(statement):
            found[KitchenWeek(kitchen_id, week)].append(line)
        return found

    def missing(self, key: KitchenWeek) -> Sequence[OrderLine]:
        """Nothing."""
        del key
        return ()


class OrderById(OneByKey[int, Order]):
    """Orders by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its row."""
        return Order.id

    def statement(self) -> Select[Order]:
        """All visible orders."""
        return orders_visible_to(self.request.viewer)


@dataclass(frozen=True, slots=True)
class DropDay:
    """A delivery day of a supplier (row id)."""

    supplier_id: int
    day: date


class AwayByDropDay(Loader[DropDay, bool]):
    """Whether suppliers are on holiday on delivery days."""

    async def fetch(self, keys: list[DropDay]) -> Mapping[DropDay, bool]:
        """The answers: one statement, whatever the suppliers and days."""
        suppliers = {key.supplier_id for key in keys}
        visible = pauses_visible_to(self.request.viewer).where(SupplierPause.supplier_id.in_(suppliers))
        holidays: dict[int, list[SupplierPause]] = defaultdict(list)
        for pause in await self.request.objects(visible):
            holidays[pause.supplier_id].append(pause)
        return {key: paused(holidays[key.supplier_id], key.day) for key in keys}


class LinesByOrderId(ManyByKey[int, OrderLine]):
    """Lines of orders: a few dozen each."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The order."""
        return OrderLine.order_id

    def statement(self) -> Select[OrderLine]:
        """All visible lines, in order."""
        return order_lines_visible_to(self.request.viewer).order_by(OrderLine.order_id, OrderLine.position)


class EventsByOrderId(ManyByKey[int, OrderEvent]):
    """Events of orders: a dozen each."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The order."""
        return OrderEvent.order_id

    def statement(self) -> Select[OrderEvent]:
        """All visible events, in order."""
        return order_events_visible_to(self.request.viewer).order_by(OrderEvent.order_id, OrderEvent.seq)


class OrderingPlaceById(Loader[int, Any]):
    """Kitchens that visible orders come from, as their suppliers know them."""

    async def fetch(self, keys: list[int]) -> Mapping[int, Any]:
        """The places by row id of the kitchen."""
        visible = places_visible_to(self.request.viewer).where(Kitchen.id.in_(keys)).with_only_columns(*PLACE)
        return {row.id: row for row in await self.request.rows(visible)}

    def missing(self, key: int) -> None:
        """None."""
        del key


@dataclass(frozen=True, slots=True)
class OrdersWanted:
    """Orders of one kitchen or one supplier (row ids) that meet every condition given."""

    kitchen_id: int | None = None
    supplier_id: int | None = None
    week: date | None = None
    day: date | None = None
    states: frozenset[OrderState] | None = None
    supplier_away: bool = False


class OrderPageByWish(PageByParent[OrdersWanted, Order]):
    """Pages of orders that hang on a supplier, the next to deliver first."""

    order = BY_DAY
    table = Order

    def statement(self, parent: OrdersWanted) -> Select[Order]:
        """The visible orders that are wanted."""
        return orders(
            self.request.viewer,
            kitchen_id=parent.kitchen_id,
            supplier_id=parent.supplier_id,
            week=parent.week,
            day=parent.day,
            states=parent.states,
            supplier_away=parent.supplier_away,
        )


class NewestOrderPageByWish(OrderPageByWish):
    """Pages of orders that hang on a kitchen, the last delivery day first: who looks has just ordered or received."""

    order = NEWEST_FIRST


@dataclass(frozen=True, slots=True)
class DaysOfSupplier:
    """Delivery days of one supplier (row id), both ends included."""

    supplier_id: int
    first_day: date
    last_day: date


class HarvestByDays(Loader[DaysOfSupplier, Sequence[Any]]):
    """What suppliers prepare: one statement per distinct period, whatever the number of suppliers and orders."""

    async def fetch(self, keys: list[DaysOfSupplier]) -> Mapping[DaysOfSupplier, Sequence[Any]]:
        """Sums by supplier and period."""
        found: dict[DaysOfSupplier, list[Any]] = defaultdict(list)
        for first, last in sorted({(key.first_day, key.last_day) for key in keys}):
            ids = {key.supplier_id for key in keys if (key.first_day, key.last_day) == (first, last)}
            for row in await self.request.rows(harvest(self.request.viewer, ids, first, last)):
                found[DaysOfSupplier(row.supplier_id, first, last)].append(row)
        return found

    def missing(self, key: DaysOfSupplier) -> Sequence[Any]:
        """Nothing."""
        del key
        return ()


@dataclass(frozen=True, slots=True)
class DropsOfDay:
    """What some suppliers (row ids) deliver on a day."""

    supplier_ids: frozenset[int]
    day: date


PackingRows: TypeAlias = Sequence[Any]


class PackingByDay(Loader[DropsOfDay, PackingRows]):
    """Lines to pack, with their orders: one statement, whatever the days and suppliers asked for."""

    async def fetch(self, keys: list[DropsOfDay]) -> Mapping[DropsOfDay, PackingRows]:
        """The lines by day, kitchen by kitchen."""
        suppliers = frozenset[int]().union(*(key.supplier_ids for key in keys))
        rows = await self.request.rows(packing(self.request.viewer, suppliers, {key.day for key in keys}))
        return {
            key: [row for row in rows if row.Order.day == key.day and row.Order.supplier_id in key.supplier_ids]
            for key in keys
        }
