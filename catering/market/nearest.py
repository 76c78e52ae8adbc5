"""Offers from the nearest supplier to the farthest, in two statements whatever the number of offers.

A distance depends on the kitchen and SQL knows no geometry: the first statement counts the matching offers of each
supplier, code ranks the suppliers, the second reads the offers of those that fill the page.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, case, func, or_

from catering.market.models import Offer, Supplier


def counted_by_supplier(statement: Select[Offer]) -> Select:  # type: ignore[type-arg]  # five columns
    """Per supplier of the offers of ``statement``: number, id, place, farthest delivery and count of its offers."""
    place = (Supplier.id, Supplier.slug, Supplier.lat, Supplier.lon, Supplier.max_km)
    return statement.join(Offer.supplier).with_only_columns(*place, func.count().label("offers")).group_by(*place)


def of_suppliers(statement: Select[Offer], supplier_ids: Sequence[int], behind: str | None, most: int) -> Select[Offer]:
    """At most ``most`` offers of some suppliers, in the order of ``supplier_ids`` then of id.

    Args:
        statement: the offers that match.
        supplier_ids: numbers, nearest first; not empty.
        behind: of the first supplier only offers whose id comes after this one.
        most: rows.
    """
    rank = case({number: place for place, number in enumerate(supplier_ids)}, value=Offer.supplier_id)
    wanted: ColumnElement[bool] = Offer.supplier_id.in_(supplier_ids)
    if behind is not None:
        first, *others = supplier_ids
        wanted = or_(and_(Offer.supplier_id == first, Offer.slug > behind), Offer.supplier_id.in_(others))
    return statement.where(wanted).order_by(rank, Offer.slug).limit(most)
