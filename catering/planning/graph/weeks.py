"""A kitchen's week and a supplier's sales in a plan: what planning adds to kitchens and suppliers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry

from catering.graph.arguments import Monday, a_monday, row_number
from catering.graph.documented import documented
from catering.graph.loading import Loader
from catering.graph.pages_by_parent import PageKey
from catering.graph.paging import DEFAULT_ROWS, After, First, Page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.kitchens.graph import Kitchen
from catering.market.graph import Supplier
from catering.planning import models
from catering.planning.graph.narrowing import FirstWeek, LastWeek
from catering.planning.graph.run_loads import RunById, RunInUse, RunWanted
from catering.planning.graph.runs import PlanRun, mondays, show_run
from catering.planning.graph.standings import (
    KitchenOfRun,
    KitchenPlan,
    StandingByKitchenOfRun,
    in_pairs,
    show_kitchen_plan,
)
from catering.planning.graph.supply import Drop, PurchaseLine, WeeklySale, show_drop, show_sale
from catering.planning.graph.supply_loads import (
    SIX_DAYS,
    TO_FRIDAY,
    DropPageBySupplier,
    DropsWanted,
    LinesWanted,
    SalesByWeekAndOffer,
)
from catering.planning.queries import drops_visible_to, lines_visible_to, meals_visible_to
from catering.recipes.graph import Dish, show_dish
from catering.recipes.loaders import DishById
from catering.recipes.vocabulary import Slot

TRAY = list(Slot)

OfRun: TypeAlias = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Number of the plan; by default the one in use: published, or else the newest."),
]


@dataclass(frozen=True, slots=True)
class KitchenWeekOfRun:
    """One kitchen and one week, named by its Monday, in one plan."""

    run_id: int
    kitchen_id: int
    monday: date

    @property
    def kitchen(self) -> KitchenOfRun:
        """Without the week."""
        return KitchenOfRun(self.run_id, self.kitchen_id)


Meals: TypeAlias = Sequence[models.PlannedMeal]
Drops: TypeAlias = Sequence[models.PlannedDrop]
Lines: TypeAlias = Sequence[models.SourcedLine]


def _by_monday(keys: Sequence[KitchenWeekOfRun]) -> Mapping[date, list[KitchenOfRun]]:
    found: dict[date, list[KitchenOfRun]] = defaultdict(list)
    for key in keys:
        found[key.monday].append(key.kitchen)
    return found


class MealsByKitchenWeek(Loader[KitchenWeekOfRun, Meals]):
    """Planned dishes of kitchens' weeks: one statement per distinct week."""

    async def fetch(self, keys: list[KitchenWeekOfRun]) -> Mapping[KitchenWeekOfRun, Meals]:
        """The dishes by week."""
        meal = models.PlannedMeal
        found: dict[KitchenWeekOfRun, list[models.PlannedMeal]] = defaultdict(list)
        for monday, kitchens in _by_monday(keys).items():
            statement = meals_visible_to(self.request.viewer).where(
                in_pairs(kitchens, meal.run_id, meal.kitchen_id), meal.day.between(monday, monday + TO_FRIDAY)
            )
            for row in await self.request.objects(statement):
                found[KitchenWeekOfRun(row.run_id, row.kitchen_id, monday)].append(row)
        return found

    def missing(self, key: KitchenWeekOfRun) -> Meals:
        """Nothing is served."""
        del key
        return ()


class DropsByKitchenWeek(Loader[KitchenWeekOfRun, Drops]):
    """Deliveries for kitchens' weeks: one statement per distinct week."""

    async def fetch(self, keys: list[KitchenWeekOfRun]) -> Mapping[KitchenWeekOfRun, Drops]:
        """The deliveries by week."""
        drop = models.PlannedDrop
        found: dict[KitchenWeekOfRun, list[models.PlannedDrop]] = defaultdict(list)
        for monday, kitchens in _by_monday(keys).items():
            statement = drops_visible_to(self.request.viewer).where(
                in_pairs(kitchens, drop.run_id, drop.kitchen_id), drop.day.between(monday - SIX_DAYS, monday)
            )
            for row in await self.request.objects(statement.order_by(drop.day, drop.supplier_id)):
                found[KitchenWeekOfRun(row.run_id, row.kitchen_id, monday)].append(row)
        return found

    def missing(self, key: KitchenWeekOfRun) -> Drops:
        """Nothing is delivered."""
        del key
        return ()


class LinesByKitchenWeek(Loader[KitchenWeekOfRun, Lines]):
    """Purchases for kitchens' weeks: one statement per distinct week."""

    async def fetch(self, keys: list[KitchenWeekOfRun]) -> Mapping[KitchenWeekOfRun, Lines]:
        """The purchases by week."""
        line = models.SourcedLine
        found: dict[KitchenWeekOfRun, list[models.SourcedLine]] = defaultdict(list)
        for monday, kitchens in _by_monday(keys).items():
            statement = lines_visible_to(self.request.viewer).where(
                in_pairs(kitchens, line.run_id, line.kitchen_id), line.week == monday
            )
            # Sorted here: asked to sort, SQLite would walk the whole plan by the index on offers.
            for row in sorted(await self.request.objects(statement), key=lambda row: row.offer_id):
                found[KitchenWeekOfRun(row.run_id, row.kitchen_id, monday)].append(row)
        return found

    def missing(self, key: KitchenWeekOfRun) -> Lines:
        """Nothing is bought."""
        del key
        return ()


@strawberry.type(description="The dish of one slot on one day.")
class PlannedDish:
    dish_id: strawberry.Private[int]
    slot: Slot = strawberry.field(description="Component of the meal.")
    covers: int = strawberry.field(description="Portions to cook.")

    @documented
    async def dish(self, info: Ask) -> Dish | None:
        """What is cooked."""
        row = await info.context.loader(DishById).load(self.dish_id)
        return None if row is None else show_dish(row)


@strawberry.type(description="What one kitchen serves on one day.")
class MenuDay:
    day: date = strawberry.field(name="date", description="The day.")
    covers: int = strawberry.field(description="Lunches planned.")
    dishes: list[PlannedDish] = strawberry.field(description="One per component, in the order of the tray.")


@strawberry.type(description="What one kitchen serves, buys and receives in one week of a plan.")
class KitchenWeek:
    key: strawberry.Private[KitchenWeekOfRun]
    run: PlanRun = strawberry.field(description="The plan it comes from.")

    @documented
    def monday(self) -> date:
        """Names the week."""
        return self.key.monday

    @documented
    async def days(self, info: Ask) -> list[MenuDay]:
        """Days of service, in order; empty in a week without service."""
        by_day: dict[date, list[models.PlannedMeal]] = defaultdict(list)
        for meal in await info.context.loader(MealsByKitchenWeek).load(self.key):
            by_day[meal.day].append(meal)
        return [show_day(day, meals) for day, meals in sorted(by_day.items())]

    @documented
    async def drops(self, info: Ask) -> list[Drop]:
        """Deliveries for the week, day by day, from the Tuesday before to the Monday (a few dozen)."""
        return [show_drop(row) for row in await info.context.loader(DropsByKitchenWeek).load(self.key)]

    @documented
    async def purchases(self, info: Ask) -> list[PurchaseLine]:
        """What is bought for the week (a hundred lines or so)."""
        return [
            shown(PurchaseLine, row, row=row) for row in await info.context.loader(LinesByKitchenWeek).load(self.key)
        ]

    @documented
    async def cost_eur(self, info: Ask) -> Decimal:
        """Purchases of the week, € excl. tax, delivery included."""
        return sum(
            (row.amount for row in await info.context.loader(LinesByKitchenWeek).load(self.key)), Decimal("0.00")
        )


def show_day(day: date, meals: Meals) -> MenuDay:
    """A day's menu as GraphQL shows it."""
    on_tray = sorted(meals, key=lambda meal: TRAY.index(meal.slot))
    return MenuDay(
        day=day,
        covers=max(meal.covers for meal in meals),
        dishes=[shown(PlannedDish, meal) for meal in on_tray],
    )


async def _run(info: Ask, run_id: str | None, wanted: RunWanted) -> models.PlanRun | None:
    if run_id is not None:
        return await info.context.loader(RunById).load(row_number(run_id, "calcul de plan"))
    return await info.context.loader(RunInUse).load(wanted)


@documented
async def week(
    kitchen: strawberry.Parent[Kitchen], info: Ask, monday: Monday, run_id: OfRun = None
) -> KitchenWeek | None:
    """Menus, deliveries and purchases of one week; null when no plan you may read covers it."""
    key = RunWanted(kitchen.row_id, a_monday(monday), monday + TO_FRIDAY)
    row = await _run(info, run_id, key)
    if row is None:
        return None
    return KitchenWeek(key=KitchenWeekOfRun(row.id, kitchen.row_id, monday), run=show_run(row))


@documented
async def plan(kitchen: strawberry.Parent[Kitchen], info: Ask, run_id: OfRun = None) -> KitchenPlan | None:
    """Cost and ratios of this kitchen in a plan; null when no plan you may read concerns it."""
    row = await _run(info, run_id, RunWanted(kitchen.row_id))
    if row is None:
        return None
    standing = await info.context.loader(StandingByKitchenOfRun).load(KitchenOfRun(row.id, kitchen.row_id))
    return None if standing is None else show_kitchen_plan(standing)


@documented
async def drops(
    supplier: strawberry.Parent[Supplier],
    info: Ask,
    run_id: OfRun = None,
    first_week: FirstWeek = None,
    last_week: LastWeek = None,
    first: First = DEFAULT_ROWS,
    after: After = None,
) -> Page[Drop] | None:
    """What this supplier delivers to whom, day by day; null when there is no plan you may read."""
    row = await _run(info, run_id, RunWanted())
    if row is None:
        return None
    wanted = DropsWanted(row.id, *mondays(first_week, last_week), supplier=str(supplier.id))
    found = await info.context.loader(DropPageBySupplier).load(PageKey(wanted, first, after))
    return found.shown(show_drop)


@documented
async def sales(
    supplier: strawberry.Parent[Supplier],
    info: Ask,
    run_id: OfRun = None,
    first_week: FirstWeek = None,
    last_week: LastWeek = None,
    first: First = DEFAULT_ROWS,
    after: After = None,
) -> Page[WeeklySale] | None:
    """What this supplier sells of each offer, week by week; null when there is no plan you may read."""
    row = await _run(info, run_id, RunWanted())
    if row is None:
        return None
    wanted = LinesWanted(row.id, *mondays(first_week, last_week), supplier=str(supplier.id))
    found = await info.context.loader(SalesByWeekAndOffer).load(PageKey(wanted, first, after))
    return found.shown(show_sale)


OF_KITCHEN = (week, plan)
"""Fields that planning adds to kitchens."""
OF_SUPPLIER = (drops, sales)
"""Fields that planning adds to suppliers."""
