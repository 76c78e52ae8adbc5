"""Loads of the market for one operation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from catering.graph.loading import Loader, ManyByKey, OneByKey
from catering.graph.pages_by_parent import PageByParent
from catering.graph.paging import Order
from catering.market.models import Capacity, Certificate, Offer, Supplier
from catering.market.queries import (
    OFFER_KEY,
    capacities_visible_to,
    certificates_visible_to,
    offers,
    offers_visible_to,
    suppliers_visible_to,
)

OFFERS = Order(OFFER_KEY)
GRAMS_PER_KG = 1000


class SupplierById(OneByKey[int, Supplier]):
    """Suppliers by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return Supplier.id

    def statement(self) -> Select[Supplier]:
        """All visible suppliers."""
        return suppliers_visible_to(self.request.viewer)


class OfferById(OneByKey[int, Offer]):
    """Offers by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return Offer.id

    def statement(self) -> Select[Offer]:
        """All visible offers."""
        return offers_visible_to(self.request.viewer)


class CertificateById(OneByKey[int, Certificate]):
    """Certificates by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return Certificate.id

    def statement(self) -> Select[Certificate]:
        """All visible certificates."""
        return certificates_visible_to(self.request.viewer)


class CertificatesBySupplierId(ManyByKey[int, Certificate]):
    """Certificates of suppliers; a supplier has a handful."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The supplier."""
        return Certificate.supplier_id

    def statement(self) -> Select[Certificate]:
        """All visible certificates, in order of id."""
        return certificates_visible_to(self.request.viewer).order_by(Certificate.slug)


class CapacitiesByOfferId(ManyByKey[int, Capacity]):
    """Dated capacities of offers; an offer has a handful a year."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The offer."""
        return Capacity.offer_id

    def statement(self) -> Select[Capacity]:
        """All visible capacities, in order of date."""
        return capacities_visible_to(self.request.viewer).order_by(Capacity.offer_id, Capacity.valid_from)


@dataclass(frozen=True, slots=True)
class OffersWanted:
    """Offers of one supplier or of one ingredient, under a label and in a week when asked."""

    supplier: str | None = None
    """Slug."""
    ingredient_id: int | None = None
    label: str | None = None
    week: date | None = None


class OfferPageByWish(PageByParent[OffersWanted, Offer]):
    """Pages of offers that hang on a supplier or on an ingredient."""

    order = OFFERS
    table = Offer

    def statement(self, parent: OffersWanted) -> Select[Offer]:
        """The visible offers that meet the wish."""
        return offers(
            self.request.viewer,
            supplier=parent.supplier,
            ingredient_ids=None if parent.ingredient_id is None else [parent.ingredient_id],
            label=parent.label,
            week=parent.week,
        )


@dataclass(frozen=True, slots=True)
class PriceWanted:
    """Prices of an ingredient, in a week when asked."""

    ingredient_id: int
    week: date | None = None


PriceRange = tuple[Decimal, Decimal]


class PriceRangeByIngredient(Loader[PriceWanted, PriceRange | None]):
    """Lowest and highest €/kg excl. tax, before delivery, at which an ingredient is offered; None when nobody does."""

    async def fetch(self, keys: list[PriceWanted]) -> Mapping[PriceWanted, PriceRange | None]:
        """The ranges by ingredient and week."""
        found: dict[PriceWanted, PriceRange | None] = {}
        for week in {key.week for key in keys}:
            wanted = [key.ingredient_id for key in keys if key.week == week]
            statement = offers(self.request.viewer, ingredient_ids=wanted, week=week)
            rows = await self.request.rows(
                statement.with_only_columns(Offer.ingredient_id, Offer.price_eur_per_pack, Offer.pack_g)
            )
            found |= {PriceWanted(each, week): prices for each, prices in _ranges(rows).items()}
        return found

    def missing(self, key: PriceWanted) -> None:
        """Nobody offers it."""
        del key


def _ranges(rows: Sequence[Any]) -> Mapping[int, PriceRange]:
    found: dict[int, PriceRange] = {}
    for ingredient_id, price, pack_g in rows:
        per_kg = price * GRAMS_PER_KG / pack_g
        low, high = found.get(ingredient_id, (per_kg, per_kg))
        found[ingredient_id] = min(low, per_kg), max(high, per_kg)
    return found
