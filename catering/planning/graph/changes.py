"""What one plan changes against another: kitchens, suppliers, dishes, as GraphQL shows it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import and_, func
from sqlalchemy.orm import aliased

from catering.graph.documented import documented
from catering.graph.request import Ask, Request
from catering.kitchens.graph import Kitchen, KitchenById, show_kitchen
from catering.market.graph import Supplier, show_supplier
from catering.market.loaders import SupplierById
from catering.planning.graph.run_loads import RunById
from catering.planning.models import KitchenStanding, PlannedDrop, PlannedMeal
from catering.planning.queries import drops_visible_to, kitchen_standings_visible_to, meals_visible_to

if TYPE_CHECKING:
    from catering.planning.graph.runs import PlanRun


@dataclass(frozen=True, slots=True)
class Changed:
    """An amount in the plan compared with, and in the plan looked at; None where it does not appear."""

    number: int
    before: Decimal | None
    after: Decimal | None
    dishes: int = 0

    @property
    def size(self) -> Decimal:
        """How much it changed, either way."""
        return abs((self.after or Decimal(0)) - (self.before or Decimal(0)))


@strawberry.type(description="What changes for one kitchen.")
class KitchenChange:
    row: strawberry.Private[Changed]

    @documented
    async def kitchen(self, info: Ask) -> Kitchen | None:
        """Which kitchen."""
        found = await info.context.loader(KitchenById).load(self.row.number)
        return None if found is None else show_kitchen(found)

    @documented
    def cost_before_eur(self) -> Decimal | None:
        """Its purchases in the plan compared with, € excl. tax; null when that plan leaves it out."""
        return self.row.before

    @documented
    def cost_eur(self) -> Decimal | None:
        """Its purchases in this plan, € excl. tax; null when this plan leaves it out."""
        return self.row.after

    @documented
    def dishes_changed(self) -> int:
        """Dishes of the same day and component that are not the same."""
        return self.row.dishes


@strawberry.type(description="What changes for one supplier.")
class SupplierChange:
    row: strawberry.Private[Changed]

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """Which supplier; null when you may not read them."""
        found = await info.context.loader(SupplierById).load(self.row.number)
        return None if found is None else show_supplier(found)

    @documented
    def amount_before_eur(self) -> Decimal | None:
        """What the plan compared with buys from them, € excl. tax; null when it buys nothing."""
        return self.row.before

    @documented
    def amount_eur(self) -> Decimal | None:
        """What this plan buys from them, € excl. tax; null when it buys nothing."""
        return self.row.after


@strawberry.type(description="What a plan changes against another one.")
class PlanChanges:
    kitchen_rows: strawberry.Private[Sequence[Changed]]
    supplier_rows: strawberry.Private[Sequence[Changed]]
    shown: strawberry.Private[int]
    run_id: strawberry.ID = strawberry.field(description="Number of the plan compared with.")

    @documented
    async def run(self, info: Ask) -> Annotated["PlanRun", strawberry.lazy("catering.planning.graph.runs")]:
        """The plan compared with."""
        from catering.planning.graph.runs import show_run

        found = await info.context.loader(RunById).load(int(self.run_id))
        assert found is not None, "it was read to compare with it"
        return show_run(found)

    @documented
    def kitchens(self) -> list[KitchenChange]:
        """Kitchens whose cost or dishes change, the greatest change of cost first, at most `first`."""
        return [KitchenChange(row=row) for row in self.kitchen_rows[: self.shown]]

    @documented
    def other_kitchens(self) -> int:
        """How many changed kitchens follow those shown."""
        return len(self.kitchen_rows[self.shown :])

    @documented
    def suppliers(self) -> list[SupplierChange]:
        """Suppliers whose amount changes, the greatest change first, at most `first`."""
        return [SupplierChange(row=row) for row in self.supplier_rows[: self.shown]]

    @documented
    def other_suppliers(self) -> int:
        """How many changed suppliers follow those shown."""
        return len(self.supplier_rows[self.shown :])

    @documented
    def new_suppliers(self) -> int:
        """How many suppliers sell in this plan and not in the other."""
        return sum(row.before is None for row in self.supplier_rows)

    @documented
    def lost_suppliers(self) -> int:
        """How many suppliers sell in the other plan and not in this one."""
        return sum(row.after is None for row in self.supplier_rows)

    @documented
    def dishes_changed(self) -> int:
        """Dishes of the same kitchen, day and component that are not the same."""
        return sum(row.dishes for row in self.kitchen_rows)


async def compare(request: Request, before: int, after: int, first: int) -> PlanChanges:
    """What the plan ``after`` changes against the plan ``before``, in three statements."""
    dishes = await _dishes(request, before, after)
    return PlanChanges(
        kitchen_rows=_changed(await _kitchens(request, before, after), before, after, lambda of: dishes.get(of, 0)),
        supplier_rows=_changed(await _suppliers(request, before, after), before, after, lambda _: 0),
        shown=first,
        run_id=strawberry.ID(str(before)),
    )


def _changed(rows: Sequence[Any], before: int, after: int, dishes: Callable[[int], int]) -> list[Changed]:
    amounts: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for run_id, number, amount in rows:
        amounts[number][run_id] = amount
    found = [Changed(number, of.get(before), of.get(after), dishes(number)) for number, of in amounts.items()]
    kept = [row for row in found if row.before != row.after or row.dishes]
    return sorted(kept, key=lambda row: (-row.size, -row.dishes, row.number))


async def _kitchens(request: Request, before: int, after: int) -> Sequence[Any]:
    statement = kitchen_standings_visible_to(request.viewer).where(KitchenStanding.run_id.in_((before, after)))
    return await request.rows(
        statement.with_only_columns(KitchenStanding.run_id, KitchenStanding.kitchen_id, KitchenStanding.cost)
    )


async def _suppliers(request: Request, before: int, after: int) -> Sequence[Any]:
    key = (PlannedDrop.run_id, PlannedDrop.supplier_id)
    statement = drops_visible_to(request.viewer).where(PlannedDrop.run_id.in_((before, after)))
    return await request.rows(statement.with_only_columns(*key, func.sum(PlannedDrop.amount)).group_by(*key))


async def _dishes(request: Request, before: int, after: int) -> Mapping[int, int]:
    """How many dishes of each kitchen differ; the plan compared with is one the viewer was found to read."""
    other = aliased(PlannedMeal)
    same_place = and_(
        other.run_id == before,
        other.kitchen_id == PlannedMeal.kitchen_id,
        other.day == PlannedMeal.day,
        other.slot == PlannedMeal.slot,
    )
    statement = (
        meals_visible_to(request.viewer)
        .where(PlannedMeal.run_id == after)
        .join(other, same_place)
        .where(other.dish_id != PlannedMeal.dish_id)
        .with_only_columns(PlannedMeal.kitchen_id, func.count())
        .group_by(PlannedMeal.kitchen_id)
    )
    return dict(await request.rows(statement))
