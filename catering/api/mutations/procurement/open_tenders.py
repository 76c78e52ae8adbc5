"""Open the sealed offers of a consultation."""

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
from catering.procurement.service import awarding
from catering.refusal import Refusal


@strawberry.type(description="The offers are open: they can be read and compared.")
class TendersOpened:
    consultation: Consultation = strawberry.field(description="As it stands.")


OpenTendersResult: TypeAlias = Annotated[
    TendersOpened | refusals.UnknownConsultation | refusals.StillSealed | refusals.WrongStage | NotAllowed | KeyRefused,
    strawberry.union("OpenTendersResult", description="The opened consultation, or why it is not."),
]


@documented
async def open_tenders(
    info: Ask, consultation_id: ConsultationId, idempotency_key: IdempotencyKey
) -> OpenTendersResult:
    """Open all the offers at once, from the deadline on; only the gestionnaire of the buyer may."""

    async def change(session: AsyncSession, viewer: Viewer, number: int) -> None:
        await awarding.open_tenders(session, viewer, number)

    try:
        changed = await change_consultation(info.context, "openTenders", consultation_id, None, idempotency_key, change)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return TendersOpened(consultation=changed)
