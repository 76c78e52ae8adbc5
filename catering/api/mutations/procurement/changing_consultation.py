"""What the mutations of a consultation share."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.once import asked, once
from catering.graph.arguments import row_number
from catering.graph.request import Request
from catering.people.viewer import Viewer
from catering.procurement.graph.consultations import Consultation, show_consultation
from catering.procurement.graph.loads import ConsultationById

ConsultationId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Number of the consultation.")]
SupplierId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Id of the supplier you answer as.")]
TenderId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Number of the offer.")]
Reason: TypeAlias = Annotated[
    str, strawberry.argument(description="Why, in French, 20 to 2000 characters; suppliers read it.")
]
Change: TypeAlias = Callable[[AsyncSession, Viewer, int], Awaitable[object]]


async def change_consultation(
    request: Request, operation: str, consultation: str, given: Any, key: str, change: Change
) -> Consultation:
    """Change a consultation once per key, and show it as it stands afterwards.

    Args:
        request: of the operation.
        operation: name of the mutation.
        consultation: number of the consultation, as GraphQL gives it.
        given: the rest of the input.
        key: made by the client.
        change: what is done to the consultation of this number.

    Raises:
        catering.refusal.Refusal: the change is refused.
        catering.api.once.KeyRefusedError: the key cannot be used.
        BadArgumentError: the id is not a number.
    """
    viewer, number = request.viewer, row_number(consultation, "consultations")

    async def write(session: AsyncSession) -> str:
        await change(session, viewer, number)
        return str(number)

    await once(request, asked(operation, key, [consultation, given]), write)
    return await consultation_now(request, number)


async def consultation_now(request: Request, number: int) -> Consultation:
    """A consultation as it stands."""
    row = await request.loader(ConsultationById).load(number)
    assert row is not None, "who may change a consultation may read it"
    return show_consultation(row)
