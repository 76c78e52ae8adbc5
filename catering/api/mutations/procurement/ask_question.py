"""Ask the buyer of a consultation a question."""

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
from catering.procurement.service.answering import ask
from catering.refusal import Refusal


@strawberry.type(description="The question waits for the answer of the buyer.")
class QuestionAsked:
    consultation: Consultation = strawberry.field(description="As it stands.")


AskQuestionResult: TypeAlias = Annotated[
    QuestionAsked
    | refusals.UnknownConsultation
    | refusals.InvalidConsultation
    | refusals.WrongStage
    | refusals.DeadlinePassed
    | NotAllowed
    | KeyRefused,
    strawberry.union("AskQuestionResult", description="The consultation with the question, or why it is not asked."),
]


@documented
async def ask_question(
    info: Ask,
    consultation_id: ConsultationId,
    supplier: SupplierId,
    question: Annotated[str, strawberry.argument(description="1 to 2000 characters; do not name yourself.")],
    idempotency_key: IdempotencyKey,
) -> AskQuestionResult:
    """Ask a question until the deadline; every supplier reads it with its answer, without your name."""

    async def change(session: AsyncSession, viewer: Viewer, number: int) -> None:
        await ask(session, viewer, number, supplier, question)

    try:
        changed = await change_consultation(
            info.context, "askQuestion", consultation_id, [supplier, question], idempotency_key, change
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return QuestionAsked(consultation=changed)
