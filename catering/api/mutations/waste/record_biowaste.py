"""Note what left apart."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.waste import refusals
from catering.api.mutations.waste.entering import ActingFor
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.refusal import Refusal
from catering.waste.graph.diagnostic import BiowasteNote, show_note
from catering.waste.graph.words import BiowasteStream, Treatment
from catering.waste.loaders import NoteById
from catering.waste.service.stating import Collected, collect


@strawberry.input(description="Bio-waste or used oil that left.")
class BiowasteInput:
    key: str = strawberry.field(description="Made by the tablet, 8 to 64 characters; sent again, kept once.")
    day: date = strawberry.field(description="When it left.")
    stream: BiowasteStream = strawberry.field(description="What.")
    treatment: Treatment = strawberry.field(description="What becomes of it.")
    quantity: int = strawberry.field(description="Grams of bio-waste, millilitres of used oil.")
    collector: str | None = strawberry.field(default=None, description="Who fetched it; none for compost on site.")
    slip: str | None = strawberry.field(default=None, description="Number of the collection slip.")


@strawberry.type(description="Kept.")
class BiowasteRecorded:
    note: BiowasteNote = strawberry.field(description="The note.")


RecordBiowasteResult: TypeAlias = Annotated[
    BiowasteRecorded
    | refusals.UnknownKitchen
    | refusals.InvalidStatement
    | refusals.EntryKeyUsed
    | NotAllowed
    | KeyRefused,
    strawberry.union("RecordBiowasteResult", description="The note, or why it is not kept."),
]


@documented
async def record_biowaste(
    info: Ask,
    kitchen: ActingFor,
    collected: Annotated[BiowasteInput, strawberry.argument(description="What left.")],
    idempotency_key: IdempotencyKey,
) -> RecordBiowasteResult:
    """Note bio-waste composted or fetched, and used oil fetched (GAS-06)."""
    request = info.context
    viewer = request.viewer

    async def write(session: AsyncSession) -> str:
        given = {name: getattr(collected, name) for name in Collected.__dataclass_fields__}
        return str((await collect(session, viewer, str(kitchen), Collected(**given))).id)

    try:
        kept = await once(request, asked("recordBiowaste", idempotency_key, [kitchen, str(collected)]), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.loader(NoteById).load(int(kept))
    assert row is not None, "who notes a collection may read it"
    return BiowasteRecorded(note=show_note(row))
