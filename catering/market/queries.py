"""What a viewer may read of the market: a producer only what is theirs, a buyer and the Département everything."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, String, and_, case, cast, func, or_, select, union

from catering.market.allergens_told import TRACES
from catering.market.models import (
    Capacity,
    Certificate,
    HygienePermit,
    Offer,
    OfferAllergen,
    OfferPhoto,
    OfferWeek,
    PriceList,
    PriceListKitchen,
    PriceListLine,
    StandingAvailability,
    Supplier,
    SupplierKind,
    SupplierPause,
)
from catering.market.stock import TO_FRIDAY, room_for_a_pack, whole_week
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer
from catering.spelling import folded

SUPPLIER_KEY = (Supplier.slug,)
"""Order in which suppliers are paged."""
OFFER_KEY = (Offer.slug,)
"""Order in which offers are paged."""
PRICE_LIST_KEY = (PriceList.slug,)
"""Order in which price lists are paged."""
PRICE_LIST_LINE_KEY = (PriceListLine.offer_id, PriceListLine.valid_from)
"""Order in which the prices of a list are paged."""
CHANGE_KEY = (ChangeEvent.id,)
"""Order in which changes are paged."""
OFFER_SUBJECTS = (Offer.__tablename__, Capacity.__tablename__, StandingAvailability.__tablename__)
"""Tables whose changes are the history of an offer; they are traced under its id."""


def suppliers_visible_to(viewer: Viewer) -> Select[Supplier]:
    """Suppliers a viewer may read: all for who buys or controls; for who sells, those they sell as at this moment."""
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


def permits_visible_to(viewer: Viewer) -> Select[HygienePermit]:
    """Approvals and dérogations a viewer may read: those of the suppliers they may read."""
    statement = select(HygienePermit)
    if viewer.sells:
        statement = statement.where(HygienePermit.supplier_id.in_(_supplier_ids(viewer)))
    return statement


def pauses_visible_to(viewer: Viewer) -> Select[SupplierPause]:
    """Holidays a viewer may read: those of the suppliers they may read."""
    statement = select(SupplierPause)
    if viewer.sells:
        statement = statement.where(SupplierPause.supplier_id.in_(_supplier_ids(viewer)))
    return statement


def stocked_weeks_visible_to(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    """What the weeks of offers that were ordered once can deliver, and how much is ordered: shown to every buyer."""
    del viewer
    return select(OfferWeek.offer_id, OfferWeek.week, OfferWeek.available_g, OfferWeek.reserved_g)


def availabilities_visible_to(viewer: Viewer) -> Select[StandingAvailability]:
    """Templates a viewer may read: those of the offers they may read."""
    statement = select(StandingAvailability)
    if viewer.sells:
        statement = statement.where(StandingAvailability.offer_id.in_(_offer_ids(viewer)))
    return statement


def stated_allergens(viewer: Viewer) -> ScalarSelect[str | None]:
    """What suppliers state of each offer of a statement: allergens apart, in no order, those marked that may be traces.

    NULL where none is stated; whether anything was stated at all is ``Offer.allergens_on``.
    """
    mark = case((OfferAllergen.traces, TRACES), else_="")
    told = func.aggregate_strings(cast(OfferAllergen.allergen, String).concat(mark), " ")
    stated = offer_allergens_visible_to(viewer).where(OfferAllergen.offer_id == Offer.id).with_only_columns(told)
    return stated.correlate(Offer).scalar_subquery()


def offer_allergens_visible_to(viewer: Viewer) -> Select[OfferAllergen]:
    """Allergens stated of the offers a viewer may read."""
    statement = select(OfferAllergen)
    if viewer.sells:
        statement = statement.where(OfferAllergen.offer_id.in_(_offer_ids(viewer)))
    return statement


def photos_visible_to(viewer: Viewer) -> Select[OfferPhoto]:
    """Photographs a viewer may see: those of the offers they may read."""
    statement = select(OfferPhoto)
    if viewer.sells:
        statement = statement.where(OfferPhoto.offer_id.in_(_offer_ids(viewer)))
    return statement


def price_lists_visible_to(viewer: Viewer) -> Select[PriceList]:
    """Price lists a viewer may read: a seller their own, a buyer those of their kitchens, who controls all."""
    statement = select(PriceList)
    if viewer.sells:
        own = PriceList.supplier_id.in_(_supplier_ids(viewer))
        return statement.where(own)
    if viewer.buys:
        paid = select(PriceListKitchen.price_list_id).where(PriceListKitchen.uai.in_(viewer.kitchens))
        return statement.where(PriceList.id.in_(paid))
    return statement


def price_list_kitchens_visible_to(viewer: Viewer) -> Select[PriceListKitchen]:
    """Which kitchens pay which list: a buyer reads their own kitchens only."""
    lists = price_lists_visible_to(viewer).with_only_columns(PriceList.id)
    statement = select(PriceListKitchen).where(PriceListKitchen.price_list_id.in_(lists))
    return statement.where(PriceListKitchen.uai.in_(viewer.kitchens)) if viewer.buys else statement


def price_list_lines_visible_to(viewer: Viewer) -> Select[PriceListLine]:
    """Prices of the lists a viewer may read."""
    lists = price_lists_visible_to(viewer).with_only_columns(PriceList.id)
    return select(PriceListLine).where(PriceListLine.price_list_id.in_(lists))


def offer_changes_visible_to(viewer: Viewer) -> Select[ChangeEvent]:
    """The history of the offers: prices, sheets, capacities. For who sells them and who controls, not for buyers."""
    statement = select(ChangeEvent).where(ChangeEvent.subject.in_(OFFER_SUBJECTS))
    if viewer.sees_everything:
        return statement
    own = viewer.suppliers if viewer.sells else frozenset[str]()
    mine = select(Offer.slug).where(Offer.supplier.has(Supplier.slug.in_(own)))
    return statement.where(ChangeEvent.key.in_(mine))


def sheet_changes_visible_to(viewer: Viewer, supplier: Supplier) -> Select[ChangeEvent]:
    """All changes on which the sheets of a visible supplier depend: its own, its certificates', its offers'."""
    own = suppliers_visible_to(viewer).where(Supplier.id == supplier.id).with_only_columns(Supplier.slug)
    proofs = certificates_visible_to(viewer).where(Certificate.supplier_id == supplier.id)
    sold = offers_visible_to(viewer).where(Offer.supplier_id == supplier.id)
    subjects = (
        (Supplier, own),
        (Certificate, proofs.with_only_columns(Certificate.slug)),
        (Offer, sold.with_only_columns(Offer.slug)),
    )
    each = (and_(ChangeEvent.subject == table.__tablename__, ChangeEvent.key.in_(keys)) for table, keys in subjects)
    return select(ChangeEvent).where(or_(*each))


def shown_documents_visible_to(viewer: Viewer) -> Select[int]:
    """Numbers of the documents that prove or show what the viewer may read: certificates, permits, sheets, photos."""
    statements = (
        certificates_visible_to(viewer).with_only_columns(Certificate.document_id),
        permits_visible_to(viewer).with_only_columns(HygienePermit.document_id),
        offers_visible_to(viewer).with_only_columns(Offer.allergen_document_id),
        photos_visible_to(viewer).with_only_columns(OfferPhoto.document_id),
    )
    return select(union(*statements).subquery().c.document_id)


def _supplier_ids(viewer: Viewer) -> Select[int]:
    return suppliers_visible_to(viewer).with_only_columns(Supplier.id)


def _offer_ids(viewer: Viewer) -> Select[int]:
    return offers_visible_to(viewer).with_only_columns(Offer.id)


def price_lists(
    viewer: Viewer, *, slugs: Collection[str] | None = None, supplier: str | None = None
) -> Select[PriceList]:
    """Visible price lists that meet every condition given."""
    statement = price_lists_visible_to(viewer)
    if slugs is not None:
        statement = statement.where(PriceList.slug.in_(slugs))
    if supplier is not None:
        own = suppliers(viewer, slugs=[supplier]).with_only_columns(Supplier.id)
        statement = statement.where(PriceList.supplier_id.in_(own))
    return statement


def listed_prices(viewer: Viewer, uais: Collection[str], offer_ids: Collection[int]) -> Select[Any]:
    """Prices of some offers in the lists of some kitchens: what ``rules.list_on`` decides from.

    Columns: kitchen (UAI), offer (row id), then the fields of ``rules.ListedPrice``.
    """
    columns: tuple[Any, ...] = (
        PriceListKitchen.uai, PriceListLine.offer_id, PriceList.slug,
        PriceList.valid_from, PriceList.valid_to, PriceListLine.valid_from, PriceListLine.price_eur_per_pack,
    )  # fmt: skip
    return (
        price_list_kitchens_visible_to(viewer)
        .select_from(PriceListKitchen)
        .join(PriceList, PriceList.id == PriceListKitchen.price_list_id)
        .join(PriceListLine, PriceListLine.price_list_id == PriceList.id)
        .where(PriceListKitchen.uai.in_(uais), PriceListLine.offer_id.in_(offer_ids))
        .with_only_columns(*columns)
    )


def offer_changes(viewer: Viewer, slug: str) -> Select[ChangeEvent]:
    """The visible history of one offer."""
    return offer_changes_visible_to(viewer).where(ChangeEvent.key == slug)


def suppliers(
    viewer: Viewer,
    *,
    slugs: Collection[str] | None = None,
    kind: SupplierKind | None = None,
    label: str | None = None,
    words: str | None = None,
    permitted: bool = False,
) -> Select[Supplier]:
    """Visible suppliers that meet every condition given.

    Args:
        viewer: on whose behalf.
        slugs: only these.
        kind: only those that sell so.
        label: only those with a certificate of this code.
        words: only those of which the name, or the number of a permit, holds each of these words.
        permitted: only those with a permit, of today or not.
    """
    statement = suppliers_visible_to(viewer)
    if slugs is not None:
        statement = statement.where(Supplier.slug.in_(slugs))
    if kind is not None:
        statement = statement.where(Supplier.kind == kind)
    if label is not None:
        statement = statement.where(Supplier.certificates.any(Certificate.label == label))
    permits = permits_visible_to(viewer).with_only_columns(HygienePermit.supplier_id)
    for word in folded(words or "").split():
        numbered = permits.where(func.lower(HygienePermit.number).contains(word, autoescape=True))
        # The slug is the name as it was registered, without accents and capitals.
        statement = statement.where(Supplier.slug.contains(word, autoescape=True) | Supplier.id.in_(numbered))
    return statement.where(Supplier.id.in_(permits)) if permitted else statement


def offers(
    viewer: Viewer,
    *,
    slugs: Collection[str] | None = None,
    ingredient_ids: Collection[int] | None = None,
    supplier: str | None = None,
    label: str | None = None,
    week: date | None = None,
    words: str | None = None,
    in_stock: bool = False,
) -> Select[Offer]:
    """Visible offers that meet every condition given.

    Args:
        viewer: on whose behalf.
        slugs: only these.
        ingredient_ids: only offers of these ingredients (their ``id``; recipes/queries.py finds it from the slug).
        supplier: only those of the supplier of this slug.
        label: only those sold under this label; with ``week``, its certificate covers that week too.
        week: only those that may be bought in the week of this Monday.
        words: only products with each of these words, accents and capitals aside.
        in_stock: with ``week``, only those of which at least a pack may still be ordered for it.
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
    for word in folded(words or "").split():
        statement = statement.where(Offer.search.contains(word, autoescape=True))
    if week is not None:
        away = pauses_visible_to(viewer).where(whole_week(week)).with_only_columns(SupplierPause.supplier_id)
        statement = statement.where(Offer.supplier_id.not_in(away))
        statement = _in_week(statement, week, labelled=label is not None, in_stock=in_stock)
    return statement


def _in_week(statement: Select[Offer], monday: date, *, labelled: bool, in_stock: bool) -> Select[Offer]:
    """Sold on that Monday; when a label is asked for, certified from Monday to Friday (docs/problem-format.md)."""
    sold = (Capacity.valid_from <= monday) & (monday <= Capacity.valid_to)
    statement = statement.where(
        _left(monday, sold) if in_stock else Offer.capacities.any(sold),
        or_(Offer.valid_from.is_(None), Offer.valid_from <= monday),
        or_(Offer.valid_to.is_(None), monday <= Offer.valid_to),
    )
    if labelled:
        covers = (Certificate.valid_from <= monday) & (monday + TO_FRIDAY <= Certificate.valid_to)
        statement = statement.where(Offer.certificate.has(covers))
    return statement


def _left(monday: date, sold: ColumnElement[bool]) -> ColumnElement[bool]:
    """Of what the week can deliver, at least one pack is not ordered yet."""
    untouched = Capacity.grams_per_week.is_(None) | (Capacity.grams_per_week >= Offer.pack_g)
    return func.coalesce(room_for_a_pack(monday), Offer.capacities.any(sold & untouched))
