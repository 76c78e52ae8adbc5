"""Cancel a plan that waits or runs."""

from typing import Annotated, TypeAlias

import strawberry

from catering.api.mutations.planning import refusals
from catering.api.mutations.planning.changing_run import RunId, change_run
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.planning.graph import PlanRun
from catering.planning.service import ask_cancel
from catering.refusal import Refusal


@strawberry.type(
    description="The run stops: at once when it waited, at its next sign of life when it works; "
    "the best plan it has by then is kept."
)
class PlanCancelled:
    run: PlanRun = strawberry.field(description="The run; one that had ended stays as it was.")


CancelPlanResult: TypeAlias = Annotated[
    PlanCancelled | refusals.UnknownRun | NotAllowed | KeyRefused,
    strawberry.union("CancelPlanResult", description="The run that stops, or why it does not."),
]


@documented
async def cancel_plan(info: Ask, run_id: RunId, idempotency_key: IdempotencyKey) -> CancelPlanResult:
    """Stop a run, its best plan kept if it has one; only the administration of the Département may."""
    try:
        return PlanCancelled(run=await change_run(info.context, "cancelPlan", run_id, idempotency_key, ask_cancel))
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
