"""Tell that a kitchen has a plan to diversify proteins."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market.refusals import UnknownDocument
from catering.api.mutations.market.writing import write_once
from catering.api.mutations.menus import refusals
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.menus.graph.protein_plan import ProteinPlan, ProteinPlanByKitchen, show_protein_plan
from catering.menus.protein_plans import PlanWish, state_plan
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(description="The plan stands; what was told before is kept behind it.")
class ProteinPlanStated:
    protein_plan: ProteinPlan = strawberry.field(description="Where the kitchen stands now.")


StateProteinPlanResult: TypeAlias = Annotated[
    ProteinPlanStated
    | refusals.UnknownMenuKitchen
    | refusals.InvalidProteinPlan
    | UnknownDocument
    | NotAllowed
    | KeyRefused,
    strawberry.union("StateProteinPlanResult", description="Where the kitchen stands, or why nothing is kept."),
]


@documented
async def state_protein_plan(
    info: Ask,
    kitchen: Annotated[strawberry.ID, strawberry.argument(description="UAI of a kitchen you sign for.")],
    first_day: Annotated[date, strawberry.argument(description="Day it was adopted.")],
    last_day: Annotated[date, strawberry.argument(description="Last day of its years, included.")],
    idempotency_key: IdempotencyKey,
    document: Annotated[
        strawberry.ID | None, strawberry.argument(description="Number of a document you sent: the plan itself.")
    ] = None,
) -> StateProteinPlanResult:
    """Tell that a kitchen has its plan pluriannuel de diversification des protéines (VEG-10)."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        paper = None if document is None else row_number(document, "le document")
        return str((await state_plan(session, viewer, str(kitchen), PlanWish(first_day, last_day, paper))).id)

    given = [kitchen, str(first_day), str(last_day), document]
    try:
        number = int(await write_once(info.context, "stateProteinPlan", idempotency_key, given, write))
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    standing = await info.context.loader(ProteinPlanByKitchen).load(number)
    return ProteinPlanStated(protein_plan=show_protein_plan(standing))
