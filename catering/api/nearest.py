"""Pages of offers from the nearest supplier to the farthest, for one kitchen."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from catering.geography import road_km
from catering.graph.errors import BadArgumentError, BadCursorError, PageSizeError
from catering.graph.loading import OneByKey
from catering.graph.paging import MOST_ROWS, Page, PageInfo
from catering.graph.request import Request
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to
from catering.market.graph import Offer, show_offer
from catering.market.loaders import SupplierById
from catering.market.models import Offer as OfferRow
from catering.market.models import Supplier as SupplierRow
from catering.market.nearest import counted_by_supplier, of_suppliers
from catering.recipes.loaders import IngredientById
from catering.recipes.models import Ingredient as IngredientRow


class PlaceOfKitchen(OneByKey[str, Kitchen]):
    """Kitchens by their UAI."""

    def column(self) -> InstrumentedAttribute[str]:
        """Its UAI."""
        return Kitchen.uai

    def statement(self) -> Select[Kitchen]:
        """All visible kitchens."""
        return visible_to(self.request.viewer)


@dataclass(frozen=True, slots=True)
class Seller:
    """A supplier in the order of the page: nearer first, then by id."""

    km: Decimal
    slug: str
    id: int
    offers: int
    """How many of its offers match."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ends: the distance and id of the supplier, the id of the offer."""

    km: Decimal
    supplier: str
    offer: str

    @property
    def text(self) -> str:
        """The cursor, opaque."""
        return base64.urlsafe_b64encode(json.dumps([str(self.km), self.supplier, self.offer]).encode()).decode("ascii")


def position_of(cursor: str) -> Position:
    """The position a cursor names.

    Raises:
        BadCursorError: it was not made by such a list.
    """
    try:
        km, supplier, offer = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        return Position(Decimal(km), str(supplier), str(offer))
    except (ValueError, TypeError, binascii.Error, InvalidOperation) as fault:
        raise BadCursorError from fault


async def nearest_page(
    request: Request, statement: Select[OfferRow], uai: str, first: int, after: str | None
) -> Page[Offer]:
    """One page of the offers of ``statement`` that reach a kitchen, nearest supplier first then by id.

    Three statements whatever the number of offers, the kitchen's among them.

    Raises:
        PageSizeError: ``first`` is not between 1 and 100.
        BadCursorError: ``after`` is no cursor of this list.
        BadArgumentError: the kitchen is unknown, or hidden from the viewer.
    """
    if not 1 <= first <= MOST_ROWS:
        raise PageSizeError(first, MOST_ROWS)
    behind = None if after is None else position_of(after)
    sellers = await _sellers(request, statement, uai)
    wanted, rest = _needed(sellers, behind, first + 1)
    if not wanted:
        return Page(nodes=[], page_info=PageInfo(has_next_page=False, end_cursor=None))
    ids = [seller.id for seller in wanted]
    rows = await _offers(request, of_suppliers(statement, ids, rest, first + 1))
    return _page(rows, {seller.id: seller for seller in wanted}, first)


async def _offers(request: Request, statement: Select[OfferRow]) -> list[OfferRow]:
    """Offers in order; who sells each and what it is come along, so that no field of the page has to read them."""
    whole = statement.join(OfferRow.supplier).join(IngredientRow, IngredientRow.id == OfferRow.ingredient_id)
    rows = await request.rows(whole.with_only_columns(OfferRow, SupplierRow, IngredientRow))
    # Who may read an offer may read its supplier and its ingredient.
    request.loader(SupplierById).prime_many({row.Supplier.id: row.Supplier for row in rows})
    request.loader(IngredientById).prime_many({row.Ingredient.id: row.Ingredient for row in rows})
    return [row.Offer for row in rows]


async def _sellers(request: Request, statement: Select[OfferRow], uai: str) -> list[Seller]:
    kitchen = await request.loader(PlaceOfKitchen).load(uai)
    if kitchen is None:
        raise BadArgumentError(f"near vaut « {uai} » : aucune cuisine que vous puissiez lire ne porte cet UAI.")
    counted: Sequence[Any] = await request.rows(counted_by_supplier(statement))
    placed = (
        (Seller(road_km(lat, lon, kitchen.lat, kitchen.lon), slug, number, offers), farthest)
        for number, slug, lat, lon, farthest, offers in counted
    )
    reaching = [seller for seller, farthest in placed if farthest is None or seller.km <= farthest]
    return sorted(reaching, key=lambda seller: (seller.km, seller.slug))


def _needed(sellers: Sequence[Seller], behind: Position | None, rows: int) -> tuple[list[Seller], str | None]:
    """The sellers that fill a page, and the id of the offer behind which the first of them goes on."""
    found: list[Seller] = []
    rest: str | None = None
    for seller in sellers:
        if behind is not None and (seller.km, seller.slug) < (behind.km, behind.supplier):
            continue
        if rows <= 0:
            break
        found.append(seller)
        if behind is not None and (seller.km, seller.slug) == (behind.km, behind.supplier):
            # How many of its offers are left is not known: they count for nothing.
            rest = behind.offer
        else:
            rows -= seller.offers
    return found, rest


def _page(rows: Sequence[OfferRow], sellers: Mapping[int, Seller], first: int) -> Page[Offer]:
    kept = rows[:first]
    cursor = None
    if kept:
        last = sellers[kept[-1].supplier_id]
        cursor = Position(last.km, last.slug, kept[-1].slug).text
    return Page(
        nodes=[show_offer(row) for row in kept], page_info=PageInfo(has_next_page=len(rows) > first, end_cursor=cursor)
    )
