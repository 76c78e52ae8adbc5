"""What a viewer may read of baskets and orders: a buyer those of their kitchens, a seller what is addressed to them."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, false, func, select

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.models import Certificate, HygienePermit, Offer, Supplier, SupplierPause
from catering.market.queries import pauses_visible_to, permits_visible_to, stated_allergens, suppliers_visible_to
from catering.orders.models import (
    Basket,
    BasketLine,
    Order,
    OrderEvent,
    OrderLine,
    Shortage,
    StandingFill,
    StandingOrder,
)
from catering.orders.replay import TO_DELIVER
from catering.orders.vocabulary import OrderState
from catering.people.viewer import Viewer
from catering.recipes.models import Ingredient

ORDER_KEY = (Order.day, Order.id)
"""Order in which the orders of a kitchen or of a supplier are paged."""
STANDING_KEY = (StandingOrder.id,)
"""Order in which standing orders are paged."""
GIVEN_UP = [state for state in OrderState if not state.stands]
HOLIDAY = (SupplierPause.first_day, SupplierPause.last_day)
PLACE = (
    Kitchen.id, Kitchen.uai, Kitchen.name, Kitchen.address, Kitchen.postcode, Kitchen.commune, Kitchen.lat, Kitchen.lon,
    Kitchen.siren,
)  # fmt: skip
"""What a supplier may know of a kitchen: where it is, never its budget."""


def baskets_visible_to(viewer: Viewer) -> Select[Basket]:
    """Baskets a viewer may read: those of the kitchens they may read, thus none for a seller."""
    own = kitchens_visible_to(viewer).with_only_columns(Kitchen.id)
    return select(Basket).where(Basket.kitchen_id.in_(own))


def basket_lines_visible_to(viewer: Viewer) -> Select[BasketLine]:
    """Lines of the baskets a viewer may read; what was sent is in them no more."""
    own = baskets_visible_to(viewer).where(Basket.filling == BasketLine.filling).with_only_columns(Basket.id)
    return select(BasketLine).where(BasketLine.basket_id.in_(own.correlate(BasketLine)))


def orders_visible_to(viewer: Viewer) -> Select[Order]:
    """Orders a viewer may read: a seller those addressed to their suppliers, others those of their kitchens."""
    statement = select(Order)
    if viewer.sells:
        own = suppliers_visible_to(viewer).with_only_columns(Supplier.id)
        return statement.where(Order.supplier_id.in_(own))
    if viewer.sees_everything:
        return statement
    own_kitchens = kitchens_visible_to(viewer).with_only_columns(Kitchen.id)
    return statement.where(Order.kitchen_id.in_(own_kitchens)) if viewer.buys else statement.where(false())


def shortages_visible_to(viewer: Viewer) -> Select[Shortage]:
    """What the kitchens that a viewer may read miss, thus nothing for a seller."""
    own = kitchens_visible_to(viewer).with_only_columns(Kitchen.id)
    return select(Shortage).where(Shortage.kitchen_id.in_(own))


def order_lines_visible_to(viewer: Viewer) -> Select[OrderLine]:
    """Lines of the orders a viewer may read."""
    own = orders_visible_to(viewer).with_only_columns(Order.id)
    return select(OrderLine).where(OrderLine.order_id.in_(own))


def sold_sheets_visible_to(viewer: Viewer) -> Select[int]:
    """Numbers of the sheets by which goods of the orders a viewer may read were sold, replaced ones too."""
    return order_lines_visible_to(viewer).with_only_columns(OrderLine.allergen_document_id)


def order_events_visible_to(viewer: Viewer) -> Select[OrderEvent]:
    """Events of the orders a viewer may read: both sides read the whole story of their order."""
    own = orders_visible_to(viewer).with_only_columns(Order.id)
    return select(OrderEvent).where(OrderEvent.order_id.in_(own))


def standing_orders_visible_to(viewer: Viewer) -> Select[StandingOrder]:
    """Standing orders a viewer may read: those of the kitchens they may read."""
    own = kitchens_visible_to(viewer).with_only_columns(Kitchen.id)
    return select(StandingOrder).where(StandingOrder.kitchen_id.in_(own))


def standing_fills_visible_to(viewer: Viewer) -> Select[StandingFill]:
    """What became of the days of the standing orders a viewer may read."""
    own = standing_orders_visible_to(viewer).with_only_columns(StandingOrder.id)
    return select(StandingFill).where(StandingFill.standing_order_id.in_(own))


def places_visible_to(viewer: Viewer) -> Select[Kitchen]:
    """Kitchens that orders a viewer may read come from; select only ``PLACE`` of them."""
    ordering = orders_visible_to(viewer).with_only_columns(Order.kitchen_id)
    return select(Kitchen).where(Kitchen.id.in_(ordering))


def basket(viewer: Viewer, uai: str, week: date) -> Select[Basket]:
    """The basket of a kitchen and week: none or one."""
    own = kitchens_visible_to(viewer).where(Kitchen.uai == uai).with_only_columns(Kitchen.id)
    return baskets_visible_to(viewer).where(Basket.kitchen_id.in_(own), Basket.week == week)


def held_contents(viewer: Viewer, uai: str, week: date) -> Select[*tuple[Any, ...]]:
    """All that a basket holds, one row per line and one statement; what sending it decides from is held by it too.

    Held until the transaction ends: the buyer (of two baskets of one kitchen, both must not fit below a threshold), the
    permits of who sells products of animals in it (of two kitchens, both must not fit below a weekly cap), the offers
    (their capacities do not change meanwhile: ``market.stock.restate``), the suppliers (none goes on holiday between
    the check and the order: ``market.supplying.pause``). What depends on the first two is read by a later statement,
    which sees what whoever held them before has written.

    Columns: BasketLine, Basket, Kitchen, Offer, Supplier, Certificate or None, ``ordered`` (what the kitchen
    has ordered of that supplier for that day already, in €, None for nothing), number of permits, ``allergens``.
    """
    held = kitchens_visible_to(viewer).where(Kitchen.uai == uai).with_only_columns(Kitchen.id)
    buyer = held.with_for_update(key_share=True).cte("buyer")
    whose = Basket.kitchen_id.in_(buyer.select())
    of_animals = (
        basket_lines_visible_to(viewer)
        .join(Basket, Basket.id == BasketLine.basket_id)
        .join(Offer, Offer.id == BasketLine.offer_id)
        .where(whose, Basket.week == week, Offer.animal_product.is_not(None))
        .with_only_columns(Offer.supplier_id)
    )
    capped = permits_visible_to(viewer).where(HygienePermit.supplier_id.in_(of_animals)).order_by(HygienePermit.id)
    permits = capped.with_only_columns(HygienePermit.id).with_for_update(key_share=True).cte("permits")
    same_drop = (
        (Order.kitchen_id == Basket.kitchen_id) & (Order.supplier_id == Supplier.id) & (Order.day == BasketLine.day)
    )
    ordered = (
        orders_visible_to(viewer)
        .where(same_drop, Order.state.not_in(GIVEN_UP))
        .with_only_columns(func.sum(Order.amount))
        .correlate(Basket, Supplier, BasketLine)
        .scalar_subquery()
    )
    # Counted, so that every one of them is read and thus held.
    permits_held = permits.select().with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery()
    return (
        basket_lines_visible_to(viewer)
        .join(Basket, Basket.id == BasketLine.basket_id)
        .join(Kitchen, Kitchen.id == Basket.kitchen_id)
        .join(Offer, Offer.id == BasketLine.offer_id)
        .join(Supplier, Supplier.id == Offer.supplier_id)
        .outerjoin(Certificate, Certificate.id == Offer.certificate_id)
        .where(whose, Basket.week == week)
        .with_only_columns(
            BasketLine,
            Basket,
            Kitchen,
            Offer,
            Supplier,
            Certificate,
            ordered.label("ordered"),
            permits_held,
            stated_allergens(viewer).label("allergens"),
        )
        .order_by(Supplier.id, BasketLine.day, BasketLine.offer_id)
        .with_for_update(read=True, key_share=True, of=(Offer, Supplier))
    )


def orders(
    viewer: Viewer,
    *,
    ids: Collection[int] | None = None,
    kitchen_id: int | None = None,
    supplier_id: int | None = None,
    states: Collection[OrderState] | None = None,
    week: date | None = None,
    day: date | None = None,
    supplier_away: bool = False,
) -> Select[Order]:
    """Visible orders that meet every condition given; page through them by ``ORDER_KEY``.

    ``supplier_away`` leaves those still to come on a day on which their supplier has said since that it delivers
    nothing: it has to report its failure or to propose another day.
    """
    statement = orders_visible_to(viewer)
    if ids is not None:
        statement = statement.where(Order.id.in_(ids))
    if kitchen_id is not None:
        statement = statement.where(Order.kitchen_id == kitchen_id)
    if supplier_id is not None:
        statement = statement.where(Order.supplier_id == supplier_id)
    if states is not None:
        statement = statement.where(Order.state.in_(states))
    if week is not None:
        statement = statement.where(Order.week == week)
    if day is not None:
        statement = statement.where(Order.day == day)
    if supplier_away:
        holiday = pauses_visible_to(viewer).where(
            SupplierPause.supplier_id == Order.supplier_id, Order.day.between(*HOLIDAY)
        )
        statement = statement.where(Order.state.in_(TO_DELIVER), holiday.exists())
    return statement


def sent_together(viewer: Viewer, uai: str, week: date, sending: int) -> Select[*tuple[Order, OrderLine, Ingredient]]:
    """Lines of the orders that one sending of a basket made, by delivery day, with their orders and ingredients."""
    own = kitchens_visible_to(viewer).where(Kitchen.uai == uai).with_only_columns(Kitchen.id)
    return (
        orders(viewer, week=week)
        .where(Order.kitchen_id.in_(own), Order.sending == sending)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Ingredient, Ingredient.id == OrderLine.ingredient_id)
        .with_only_columns(Order, OrderLine, Ingredient)
        .order_by(*ORDER_KEY, OrderLine.position)
    )


def fallen(viewer: Viewer, supplier: str, day: date) -> Select[Order]:
    """Orders of a supplier (slug) and day that it refused or could not deliver."""
    own = suppliers_visible_to(viewer).where(Supplier.slug == supplier).with_only_columns(Supplier.id)
    statement = orders(viewer, day=day, states=[OrderState.FAILED, OrderState.REFUSED])
    return statement.where(Order.supplier_id.in_(own)).order_by(Order.id)


def standing_orders(viewer: Viewer, ids: Collection[int]) -> Select[StandingOrder]:
    """Visible standing orders of these rows."""
    return standing_orders_visible_to(viewer).where(StandingOrder.id.in_(ids))


def harvest(
    viewer: Viewer, supplier_ids: Collection[int], first_day: date, last_day: date
) -> Select[int, date, int, int, int, int]:
    """What suppliers prepare, added up over all kitchens.

    Columns: supplier_id, day, offer_id, packs, grams, orders; in that order.
    """
    key = Order.supplier_id, Order.day, OrderLine.offer_id
    sums = (
        func.sum(OrderLine.packs).label("packs"),
        func.sum(OrderLine.packs * OrderLine.pack_g).label("grams"),
        func.count(Order.id.distinct()).label("orders"),
    )
    return (
        order_lines_visible_to(viewer)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.supplier_id.in_(supplier_ids),
            Order.day.between(first_day, last_day),
            Order.state.not_in(GIVEN_UP),
            OrderLine.packs > 0,
        )
        .with_only_columns(*key, *sums)
        .group_by(*key)
        .order_by(*key)
    )


def packing(viewer: Viewer, supplier_ids: Collection[int], days: Collection[date]) -> Select[OrderLine, Order]:
    """Lines to pack for delivery days, with their orders: kitchen by kitchen, then supplier by supplier."""
    return (
        order_lines_visible_to(viewer)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.supplier_id.in_(supplier_ids),
            Order.day.in_(days),
            Order.state.not_in(GIVEN_UP),
            OrderLine.packs > 0,
        )
        .with_only_columns(OrderLine, Order)
        .order_by(Order.kitchen_id, Order.supplier_id, OrderLine.order_id, OrderLine.position)
    )
