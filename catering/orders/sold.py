"""Offers as a kitchen can buy them for a week: with who sells them, the proof of their label, and what is left.

Two statements read any number of offers for any number of kitchens: the offers, then the prices agreed for them, which
``prices`` decides on.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import Select, case, literal, or_
from sqlalchemy.ext.asyncio import AsyncSession

from catering.geography import road_km
from catering.kitchens.models import Kitchen
from catering.market.delivered import PRICE_STEP, delivery_eur_per_kg, eur_per_kg
from catering.market.models import Capacity, Certificate, Offer, OfferWeek, Supplier
from catering.market.origin_told import origin_told, stages_of
from catering.market.queries import offers_visible_to, stated_allergens
from catering.market.rules import label_fault
from catering.market.stock import closed_in, stated_for
from catering.moment import paris_day
from catering.orders.prices import NOTHING_AGREED, Agreed, Paid, read_agreed
from catering.orders.rules import Priced, best_day, delivers_for
from catering.orders.sale_terms import SaleTerms, allergen_words, origin_words, pack_words
from catering.people.viewer import Role, Viewer

BUYER = Viewer(name="Commandes", role=Role.DEPARTEMENT)
"""On whose behalf the offers of everybody are weighed, whoever has set it off."""


@dataclass(frozen=True)
class Sold:
    """One offer, seen from one kitchen and week, with what that kitchen has agreed. ``left_g`` None means unlimited."""

    kitchen: Kitchen
    week: date
    agreed: Agreed
    offer: Offer
    supplier: Supplier
    certificate: Certificate | None
    left_g: int | None
    allergens: str | None = None
    """As ``stated_allergens`` tells them."""

    @cached_property
    def km(self) -> Decimal:
        """Estimated road distance from the supplier to the kitchen."""
        return road_km(self.supplier.lat, self.supplier.lon, self.kitchen.lat, self.kitchen.lon)

    @property
    def reaches(self) -> bool:
        """Whether the supplier delivers that far."""
        return self.supplier.max_km is None or self.km <= self.supplier.max_km

    def paid(self, day: date, packs: int = 1) -> Paid:
        """What this kitchen pays for packs delivered on a day, and by which agreement."""
        return self.agreed.paid(self.offer, day, packs, self.delivery)

    @cached_property
    def delivery(self) -> Decimal:
        """€ per kg that the supplier asks for delivery to this kitchen, where no contract says otherwise."""
        supplier = self.supplier
        return delivery_eur_per_kg(supplier.delivery_eur_per_kg_base, supplier.delivery_eur_per_kg_per_100km, self.km)

    def eur_per_kg(self, day: date) -> Decimal:
        """Delivered price of a kilogram on a day, by which offers are ranked."""
        paid = self.paid(day)
        return (eur_per_kg(paid.price_eur_per_pack, self.offer.pack_g) + paid.delivery_eur_per_kg).quantize(PRICE_STEP)

    def priced(self, packs: int, day: date) -> Priced:
        """So many packs at the prices of a delivery day, as they are known today."""
        paid = self.paid(day, packs)
        return Priced(packs, self.offer.pack_g, paid.price_eur_per_pack, paid.delivery_eur_per_kg, self.offer.vat_pct)

    def terms(self, day: date, packs: int) -> SaleTerms:
        """Under which conditions so many packs are bought for a day, as they are known today."""
        offer, proof, paid = self.offer, self.certificate, self.paid(day, packs)
        return SaleTerms(
            ingredient_id=offer.ingredient_id,
            product=offer.product,
            origin=origin_words(origin_told(offer), offer.origin_country, stages_of(offer)),
            label=offer.label,
            certificate=f"{proof.number} ({proof.certifier})" if proof else None,
            pack_g=offer.pack_g,
            pack_label=pack_words(offer.pack_label, offer.unit, offer.unit_g, offer.date_kind),
            variable_weight=offer.variable_weight,
            price_eur_per_pack=paid.price_eur_per_pack,
            delivery_eur_per_kg=paid.delivery_eur_per_kg,
            price_words=paid.agreement.words,
            vat_pct=offer.vat_pct,
            allergens=allergen_words(offer.allergens_on, self.allergens),
        )

    def proven_on(self, day: date) -> bool:
        """Whether the label, if any, is proven on a day."""
        return label_fault(self.offer.label, self.certificate, day) is None

    def best_day(self, now: datetime) -> date | None:
        """Best delivery day for the week on which the supplier comes and the kitchen is open; None for none."""
        supplier = self.supplier
        return best_day(supplier.delivery_weekdays, supplier.lead_days, self.week, now, self.agreed.closed)

    def day_for(self, now: datetime) -> date | None:
        """Best delivery day of the week that can still be met, its label proven; None when there is none."""
        day = self.best_day(now)
        return day if day is not None and delivers_for(day, self.week) and self.proven_on(day) else None

    def packs_left(self) -> int | None:
        """Whole packs that may still be ordered; None for any number."""
        return None if self.left_g is None else max(self.left_g, 0) // self.offer.pack_g


def sold_in(week: date, statement: Select[Offer]) -> Select[Any]:
    """(Offer, Supplier, Certificate or None, grams left, allergens) of the offers of a statement, for one week."""
    stocked = (OfferWeek.offer_id == Offer.id) & (OfferWeek.week == week)
    within, stated = stated_for(week)
    stock = OfferWeek.available_g - OfferWeek.reserved_g
    left = case((closed_in(week), literal(0)), (OfferWeek.offer_id.is_not(None), stock), else_=stated)
    return (
        statement.join(Supplier, Supplier.id == Offer.supplier_id)
        .outerjoin(Certificate, Certificate.id == Offer.certificate_id)
        .outerjoin(OfferWeek, stocked)
        .outerjoin(Capacity, within)
        .with_only_columns(
            Offer, Supplier, Certificate, left.label("left_g"), stated_allergens(BUYER).label("allergens")
        )
    )


async def read_market(
    session: AsyncSession,
    week: date,
    *,
    offer_ids: Collection[int] = (),
    ingredient_ids: Collection[int] = (),
    like: Collection[int] = (),
) -> Sequence[Any]:
    """Rows of ``sold_in`` for offers of these row ids, of these ingredients, or of the same as some offers (``like``).

    Whoever sells them: one statement.
    """
    same = offers_visible_to(BUYER).where(Offer.id.in_(like)).with_only_columns(Offer.ingredient_id)
    wanted = or_(Offer.id.in_(offer_ids), Offer.ingredient_id.in_(ingredient_ids), Offer.ingredient_id.in_(same))
    statement = offers_visible_to(BUYER).where(wanted)
    rows: Sequence[Any] = (await session.execute(sold_in(week, statement))).all()
    return rows


async def read_sold(
    session: AsyncSession, kitchen: Kitchen, week: date, offer_ids: Collection[int], now: datetime
) -> list[Sold]:
    """Offers of these row ids, as the kitchen can buy them for the week, cheapest on its Monday first."""
    return await _sold(session, kitchen, week, await read_market(session, week, offer_ids=offer_ids), now)


async def read_alternatives(
    session: AsyncSession, kitchen: Kitchen, week: date, offer_ids: Collection[int], now: datetime
) -> list[Sold]:
    """These offers and all others of their ingredients, as ``read_sold`` gives them."""
    return await _sold(session, kitchen, week, await read_market(session, week, like=offer_ids), now)


async def _sold(session: AsyncSession, kitchen: Kitchen, week: date, rows: Sequence[Any], now: datetime) -> list[Sold]:
    agreed = await read_agreements(session, [kitchen], week, rows, now)
    sold = (Sold(kitchen, week, agreed.get(kitchen.uai, NOTHING_AGREED), *row) for row in rows)
    return cheapest_first((each, week) for each in sold)


async def read_agreements(
    session: AsyncSession, kitchens: Iterable[Kitchen], week: date, rows: Iterable[Any], now: datetime
) -> Mapping[str, Agreed]:
    """What kitchens (UAI) have agreed for the offers of ``read_market``, ordered now: one statement."""
    return await read_agreed(session, BUYER, kitchens, (row.Offer for row in rows), week, paris_day(now))


def in_turn(lines: Iterable[tuple[Sold, date, int]]) -> list[Sold]:
    """Lines of one basket (offer, day, packs), supplier by supplier in order of day and offer, as they are sent: what
    one takes of a contract is no longer there for the next, which another contract may then price."""
    found: list[Sold] = []
    agreed: Agreed | None = None
    for sold, day, packs in lines:
        now = sold if agreed is None else replace(sold, agreed=agreed)
        agreed = now.agreed.drawn(now.paid(day, packs), now.priced(packs, day).amount)
        found.append(now)
    return found


def cheapest_first(offers: Iterable[tuple[Sold, date]]) -> list[Sold]:
    """Offers with the day on which each is delivered, in order of their delivered price per kg."""
    ranked = sorted(offers, key=lambda each: (each[0].eur_per_kg(each[1]), each[0].offer.id))
    return [sold for sold, _ in ranked]


def next_best(offers: Iterable[Sold], now: datetime) -> list[Sold]:
    """Of some offers, those a kitchen can still get for the week, cheapest first."""
    days = ((each, each.day_for(now)) for each in offers if each.reaches and each.packs_left() != 0)
    return cheapest_first((each, day) for each, day in days if day is not None)
