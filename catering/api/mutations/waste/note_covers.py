"""Say the covers of a service."""

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
from catering.waste.graph.weighings import ServiceCovers, show_covers
from catering.waste.graph.words import Service
from catering.waste.queries import covers
from catering.waste.service.counting import count


@strawberry.type(description="Kept; what was said before is in the trace.")
class CoversNoted:
    covers: ServiceCovers = strawberry.field(description="All that is known of the service.")


NoteCoversResult: TypeAlias = Annotated[
    CoversNoted
    | refusals.UnknownKitchen
    | refusals.InvalidCovers
    | refusals.ConfirmationNeeded
    | refusals.UnusualCovers
    | NotAllowed
    | KeyRefused,
    strawberry.union("NoteCoversResult", description="The covers, or why they are not kept."),
]
Many: TypeAlias = Annotated[int | None, strawberry.argument(description="Left out, it stays as it was.")]


@documented
async def note_covers(
    info: Ask,
    kitchen: ActingFor,
    day: Annotated[date, strawberry.argument(description="A day of service; to come for planned covers only.")],
    idempotency_key: IdempotencyKey,
    service: Annotated[Service, strawberry.argument(description="Which meal.")] = Service.LUNCH,
    planned: Many = None,
    prepared: Many = None,
    served: Many = None,
    confirmed: Annotated[
        bool,
        strawberry.argument(description="These covers, or what was weighed for them, are unusual and right."),
    ] = False,
) -> NoteCoversResult:
    """Say how many covers were planned, prepared and served (GAS-14), all at once or one after the other."""
    request = info.context
    viewer = request.viewer
    said = {"planned": planned, "prepared": prepared, "served": served}

    async def write(session: AsyncSession) -> str:
        return str((await count(session, viewer, str(kitchen), day, service, **said, confirmed=confirmed)).id)

    try:
        await once(request, asked("noteCovers", idempotency_key, [kitchen, day, service, said, confirmed]), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.one(covers(viewer, uai=str(kitchen), first=day, last=day, service=service))
    assert row is not None, "who counts covers may read them"
    return CoversNoted(covers=show_covers(row))
