"""What orders and the published plan still bring to the EGAlim rates of all kitchens, summed by the database."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, TypeAlias

from sqlalchemy import Select, String, case, func, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import whole
from catering.market.models import Offer
from catering.orders.models import OrderLine
from catering.people.viewer import Viewer
from catering.planning.models import SourcedLine
from catering.planning.projecting import PROVEN, coming_lines, still_planned
from catering.recipes.models import Ingredient
from catering.rules import RuleBook, law
from catering.rules.egalim import PurchaseLine as Facts
from catering.rules.egalim import count_line
from catering.rules.egalim_year import cents_of, rates_of_cells
from catering.rules.zones import zone_of

Cents: TypeAlias = Mapping[int, Mapping[str, tuple[int, int]]]
"""By kitchen number and rate: cents that count, cents of value."""
KIND = (Ingredient.family, Ingredient.kind, Offer.origin_country)
"""What the law asks of an offer beside its label."""


@dataclass(frozen=True, slots=True)
class ToCome:
    """What is ordered and not yet received, and what the published plan buys in the weeks that nobody ordered."""

    ordered: Cents
    planned: Cents


async def rates_to_come(
    session: AsyncSession, viewer: Viewer, year: int, today: date, *, kitchen_ids: Collection[int] | None = None
) -> ToCome:
    """The same as ``projecting.projections``, summed to the rates: two statements whatever the number of kitchens."""
    last_day = date(year, 12, 31)
    rates_of, sign_of = rates_of_cells(year), partial(_sign_of, law())
    ordered, planned = _Sums(), _Sums()
    coming = coming_lines(viewer, year, kitchen_ids).join(Offer, Offer.id == OrderLine.offer_id)
    for row in await session.execute(_with_kind(coming)):
        left = max(row.grams - row.received_g, 0)
        if left:
            sign = sign_of(row.family.value, row.kind.value, row.origin_country, row.label, row.day)
            cents = cents_of(row.amount) * left // row.grams
            ordered.add(row.kitchen_id, rates_of(row.family.value, sign), cents)
    plans = still_planned(viewer, year, today, kitchen_ids)
    for kitchen, family, kind, country, label, cents in await session.execute(_by_kind(session, plans)):
        planned.add(kitchen, rates_of(family, sign_of(family, kind, country, label, last_day)), cents)
    return ToCome(ordered, planned)


class _Sums(dict[int, dict[str, tuple[int, int]]]):
    def add(self, kitchen: int, rates: Mapping[str, bool], cents: int) -> None:
        """Cents that are in the value of some rates, and count for some of them."""
        mine = self.setdefault(kitchen, defaultdict(lambda: (0, 0)))
        for rule, counts in rates.items():
            counted, value = mine[rule]
            mine[rule] = counted + (cents if counts else 0), value + cents


def _with_kind(lines: Select[Any]) -> Select[Any]:
    return lines.join(Ingredient, Ingredient.id == Offer.ingredient_id).add_columns(*KIND)


def _by_kind(session: AsyncSession, lines: Select[SourcedLine]) -> Select[Any]:
    """Cents of planned lines by kitchen and by all that decides whether they count: a label only when it is proven."""
    codes = (type_coerce(Ingredient.family, String), type_coerce(Ingredient.kind, String), Offer.origin_country)
    key: tuple[Any, ...] = (SourcedLine.kitchen_id, *codes, case((PROVEN, Offer.label)))
    told: Any = lines.join(Ingredient, Ingredient.id == Offer.ingredient_id).with_only_columns(
        *key, whole(session, func.sum(SourcedLine.amount))
    )
    summed: Select[Any] = told.group_by(*key)
    return summed


@lru_cache(maxsize=10_000)  # legal-number: more kinds of offers than a market has
def _sign_of(book: RuleBook, family: str, kind: str, country: str | None, label: str | None, on: date) -> str:
    """The sign an offer counts by, asked of the law once for offers alike."""
    facts = Facts(
        amount_excl_tax=Decimal(0),
        family=family,
        invoiced=on,
        labels=frozenset({label} if label else ()),
        product=kind,
        origin=zone_of(country, on),
    )
    return count_line(facts, book).sign
