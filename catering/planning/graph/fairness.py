"""How a plan's purchases are spread over the farms, as GraphQL shows it."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

import strawberry

from catering.charts import ChartLine, ChartRow, Picture, bars
from catering.graph.charts import Chart, show_chart
from catering.graph.documented import documented
from catering.graph.errors import BadCursorError
from catering.graph.paging import DEFAULT_ROWS, After, First, Order, Page, require_size
from catering.graph.request import Ask
from catering.graph.values import BigInt
from catering.market.graph import Supplier, show_supplier
from catering.market.loaders import SupplierById
from catering.planning.fairness import (
    LARGEST,
    FarmGroup,
    FarmSales,
    GroupSales,
    gini,
    grouped,
    part,
    ranked,
    total,
)
from catering.planning.graph.fairness_loads import FarmSalesByRun, FarmsWanted
from catering.planning.graph.run_loads import ScenarioById
from catering.planning.models import PlannedPurchase, PlanRun, RunStatus

CENT, WHOLE = Decimal("0.01"), Decimal(1)
BY_FARM = Order((PlannedPurchase.supplier_id,))
DRAWN = 20  # legal-number: bars of a picture

strawberry.enum(
    FarmGroup,
    description="Farms that stand alike in the order of what they sell: LARGEST are the five that sell most, none of "
    "the smaller half; SMALLER_HALF is the half that sells least, of those that sell; UNSOLD sell nothing.",
)


@strawberry.type(description="What a plan buys from one farm.")
class FarmRevenue:
    row: strawberry.Private[FarmSales]
    whole: strawberry.Private[Decimal]

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """The farm."""
        row = await info.context.loader(SupplierById).load(self.row.supplier_id)
        return None if row is None else show_supplier(row)

    @documented
    def grams(self) -> BigInt:
        """Weight."""
        return BigInt(self.row.grams)

    @documented
    def amount_eur(self) -> Decimal:
        """€ excl. tax, delivery included."""
        return self.row.amount

    @documented
    def share(self) -> Decimal | None:
        """Its part of what all farms sell, 0 to 1."""
        return part(self.row.amount, self.whole)

    @documented
    def asked_eur(self) -> Decimal:
        """The same goods at the prices and deliveries it asks in the catalogue now, € excl. tax."""
        return self.row.asked.quantize(CENT, ROUND_HALF_UP)

    @documented
    def kitchens(self) -> int:
        """Kitchens that buy of it."""
        return self.row.kitchens

    @documented
    def deliveries(self) -> int:
        """How many deliveries."""
        return self.row.deliveries

    @documented
    def least_delivery_eur(self) -> Decimal | None:
        """Its smallest delivery, € excl. tax; null without any."""
        return self.row.least

    @documented
    def minimum_eur(self) -> Decimal:
        """What it asks of a delivery at least, € excl. tax."""
        return self.row.minimum


@strawberry.type(description="What a plan buys from farms that stand alike.")
class FarmGroupRevenue:
    row: strawberry.Private[GroupSales]
    whole: strawberry.Private[Decimal]

    @documented
    def group(self) -> FarmGroup:
        """Which farms."""
        return self.row.group

    @documented
    def farms(self) -> int:
        """How many."""
        return len(self.row.farms)

    @documented
    def amount_eur(self) -> Decimal:
        """€ excl. tax, delivery included."""
        return self.row.amount

    @documented
    def share(self) -> Decimal | None:
        """Their part of what all farms sell, 0 to 1."""
        return part(self.row.amount, self.whole)

    @documented
    def deliveries(self) -> int:
        """How many deliveries."""
        return self.row.deliveries

    @documented
    def eur_per_delivery(self) -> Decimal | None:
        """Mean worth of a delivery, € excl. tax; null without any."""
        many = self.row.deliveries
        return (self.row.amount / many).quantize(CENT, ROUND_HALF_UP) if many else None

    @documented
    def minimum_eur(self) -> Decimal:
        """Median of what they ask of a delivery at least, € excl. tax."""
        return self.row.minimum.quantize(CENT, ROUND_HALF_UP)


@strawberry.type(
    description="How a plan's purchases are spread over the farms (suppliers of kind PRODUCER with an offer on one of "
    "its days). It informs planning and awards nothing: a contract is awarded by a consultation."
)
class PlanFairness:
    all_farms: strawberry.Private[Sequence[FarmSales]]

    @documented
    def farms(self) -> int:
        """Farms with an offer on one of the plan's days."""
        return len(self.all_farms)

    @documented
    def selling(self) -> int:
        """Those of which it buys."""
        return len(self._amounts())

    @documented
    def amount_eur(self) -> Decimal:
        """What it buys of them, € excl. tax, delivery included."""
        return total(self.all_farms)

    @documented
    def asked_eur(self) -> Decimal:
        """The same goods at the prices and deliveries they ask in the catalogue now, € excl. tax."""
        return sum((farm.asked for farm in self.all_farms), Decimal(0)).quantize(CENT, ROUND_HALF_UP)

    @documented
    def gini(self) -> Decimal | None:
        """Gini coefficient of what the farms sell that sell something: 0 when all sell the same, near 1 when one sells
        everything."""
        return gini(self._amounts())

    @documented
    def gini_of_all(self) -> Decimal | None:
        """The same, those that sell nothing counted too."""
        return gini([farm.amount for farm in self.all_farms])

    @documented
    def floor_eur(self) -> Decimal | None:
        """What the farm sells that sells least, of those that sell, € excl. tax."""
        return min(self._amounts(), default=None)

    @documented
    def median_eur(self) -> Decimal | None:
        """Half of the farms that sell something sell less, € excl. tax."""
        return median(found).quantize(CENT, ROUND_HALF_UP) if (found := self._amounts()) else None

    @documented
    def share_of_five_largest(self) -> Decimal | None:
        """Part of the five farms that sell most, 0 to 1."""
        return part(sum(self._amounts()[:LARGEST], Decimal(0)), total(self.all_farms))

    @documented
    def groups(self) -> list[FarmGroupRevenue]:
        """The farms by group, in the order of what they sell (four at most)."""
        whole = total(self.all_farms)
        return [FarmGroupRevenue(row=each, whole=whole) for each in grouped(self.all_farms)]

    @documented
    def rows(self, first: First = DEFAULT_ROWS, after: After = None) -> Page[FarmRevenue]:
        """The farms, those that sell most first."""
        require_size(first)
        order, whole = ranked(self.all_farms), total(self.all_farms)
        start = 0 if after is None else _behind(order, after)
        found = BY_FARM.slice(order[start : start + first + 1], first)
        return found.shown(lambda row: FarmRevenue(row=row, whole=whole))

    @documented
    async def chart(self, info: Ask) -> Chart:
        """What the farms sell that sell most, beside what each would sell if all sold the same."""
        drawn = [farm for farm in ranked(self.all_farms) if farm.amount][:DRAWN]
        found = await info.context.loader(SupplierById).load_many([farm.supplier_id for farm in drawn])
        rows = [
            ChartRow(row.name, farm.amount.quantize(WHOLE, ROUND_HALF_UP))
            for farm, row in zip(drawn, found, strict=True)
            if row is not None
        ]
        return show_chart(Picture(_titled(len(rows)), "€", rows, self._even()), bars)

    def _amounts(self) -> list[Decimal]:
        """What the farms sell that sell something, the greatest first, €."""
        return [farm.amount for farm in ranked(self.all_farms) if farm.amount]

    def _even(self) -> list[ChartLine]:
        amounts = self._amounts()
        if not amounts:
            return []
        even = sum(amounts, Decimal(0)) / len(amounts)
        return [ChartLine("si toutes vendaient autant", even.quantize(WHOLE, ROUND_HALF_UP))]


async def fairness_of(info: Ask, run: PlanRun) -> PlanFairness | None:
    """How a plan is spread over the farms; None before it is made and to who may not read every farm's sales."""
    scenario = await info.context.loader(ScenarioById).load(run.scenario_id)
    if scenario is None or run.status is not RunStatus.DONE or not info.context.viewer.sees_everything:
        return None
    wanted = FarmsWanted(run.id, scenario.first_day, scenario.last_day)
    return PlanFairness(all_farms=await info.context.loader(FarmSalesByRun).load(wanted))


def _behind(farms: Sequence[FarmSales], cursor: str) -> int:
    """The place behind the farm of a cursor.

    Raises:
        BadCursorError: it is of none of them.
    """
    for place, farm in enumerate(farms, start=1):
        if BY_FARM.cursor(farm) == cursor:
            return place
    raise BadCursorError


def _titled(drawn: int) -> str:
    return "Ventes par ferme, HT, livraison comprise" + (f" : les {drawn} premières" if drawn == DRAWN else "")
