"""What orders and the published plan still bring to the EGAlim rates of all kitchens, summed by the database."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, String, case, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import whole
from catering.market.models import Certificate, Offer, Supplier, SupplierKind
from catering.market.proving import proof_of
from catering.orders.models import OrderLine
from catering.people.viewer import Viewer
from catering.planning.models import PlanRun, PlanScenario, ScenarioKitchen, SourcedLine
from catering.planning.projecting import AGEING, PROVEN, ageing_week, coming_lines, still_planned
from catering.planning.queries_of_runs import scenario_kitchens_visible_to
from catering.purchases.service import circuit_court
from catering.recipes.models import Ingredient
from catering.rules import RuleBook, law
from catering.rules.egalim import PurchaseLine as Facts
from catering.rules.egalim import count_line
from catering.rules.egalim_proofs import conditional, with_proof
from catering.rules.egalim_year import cents_of, rates_of_cells
from catering.rules.zones import zone_of

Cents: TypeAlias = Mapping[int, Mapping[str, tuple[int, int]]]
"""By kitchen number and rate: cents that count, cents of value."""
KIND = (type_coerce(Ingredient.family, String), type_coerce(Ingredient.kind, String), Offer.origin_country)
"""What the law asks of an offer beside its label."""
FACTS = ("valid_from", "valid_to", "conversion_since", "agricultural_ingredients", "equivalent_to", "document_id")
"""What some labels ask of the certificate."""


@dataclass(frozen=True, slots=True)
class ToCome:
    """What is ordered and not yet received, and what the published plan buys in the weeks that nobody ordered.

    ``until``: by kitchen number the last day that a published plan plans for it; kitchens without a plan have none.
    """

    ordered: Cents
    planned: Cents
    until: Mapping[int, date]


async def rates_to_come(
    session: AsyncSession, viewer: Viewer, year: int, today: date, *, kitchen_ids: Collection[int] | None = None
) -> ToCome:
    """The same as ``projecting.projections``, summed to the rates: three statements whatever the number of kitchens."""
    last_day = date(year, 12, 31)
    rates_of, judged = rates_of_cells(year), partial(sign_of, law())
    ordered, planned = _Sums(), _Sums()
    coming = coming_lines(viewer, year, kitchen_ids).join(Offer, Offer.id == OrderLine.offer_id)
    for row in await session.execute(with_kind(coming)):
        kitchen, day, _, label, grams, received, amount, family, kind, country, *facts = row
        left = max(grams - received, 0)
        if left:
            cents = cents_of(amount) * left // grams
            sign = judged(family, kind, country, label, day, day, *facts)
            ordered.add(kitchen, rates_of(family, sign), cents)
    plans = still_planned(viewer, year, today, kitchen_ids)
    for kitchen, family, kind, country, label, week, *facts, cents in await session.execute(_by_kind(session, plans)):
        sign = judged(family, kind, country, label, last_day, week or last_day, *facts)
        planned.add(kitchen, rates_of(family, sign), cents)
    return ToCome(ordered, planned, await _planned_until(session, viewer, year, kitchen_ids))


async def _planned_until(
    session: AsyncSession, viewer: Viewer, year: int, kitchen_ids: Collection[int] | None
) -> dict[int, date]:
    """By kitchen number, the last day that a published plan plans for it, if that is in the year or after it."""
    asked = (
        scenario_kitchens_visible_to(viewer)
        .join(PlanScenario, PlanScenario.id == ScenarioKitchen.scenario_id)
        .join(PlanRun, PlanRun.scenario_id == PlanScenario.id)
        .where(
            PlanRun.published_at.is_not(None), PlanRun.withdrawn_at.is_(None), PlanScenario.last_day >= date(year, 1, 1)
        )
    )
    if kitchen_ids is not None:
        asked = asked.where(ScenarioKitchen.kitchen_id.in_(kitchen_ids))
    told: Any = asked.with_only_columns(ScenarioKitchen.kitchen_id, func.max(PlanScenario.last_day))
    rows = await session.execute(told.group_by(ScenarioKitchen.kitchen_id))
    return {number: last for number, last in rows}  # noqa: C416 - rows are no pairs


class _Sums(dict[int, dict[str, tuple[int, int]]]):
    def add(self, kitchen: int, rates: Mapping[str, bool], cents: int) -> None:
        """Cents that are in the value of some rates, and count for some of them."""
        mine = self.setdefault(kitchen, defaultdict(lambda: (0, 0)))
        for rule, counts in rates.items():
            counted, value = mine[rule]
            mine[rule] = counted + (cents if counts else 0), value + cents


def with_kind(lines: Select[Any]) -> Select[Any]:
    """Lines of offers with what the law asks of them: ``KIND``, then ``facts_asked``."""
    return lines.join(Ingredient, Ingredient.id == Offer.ingredient_id).add_columns(*KIND, *facts_asked())


def facts_asked() -> list[ColumnElement[Any]]:
    """What labels that count on a condition ask of the seller and of the certificate; nothing of the others."""
    asks = Offer.label.in_(sorted(conditional(law())))
    seller = select(type_coerce(Supplier.kind, String)).where(Supplier.id == Offer.supplier_id).scalar_subquery()
    told = (seller, *(getattr(Certificate, name) for name in FACTS))
    return [case((asks, each)).label(f"fact_{place}") for place, each in enumerate(told)]


def _by_kind(session: AsyncSession, lines: Select[SourcedLine]) -> Select[Any]:
    """Cents of planned lines by kitchen and by all that decides whether they count: a label only when it is proven."""
    key: tuple[Any, ...] = (SourcedLine.kitchen_id, *KIND, case((PROVEN, Offer.label)))
    facts = facts_asked()
    told: Any = lines.join(Ingredient, Ingredient.id == Offer.ingredient_id).with_only_columns(
        *key, ageing_week(), *facts, whole(session, func.sum(SourcedLine.amount))
    )
    summed: Select[Any] = told.group_by(*key, AGEING, *(each.name for each in facts))
    return summed


@lru_cache(maxsize=10_000)  # legal-number: more kinds of offers than a market has
def sign_of(
    book: RuleBook,
    family: str,
    kind: str,
    country: str | None,
    label: str | None,
    on: date,
    delivered: date,
    seller: str | None,
    *certificate: Any,
) -> str:
    """The sign an offer counts by, asked of the law once for offers alike; ``certificate`` as ``FACTS``."""
    facts = Facts(
        amount_excl_tax=Decimal(0),
        family=family,
        invoiced=on,
        labels=frozenset({label} if label else ()),
        direct_sale=seller is not None and bool(circuit_court(SupplierKind(seller))),
        delivered=delivered,
        origin=zone_of(country, on),
    )
    stated = dict(zip(FACTS, certificate, strict=True))
    proof = proof_of(Certificate(label=label, **stated)) if label and stated["valid_from"] else None
    return count_line(with_proof(facts, kind, proof), book).sign
