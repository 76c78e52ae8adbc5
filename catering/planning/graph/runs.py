"""Scenarios and their runs, as GraphQL shows them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from catering.graph.arguments import Slug, a_monday, row_number
from catering.graph.documented import documented
from catering.graph.pages_by_parent import PageKey
from catering.graph.paging import DEFAULT_ROWS, After, First, Order, Page, page, require_size
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.market.models import SupplierKind
from catering.planning import models
from catering.planning.graph.aims import PlanAim, show_aim
from catering.planning.graph.changes import PlanChanges, compare
from catering.planning.graph.conflicts import PlanConflict
from catering.planning.graph.fairness import PlanFairness, fairness_of
from catering.planning.graph.flows import FlowsOfRun, FlowsWanted, PlanFlows
from catering.planning.graph.foreseen import (
    CoversPageByScenario,
    CoversWanted,
    DaysForecastByScenarioId,
    ForecastByScenarioId,
    PlannedCovers,
    show_covers,
)
from catering.planning.graph.indicators import PlanIndicator, show_indicators
from catering.planning.graph.narrowing import FirstWeek, LastWeek, OfFamily, OfIngredient, OfKitchen, OfSupplier
from catering.planning.graph.purchased import PurchasedByRunId, PurchasesOfPlan, show_purchased
from catering.planning.graph.run_loads import (
    AimsByScenarioId,
    ConflictsByRunId,
    KitchenCountByScenarioId,
    RulesByRunId,
    RunInUse,
    RunWanted,
    ScenarioById,
)
from catering.planning.graph.standings import (
    KitchenPlan,
    KitchenPlanPageByRunId,
    PlanRuleStated,
    RuleCountsByRunId,
    RuleResult,
    RuleResultPageByRun,
    RuleResultsWanted,
    RuleSummary,
    show_kitchen_plan,
    show_result,
    show_rule,
)
from catering.planning.graph.supply import (
    Drop,
    Need,
    SupplierPlan,
    show_drop,
    show_need,
    show_supplier_plan,
)
from catering.planning.graph.supply_loads import (
    DropPageByRun,
    DropsWanted,
    LinesAddedUp,
    LinesWanted,
    NeedsByIngredient,
    NeedsByIngredientAndKitchen,
    NeedsByIngredientAndWeek,
    NeedsByIngredientWeekAndKitchen,
    SupplierPlanPageByRunId,
)
from catering.planning.models import CoversSource, RunStatus
from catering.planning.queries import RUN_KEY, published, runs

NEWEST_RUNS = Order(RUN_KEY, newest_first=True)
NEEDS_BY: dict[tuple[bool, bool], type[LinesAddedUp]] = {
    (False, False): NeedsByIngredient,
    (True, False): NeedsByIngredientAndWeek,
    (False, True): NeedsByIngredientAndKitchen,
    (True, True): NeedsByIngredientWeekAndKitchen,
}
"""Which sums answer (per week, per kitchen)."""

strawberry.enum(RunStatus, description="Where a run of the optimizer stands; the last three never change again.")


@strawberry.type(description="What is to be planned: a school year or part of it, for some kitchens.")
class PlanScenario:
    row_id: strawberry.Private[int]
    name: str = strawberry.field(description="In French.")
    school_year: strawberry.ID = strawberry.field(description="As `2026-27`.")
    first_day: date = strawberry.field(description="First day that may be served.")
    last_day: date = strawberry.field(description="Last day that may be served, included.")
    created_at: datetime = strawberry.field(description="When it was described.")
    created_by: str = strawberry.field(description="By whom.")

    @documented
    async def kitchen_count(self, info: Ask) -> int:
        """How many kitchens it plans."""
        return await info.context.loader(KitchenCountByScenarioId).load(self.row_id)

    @documented
    async def covers_source(self, info: Ask) -> CoversSource:
        """Whose covers it plans for."""
        found = await info.context.loader(ForecastByScenarioId).load(self.row_id)
        return CoversSource.CALENDAR if found is None else CoversSource.FORECAST

    @documented
    async def aims(self, info: Ask) -> list[PlanAim]:
        """What it asks beside the law and the lowest cost; empty for nothing more."""
        return [show_aim(row) for row in await info.context.loader(AimsByScenarioId).load(self.row_id)]

    @documented
    async def forecast_made_on(self, info: Ask) -> date | None:
        """Day of its forecasts; null for the calendar's covers, and until its first run makes them."""
        found = await info.context.loader(ForecastByScenarioId).load(self.row_id)
        return None if found is None else found.made_on

    @documented
    async def days_forecast(self, info: Ask) -> int:
        """Days of the kitchens you may read that it plans by a forecast; the others keep the calendar's covers."""
        return await info.context.loader(DaysForecastByScenarioId).load(self.row_id)

    @documented
    async def planned_covers(
        self, info: Ask, kitchen: OfKitchen = None, first: First = DEFAULT_ROWS, after: After = None
    ) -> Page[PlannedCovers]:
        """Covers it plans by a forecast, kitchen by kitchen and day by day, each with its forecast."""
        wanted = CoversWanted(self.row_id, kitchen)
        found = await info.context.loader(CoversPageByScenario).load(PageKey(wanted, first, after))
        return found.shown(show_covers)


@strawberry.type(description="One attempt of the optimizer: its progress and, once done, its plan.")
class PlanRun:
    row: strawberry.Private[models.PlanRun]
    id: strawberry.ID = strawberry.field(description="Number of the run.")
    status: RunStatus = strawberry.field(description="Where it stands.")
    seed: int = strawberry.field(description="The same problem and seed give the same plan.")
    time_limit_seconds: Decimal = strawberry.field(description="Time the optimizer may take.")
    workers: int | None = strawberry.field(description="Processes of the optimizer; null is one per core.")
    queued_at: datetime = strawberry.field(description="When it was asked for.")
    started_at: datetime | None = strawberry.field(description="When the optimizer started.")
    ended_at: datetime | None = strawberry.field(description="When it ended, whatever the end.")
    phase: str = strawberry.field(description="What it is doing, in French.")
    done_steps: int = strawberry.field(description="Steps of the phase behind it.")
    total_steps: int = strawberry.field(description="Steps of the phase; 0 is unknown.")
    error: str | None = strawberry.field(description="Why it failed, in French.")
    meals: int | None = strawberry.field(description="Covers planned.")
    seconds: Decimal | None = strawberry.field(description="Time taken.")
    peak_memory_mb: int | None = strawberry.field(description="Most memory taken, MB.")
    solver: str | None = strawberry.field(description="Name and version of the solver.")
    problem_sha256: str | None = strawberry.field(description="Hash of the problem folder it solved.")
    published_at: datetime | None = strawberry.field(description="When it became the plan in use.")
    published_by: str | None = strawberry.field(description="By whom.")
    withdrawn_at: datetime | None = strawberry.field(description="When another plan took its place.")

    @documented
    def indicators(self) -> list[PlanIndicator]:
        """What its plan is worth for health, environment and economy (a dozen); none before the end."""
        return show_indicators(self.row.indicators)

    @documented
    def best_cost_eur(self) -> Decimal | None:
        """Objective of the best plan so far (cost + penalties), €."""
        return self.row.best_cost

    @documented
    def lower_bound_eur(self) -> Decimal | None:
        """No plan can have a lower objective: proven so far, €."""
        return self.row.lower_bound

    @documented
    def gap(self) -> Decimal | None:
        """(objective − lower bound) / objective, 0 to 1: how far the plan may be from the best possible one."""
        return self.row.measured_gap

    @documented
    def cost_eur(self) -> Decimal | None:
        """All purchases of the plan, € excl. tax, delivery included; null before the end."""
        return self.row.cost

    @documented
    def penalty_eur(self) -> Decimal | None:
        """Price of the soft rules not met, €."""
        return self.row.penalty

    @documented
    def waste_eur(self) -> Decimal | None:
        """What the objective counts for food that comes back, € (0: no lesson); null before the end, and unknown for
        plans made before it was kept."""
        return self.row.waste

    @documented
    async def scenario(self, info: Ask) -> PlanScenario | None:
        """What it plans."""
        row = await info.context.loader(ScenarioById).load(self.row.scenario_id)
        return None if row is None else shown(PlanScenario, row, row_id=row.id)

    @documented
    async def rules(self, info: Ask) -> list[PlanRuleStated]:
        """The rules as stated to the optimizer, in order of id (a few dozen)."""
        return [show_rule(row) for row in await info.context.loader(RulesByRunId).load(self.row.id)]

    @documented
    async def conflicts(self, info: Ask) -> list[PlanConflict]:
        """Why no plan exists, when none does (a smallest set of rules)."""
        return [shown(PlanConflict, row) for row in await info.context.loader(ConflictsByRunId).load(self.row.id)]

    @documented
    async def rule_summary(self, info: Ask) -> list[RuleSummary]:
        """How each rule stands over the kitchens you may read, in order of rule."""
        counts = await info.context.loader(RuleCountsByRunId).load(self.row.id)
        return [shown(RuleSummary, each, run_id=self.row.id) for each in counts]

    @documented
    async def rule_results(
        self,
        info: Ask,
        holds: Annotated[bool | None, strawberry.argument(description="`false`: only what is not met.")] = None,
        rule: Annotated[strawberry.ID | None, strawberry.argument(description="Only of this rule (id).")] = None,
        kitchen: OfKitchen = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[RuleResult]:
        """How rules stand per kitchen and period, in order of rule."""
        wanted = RuleResultsWanted(self.row.id, holds, rule, kitchen)
        found = await info.context.loader(RuleResultPageByRun).load(PageKey(wanted, first, after))
        return found.shown(show_result)

    @documented
    async def kitchens(self, info: Ask, first: First = DEFAULT_ROWS, after: After = None) -> Page[KitchenPlan]:
        """What it means for each kitchen you may read."""
        found = await info.context.loader(KitchenPlanPageByRunId).load(PageKey(self.row.id, first, after))
        return found.shown(show_kitchen_plan)

    @documented
    async def needs(
        self,
        info: Ask,
        ingredient: OfIngredient = None,
        family: OfFamily = None,
        supplier: OfSupplier = None,
        kitchen: OfKitchen = None,
        first_week: FirstWeek = None,
        last_week: LastWeek = None,
        per_week: Annotated[bool, strawberry.argument(description="One row per week, or all weeks added up.")] = True,
        per_kitchen: Annotated[
            bool, strawberry.argument(description="One row per kitchen, or all kitchens added up.")
        ] = False,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Need]:
        """What is bought of each ingredient; a producer reads what is bought from them."""
        weeks = mondays(first_week, last_week)
        wanted = LinesWanted(self.row.id, *weeks, kitchen, ingredient, family, supplier)
        found = await info.context.loader(NEEDS_BY[per_week, per_kitchen]).load(PageKey(wanted, first, after))
        return found.shown(lambda row: show_need(row, self.row.id))

    @documented
    async def drops(
        self,
        info: Ask,
        kitchen: OfKitchen = None,
        first_week: FirstWeek = None,
        last_week: LastWeek = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Drop]:
        """Deliveries, kitchen by kitchen and day by day."""
        wanted = DropsWanted(self.row.id, *mondays(first_week, last_week), uai=kitchen)
        found = await info.context.loader(DropPageByRun).load(PageKey(wanted, first, after))
        return found.shown(show_drop)

    @documented
    async def suppliers(self, info: Ask, first: First = DEFAULT_ROWS, after: After = None) -> Page[SupplierPlan]:
        """What it buys from each supplier you may read."""
        found = await info.context.loader(SupplierPlanPageByRunId).load(PageKey(self.row.id, first, after))
        return found.shown(show_supplier_plan)

    @documented
    async def purchases(self, info: Ask) -> list[PurchasesOfPlan]:
        """What it buys by family and kind of supplier, in that order (two dozen rows at most)."""
        return [show_purchased(row) for row in await info.context.loader(PurchasedByRunId).load(self.row.id)]

    @documented
    async def flows(
        self,
        info: Ask,
        family: OfFamily = None,
        kinds: Annotated[
            list[SupplierKind] | None,
            strawberry.argument(description="Only from suppliers that sell so; all by default."),
        ] = None,
        first: First = DEFAULT_ROWS,
    ) -> PlanFlows:
        """What flows from suppliers to kitchens, the greatest amounts first; what is not shown is summed up."""
        require_size(first)
        found = await info.context.loader(FlowsOfRun).load(
            FlowsWanted(self.row.id, family, None if kinds is None else frozenset(kinds))
        )
        return PlanFlows(all_rows=found, shown=first, run_id=self.row.id)

    @documented
    async def fairness(self, info: Ask) -> PlanFairness | None:
        """How what it buys is spread over the farms; null before the end, and when you may not read every farm's."""
        return await fairness_of(info, self.row)

    @documented
    async def changes(
        self,
        info: Ask,
        run_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="Plan to compare with; the published one of its school year by default."),
        ] = None,
        first: First = DEFAULT_ROWS,
    ) -> PlanChanges | None:
        """What it changes against another plan; null when either made no plan, it is itself, or you may not read it."""
        require_size(first)
        if self.row.status is not RunStatus.DONE:
            return None
        before = await self._compared_with(info, run_id)
        if before is None or before.id == self.row.id:
            return None
        return await compare(info.context, before.id, self.row.id, first)

    async def _compared_with(self, info: Ask, run_id: str | None) -> models.PlanRun | None:
        viewer = info.context.viewer
        if run_id is not None:
            return await info.context.one(
                runs(viewer, ids=[row_number(run_id, "calcul de plan")], status=RunStatus.DONE)
            )
        scenario = await info.context.loader(ScenarioById).load(self.row.scenario_id)
        return None if scenario is None else await info.context.one(published(viewer, scenario.school_year))


def show_run(row: models.PlanRun) -> PlanRun:
    """A run as GraphQL shows it."""
    return shown(PlanRun, row, row=row, id=strawberry.ID(str(row.id)))


def mondays(first_week: date | None, last_week: date | None) -> tuple[date | None, date | None]:
    """Both ends of some weeks.

    Raises:
        BadDatesError: one is no Monday.
    """
    return first_week and a_monday(first_week), last_week and a_monday(last_week)


@strawberry.type
class Query:
    @documented
    async def plan_runs(
        self,
        info: Ask,
        status: Annotated[RunStatus | None, strawberry.argument(description="Only runs that stand there.")] = None,
        school_year: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only of this school year, e.g. `2026-27`.")
        ] = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[PlanRun]:
        """Runs you may read, newest first: all for the Département, published plans for everybody else."""
        statement = runs(info.context.viewer, status=status, school_year=school_year)
        return await page(info.context, statement, NEWEST_RUNS, show_run, first, after)

    @documented
    async def plan_run(self, info: Ask, number: Slug) -> PlanRun | None:
        """The run of this number; null when there is none or you may not read it."""
        row = await info.context.one(runs(info.context.viewer, ids=[row_number(number, "calcul de plan")]))
        return None if row is None else show_run(row)

    @documented
    async def plan_in_use(
        self,
        info: Ask,
        on: Annotated[date | None, strawberry.argument(description="Only a plan that covers this day.")] = None,
    ) -> PlanRun | None:
        """The plan in use: the published one, or else the newest you may read; null when there is none."""
        row = await info.context.loader(RunInUse).load(RunWanted(None, on, on))
        return None if row is None else show_run(row)
