"""What a kitchen must still buy otherwise: its projected year, what the plan still buys, and the offers that count."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from catering.geography import road_km
from catering.kitchens.models import Kitchen
from catering.market.delivered import delivery_eur_per_kg, eur_per_kg
from catering.market.models import Certificate, Offer, OfferWeek, Supplier
from catering.market.queries import offers, stocked_weeks_visible_to
from catering.market.rules import sold_ranges
from catering.market.stock import TO_FRIDAY
from catering.people.viewer import Viewer
from catering.planning.models import SourcedLine
from catering.planning.projecting import PROVEN, Projection, Sold, projections, sold_of, still_planned
from catering.planning.queries import planned_for_others
from catering.planning.switching import Choice, Need, Remedy, cheapest_remedy
from catering.purchases.provenance import DEPARTEMENT
from catering.rules import law
from catering.rules.egalim_proofs import ageing
from catering.rules.egalim_year import Cell, YearOfPurchases, bucket_by_sign, year_of
from catering.rules.shapes import ValueRatio

PLANNED = (
    SourcedLine.offer_id, SourcedLine.week, PROVEN.label("proven"), SourcedLine.grams, SourcedLine.amount,
)  # fmt: skip
"""What a line of the plan is read by."""


@dataclass(frozen=True, slots=True)
class Stock:
    """By offer and week: grams to be had (None: unlimited) and ordered; grams the plan gives to other kitchens."""

    ordered: Mapping[tuple[int, date], tuple[int | None, int]]
    planned: Mapping[tuple[int, date], int]


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
    departements = {kitchen.id: kitchen.insee[:DEPARTEMENT]}
    sold = await sold_of(session, viewer, [each.offer_id for each in found.plan], departements)
    weekly = still_planned(viewer, year, today, [kitchen.id]).with_only_columns(*PLANNED)
    needs = needs_of((await session.execute(weekly)).all(), sold, kitchen.id, last_day)
    choices = await _choices(session, viewer, kitchen, needs, last_day)
    return Outlook(found, year_of(found.bought, year), projected, cheapest_remedy(projected, needs, choices))


def needs_of(lines: Iterable[Any], sold: Sold, kitchen: int, last_day: date) -> list[Need]:
    """What the plan still buys, by ingredient, week and the rules for which it counts.

    Args:
        lines: of the plan, as ``PLANNED`` reads them.
        sold: their offers.
        kitchen: whose they are.
        last_day: of the year; the law of that day says what counts.
    """
    sums: dict[tuple[int, date, frozenset[str]], tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
    families: dict[int, str] = {}
    for line in lines:
        offer = sold.offers[line.offer_id]
        cell = sold.cell(line.offer_id, kitchen, offer.label if line.proven else None, last_day, line.week)
        families[offer.ingredient_id] = cell.family
        key = offer.ingredient_id, line.week, rules_met(cell, last_day)
        grams, eur = sums[key]
        sums[key] = grams + line.grams, eur + line.amount
    rules = {ingredient: rules_of(family, last_day) for ingredient, family in families.items()}
    return [Need(good, week, *bought, rules[good], met) for (good, week, met), bought in sums.items()]


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
    session: AsyncSession, viewer: Viewer, kitchen: Kitchen, needs: Sequence[Need], last: date
) -> list[Choice]:
    """Offers of the needed ingredients that reach the kitchen and count, with what is left of them in each week."""
    weeks: dict[int, set[date]] = defaultdict(set)
    for need in needs:
        weeks[need.ingredient_id].add(need.week)
    asked = offers(viewer, ingredient_ids=list(weeks)).where(Offer.certificate.has(Certificate.label == Offer.label))
    loads = (
        joinedload(Offer.supplier).selectinload(Supplier.pauses),
        joinedload(Offer.certificate),
        selectinload(Offer.capacities),
    )
    rows = (await session.scalars(asked.options(*loads).order_by(Offer.id))).all()
    ids = [row.id for row in rows]
    sold = await sold_of(session, viewer, ids, {kitchen.id: kitchen.insee[:DEPARTEMENT]})
    stock = await _stock(session, viewer, kitchen, ids, {need.week for need in needs})
    choices = []
    for row in rows:
        price = _price_at(row, kitchen)
        if price is None:
            continue
        left = left_of(row, weeks[row.ingredient_id], stock)
        # A conversion too young in one week may count in the next.
        days = left if row.label in ageing(law()) else [last]
        rules_on = {day: rules_met(sold.cell(row.id, kitchen.id, row.label, last, day), last) for day in days}
        met = {week: rules_on.get(week) or rules_on.get(last, frozenset()) for week in left}
        for rules in {*met.values()} - {frozenset()}:
            counting = {week: left[week] for week in left if met[week] == rules}
            choices.append(Choice(row.id, row.ingredient_id, price, rules, counting))
    return choices


async def _stock(
    session: AsyncSession, viewer: Viewer, kitchen: Kitchen, offer_ids: Collection[int], weeks: Collection[date]
) -> Stock:
    """What is known of offers in weeks: grams to be had where ordering fixed them, and grams that others take."""
    rows = await session.execute(
        stocked_weeks_visible_to(viewer).where(OfferWeek.offer_id.in_(offer_ids), OfferWeek.week.in_(weeks))
    )
    found = {(row.offer_id, row.week): (row.available_g, row.reserved_g) for row in rows}
    planned = await session.execute(planned_for_others(viewer, kitchen.id, offer_ids, weeks))
    return Stock(found, {(row.offer_id, row.week): row.grams for row in planned})


def left_of(offer: Offer, weeks: Iterable[date], stock: Stock) -> dict[date, int | None]:
    """Grams of an offer still to be had in each week in which it is sold, and its label proven from Monday to Friday.

    What is ordered and what the published plan gives to other kitchens are the same goods as far as they follow it:
    the larger of both is taken off.
    """
    proof, found = offer.certificate, {}
    sold = sold_ranges(offer.capacities, offer.valid_from, offer.valid_to, offer.supplier.pauses)
    for week in weeks:
        supply = next((each for each in sold if each.valid_from <= week <= each.valid_to), None)
        if supply is None or proof is None or not proof.valid_from <= week <= proof.valid_to - TO_FRIDAY:
            continue
        there, ordered = stock.ordered.get((offer.id, week), (supply.grams_per_week, 0))
        taken = max(ordered, stock.planned.get((offer.id, week), 0))
        found[week] = None if there is None else max(there - taken, 0)
    return found


def _price_at(offer: Offer, kitchen: Kitchen) -> Decimal | None:
    """€ per kilogram at the door of the kitchen, at the listed price; None beyond the supplier's reach."""
    seller = offer.supplier
    distance = road_km(seller.lat, seller.lon, kitchen.lat, kitchen.lon)
    if seller.max_km is not None and distance > seller.max_km:
        return None
    delivery = delivery_eur_per_kg(seller.delivery_eur_per_kg_base, seller.delivery_eur_per_kg_per_100km, distance)
    return eur_per_kg(offer.price_eur_per_pack, offer.pack_g) + delivery
