"""Draw a lesson from the weighings of a period."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.waste import refusals
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.refusal import Refusal
from catering.waste.graph.learning import WasteLesson, show_lesson
from catering.waste.queries_learning import lesson
from catering.waste.service.learning import draw_lesson


@strawberry.type(description="Drawn; it never changes. Plans take it when they name it.")
class WasteLessonDrawn:
    lesson: WasteLesson = strawberry.field(description="The lesson.")


DrawWasteLessonResult: TypeAlias = Annotated[
    WasteLessonDrawn | refusals.InvalidLesson | NotAllowed | KeyRefused,
    strawberry.union("DrawWasteLessonResult", description="The lesson, or why there is none."),
]


@documented
async def draw_waste_lesson(
    info: Ask,
    first_day: Annotated[date, strawberry.argument(description="First day looked at.")],
    last_day: Annotated[date, strawberry.argument(description="Last day looked at, past; three years at most.")],
    idempotency_key: IdempotencyKey,
) -> DrawWasteLessonResult:
    """Learn from what all kitchens weighed; nutrition and the administration of the Département may."""
    request = info.context
    viewer = request.viewer

    async def write(session: AsyncSession) -> str:
        return str((await draw_lesson(session, viewer, first_day, last_day)).id)

    try:
        kept = await once(request, asked("drawWasteLesson", idempotency_key, [first_day, last_day]), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.one(lesson(viewer, int(kept)))
    assert row is not None, "who draws a lesson may read it"
    return WasteLessonDrawn(lesson=await show_lesson(info, row))
