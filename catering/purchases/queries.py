"""What a viewer may read of the purchases: a buyer those of their kitchens, who controls all, a seller none."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, select, type_coerce

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.models import Supplier
from catering.market.queries import suppliers_visible_to
from catering.orders.queries import places_visible_to
from catering.people.viewer import Viewer
from catering.purchases.models import (
    Canteen,
    PatSupply,
    PurchaseImport,
    PurchaseLine,
    PurchaseMonth,
    PurchaseSum,
    ThirdCountryReason,
)

PURCHASE_KEY = (PurchaseLine.bought_on, PurchaseLine.id)
"""Order in which purchases are paged."""
IMPORT_KEY = (PurchaseImport.id,)
"""Order in which imports are paged."""
PAT_KEY = (PatSupply.id,)
"""Order in which suppliers of territorial projects are paged."""


def purchases_visible_to(viewer: Viewer) -> Select[PurchaseLine]:
    """Purchase lines a viewer may read: those of the kitchens they may read; a seller reads invoices instead."""
    statement = select(PurchaseLine)
    if viewer.sees_everything:
        return statement
    return statement.where(PurchaseLine.kitchen_id.in_(_kitchen_ids(viewer)))


def sums_visible_to(viewer: Viewer) -> Select[PurchaseSum]:
    """Sums of purchases a viewer may read: those of the kitchens they may read; a seller none."""
    statement = select(PurchaseSum)
    if viewer.sees_everything:
        return statement
    return statement.where(PurchaseSum.kitchen_id.in_(_kitchen_ids(viewer)))


def months_visible_to(viewer: Viewer) -> Select[PurchaseMonth]:
    """Months of purchases a viewer may read: those of the kitchens they may read; a seller none."""
    statement = select(PurchaseMonth)
    if viewer.sees_everything:
        return statement
    return statement.where(PurchaseMonth.kitchen_id.in_(_kitchen_ids(viewer)))


def canteens_visible_to(viewer: Viewer) -> Select[Canteen]:
    """Registrations on ma-cantine a viewer may read: those of the kitchens they may read."""
    statement = select(Canteen)
    if viewer.sees_everything:
        return statement
    return statement.where(Canteen.kitchen_id.in_(_kitchen_ids(viewer)))


def sirets_visible_to(viewer: Viewer) -> Select[Canteen]:
    """Who buys, by SIRET, in the orders a viewer may read: who sells writes it on invoices. Select the SIRET only."""
    ordering = places_visible_to(viewer).with_only_columns(Kitchen.id)
    return select(Canteen).where(Canteen.kitchen_id.in_(ordering))


def pat_supplies_visible_to(viewer: Viewer) -> Select[PatSupply]:
    """Who is under a territorial project: told to all who buy or control; to who sells, of themselves."""
    sellers = suppliers_visible_to(viewer).with_only_columns(Supplier.id)
    return select(PatSupply).where(PatSupply.supplier_id.in_(sellers))


def third_country_reasons_visible_to(viewer: Viewer) -> Select[ThirdCountryReason]:
    """Reasons to buy from a third country a viewer may read: those of the kitchens they may read."""
    statement = select(ThirdCountryReason)
    if viewer.sees_everything:
        return statement
    return statement.where(ThirdCountryReason.kitchen_id.in_(_kitchen_ids(viewer)))


def imports_visible_to(viewer: Viewer) -> Select[PurchaseImport]:
    """Imported files a viewer may read: those that brought lines of the kitchens they may read."""
    statement = select(PurchaseImport)
    if viewer.sees_everything:
        return statement
    mine = purchases_visible_to(viewer).with_only_columns(PurchaseLine.import_id)
    return statement.where(PurchaseImport.id.in_(mine.where(PurchaseLine.import_id.is_not(None))))


def imports_listed(viewer: Viewer) -> Select[PurchaseImport]:
    """Imports shown in a list: all to who reads everything, to others their own; another's holds other kitchens."""
    statement = imports_visible_to(viewer)
    return statement if viewer.sees_everything else statement.where(PurchaseImport.actor == viewer.actor)


def imports(viewer: Viewer, number: int) -> Select[PurchaseImport]:
    """The visible import of a number: none or one row."""
    return imports_visible_to(viewer).where(PurchaseImport.id == number)


def _kitchen_ids(viewer: Viewer) -> Select[int]:
    return kitchens_visible_to(viewer).with_only_columns(Kitchen.id)


def sums(
    viewer: Viewer,
    year: int,
    cents: ColumnElement[int],
    *,
    kitchen_ids: Collection[int] | None = None,
    epci: str | None = None,
) -> Select[*tuple[Any, ...]]:
    """Visible sums of a year: kitchen, the fields of a cell in order, ``cents`` as the database reckons them."""
    statement = sums_visible_to(viewer).where(PurchaseSum.year == year)
    if kitchen_ids is not None:
        statement = statement.where(PurchaseSum.kitchen_id.in_(kitchen_ids))
    if epci is not None:
        of = kitchens(viewer, epci=epci).with_only_columns(Kitchen.id)
        statement = statement.where(PurchaseSum.kitchen_id.in_(of))
    return statement.with_only_columns(
        PurchaseSum.kitchen_id,
        type_coerce(PurchaseSum.family, String),
        PurchaseSum.sign,
        PurchaseSum.fair_trade,
        PurchaseSum.origin_zone,
        PurchaseSum.circuit_court,
        PurchaseSum.local,
        PurchaseSum.pat,
        cents,
    )


def purchase_proofs_visible_to(viewer: Viewer) -> Select[int]:
    """Numbers of the documents that prove the purchase lines a viewer may read."""
    return purchases_visible_to(viewer).with_only_columns(PurchaseLine.document_id)


def purchases(
    viewer: Viewer,
    *,
    uai: str | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    in_doubt: bool | None = None,
    reception_line_ids: Collection[int] | None = None,
) -> Select[PurchaseLine]:
    """Visible purchase lines that meet every condition given; both days are included.

    ``in_doubt`` keeps the lines of which a sign does not count (True), or those whose every sign does (False).
    """
    statement = purchases_visible_to(viewer)
    if uai is not None:
        of = kitchens_visible_to(viewer).where(Kitchen.uai == uai).with_only_columns(Kitchen.id)
        statement = statement.where(PurchaseLine.kitchen_id.in_(of))
    if first_day is not None:
        statement = statement.where(PurchaseLine.bought_on >= first_day)
    if last_day is not None:
        statement = statement.where(PurchaseLine.bought_on <= last_day)
    if in_doubt is not None:
        statement = statement.where((PurchaseLine.not_counted != "") == in_doubt)
    if reception_line_ids is not None:
        statement = statement.where(PurchaseLine.reception_line_id.in_(reception_line_ids))
    return statement
