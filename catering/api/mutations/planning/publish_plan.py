"""Publish a plan: make it the one in use for its school year."""

from typing import Annotated, TypeAlias

import strawberry

from catering.api.mutations.planning import refusals
from catering.api.mutations.planning.changing_run import RunId, change_run
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.planning.graph import PlanRun
from catering.planning.service import publish
from catering.refusal import Refusal


@strawberry.type(description="The plan is the one in use; the one before stays readable, marked as withdrawn.")
class PlanPublished:
    run: PlanRun = strawberry.field(description="The run whose plan is in use.")


PublishPlanResult: TypeAlias = Annotated[
    PlanPublished | refusals.UnknownRun | refusals.NotPublishable | NotAllowed | KeyRefused,
    strawberry.union("PublishPlanResult", description="The plan in use, or why it is not."),
]


@documented
async def publish_plan(info: Ask, run_id: RunId, idempotency_key: IdempotencyKey) -> PublishPlanResult:
    """Make a plan visible to chefs and producers; only the administration of the Département may."""
    try:
        return PlanPublished(run=await change_run(info.context, "publishPlan", run_id, idempotency_key, publish))
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
