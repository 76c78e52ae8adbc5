"""EGAlim at 31 December: what was bought, what is ordered and not yet received, what the published plan still buys."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, case, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from catering.kitchens.calendar import week_of
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.market.models import Certificate, Offer
from catering.market.proving import proof_of
from catering.market.queries import offers_visible_to
from catering.orders.models import Order, OrderLine
from catering.orders.queries import order_lines_visible_to
from catering.orders.vocabulary import OrderState
from catering.people.viewer import Viewer
from catering.planning.models import PlanRun, SourcedLine
from catering.planning.queries import lines_visible_to, runs_visible_to
from catering.purchases.provenance import DEPARTEMENT, is_local
from catering.purchases.service import circuit_court
from catering.purchases.summing import tallies
from catering.recipes.models import Ingredient
from catering.recipes.queries import ingredients_visible_to
from catering.rules import law
from catering.rules.egalim import PurchaseLine as Facts
from catering.rules.egalim import count_line
from catering.rules.egalim_proofs import ageing, with_proof
from catering.rules.egalim_year import Cell, Tally, cell_of, cents_of
from catering.rules.zones import zone_of

COMING = frozenset({
    OrderState.SENT, OrderState.CHANGE_PROPOSED, OrderState.ACCEPTED, OrderState.PARTLY_ACCEPTED, OrderState.PREPARED,
    OrderState.SHIPPED, OrderState.PARTLY_RECEIVED,
})  # fmt: skip
"""States of orders of which something may still arrive."""
ONE_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Planned:
    """What the published plan still buys of an offer for a kitchen: grams and cents, proven or not on those days."""

    offer_id: int
    proven: bool
    grams: int
    cents: int


@dataclass(frozen=True, slots=True)
class Projection:
    """The year of one kitchen in three parts that do not overlap, and their sum."""

    bought: Tally
    ordered: Tally
    planned: Tally
    plan: tuple[Planned, ...] = ()

    @property
    def all_year(self) -> Tally:
        """Cents by cell at 31 December."""
        total: dict[Cell, int] = defaultdict(int)
        for part in (self.bought, self.ordered, self.planned):
            for cell, cents in part.items():
                total[cell] += cents
        return dict(total)


@dataclass(frozen=True, slots=True)
class Sold:
    """Offers with what the law asks of them, and where kitchens stand, by number."""

    offers: Mapping[int, Offer]
    ingredients: Mapping[int, Ingredient]
    departements: Mapping[int, str]

    def cell(self, offer_id: int, kitchen: int, label: str | None, on: date, delivered: date | None = None) -> Cell:
        """The cell in which a purchase of an offer would be summed; ``label`` only when it is proven.

        ``delivered`` when that is not the day ``on`` whose law counts it: a conversion grows older in between.
        """
        offer = self.offers[offer_id]
        good = self.ingredients[offer.ingredient_id]
        near = is_local(offer.supplier, self.departements[kitchen], offer.origin, offer.origin_country)
        marks = {"CIRCUIT_COURT"} if circuit_court(offer.supplier.kind) else set()
        facts = Facts(
            amount_excl_tax=Decimal(0),
            family=good.family.value,
            invoiced=on,
            labels=frozenset(marks | ({"LOCAL"} if near else set()) | ({label} if label else set())),
            direct_sale=bool(marks),
            delivered=delivered,
            origin=zone_of(offer.origin_country, on),
        )
        proof = None if offer.certificate is None else proof_of(offer.certificate)
        facts = with_proof(facts, good.kind.value, proof)
        return cell_of(facts, count_line(facts, law()))


async def projections(
    session: AsyncSession, viewer: Viewer, year: int, today: date, *, kitchen_ids: Collection[int] | None = None
) -> dict[int, Projection]:
    """The year of each kitchen that the viewer may read, by kitchen number; six statements whatever their number.

    An order counts until it is received, by its day of delivery. A line of the published plan counts for the weeks to
    come, unless the kitchen has ordered the ingredient for that week: then the order counts.

    Args:
        session: of the read.
        viewer: who asks.
        year: civil year.
        today: what lies before it is bought or lost.
        kitchen_ids: only of these kitchens.
    """
    mine = kitchens(viewer) if kitchen_ids is None else kitchens(viewer).where(Kitchen.id.in_(kitchen_ids))
    found = await session.execute(mine.with_only_columns(Kitchen.id, Kitchen.insee))
    departements = {number: insee[:DEPARTEMENT] for number, insee in found}
    bought = await tallies(session, viewer, year, kitchen_ids=kitchen_ids)
    coming = (await session.execute(coming_lines(viewer, year, kitchen_ids))).all()
    plans = (await session.execute(_by_offer(still_planned(viewer, year, today, kitchen_ids)))).all()
    wanted = {row.offer_id for row in (*coming, *plans)}
    sold = await sold_of(session, viewer, wanted, departements)
    ordered = _ordered(coming, sold)
    planned, rows = _planned(plans, sold, date(year, 12, 31))
    return {
        number: Projection(
            bought.get(number, {}), ordered.get(number, {}), planned.get(number, {}), tuple(rows.get(number, ()))
        )
        for number in departements
    }


async def sold_of(
    session: AsyncSession, viewer: Viewer, offer_ids: Iterable[int], departements: Mapping[int, str]
) -> Sold:
    """Offers with their supplier, certificate and ingredient."""
    asked = offers_visible_to(viewer).where(Offer.id.in_(set(offer_ids)))
    loads = (joinedload(Offer.supplier), joinedload(Offer.certificate))
    offers = {each.id: each for each in await session.scalars(asked.options(*loads))}
    goods = ingredients_visible_to(viewer).where(Ingredient.id.in_({each.ingredient_id for each in offers.values()}))
    return Sold(offers, {each.id: each for each in await session.scalars(goods)}, departements)


def coming_lines(viewer: Viewer, year: int, kitchen_ids: Collection[int] | None) -> Select[*tuple[Any, ...]]:
    """Order lines still to arrive in a year: kitchen, offer, day, what is proven then, grams and amount left."""
    proven = and_(
        Certificate.label == OrderLine.label, Certificate.valid_from <= Order.day, Order.day <= Certificate.valid_to
    )
    asked = (
        order_lines_visible_to(viewer)
        .join(OrderLine.order)
        .outerjoin(Certificate, and_(Certificate.id == OrderLine.certificate_id, proven))
        .where(Order.state.in_(COMING), Order.day >= date(year, 1, 1), Order.day <= date(year, 12, 31))
    )
    if kitchen_ids is not None:
        asked = asked.where(Order.kitchen_id.in_(kitchen_ids))
    return asked.with_only_columns(
        Order.kitchen_id,
        Order.day,
        OrderLine.offer_id,
        Certificate.label,
        (OrderLine.packs * OrderLine.pack_g).label("grams"),
        func.coalesce(OrderLine.received_g, 0).label("received_g"),
        OrderLine.amount,
    )


def still_planned(viewer: Viewer, year: int, today: date, kitchen_ids: Collection[int] | None) -> Select[SourcedLine]:
    """Lines of published plans in the weeks to come that nobody ordered, each with its offer and what proves it."""
    return (
        not_ordered(viewer, year, today, kitchen_ids)
        .join(Offer, Offer.id == SourcedLine.offer_id)
        .outerjoin(Certificate, Certificate.id == Offer.certificate_id)
    )


def not_ordered(viewer: Viewer, year: int, today: date, kitchen_ids: Collection[int] | None) -> Select[SourcedLine]:
    """Lines of published plans in the weeks to come of which the kitchen has not ordered the ingredient."""
    in_use = runs_visible_to(viewer).where(PlanRun.published_at.is_not(None), PlanRun.withdrawn_at.is_(None))
    first, last = max(week_of(today) + ONE_WEEK, date(year, 1, 1)), date(year, 12, 31)
    taken = _taken(viewer, first, last)
    same = and_(
        taken.c.kitchen_id == SourcedLine.kitchen_id,
        taken.c.week == SourcedLine.week,
        taken.c.ingredient_id == SourcedLine.ingredient_id,
    )
    asked = (
        lines_visible_to(viewer)
        .outerjoin(taken, same)
        .where(
            SourcedLine.run_id.in_(in_use.with_only_columns(PlanRun.id)),
            SourcedLine.week.between(first, last),
            taken.c.week.is_(None),
        )
    )
    if kitchen_ids is not None:
        asked = asked.where(SourcedLine.kitchen_id.in_(kitchen_ids))
    return asked


def _taken(viewer: Viewer, first: date, last: date) -> CTE:
    """Ingredients that kitchens ordered for some weeks. Read once, then looked up: asked anew for each line of a plan,
    it took four fifths of the grid's work.
    """
    key = (Order.kitchen_id, Order.week, OrderLine.ingredient_id)
    ordered = order_lines_visible_to(viewer).join(OrderLine.order)
    ordered = ordered.where(Order.week.between(first, last), Order.state.in_({*COMING, OrderState.RECEIVED}))
    return ordered.with_only_columns(*key).distinct().cte("taken")


PROVEN = func.coalesce(
    and_(Certificate.valid_from <= SourcedLine.week, SourcedLine.week <= Certificate.valid_to), False
)
"""Whether the label of a planned line's offer is proven in its week."""


AGEING = "delivered"
"""By this name lines are grouped: written twice, its codes would be other parameters."""


def ageing_week() -> ColumnElement[date | None]:
    """The week of a planned line whose label counts from some age on; of others the week changes nothing."""
    return case((Offer.label.in_(sorted(ageing(law()))), SourcedLine.week)).label(AGEING)


def _by_offer(lines: Select[SourcedLine]) -> Select[*tuple[Any, ...]]:
    """What planned lines add up to, by kitchen, offer, whether it is proven, and the week when that matters."""
    return lines.with_only_columns(
        SourcedLine.kitchen_id,
        SourcedLine.offer_id,
        PROVEN.label("proven"),
        ageing_week(),
        func.sum(SourcedLine.grams).label("grams"),
        func.sum(SourcedLine.amount).label("amount"),
    ).group_by(SourcedLine.kitchen_id, SourcedLine.offer_id, PROVEN, AGEING)


def _ordered(rows: Iterable[Any], sold: Sold) -> dict[int, dict[Cell, int]]:
    found: dict[int, dict[Cell, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        left = max(row.grams - row.received_g, 0)
        if left and row.offer_id in sold.offers:
            cell = sold.cell(row.offer_id, row.kitchen_id, row.label, row.day)
            found[row.kitchen_id][cell] += cents_of(row.amount) * left // row.grams
    return found


def _planned(
    rows: Iterable[Any], sold: Sold, last_day: date
) -> tuple[dict[int, dict[Cell, int]], dict[int, list[Planned]]]:
    sums: dict[int, dict[Cell, int]] = defaultdict(lambda: defaultdict(int))
    lines: dict[int, list[Planned]] = defaultdict(list)
    known: dict[tuple[int, bool, date | None, str], Cell] = {}
    for row in rows:
        offer = sold.offers[row.offer_id]
        proven = bool(row.proven)
        key = (row.offer_id, proven, row.delivered, sold.departements[row.kitchen_id])
        if key not in known:
            label = offer.label if proven else None
            known[key] = sold.cell(row.offer_id, row.kitchen_id, label, last_day, row.delivered)
        cents = cents_of(row.amount)
        sums[row.kitchen_id][known[key]] += cents
        lines[row.kitchen_id].append(Planned(row.offer_id, proven, row.grams, cents))
    return sums, lines
