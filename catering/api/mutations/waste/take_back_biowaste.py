"""Take a note of what left back."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.waste import refusals
from catering.api.mutations.waste.record_biowaste import BiowasteRecorded
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.refusal import Refusal
from catering.waste.graph.diagnostic import show_note
from catering.waste.loaders import NoteById
from catering.waste.service.stating import take_back_collected

TakeBackBiowasteResult: TypeAlias = Annotated[
    BiowasteRecorded | refusals.InvalidStatement | NotAllowed | KeyRefused,
    strawberry.union("TakeBackBiowasteResult", description="The opposite row, or why nothing is changed."),
]


@documented
async def take_back_biowaste(
    info: Ask,
    note_id: Annotated[strawberry.ID, strawberry.argument(description="Number of the note.")],
    idempotency_key: IdempotencyKey,
) -> TakeBackBiowasteResult:
    """Take a note of bio-waste or used oil back by an opposite row; note the right one anew."""
    request = info.context
    viewer = request.viewer
    number = row_number(str(note_id), "collecte")

    async def write(session: AsyncSession) -> str:
        return str((await take_back_collected(session, viewer, number)).id)

    try:
        kept = await once(request, asked("takeBackBiowaste", idempotency_key, [number]), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.loader(NoteById).load(int(kept))
    assert row is not None, "who takes a note back may read it"
    return BiowasteRecorded(note=show_note(row))
