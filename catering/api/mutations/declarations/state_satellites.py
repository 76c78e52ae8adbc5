"""State which restaurants a kitchen serves."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.declarations import refusals
from catering.api.mutations.market.writing import number_or_none, write_once
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.declarations.queries import satellites
from catering.declarations.service import SatelliteWish
from catering.declarations.service import state_satellites as state
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.purchases.graph_egalim import year_asked
from catering.refusal import Refusal


@strawberry.input(description="A restaurant that eats what a kitchen buys.")
class SatelliteInput:
    siret: str = strawberry.field(description="14 digits.")
    name: str = strawberry.field(description="Its name.")
    yearly_meals: int = strawberry.field(description="Meals it serves in the year: its part of the purchases.")
    cantine_id: strawberry.ID | None = strawberry.field(
        default=None, description="Its number on ma-cantine; null when unknown."
    )


@strawberry.type(description="A restaurant that eats what a kitchen buys.")
class SatelliteStated:
    siret: strawberry.ID = strawberry.field(description="14 digits.")
    name: str = strawberry.field(description="Its name.")
    yearly_meals: int = strawberry.field(description="Meals of the year.")


@strawberry.type(description="The restaurants that the kitchen serves in that year.")
class SatellitesStated:
    satellites: list[SatelliteStated] = strawberry.field(description="By SIRET.")


StateSatellitesResult: TypeAlias = Annotated[
    SatellitesStated | refusals.UnknownDeclarant | refusals.InvalidDeclaration | NotAllowed | KeyRefused,
    strawberry.union("StateSatellitesResult", description="What stands now, or why nothing changed."),
]


@documented
async def state_satellites(
    info: Ask,
    kitchen: Annotated[strawberry.ID, strawberry.argument(description="UAI of a kitchen for which you sign.")],
    year: Annotated[int, strawberry.argument(description="Civil year.")],
    restaurants: Annotated[
        list[SatelliteInput],
        strawberry.argument(
            description="All of them, 60 at most, the kitchen's own included; none: it serves on site."
        ),
    ],
    idempotency_key: IdempotencyKey,
) -> StateSatellitesResult:
    """State all restaurants that a central kitchen serves in a year, each of which declares its part."""
    asked = year_asked(year)

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        wished = [
            SatelliteWish(each.siret, each.name, each.yearly_meals, number_or_none(each.cantine_id, "cantineId"))
            for each in restaurants
        ]
        return str(await state(session, viewer, str(kitchen), asked, wished))

    given = [kitchen, year, [vars(each) for each in restaurants]]
    try:
        made = await write_once(info.context, "stateSatellites", idempotency_key, given, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    rows = await info.context.objects(satellites(info.context.viewer, asked, [int(made)]))
    return SatellitesStated(
        satellites=[
            SatelliteStated(siret=strawberry.ID(row.siret), name=row.name, yearly_meals=row.yearly_meals)
            for row in rows
        ]
    )
