"""Loads of the market for one operation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from catering.documents.loaders import DocumentById
from catering.graph.loading import Loader, ManyByKey, OneByKey
from catering.graph.pages_by_parent import PageByParent
from catering.graph.paging import Order
from catering.market.models import (
    Capacity,
    Certificate,
    HygienePermit,
    Offer,
    OfferAllergen,
    OfferPhoto,
    PriceList,
    PriceListKitchen,
    PriceListLine,
    StandingAvailability,
    Supplier,
    SupplierPause,
)
from catering.market.queries import (
    CHANGE_KEY,
    OFFER_KEY,
    PRICE_LIST_KEY,
    PRICE_LIST_LINE_KEY,
    availabilities_visible_to,
    capacities_visible_to,
    certificates_visible_to,
    offer_allergens_visible_to,
    offer_changes,
    offers,
    offers_visible_to,
    pauses_visible_to,
    permits_visible_to,
    photos_visible_to,
    price_list_kitchens_visible_to,
    price_list_lines_visible_to,
    price_lists,
    shown_documents_visible_to,
    suppliers_visible_to,
)
from catering.people.models import ChangeEvent

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


class MarketDocumentById(DocumentById):
    """Documents that prove or show what the viewer may read of the market."""

    def shown(self) -> list[Select[int]]:
        """Of certificates, permits, product sheets and photographs."""
        return [shown_documents_visible_to(self.request.viewer)]


class PermitsBySupplierId(ManyByKey[int, HygienePermit]):
    """Approvals and dérogations of suppliers; a handful each."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The supplier."""
        return HygienePermit.supplier_id

    def statement(self) -> Select[HygienePermit]:
        """All visible permits, the oldest first."""
        return permits_visible_to(self.request.viewer).order_by(HygienePermit.valid_from, HygienePermit.id)


class PausesBySupplierId(ManyByKey[int, SupplierPause]):
    """Holidays of suppliers; a handful a year."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The supplier."""
        return SupplierPause.supplier_id

    def statement(self) -> Select[SupplierPause]:
        """All visible holidays, in order of date."""
        return pauses_visible_to(self.request.viewer).order_by(SupplierPause.first_day)


class PhotosByOfferId(ManyByKey[int, OfferPhoto]):
    """Photographs of offers; six at most."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The offer."""
        return OfferPhoto.offer_id

    def statement(self) -> Select[OfferPhoto]:
        """All visible photographs, in the order of the sheet."""
        return photos_visible_to(self.request.viewer).order_by(OfferPhoto.offer_id, OfferPhoto.position)


class AvailabilityByOfferId(ManyByKey[int, StandingAvailability]):
    """Templates of offers; twelve months at most."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The offer."""
        return StandingAvailability.offer_id

    def statement(self) -> Select[StandingAvailability]:
        """All visible templates, January first."""
        return availabilities_visible_to(self.request.viewer).order_by(StandingAvailability.month)


class StatedAllergensByOfferId(ManyByKey[int, OfferAllergen]):
    """Allergens that suppliers state of their products; fourteen at most."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The offer."""
        return OfferAllergen.offer_id

    def statement(self) -> Select[OfferAllergen]:
        """All visible statements, in the order of the law's words."""
        return offer_allergens_visible_to(self.request.viewer).order_by(OfferAllergen.allergen)


class KitchensByPriceListId(ManyByKey[int, PriceListKitchen]):
    """Kitchens that pay a list: a group of them."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The list."""
        return PriceListKitchen.price_list_id

    def statement(self) -> Select[PriceListKitchen]:
        """All that are visible, in order of UAI."""
        return price_list_kitchens_visible_to(self.request.viewer).order_by(PriceListKitchen.uai)


class PriceListPage(PageByParent[str, PriceList]):
    """Pages of the price lists of suppliers (slug)."""

    order = Order(PRICE_LIST_KEY)
    table = PriceList

    def statement(self, parent: str) -> Select[PriceList]:
        """The visible lists of one supplier."""
        return price_lists(self.request.viewer, supplier=parent)


class ListedPricePage(PageByParent[int, PriceListLine]):
    """Pages of the prices of a list."""

    order = Order(PRICE_LIST_LINE_KEY)
    table = PriceListLine

    def statement(self, parent: int) -> Select[PriceListLine]:
        """The visible prices of one list."""
        return price_list_lines_visible_to(self.request.viewer).where(PriceListLine.price_list_id == parent)


class ChangePage(PageByParent[str, ChangeEvent]):
    """Pages of the history of offers (slug), newest first."""

    order = Order(CHANGE_KEY, newest_first=True)
    table = ChangeEvent

    def statement(self, parent: str) -> Select[ChangeEvent]:
        """The visible changes of one offer."""
        return offer_changes(self.request.viewer, parent)
