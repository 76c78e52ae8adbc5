"""Leave an opened offer out of the comparison."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.procurement import refusals
from catering.api.mutations.procurement.changing_consultation import (
    ConsultationId,
    Reason,
    TenderId,
    change_consultation,
)
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.procurement.graph.consultations import Consultation
from catering.procurement.service.setting_aside import Aside, set_aside
from catering.procurement.vocabulary import SetAsideGround
from catering.refusal import Refusal


@strawberry.type(description="The offer is not compared any more.")
class TenderSetAside:
    consultation: Consultation = strawberry.field(description="As it stands.")


SetAsideTenderResult: TypeAlias = Annotated[
    TenderSetAside
    | refusals.UnknownConsultation
    | refusals.UnknownTender
    | refusals.StillSealed
    | refusals.WrongStage
    | refusals.AlreadyDecided
    | refusals.ReasonMissing
    | refusals.UnfoundedGround
    | refusals.GeographicCondition
    | NotAllowed
    | KeyRefused,
    strawberry.union("SetAsideTenderResult", description="The consultation, or why the offer stays."),
]


@documented
async def set_aside_tender(
    info: Ask,
    consultation_id: ConsultationId,
    tender_id: TenderId,
    ground: Annotated[SetAsideGround, strawberry.argument(description="For which ground of the Code.")],
    reason: Reason,
    idempotency_key: IdempotencyKey,
    supplier_answer: Annotated[
        str | None,
        strawberry.argument(description="What its supplier answered about its price: asked for ABNORMALLY_LOW."),
    ] = None,
) -> SetAsideTenderResult:
    """Leave out an offer that the Code does not let be compared; only the gestionnaire of the buyer may."""
    why = Aside(ground, reason, supplier_answer)

    async def change(session: AsyncSession, viewer: Viewer, number: int) -> None:
        await set_aside(session, viewer, number, row_number(tender_id, "tenders"), why)

    given = [tender_id, ground.value, reason, supplier_answer]
    try:
        changed = await change_consultation(
            info.context, "setAsideTender", consultation_id, given, idempotency_key, change
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return TenderSetAside(consultation=changed)
