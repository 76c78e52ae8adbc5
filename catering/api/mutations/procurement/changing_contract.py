"""What the mutations of a contract share."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.once import asked, once
from catering.graph.arguments import row_number
from catering.graph.request import Request
from catering.people.viewer import Viewer
from catering.procurement.graph.contracts import Contract, show_contract
from catering.procurement.graph.loads import ContractById

ContractId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Number of the contract's row.")]
Change: TypeAlias = Callable[[AsyncSession, Viewer, int], Awaitable[object]]


async def change_contract(
    request: Request, operation: str, contract: str, given: Any, key: str, change: Change
) -> Contract:
    """Change a contract once per key, and show it as it stands afterwards.

    Raises:
        catering.refusal.Refusal: the change is refused.
        catering.api.once.KeyRefusedError: the key cannot be used.
        BadArgumentError: the id is not a number.
    """
    viewer, number = request.viewer, row_number(contract, "contracts")

    async def write(session: AsyncSession) -> str:
        await change(session, viewer, number)
        return str(number)

    await once(request, asked(operation, key, [contract, given]), write)
    row = await request.loader(ContractById).load(number)
    assert row is not None, "who may change a contract may read it"
    return show_contract(row)
