"""What a viewer may read of the kitchens' stock: a buyer that of their kitchens, who controls all, a seller none."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Select, select

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.models import Supplier
from catering.people.viewer import Viewer
from catering.receiving.models import Reception, ReceptionLine, StockLot, StockMove

LOT_KEY = (StockLot.kitchen_id, StockLot.ingredient_id, StockLot.id)
"""Order in which lots are paged."""
MOVE_KEY = (StockMove.id,)
"""Order in which moves are paged: as they were recorded."""


def lots_visible_to(viewer: Viewer) -> Select[StockLot]:
    """Lots of the kitchens a viewer may read."""
    statement = select(StockLot)
    if viewer.sees_everything:
        return statement
    return statement.where(StockLot.kitchen_id.in_(kitchens_visible_to(viewer).with_only_columns(Kitchen.id)))


def moves_visible_to(viewer: Viewer) -> Select[StockMove]:
    """Moves of the lots a viewer may read."""
    return select(StockMove).where(StockMove.lot_id.in_(lots_visible_to(viewer).with_only_columns(StockLot.id)))


def lots(
    viewer: Viewer,
    *,
    uai: str | None = None,
    ids: Collection[int] | None = None,
    ingredient_ids: Collection[int] | None = None,
    number: str | None = None,
    supplier: str | None = None,
    on_hand: bool = False,
) -> Select[StockLot]:
    """Visible lots that meet every condition given.

    Args:
        viewer: on whose behalf.
        uai: only of this kitchen.
        ids: only these.
        ingredient_ids: only of these ingredients.
        number: only with this lot number, as on the label.
        supplier: only of the supplier of this slug.
        on_hand: only those of which something is left.
    """
    statement = lots_visible_to(viewer)
    if uai is not None:
        of = kitchens_visible_to(viewer).where(Kitchen.uai == uai).with_only_columns(Kitchen.id)
        statement = statement.where(StockLot.kitchen_id.in_(of))
    if ids is not None:
        statement = statement.where(StockLot.id.in_(ids))
    if ingredient_ids is not None:
        statement = statement.where(StockLot.ingredient_id.in_(ingredient_ids))
    if number is not None:
        statement = statement.where(StockLot.lot == number)
    if supplier is not None:
        from_them = _supplier_visible_to(viewer, supplier).with_only_columns(Supplier.id)
        statement = statement.where(StockLot.supplier_id.in_(from_them))
    if on_hand:
        statement = statement.where(StockLot.on_hand_g > 0)
    return statement


def lots_delivered(viewer: Viewer, supplier: str, first_day: date, last_day: date) -> Select[StockLot]:
    """Visible lots that a supplier delivered on some days: where to look when people fall ill (TIAC)."""
    arrived = _arrivals_visible_to(viewer).where(Reception.day >= first_day, Reception.day <= last_day)
    return lots(viewer, supplier=supplier).where(StockLot.id.in_(arrived))


def lots_served(viewer: Viewer, uai: str, first_day: date, last_day: date) -> Select[StockLot]:
    """Visible lots that a kitchen used for the lunches of some days."""
    used = moves_visible_to(viewer).where(StockMove.menu_day >= first_day, StockMove.menu_day <= last_day)
    return lots(viewer, uai=uai).where(StockLot.id.in_(used.with_only_columns(StockMove.lot_id)))


def _supplier_visible_to(viewer: Viewer, slug: str) -> Select[Supplier]:
    """Who delivered is no secret to whoever may read the lot."""
    del viewer
    return select(Supplier).where(Supplier.slug == slug)


def _arrivals_visible_to(viewer: Viewer) -> Select[tuple[int]]:
    """Lots of the moves by which goods arrived."""
    return (
        moves_visible_to(viewer)
        .join(ReceptionLine, ReceptionLine.id == StockMove.reception_line_id)
        .join(Reception, Reception.id == ReceptionLine.reception_id)
        .with_only_columns(StockMove.lot_id)
    )
