"""Publish a consultation and send it to every supplier that matches."""

from datetime import datetime
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.procurement import refusals
from catering.api.mutations.procurement.changing_consultation import ConsultationId, change_consultation
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.procurement.graph.consultations import Consultation
from catering.procurement.service.publishing import publish
from catering.refusal import Refusal


@strawberry.type(description="The consultation is published and was sent to all at one instant.")
class ConsultationPublished:
    consultation: Consultation = strawberry.field(description="As it stands.")


PublishConsultationResult: TypeAlias = Annotated[
    ConsultationPublished
    | refusals.UnknownConsultation
    | refusals.InvalidConsultation
    | refusals.AboveThreshold
    | refusals.NobodyWithin
    | refusals.WrongStage
    | NotAllowed
    | KeyRefused,
    strawberry.union("PublishConsultationResult", description="The published consultation, or why it is not."),
]


@documented
async def publish_consultation(
    info: Ask,
    consultation_id: ConsultationId,
    deadline: Annotated[datetime, strawberry.argument(description="Last instant for offers, with its time zone.")],
    idempotency_key: IdempotencyKey,
) -> PublishConsultationResult:
    """Publish a need until a deadline; only the gestionnaire of the buyer may."""

    async def change(session: AsyncSession, viewer: Viewer, number: int) -> None:
        await publish(session, viewer, number, deadline)

    try:
        changed = await change_consultation(
            info.context, "publishConsultation", consultation_id, deadline.isoformat(), idempotency_key, change
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return ConsultationPublished(consultation=changed)
