"""What a plan buys, by family of products and kind of supplier, as GraphQL shows it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import strawberry
from sqlalchemy import Select, func, select

from catering.graph.documented import documented
from catering.graph.loading import Loader
from catering.graph.values import BigInt
from catering.market.models import Supplier, SupplierKind
from catering.planning.models import PlannedPurchase
from catering.planning.queries import planned_purchases_visible_to
from catering.recipes.models import Ingredient
from catering.recipes.vocabulary import Family

GRAMS_PER_KG = 1000
WHOLE = Decimal(1)


@dataclass
class Purchased:
    """Purchases of a plan of one family from one kind of supplier, added up.

    ``co2e_kg`` is the production of what has a known footprint, ``unknown_g`` the weight of what has none.
    """

    family: Family
    supplier_kind: SupplierKind
    grams: int = 0
    amount: Decimal = Decimal(0)
    co2e_kg: Decimal = Decimal(0)
    unknown_g: int = 0

    def add(self, grams: int, amount: Decimal, co2e_kg_per_kg: Decimal | None) -> None:
        """Add the purchases of one ingredient."""
        self.grams += grams
        self.amount += amount
        if co2e_kg_per_kg is None:
            self.unknown_g += grams
        else:
            self.co2e_kg += co2e_kg_per_kg * grams / GRAMS_PER_KG


@strawberry.type(description="What a plan buys of one family of products from one kind of supplier.")
class PurchasesOfPlan:
    row: strawberry.Private[Purchased]
    family: Family = strawberry.field(description="Product family of ma-cantine.")
    supplier_kind: SupplierKind = strawberry.field(description="Kind of the suppliers.")

    @documented
    def grams(self) -> BigInt:
        """Weight, raw as bought."""
        return BigInt(self.row.grams)

    @documented
    def amount_eur(self) -> Decimal:
        """€ excl. tax, delivery included."""
        return self.row.amount

    @documented
    def co2e_kg(self) -> Decimal:
        """Footprint of its production in whole kg CO2e, without transport, of what has a known one."""
        return self.row.co2e_kg.quantize(WHOLE, ROUND_HALF_UP)

    @documented
    def unknown_footprint_g(self) -> BigInt:
        """Weight of what has no known footprint."""
        return BigInt(self.row.unknown_g)


class PurchasedByRunId(Loader[int, Sequence[Purchased]]):
    """Purchases of plans, by family and kind of supplier, in that order."""

    async def fetch(self, keys: list[int]) -> Mapping[int, Sequence[Purchased]]:
        """The sums by plan: one row per ingredient and kind is read, so that the footprint is exact."""
        key = (PlannedPurchase.run_id, PlannedPurchase.ingredient_id, Supplier.kind)
        sums = func.sum(PlannedPurchase.grams).label("grams"), func.sum(PlannedPurchase.amount).label("amount")
        kept = planned_purchases_visible_to(self.request.viewer).where(PlannedPurchase.run_id.in_(keys))
        by_kind = kept.join(Supplier, Supplier.id == PlannedPurchase.supplier_id)
        sold = by_kind.with_only_columns(*key, *sums).group_by(*key).subquery()
        bought: Select[Any] = select(
            sold.c.run_id, Ingredient.family, sold.c.kind, Ingredient.co2e_kg_per_kg, sold.c.grams, sold.c.amount
        ).join(Ingredient, Ingredient.id == sold.c.ingredient_id)
        found: dict[int, dict[tuple[Family, SupplierKind], Purchased]] = defaultdict(dict)
        for run_id, family, kind, footprint, grams, amount in await self.request.rows(bought):
            found[run_id].setdefault((family, kind), Purchased(family, kind)).add(int(grams), amount, footprint)
        return {run_id: [of[key] for key in sorted(of)] for run_id, of in found.items()}

    def missing(self, key: int) -> Sequence[Purchased]:
        """Nothing is bought."""
        del key
        return ()


def show_purchased(row: Purchased) -> PurchasesOfPlan:
    """Such a sum as GraphQL shows it."""
    return PurchasesOfPlan(row=row, family=row.family, supplier_kind=row.supplier_kind)
