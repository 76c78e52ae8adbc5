"""Withdraw a sealed offer."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.procurement import refusals
from catering.api.mutations.procurement.changing_consultation import ConsultationId, SupplierId, change_consultation
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.procurement.graph.consultations import Consultation
from catering.procurement.service.tendering import withdraw
from catering.refusal import Refusal


@strawberry.type(description="The offer is withdrawn; another one may be submitted until the deadline.")
class TenderWithdrawn:
    consultation: Consultation = strawberry.field(description="As it stands.")


WithdrawTenderResult: TypeAlias = Annotated[
    TenderWithdrawn
    | refusals.UnknownConsultation
    | refusals.InvalidTender
    | refusals.WrongStage
    | refusals.DeadlinePassed
    | NotAllowed
    | KeyRefused,
    strawberry.union(
        "WithdrawTenderResult", description="The consultation without the offer, or why it is not withdrawn."
    ),
]


@documented
async def withdraw_tender(
    info: Ask,
    consultation_id: ConsultationId,
    supplier: SupplierId,
    idempotency_key: IdempotencyKey,
    lots: Annotated[
        list[int] | None, strawberry.argument(description="Their numbers; every lot you answered when left out.")
    ] = None,
) -> WithdrawTenderResult:
    """Withdraw your offers until the deadline."""

    async def change(session: AsyncSession, viewer: Viewer, number: int) -> None:
        await withdraw(session, viewer, number, supplier, lots or ())

    try:
        changed = await change_consultation(
            info.context, "withdrawTender", consultation_id, [supplier, lots], idempotency_key, change
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return TenderWithdrawn(consultation=changed)
