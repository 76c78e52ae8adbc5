"""What a viewer may read of the purchases: a buyer those of their kitchens, who controls all, a seller none."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Select, select

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.people.viewer import Viewer
from catering.purchases.models import PurchaseLine

PURCHASE_KEY = (PurchaseLine.bought_on, PurchaseLine.id)
"""Order in which purchases are paged."""


def purchases_visible_to(viewer: Viewer) -> Select[PurchaseLine]:
    """Purchase lines a viewer may read: those of the kitchens they may read; a seller reads invoices instead."""
    statement = select(PurchaseLine)
    if viewer.sees_everything:
        return statement
    own = kitchens_visible_to(viewer).with_only_columns(Kitchen.id)
    return statement.where(PurchaseLine.kitchen_id.in_(own))


def purchase_proofs_visible_to(viewer: Viewer) -> Select[int]:
    """Numbers of the documents that prove the purchase lines a viewer may read."""
    return purchases_visible_to(viewer).with_only_columns(PurchaseLine.document_id)


def purchases(
    viewer: Viewer,
    *,
    uai: str | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    reception_line_ids: Collection[int] | None = None,
) -> Select[PurchaseLine]:
    """Visible purchase lines that meet every condition given; both days are included."""
    statement = purchases_visible_to(viewer)
    if uai is not None:
        of = kitchens_visible_to(viewer).where(Kitchen.uai == uai).with_only_columns(Kitchen.id)
        statement = statement.where(PurchaseLine.kitchen_id.in_(of))
    if first_day is not None:
        statement = statement.where(PurchaseLine.bought_on >= first_day)
    if last_day is not None:
        statement = statement.where(PurchaseLine.bought_on <= last_day)
    if reception_line_ids is not None:
        statement = statement.where(PurchaseLine.reception_line_id.in_(reception_line_ids))
    return statement
