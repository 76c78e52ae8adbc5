"""Answer the question of a supplier."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.procurement import refusals
from catering.api.mutations.procurement.changing_consultation import ConsultationId, change_consultation
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.procurement.graph.consultations import Consultation
from catering.procurement.service import answering
from catering.refusal import Refusal


@strawberry.type(description="Every supplier reads the question and the answer from now on.")
class QuestionAnswered:
    consultation: Consultation = strawberry.field(description="As it stands.")


AnswerQuestionResult: TypeAlias = Annotated[
    QuestionAnswered
    | refusals.UnknownConsultation
    | refusals.UnknownQuestion
    | refusals.InvalidConsultation
    | refusals.GeographicCondition
    | refusals.PlaceNotDenied
    | refusals.WrongStage
    | refusals.DeadlinePassed
    | NotAllowed
    | KeyRefused,
    strawberry.union("AnswerQuestionResult", description="The consultation with the answer, or why it is not given."),
]


@documented
async def answer_question(
    info: Ask,
    consultation_id: ConsultationId,
    question_id: Annotated[strawberry.ID, strawberry.argument(description="Number of the question.")],
    answer: Annotated[str, strawberry.argument(description="1 to 2000 characters.")],
    idempotency_key: IdempotencyKey,
) -> AnswerQuestionResult:
    """Answer a question until the deadline; only the gestionnaire of the buyer may."""

    async def change(session: AsyncSession, viewer: Viewer, number: int) -> None:
        await answering.answer(session, viewer, number, row_number(question_id, "questions"), answer)

    try:
        changed = await change_consultation(
            info.context, "answerQuestion", consultation_id, [question_id, answer], idempotency_key, change
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return QuestionAnswered(consultation=changed)
