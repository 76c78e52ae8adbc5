"""Note what was weighed."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.waste import refusals
from catering.api.mutations.waste.entering import ActingFor, WeighingInput, plain
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.refusal import Refusal
from catering.waste.graph.weighings import Weighing, show_weighing
from catering.waste.models import Weighing as WeighingRow
from catering.waste.queries import weighings
from catering.waste.service.weighing import record


@strawberry.type(description="Kept, each once: an entry that was kept before is answered as it is.")
class WeighingsRecorded:
    weighings: list[Weighing] = strawberry.field(description="In the order of the keys of their entries.")


RecordWeighingsResult: TypeAlias = Annotated[
    WeighingsRecorded
    | refusals.UnknownKitchen
    | refusals.InvalidWeighing
    | refusals.ConfirmationNeeded
    | refusals.MoreThanServed
    | refusals.EntryKeyUsed
    | NotAllowed
    | KeyRefused,
    strawberry.union("RecordWeighingsResult", description="The weighings, or why none of them is kept."),
]


@documented
async def record_weighings(
    info: Ask,
    kitchen: ActingFor,
    entries: Annotated[list[WeighingInput], strawberry.argument(description="1 to 100 bins, all or none.")],
    idempotency_key: IdempotencyKey,
) -> RecordWeighingsResult:
    """Note bins on the scale, in a campaign or day by day; a tablet without network sends them whenever it can."""
    request = info.context
    viewer = request.viewer

    async def write(session: AsyncSession) -> str:
        await record(session, viewer, str(kitchen), [plain(each) for each in entries])
        return str(kitchen)

    try:
        await once(request, asked("recordWeighings", idempotency_key, [kitchen, *map(_told, entries)]), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    kept = weighings(viewer, uai=str(kitchen), keys=[each.key for each in entries])
    rows = await request.objects(kept.order_by(WeighingRow.entry_key))
    return WeighingsRecorded(weighings=[show_weighing(row) for row in rows])


def _told(given: WeighingInput) -> str:
    return str(plain(given))
