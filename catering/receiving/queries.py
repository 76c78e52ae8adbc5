"""What a viewer may read of the receptions: a buyer those of their kitchens, a seller those of their own deliveries."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Select, select

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.models import Supplier
from catering.market.queries import suppliers_visible_to
from catering.people.viewer import Viewer
from catering.receiving.models import Reception, ReceptionLine, TemperatureTolerance

RECEPTION_KEY = (Reception.day, Reception.id)
"""Order in which receptions are paged."""


def receptions_visible_to(viewer: Viewer) -> Select[Reception]:
    """Receptions a viewer may read; a seller never those of another seller's goods."""
    statement = select(Reception)
    if viewer.sees_everything:
        return statement
    if viewer.sells:
        return statement.where(Reception.supplier_id.in_(suppliers_visible_to(viewer).with_only_columns(Supplier.id)))
    return statement.where(Reception.kitchen_id.in_(kitchens_visible_to(viewer).with_only_columns(Kitchen.id)))


def reception_lines_visible_to(viewer: Viewer) -> Select[ReceptionLine]:
    """Lines of the receptions a viewer may read."""
    return select(ReceptionLine).where(
        ReceptionLine.reception_id.in_(receptions_visible_to(viewer).with_only_columns(Reception.id))
    )


def reception_photos_visible_to(viewer: Viewer) -> Select[int]:
    """Numbers of the photos of the reception lines a viewer may read."""
    return reception_lines_visible_to(viewer).with_only_columns(ReceptionLine.photo_id)


def tolerances_visible_to(viewer: Viewer) -> Select[TemperatureTolerance]:
    """Tolerances of the kitchens a viewer may read; they are the business of no seller."""
    own = kitchens_visible_to(viewer).with_only_columns(Kitchen.id)
    return select(TemperatureTolerance).where(TemperatureTolerance.kitchen_id.in_(own))


def receptions(
    viewer: Viewer,
    *,
    ids: Collection[int] | None = None,
    order_ids: Collection[int] | None = None,
    uai: str | None = None,
    supplier: str | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
) -> Select[Reception]:
    """Visible receptions that meet every condition given; both days are included."""
    statement = receptions_visible_to(viewer)
    if ids is not None:
        statement = statement.where(Reception.id.in_(ids))
    if order_ids is not None:
        statement = statement.where(Reception.order_id.in_(order_ids))
    if uai is not None:
        of = kitchens_visible_to(viewer).where(Kitchen.uai == uai).with_only_columns(Kitchen.id)
        statement = statement.where(Reception.kitchen_id.in_(of))
    if supplier is not None:
        of_them = suppliers_visible_to(viewer).where(Supplier.slug == supplier).with_only_columns(Supplier.id)
        statement = statement.where(Reception.supplier_id.in_(of_them))
    if first_day is not None:
        statement = statement.where(Reception.day >= first_day)
    if last_day is not None:
        statement = statement.where(Reception.day <= last_day)
    return statement


def lines_of_orders(viewer: Viewer, order_line_ids: Collection[int]) -> Select[ReceptionLine]:
    """Visible reception lines of some order lines, the earliest first: corrected ones and their corrections too."""
    return (
        reception_lines_visible_to(viewer)
        .where(ReceptionLine.order_line_id.in_(order_line_ids))
        .order_by(ReceptionLine.id)
    )
