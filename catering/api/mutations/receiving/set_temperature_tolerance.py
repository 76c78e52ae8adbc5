"""State what the sanitary plan of a kitchen tolerates."""

from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.receiving import refusals
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.kitchens.graph import Kitchen, show_kitchen
from catering.kitchens.queries import kitchens
from catering.receiving.graph.words import ProductCategory
from catering.receiving.service.tolerance import tolerate
from catering.refusal import Refusal


@strawberry.type(description="Kept, with its trace; it holds for receptions from now on.")
class TemperatureToleranceSet:
    kitchen: Kitchen = strawberry.field(description="The kitchen; see `temperatureTolerances`.")


SetTemperatureToleranceResult: TypeAlias = Annotated[
    TemperatureToleranceSet | refusals.UnknownPlace | refusals.InvalidMove | NotAllowed | KeyRefused,
    strawberry.union("SetTemperatureToleranceResult", description="The kitchen, or why nothing is kept."),
]


@documented
async def set_temperature_tolerance(
    info: Ask,
    kitchen: Annotated[strawberry.ID, strawberry.argument(description="UAI of a kitchen you buy for.")],
    category: Annotated[ProductCategory, strawberry.argument(description="Of which products.")],
    celsius: Annotated[Decimal, strawberry.argument(description="Degrees beyond the limit, 0 to 5; 0 is none.")],
    idempotency_key: IdempotencyKey,
) -> SetTemperatureToleranceResult:
    """Set how far beyond the limit of the law goods are still accepted with a reserve: a choice of the site's PMS."""
    request = info.context
    viewer = request.viewer

    async def write(session: AsyncSession) -> str:
        await tolerate(session, viewer, str(kitchen), category, celsius)
        return str(kitchen)

    try:
        given = [kitchen, category, celsius]
        uai = await once(request, asked("setTemperatureTolerance", idempotency_key, given), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.one(kitchens(viewer, uais=[uai]))
    assert row is not None, "who sets a tolerance may read the kitchen"
    return TemperatureToleranceSet(kitchen=show_kitchen(row))
