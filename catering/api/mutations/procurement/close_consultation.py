"""Close a consultation without result."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.procurement import refusals
from catering.api.mutations.procurement.changing_consultation import ConsultationId, Reason, change_consultation
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.procurement.graph.consultations import Consultation
from catering.procurement.service.awarding import close_without_result
from catering.refusal import Refusal


@strawberry.type(description="The lot or the consultation is closed sans suite, and every supplier is told why.")
class ConsultationClosed:
    consultation: Consultation = strawberry.field(description="As it stands.")


CloseConsultationResult: TypeAlias = Annotated[
    ConsultationClosed
    | refusals.UnknownConsultation
    | refusals.UnknownConsultationLot
    | refusals.WrongStage
    | refusals.AlreadyDecided
    | refusals.ReasonMissing
    | refusals.GeographicCondition
    | NotAllowed
    | KeyRefused,
    strawberry.union("CloseConsultationResult", description="The closed consultation, or why it is not."),
]


@documented
async def close_consultation(
    info: Ask,
    consultation_id: ConsultationId,
    reason: Reason,
    idempotency_key: IdempotencyKey,
    lot: Annotated[
        int | None, strawberry.argument(description="Its number; every lot that waits when left out.")
    ] = None,
) -> CloseConsultationResult:
    """Close a published consultation, or one lot of it, sans suite; only the gestionnaire of the buyer may."""

    async def change(session: AsyncSession, viewer: Viewer, number: int) -> None:
        await close_without_result(session, viewer, number, reason, lot)

    try:
        changed = await change_consultation(
            info.context, "closeConsultation", consultation_id, [reason, lot], idempotency_key, change
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return ConsultationClosed(consultation=changed)
