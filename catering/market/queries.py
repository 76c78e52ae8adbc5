"""What a viewer may read of the market: a producer only what is theirs, a buyer and the Département everything."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import Select, select

from catering.market.models import Capacity, Certificate, Offer, Supplier, SupplierKind
from catering.people.viewer import Viewer

SUPPLIER_KEY = (Supplier.slug,)
"""Order in which suppliers are paged."""
OFFER_KEY = (Offer.slug,)
"""Order in which offers are paged."""
TO_FRIDAY = timedelta(days=4)


def suppliers_visible_to(viewer: Viewer) -> Select[Supplier]:
    """Suppliers a viewer may read: all for who buys or controls, their own for a producer."""
    statement = select(Supplier)
    return statement.where(Supplier.slug.in_(viewer.suppliers)) if viewer.sells else statement


def offers_visible_to(viewer: Viewer) -> Select[Offer]:
    """Offers a viewer may read; a producer never sees the prices of another one."""
    statement = select(Offer)
    if viewer.sells:
        statement = statement.where(Offer.supplier.has(Supplier.slug.in_(viewer.suppliers)))
    return statement


def certificates_visible_to(viewer: Viewer) -> Select[Certificate]:
    """Certificates a viewer may read: those of the suppliers they may read."""
    statement = select(Certificate)
    if viewer.sells:
        statement = statement.where(Certificate.supplier.has(Supplier.slug.in_(viewer.suppliers)))
    return statement


def capacities_visible_to(viewer: Viewer) -> Select[Capacity]:
    """Capacities a viewer may read: those of the offers they may read."""
    statement = select(Capacity)
    if viewer.sells:
        own = offers_visible_to(viewer).with_only_columns(Offer.id)
        statement = statement.where(Capacity.offer_id.in_(own))
    return statement


def suppliers(
    viewer: Viewer,
    *,
    slugs: Collection[str] | None = None,
    kind: SupplierKind | None = None,
    label: str | None = None,
) -> Select[Supplier]:
    """Visible suppliers that meet every condition given; ``label`` keeps those with a certificate of that code."""
    statement = suppliers_visible_to(viewer)
    if slugs is not None:
        statement = statement.where(Supplier.slug.in_(slugs))
    if kind is not None:
        statement = statement.where(Supplier.kind == kind)
    if label is not None:
        statement = statement.where(Supplier.certificates.any(Certificate.label == label))
    return statement


def offers(
    viewer: Viewer,
    *,
    slugs: Collection[str] | None = None,
    ingredient_ids: Collection[int] | None = None,
    supplier: str | None = None,
    label: str | None = None,
    week: date | None = None,
) -> Select[Offer]:
    """Visible offers that meet every condition given.

    Args:
        viewer: on whose behalf.
        slugs: only these.
        ingredient_ids: only offers of these ingredients (their ``id``; recipes/queries.py finds it from the slug).
        supplier: only those of the supplier of this slug.
        label: only those sold under this label; with ``week``, its certificate covers that week too.
        week: only those that may be bought in the week of this Monday.
    """
    statement = offers_visible_to(viewer)
    if slugs is not None:
        statement = statement.where(Offer.slug.in_(slugs))
    if ingredient_ids is not None:
        statement = statement.where(Offer.ingredient_id.in_(ingredient_ids))
    if supplier is not None:
        statement = statement.where(Offer.supplier.has(Supplier.slug == supplier))
    if label is not None:
        statement = statement.where(Offer.label == label)
    if week is not None:
        statement = _in_week(statement, week, labelled=label is not None)
    return statement


def _in_week(statement: Select[Offer], monday: date, *, labelled: bool) -> Select[Offer]:
    """Sold on that Monday; when a label is asked for, certified from Monday to Friday (docs/problem-format.md)."""
    statement = statement.where(Offer.capacities.any((Capacity.valid_from <= monday) & (monday <= Capacity.valid_to)))
    if labelled:
        covers = (Certificate.valid_from <= monday) & (monday + TO_FRIDAY <= Certificate.valid_to)
        statement = statement.where(Offer.certificate.has(covers))
    return statement
