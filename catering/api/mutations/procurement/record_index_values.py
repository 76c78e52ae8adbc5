"""Record published values of price indices."""

from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.procurement import refusals
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.procurement.index_file import IndexWish, read_index_values
from catering.procurement.service.revising import record_index_values as keep
from catering.refusal import Refusal


@strawberry.input(description="A value of an index that holds from a day on.")
class IndexValueInput:
    index: strawberry.ID = strawberry.field(description="One of `priceIndices`.")
    day: date = strawberry.field(description="First day of the value.")
    value: Decimal = strawberry.field(description="Positive, six decimals at most.")


@strawberry.type(description="The values are recorded, and the prices that follow them are revised.")
class IndexValuesRecorded:
    count: int = strawberry.field(description="How many values.")


RecordIndexValuesResult: TypeAlias = Annotated[
    IndexValuesRecorded | refusals.InvalidIndexValues | NotAllowed | KeyRefused,
    strawberry.union("RecordIndexValuesResult", description="How many values, or why none is recorded."),
]


@documented
async def record_index_values(
    info: Ask,
    idempotency_key: IdempotencyKey,
    values: Annotated[list[IndexValueInput] | None, strawberry.argument(description="Typed by hand.")] = None,
    csv: Annotated[
        str | None, strawberry.argument(description="Or a CSV text with the header `index,day,value`, 1000 lines.")
    ] = None,
) -> RecordIndexValuesResult:
    """Record values of indices; only the administration of the Département may. All of them or none."""
    request = info.context
    viewer = request.viewer

    async def write(session: AsyncSession) -> str:
        wanted = [IndexWish(each.index, each.day, each.value) for each in values or []]
        wanted += read_index_values(csv) if csv is not None else []
        return str(len(await keep(session, viewer, wanted)))

    try:
        count = await once(request, asked("recordIndexValues", idempotency_key, [values, csv]), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return IndexValuesRecorded(count=int(count))
