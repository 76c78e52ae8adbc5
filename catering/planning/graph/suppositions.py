"""What is supposed of plans, as GraphQL shows it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Annotated, Any

import strawberry
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from catering.charts import ChartRow, Picture, bars
from catering.graph.arguments import Slug, row_number
from catering.graph.charts import Chart, show_chart
from catering.graph.documented import documented
from catering.graph.loading import OneByKey
from catering.graph.paging import DEFAULT_ROWS, After, First, Order, Page, page, require_size
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.graph.values import BigInt
from catering.planning import models
from catering.planning.graph.run_loads import RunById
from catering.planning.graph.runs import PlanRun, show_run
from catering.planning.models import RunStatus
from catering.planning.models_supposed import SupposedKind
from catering.planning.queries_of_runs import suppositions_visible_to

NEWEST = Order((models.PlanSupposition.id,), newest_first=True)
WHOLE = Decimal(1)
DRAWN = 15  # legal-number: bars of a picture

strawberry.enum(
    SupposedKind,
    description="What may be supposed. AREA_CLOSED: suppliers within some kilometres of the middle of a commune sell "
    "nothing, kitchens go on. BUDGET: nothing is bought again for it, a budget holds or not.",
)


@strawberry.enum(description="By what euros are compared.")
class SupposedBy(StrEnum):
    KITCHEN = "kitchens"
    SUPPLIER = "suppliers"
    FAMILY = "families"


@strawberry.type(description="One change that is supposed.")
class SupposedChange:
    kind: SupposedKind = strawberry.field(description="Which.")
    title: str = strawberry.field(description="In French.")
    of: str | None = strawberry.field(description="Id of the supplier, ingredient or family, INSEE of the commune.")
    percent: Decimal | None = strawberry.field(description="By how much, in percent.")
    km: int | None = strawberry.field(description="Around the commune.")
    suppliers: int = strawberry.field(description="How many suppliers stop.")


@strawberry.type(description="€ excl. tax of one kitchen, supplier or family before and after.")
class SupposedDifference:
    of: str = strawberry.field(description="UAI, id of the supplier, or family.")
    name: str = strawberry.field(description="Its name.")
    before_eur: Decimal = strawberry.field(description="In the plan.")
    after_eur: Decimal = strawberry.field(description="Under the change.")


@strawberry.type(description="A rule of purchases that stands otherwise for a kitchen and period.")
class SupposedRule:
    rule: str = strawberry.field(description="Id of the rule.")
    title: str = strawberry.field(description="What it asks, in French.")
    kitchen: str = strawberry.field(description="Name of the kitchen; empty when it binds several.")
    period: str = strawberry.field(description="Over which period.")
    before: Decimal | None = strawberry.field(description="Its value in the plan, in the unit of the rule.")
    after: Decimal | None = strawberry.field(description="Its value under the change.")
    held: bool = strawberry.field(description="Whether it held.")
    holds: bool = strawberry.field(description="Whether it holds under the change.")


@strawberry.type(
    description="A change supposed of a plan: menus as they are, the kitchen-weeks it touches bought again. What it "
    "costs is what can be had, at most: menus chosen anew could be cheaper."
)
class PlanSupposition:
    row: strawberry.Private[models.PlanSupposition]
    id: strawberry.ID = strawberry.field(description="Number.")
    name: str = strawberry.field(description="Its name.")
    status: RunStatus = strawberry.field(description="Where it stands.")
    done_steps: int = strawberry.field(description="Kitchen-weeks bought again.")
    total_steps: int = strawberry.field(description="Kitchen-weeks to buy again; 0 is unknown.")
    error: str | None = strawberry.field(description="Why it failed, in French.")
    queued_at: datetime = strawberry.field(description="When it was asked.")
    ended_at: datetime | None = strawberry.field(description="When it ended.")
    made_by: str = strawberry.field(description="By whom.")
    problem_sha256: str | None = strawberry.field(description="Hash of the data it was computed from.")
    solver: str | None = strawberry.field(description="Name and version of the solver.")

    @documented
    async def run(self, info: Ask) -> PlanRun | None:
        """The plan."""
        row = await info.context.loader(RunById).load(self.row.run_id)
        return None if row is None else show_run(row)

    @documented
    def changes(self) -> list[SupposedChange]:
        """What is supposed (ten changes at most)."""
        return [
            SupposedChange(
                kind=SupposedKind(each["kind"]),
                title=each["title"],
                of=each["of"],
                percent=None if each["percent"] is None else Decimal(each["percent"]),
                km=each["km"],
                suppliers=len(each.get("suppliers", ())),
            )
            for each in self.row.changes
        ]

    @documented
    def before_eur(self) -> Decimal | None:
        """Purchases of the plan, € excl. tax, delivery included; null before the end."""
        return self.row.before

    @documented
    def after_eur(self) -> Decimal | None:
        """Purchases under the change; null before the end, and where something is lacking: a cost without it is no
        cost."""
        return self.row.after if self._whole() else None

    @documented
    def lacking_g(self) -> BigInt | None:
        """Grams that nobody can sell; null before the end."""
        return None if self.row.result is None else BigInt(self.row.result["lacking_g"])

    @documented
    def lacking_needs(self) -> int | None:
        """Needs (kitchen, week, ingredient) that are not covered."""
        return self._counted("lacking")

    @documented
    def small_deliveries(self) -> int | None:
        """Deliveries below their minimum."""
        return self._counted("small")

    @documented
    def rules_changed(self) -> int | None:
        """Rules, by kitchen and period, whose value changes; null as `afterEur` is."""
        return len(self._rules()) if self._whole() else None

    @documented
    def rules_lost(self) -> int | None:
        """Those that held and hold no more; null as `afterEur` is."""
        return sum(each["held"] and not each["holds"] for each in self._rules()) if self._whole() else None

    @documented
    def differences(
        self,
        by: Annotated[SupposedBy, strawberry.argument(description="By what.")],
        first: First = DEFAULT_ROWS,
    ) -> list[SupposedDifference]:
        """Where euros change, the greatest change first, at most `first`; `differenceCount` says of how many. None
        while something is lacking."""
        require_size(first)
        return [
            SupposedDifference(
                of=each["of"],
                name=each["name"],
                before_eur=Decimal(each["before"]),
                after_eur=Decimal(each["after"]),
            )
            for each in self._of(by)[:first]
        ]

    @documented
    def difference_count(self, by: Annotated[SupposedBy, strawberry.argument(description="By what.")]) -> int:
        """How many change."""
        return len(self._of(by))

    @documented
    def rules(self, first: First = DEFAULT_ROWS) -> list[SupposedRule]:
        """Rules that stand otherwise, those that hold no more first, at most `first`; `rulesChanged` says of how
        many."""
        require_size(first)
        lost_first = sorted(self._rules(), key=lambda each: (not each["held"] or each["holds"], each["holds"]))
        return [
            SupposedRule(**{**each, "before": _decimal(each["before"]), "after": _decimal(each["after"])})
            for each in lost_first[:first]
        ]

    @documented
    def chart(self) -> Chart | None:
        """By how much the kitchens change that change most; null before the end."""
        if self.row.result is None:
            return None
        rows = [_bar(each) for each in self._of(SupposedBy.KITCHEN)[:DRAWN]]
        return show_chart(Picture("Cuisines dont les achats changent le plus, HT", "€", rows), bars)

    def _of(self, by: SupposedBy) -> Sequence[Any]:
        return self.row.result[by.value] if self.row.result is not None and self._whole() else ()

    def _whole(self) -> bool:
        """Whether all that is needed can be bought: else no amount and no rate is told."""
        return self.row.result is not None and not self.row.result["lacking"]

    def _rules(self) -> Sequence[Any]:
        return self.row.result["rules"] if self.row.result is not None and self._whole() else ()

    def _counted(self, what: str) -> int | None:
        return None if self.row.result is None else int(self.row.result[what])


def _bar(each: Any) -> ChartRow:
    more = (Decimal(each["after"]) - Decimal(each["before"])).quantize(WHOLE, ROUND_HALF_UP)
    return ChartRow(f"{each['name']}, {'de moins' if more < 0 else 'de plus'}", abs(more))


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


class SuppositionById(OneByKey[int, models.PlanSupposition]):
    """Suppositions by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return models.PlanSupposition.id

    def statement(self) -> Select[models.PlanSupposition]:
        """All visible ones."""
        return suppositions_visible_to(self.request.viewer)


def show_supposition(row: models.PlanSupposition) -> PlanSupposition:
    """A supposition as GraphQL shows it."""
    return shown(PlanSupposition, row, row=row, id=strawberry.ID(str(row.id)))


@strawberry.type
class Query:
    @documented
    async def plan_suppositions(
        self,
        info: Ask,
        run_id: Annotated[strawberry.ID, strawberry.argument(description="Of this plan.")],
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[PlanSupposition]:
        """What is supposed of a plan, newest first; told to who controls."""
        number = row_number(run_id, "calcul de plan")
        kept = suppositions_visible_to(info.context.viewer).where(models.PlanSupposition.run_id == number)
        return await page(info.context, kept, NEWEST, show_supposition, first, after)

    @documented
    async def plan_supposition(self, info: Ask, number: Slug) -> PlanSupposition | None:
        """The supposition of this number; null when there is none or you may not read it."""
        row = await info.context.loader(SuppositionById).load(row_number(number, "hypothèse"))
        return None if row is None else show_supposition(row)
