"""State what a kitchen is, for its diagnostic."""

from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.waste import refusals
from catering.api.mutations.waste.entering import ActingFor
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.kitchens.queries import kitchens
from catering.moment import today
from catering.refusal import Refusal
from catering.waste.graph.diagnostic import WasteFile
from catering.waste.graph.words import KitchenKind, Service
from catering.waste.service.stating import SiteStatement, state


@strawberry.input(description="What an establishment says of itself, whole: what is left out is unknown.")
class WasteSiteInput:
    kind: KitchenKind = strawberry.field(description="Kind of establishment.")
    meals_per_day: int | None = strawberry.field(default=None, description="On the busiest day, satellites included.")
    meals_per_year: int | None = strawberry.field(default=None, description="Meals of a year.")
    base_year: int | None = strawberry.field(default=None, description="Year of reference; with its grams.")
    base_g_per_cover: Decimal | None = strawberry.field(default=None, description="Edible grams per cover then.")
    biowaste_sorted_since: date | None = strawberry.field(default=None, description="Since when it is sorted.")
    collector: str | None = strawberry.field(default=None, description="Who fetches bio-waste.")
    services: list[Service] | None = strawberry.field(
        default=None, description="Meals it serves, all weighed on a complete day; of care all three by default."
    )
    many_meals_since: date | None = strawberry.field(
        default=None, description="Since when it prepares more meals than GAS-04 says."
    )
    oil_l_per_year: int | None = strawberry.field(
        default=None, description="Litres of used oil thrown away a year; 0 when it does not fry."
    )


@strawberry.type(description="Kept, with its trace.")
class WasteSiteStated:
    file: WasteFile = strawberry.field(description="Duties and all, as they stand now.")


StateWasteSiteResult: TypeAlias = Annotated[
    WasteSiteStated | refusals.UnknownKitchen | refusals.InvalidStatement | NotAllowed | KeyRefused,
    strawberry.union("StateWasteSiteResult", description="The file of the establishment, or why nothing is kept."),
]


@documented
async def state_waste_site(
    info: Ask,
    kitchen: ActingFor,
    site: Annotated[WasteSiteInput, strawberry.argument(description="The whole statement.")],
    idempotency_key: IdempotencyKey,
) -> StateWasteSiteResult:
    """State kind, meals, base year and sorting of an establishment: protocol, target and duties follow from it."""
    request = info.context
    viewer = request.viewer

    async def write(session: AsyncSession) -> str:
        given = {name: getattr(site, name) for name in SiteStatement.__dataclass_fields__}
        await state(session, viewer, str(kitchen), SiteStatement(**given))
        return str(kitchen)

    try:
        await once(request, asked("stateWasteSite", idempotency_key, [kitchen, str(site)]), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.one(kitchens(viewer, uais=[str(kitchen)]))
    assert row is not None, "who states a kitchen may read it"
    return WasteSiteStated(file=WasteFile(row=row, on=today()))
