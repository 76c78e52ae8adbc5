"""Flows of a plan from suppliers to kitchens, for a map, as GraphQL shows them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

import strawberry
from sqlalchemy import func

from catering.graph.documented import documented
from catering.graph.loading import Loader
from catering.graph.request import Ask
from catering.graph.values import BigInt
from catering.kitchens.graph import DeliveryPlace
from catering.market import models as market
from catering.market.graph import Supplier, show_supplier
from catering.market.loaders import SupplierById
from catering.market.models import SupplierKind
from catering.market.queries import suppliers
from catering.planning.graph.supply import place_of
from catering.planning.models import PlannedPurchase
from catering.planning.queries import planned_purchases_visible_to
from catering.recipes.models import Ingredient
from catering.recipes.queries import ingredients
from catering.recipes.vocabulary import Family

Sums: TypeAlias = tuple[int, Decimal]
"""Grams and euros."""


@dataclass(frozen=True, slots=True)
class FlowsWanted:
    """The purchases of a plan, of one family and of sellers of some kinds when given."""

    run_id: int
    family: Family | None = None
    kinds: frozenset[SupplierKind] | None = None


@dataclass(frozen=True, slots=True)
class Flowed:
    """What one kitchen buys from one supplier over the whole plan."""

    supplier_id: int
    kitchen_id: int
    grams: int
    amount: Decimal


class FlowsOfRun(Loader[FlowsWanted, Sequence[Flowed]]):
    """Flows of plans, the greatest amount first."""

    async def fetch(self, keys: list[FlowsWanted]) -> Mapping[FlowsWanted, Sequence[Flowed]]:
        """The flows by wish: one statement per distinct choice of family and kinds."""
        found: dict[FlowsWanted, list[Flowed]] = defaultdict(list)
        for family, kinds in {(key.family, key.kinds) for key in keys}:
            wanted = {key.run_id for key in keys if (key.family, key.kinds) == (family, kinds)}
            for run_id, *flow in await self._rows(wanted, family, kinds):
                found[FlowsWanted(run_id, family, kinds)].append(Flowed(*flow))
        return {key: sorted(flows, key=_greatest) for key, flows in found.items()}

    async def _rows(
        self, run_ids: set[int], family: Family | None, kinds: frozenset[SupplierKind] | None
    ) -> Sequence[Any]:
        kept = planned_purchases_visible_to(self.request.viewer).where(PlannedPurchase.run_id.in_(run_ids))
        if family is not None:
            of_family = ingredients(self.request.viewer, family=family).with_only_columns(Ingredient.id)
            kept = kept.where(PlannedPurchase.ingredient_id.in_(of_family))
        if kinds is not None:
            of_kinds = (
                suppliers(self.request.viewer)
                .where(market.Supplier.kind.in_(kinds))
                .with_only_columns(market.Supplier.id)
            )
            kept = kept.where(PlannedPurchase.supplier_id.in_(of_kinds))
        key = (PlannedPurchase.run_id, PlannedPurchase.supplier_id, PlannedPurchase.kitchen_id)
        sums = func.sum(PlannedPurchase.grams), func.sum(PlannedPurchase.amount)
        flows: Any = kept.with_only_columns(*key, *sums)
        return await self.request.rows(flows.group_by(*key))

    def missing(self, key: FlowsWanted) -> Sequence[Flowed]:
        """Nothing flows."""
        del key
        return ()


@strawberry.type(description="What one kitchen buys from one supplier over the whole plan.")
class Flow:
    row: strawberry.Private[Flowed]
    run_id: strawberry.Private[int]

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """Who sells; null when you may not read them."""
        return await _supplier(info, self.row.supplier_id)

    @documented
    async def place(self, info: Ask) -> DeliveryPlace | None:
        """Where to."""
        return await place_of(info, self.run_id, self.row.kitchen_id)

    @documented
    def grams(self) -> BigInt:
        """Weight."""
        return BigInt(self.row.grams)

    @documented
    def amount_eur(self) -> Decimal:
        """€ excl. tax, delivery included."""
        return self.row.amount


@strawberry.type(description="All that one supplier sells, or one kitchen buys, in the flows looked at.")
class FlowEnd:
    number: strawberry.Private[int]
    run_id: strawberry.Private[int]
    sums: strawberry.Private[Sums]
    sells: strawberry.Private[bool]

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """The supplier; null at the end of a kitchen."""
        return await _supplier(info, self.number) if self.sells else None

    @documented
    async def place(self, info: Ask) -> DeliveryPlace | None:
        """The kitchen; null at the end of a supplier."""
        return None if self.sells else await place_of(info, self.run_id, self.number)

    @documented
    def grams(self) -> BigInt:
        """Weight."""
        return BigInt(self.sums[0])

    @documented
    def amount_eur(self) -> Decimal:
        """€ excl. tax, delivery included."""
        return self.sums[1]


@strawberry.type(description="Flows of a plan from suppliers to kitchens: what a map draws.")
class PlanFlows:
    all_rows: strawberry.Private[Sequence[Flowed]]
    shown: strawberry.Private[int]
    run_id: strawberry.Private[int]

    @documented
    def rows(self) -> list[Flow]:
        """The greatest amounts, at most `first`."""
        return [Flow(row=row, run_id=self.run_id) for row in self.all_rows[: self.shown]]

    @documented
    def others(self) -> int:
        """How many flows follow those shown."""
        return len(self.all_rows[self.shown :])

    @documented
    def others_amount_eur(self) -> Decimal:
        """Their amount, € excl. tax: nothing is lost from sight."""
        return sum((row.amount for row in self.all_rows[self.shown :]), Decimal(0))

    @documented
    def suppliers(self) -> list[FlowEnd]:
        """Every supplier of the flows, those not shown too, the greatest amount first."""
        return self._ends(((row.supplier_id, row) for row in self.all_rows), sells=True)

    @documented
    def places(self) -> list[FlowEnd]:
        """Every kitchen of the flows, those not shown too, the greatest amount first."""
        return self._ends(((row.kitchen_id, row) for row in self.all_rows), sells=False)

    def _ends(self, rows: Iterable[tuple[int, Flowed]], *, sells: bool) -> list[FlowEnd]:
        sums: dict[int, Sums] = {}
        for number, row in rows:
            grams, amount = sums.get(number, (0, Decimal(0)))
            sums[number] = grams + row.grams, amount + row.amount
        ranked = sorted(sums.items(), key=lambda each: (-each[1][1], each[0]))
        return [FlowEnd(number=number, run_id=self.run_id, sums=of, sells=sells) for number, of in ranked]


def _greatest(row: Flowed) -> tuple[Decimal, int, int]:
    return -row.amount, row.supplier_id, row.kitchen_id


async def _supplier(info: Ask, number: int) -> Supplier | None:
    row = await info.context.loader(SupplierById).load(number)
    return None if row is None else show_supplier(row)
