"""End a contract before its last day."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.procurement import refusals
from catering.api.mutations.procurement.changing_consultation import Reason
from catering.api.mutations.procurement.changing_contract import ContractId, change_contract
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.procurement.graph.contracts import Contract
from catering.procurement.service.amending import terminate
from catering.refusal import Refusal


@strawberry.type(description="The contract ends early; the orders already drawn on it stay.")
class ContractTerminated:
    contract: Contract = strawberry.field(description="As it stands.")


TerminateContractResult: TypeAlias = Annotated[
    ContractTerminated
    | refusals.UnknownContract
    | refusals.ContractOver
    | refusals.InvalidChange
    | refusals.ReasonMissing
    | refusals.GeographicCondition
    | NotAllowed
    | KeyRefused,
    strawberry.union("TerminateContractResult", description="The contract that ends, or why it does not."),
]


@documented
async def terminate_contract(
    info: Ask,
    contract_id: ContractId,
    day: Annotated[date, strawberry.argument(description="Its new last day, today or later.")],
    reason: Reason,
    idempotency_key: IdempotencyKey,
) -> TerminateContractResult:
    """Terminate a contract (résiliation); who may record it may."""

    async def change(session: AsyncSession, viewer: Viewer, number: int) -> None:
        await terminate(session, viewer, number, day, reason)

    try:
        changed = await change_contract(
            info.context, "terminateContract", contract_id, [day.isoformat(), reason], idempotency_key, change
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return ContractTerminated(contract=changed)
