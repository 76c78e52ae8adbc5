"""What a kitchen must still buy otherwise: its projected year, what the plan still buys, and the offers that count."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from catering.geography import road_km
from catering.kitchens.models import Kitchen
from catering.market.delivered import delivery_eur_per_kg, eur_per_kg
from catering.market.models import Certificate, Offer
from catering.market.queries import offers
from catering.people.viewer import Viewer
from catering.planning.projecting import Projection, Sold, projections, sold_of
from catering.planning.switching import Choice, Need, Remedy, cheapest_remedy
from catering.purchases.service import COMMUNE_DEPARTEMENT
from catering.rules import law
from catering.rules.egalim_year import Cell, YearOfPurchases, bucket_by_sign, euros, year_of
from catering.rules.shapes import ValueRatio


@dataclass(frozen=True, slots=True)
class Outlook:
    """The year of a kitchen: as bought so far, as projected, and the cheapest way to reach its rates."""

    projection: Projection
    so_far: YearOfPurchases
    projected: YearOfPurchases
    remedy: Remedy


async def outlook(session: AsyncSession, viewer: Viewer, kitchen: Kitchen, year: int, today: date) -> Outlook:
    """The outlook of one kitchen that the viewer may read; a bounded number of statements.

    Args:
        session: of the read.
        viewer: who asks.
        kitchen: as found through what the viewer may read.
        year: civil year.
        today: what lies before it is bought or lost.
    """
    found = (await projections(session, viewer, year, today, kitchen_ids=[kitchen.id]))[kitchen.id]
    last_day = date(year, 12, 31)
    projected = year_of(found.all_year, year)
    departements = {kitchen.id: kitchen.insee[:COMMUNE_DEPARTEMENT]}
    sold = await sold_of(session, viewer, [each.offer_id for each in found.plan], departements)
    needs = needs_of(found, sold, kitchen.id, last_day)
    choices = await _choices(session, viewer, kitchen, needs, max(today, date(year, 1, 1)), last_day)
    return Outlook(found, year_of(found.bought, year), projected, cheapest_remedy(projected, needs, choices))


def needs_of(projection: Projection, sold: Sold, kitchen: int, last_day: date) -> dict[int, Need]:
    """What the plan still buys, by ingredient."""
    grams: dict[int, int] = defaultdict(int)
    cents: dict[int, int] = defaultdict(int)
    counted: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    families: dict[int, str] = {}
    for line in projection.plan:
        offer = sold.offers[line.offer_id]
        cell = sold.cell(line.offer_id, kitchen, offer.label if line.proven else None, last_day)
        grams[offer.ingredient_id] += line.grams
        cents[offer.ingredient_id] += line.cents
        families[offer.ingredient_id] = cell.family
        for rule in rules_met(cell, last_day):
            counted[offer.ingredient_id][rule] += euros(line.cents)
    return {
        ingredient: Need(grams[ingredient], euros(cents[ingredient]), counted[ingredient], rules_of(family, last_day))
        for ingredient, family in families.items()
    }


def rules_of(family: str, on: date) -> frozenset[str]:
    """Ratios in force in whose value a family is."""
    return frozenset(rule.id for rule in _ratios(on) if rule.families is None or family in rule.families)


def rules_met(cell: Cell, on: date) -> frozenset[str]:
    """Ratios in force for which a purchase of this cell counts."""
    bucket = bucket_by_sign(law(), on)(cell.sign)
    mine = rules_of(cell.family, on)
    return frozenset(rule.id for rule in _ratios(on) if rule.id in mine and bucket in rule.buckets)


def _ratios(on: date) -> Sequence[ValueRatio]:
    return [rule for rule, _ in law().rules(on, ("egalim",)) if isinstance(rule, ValueRatio)]


async def _choices(
    session: AsyncSession, viewer: Viewer, kitchen: Kitchen, needs: Mapping[int, Need], first: date, last: date
) -> list[Choice]:
    """Offers of the needed ingredients that reach the kitchen, proven and sold until the end of the year."""
    proven = (Certificate.label == Offer.label) & (Certificate.valid_from <= first) & (Certificate.valid_to >= last)
    on_sale = (
        or_(Offer.valid_to.is_(None), Offer.valid_to >= last),
        or_(Offer.valid_from.is_(None), Offer.valid_from <= first),
    )
    asked = offers(viewer, ingredient_ids=list(needs)).where(Offer.certificate.has(proven), *on_sale)
    rows = (await session.scalars(asked.options(joinedload(Offer.supplier)).order_by(Offer.id))).all()
    sold = await sold_of(session, viewer, [row.id for row in rows], {kitchen.id: kitchen.insee[:COMMUNE_DEPARTEMENT]})
    choices = []
    for row in rows:
        price = _price_at(row, kitchen)
        met = rules_met(sold.cell(row.id, kitchen.id, row.label, last), last)
        if met and price is not None:
            choices.append(Choice(row.id, row.ingredient_id, price, met))
    return choices


def _price_at(offer: Offer, kitchen: Kitchen) -> Decimal | None:
    """€ per kilogram at the door of the kitchen, at the listed price; None beyond the supplier's reach."""
    seller = offer.supplier
    distance = road_km(seller.lat, seller.lon, kitchen.lat, kitchen.lon)
    if seller.max_km is not None and distance > seller.max_km:
        return None
    delivery = delivery_eur_per_kg(seller.delivery_eur_per_kg_base, seller.delivery_eur_per_kg_per_100km, distance)
    return eur_per_kg(offer.price_eur_per_pack, offer.pack_g) + delivery
