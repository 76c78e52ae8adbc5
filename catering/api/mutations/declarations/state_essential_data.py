"""State what the books do not know of the essential data of a contract."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.declarations import refusals
from catering.api.mutations.procurement.changing_contract import ContractId
from catering.api.mutations.procurement.refusals import UnknownContract
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.declarations.graph.essential import EssentialData, essential_data_shown
from catering.declarations.stating import state_essential_data as state
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.refusal import Refusal


@strawberry.input(description="A datum of a contract, in the words of the State's structure.")
class EssentialDatumInput:
    datum: strawberry.ID = strawberry.field(description="Its path; one of several words is given once for each.")
    value: str = strawberry.field(description="A word of the structure, `oui` or `non`, a number, a day AAAA-MM-JJ.")


@strawberry.type(description="What stands of the contract.")
class EssentialDataStated:
    essential_data: EssentialData = strawberry.field(description="Every datum, stated or not.")


StateEssentialDataResult: TypeAlias = Annotated[
    EssentialDataStated | UnknownContract | refusals.InvalidEssentialData | NotAllowed | KeyRefused,
    strawberry.union("StateEssentialDataResult", description="What stands now, or why nothing changed."),
]


@documented
async def state_essential_data(
    info: Ask,
    contract_id: ContractId,
    stated: Annotated[
        list[EssentialDatumInput],
        strawberry.argument(description="All that is stated, in place of what was stated before."),
    ],
    idempotency_key: IdempotencyKey,
) -> StateEssentialDataResult:
    """State the essential data of a contract that the books do not know; who may record the contract may."""
    number = row_number(contract_id, "contracts")
    told = [(str(each.datum), each.value) for each in stated]

    async def write(session: AsyncSession) -> str:
        await state(session, info.context.viewer, number, told)
        return str(number)

    try:
        await once(info.context, asked("stateEssentialData", idempotency_key, [contract_id, told]), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    shown = await essential_data_shown(info.context, number)
    assert shown is not None, "who may state a contract may read it"
    return EssentialDataStated(essential_data=shown)
