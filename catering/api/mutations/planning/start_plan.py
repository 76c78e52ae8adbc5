"""Start a plan: describe what is to be planned and queue a run of the optimizer."""

from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.planning import refusals
from catering.api.mutations.waste.refusals import UnknownLesson
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask, Request
from catering.planning.graph import PlanRun, show_run
from catering.planning.graph.run_loads import RunById
from catering.planning.models import CoversSource
from catering.planning.models_aims import AimKind
from catering.planning.service import RunWish, ScenarioWish, describe_scenario, queue_run
from catering.refusal import Refusal

LONGEST_SECONDS = 4 * 60 * 60
LARGEST_SEED = 2**31 - 1


@strawberry.input(description="One thing that a plan is asked beside the law and the lowest cost.")
class PlanAimInput:
    kind: AimKind = strawberry.field(description="Which.")
    value: Decimal = strawberry.field(
        description="Of a weight: euros per unit, up to 10; of a floor: a share, up to 1; of the budget: a multiple of "
        "each kitchen's own, up to 2. More than 0."
    )


@strawberry.input(description="What is to be planned and how long the optimizer may take.")
class StartPlanInput:
    school_year: strawberry.ID = strawberry.field(description="E.g. `2026-27`; see `schoolYears`.")
    kitchens: list[strawberry.ID] | None = strawberry.field(
        default=None, description="UAI of the kitchens to plan; all by default."
    )
    kitchen_count: int | None = strawberry.field(
        default=None, description="Instead of `kitchens`: only so many, the first ones in order of UAI."
    )
    weeks: int | None = strawberry.field(
        default=None, description="Only the first weeks with class of the school year; all by default."
    )
    lesson: strawberry.ID | None = strawberry.field(
        default=None, description="Number of the lesson from weighings that prices waste; none by default."
    )
    covers: CoversSource = strawberry.field(
        default=CoversSource.CALENDAR,
        description="Plan for the covers of the kitchens' calendar, or for those forecast when its first run starts.",
    )
    first_day: date | None = strawberry.field(
        default=None, description="First day to plan, of the school year; its first one by default."
    )
    last_day: date | None = strawberry.field(default=None, description="Last day to plan; that of the year by default.")
    aims: list[PlanAimInput] = strawberry.field(
        default_factory=list,
        description="Weights, floors and a budget, each kind once; the law and the lowest cost by default.",
    )
    seed: int = strawberry.field(default=0, description="0 to 2³¹-1: the same problem and seed give the same plan.")
    time_limit_seconds: int | None = strawberry.field(
        default=None, description="1 to 14400; a setting of the server by default."
    )


@strawberry.type(description="The run is queued; follow it with `planProgress`.")
class PlanStarted:
    run: PlanRun = strawberry.field(description="The run, just queued or, for a key sent again, as it stands now.")


StartPlanResult: TypeAlias = Annotated[
    PlanStarted
    | refusals.UnknownSchoolYear
    | refusals.UnknownKitchens
    | refusals.TooMany
    | refusals.NothingToServe
    | refusals.UnknownStaple
    | refusals.BadAim
    | refusals.BadDates
    | refusals.InvalidScenario
    | UnknownLesson
    | NotAllowed
    | KeyRefused,
    strawberry.union("StartPlanResult", description="A queued run, or why there is none."),
]


@documented
async def start_plan(
    info: Ask,
    scenario: Annotated[StartPlanInput, strawberry.argument(description="What to plan.")],
    idempotency_key: IdempotencyKey,
) -> StartPlanResult:
    """Queue a run of the optimizer; only the administration of the Département may."""
    request = info.context
    try:
        number = await _queue(request, scenario, idempotency_key)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.loader(RunById).load(number)
    assert row is not None, "who may start a run may read it"
    return PlanStarted(run=show_run(row))


async def _queue(request: Request, scenario: StartPlanInput, key: str) -> int:
    viewer = request.viewer
    wishes = scenario_wish(scenario), run_wish(scenario, request)

    async def write(session: AsyncSession) -> str:
        described = await describe_scenario(session, viewer, wishes[0])
        return str((await queue_run(session, viewer, described, wishes[1])).id)

    return int(await once(request, asked("startPlan", key, scenario), write))


def scenario_wish(scenario: StartPlanInput) -> ScenarioWish:
    """What to plan, as planning reads it.

    Raises:
        InvalidScenarioError: a number is out of bounds, or kitchens are chosen twice.
    """
    if scenario.kitchens is not None and scenario.kitchen_count is not None:
        raise refusals.InvalidScenarioError("Donner soit kitchens, soit kitchenCount, pas les deux.")
    if scenario.kitchens is not None and not scenario.kitchens:
        raise refusals.InvalidScenarioError(
            "kitchens est vide : nommer une cuisine au moins, ou l'omettre pour toutes."
        )
    for name, value in (("kitchenCount", scenario.kitchen_count), ("weeks", scenario.weeks)):
        if value is not None and value < 1:
            raise refusals.InvalidScenarioError(f"{name} vaut {value} : demander 1 au moins, ou l'omettre pour tout.")
    chosen = [str(uai) for uai in scenario.kitchens] if scenario.kitchens is not None else scenario.kitchen_count
    lesson = None if scenario.lesson is None else row_number(str(scenario.lesson), "bilan")
    if len(aims := {each.kind: each.value for each in scenario.aims}) < len(scenario.aims):
        raise refusals.InvalidScenarioError("aims demande deux fois la même chose : donner chaque objectif une fois.")
    return ScenarioWish(
        str(scenario.school_year),
        chosen,
        scenario.weeks,
        lesson,
        scenario.covers,
        first_day=scenario.first_day,
        last_day=scenario.last_day,
        aims=aims,
    )


def run_wish(scenario: StartPlanInput, request: Request) -> RunWish:
    """How to run it, as planning reads it.

    Raises:
        InvalidScenarioError: the seed or the time limit is out of bounds.
    """
    seconds = scenario.time_limit_seconds
    if seconds is not None and not 1 <= seconds <= LONGEST_SECONDS:
        raise refusals.InvalidScenarioError(
            f"timeLimitSeconds vaut {seconds} : donner de 1 à {LONGEST_SECONDS} secondes."
        )
    if not 0 <= scenario.seed <= LARGEST_SEED:
        raise refusals.InvalidScenarioError(f"seed vaut {scenario.seed} : donner un entier de 0 à {LARGEST_SEED}.")
    limit = Decimal(str(request.config.plan_time_limit_seconds)) if seconds is None else Decimal(seconds)
    return RunWish(time_limit_seconds=limit, seed=scenario.seed, workers=request.config.plan_workers)
