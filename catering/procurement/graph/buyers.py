"""The collège that buys, as its suppliers know it."""

from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry

from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.procurement.graph.loads import BuyerById

RowId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(name="id", description="Number of the row.")]


@strawberry.type(description="A collège that buys, as its suppliers know it.")
class PublicBuyer:
    uai: strawberry.ID = strawberry.field(description="National id of the collège.")
    name: str = strawberry.field(description="Name of the collège.")
    address: str = strawberry.field(description="Street.")
    postcode: str = strawberry.field(description="5 digits.")
    commune: str = strawberry.field(description="Name of the commune.")
    lat: Decimal = strawberry.field(description="Degrees north.")
    lon: Decimal = strawberry.field(description="Degrees east.")


async def buyer_of(info: Ask, kitchen_id: int) -> PublicBuyer | None:
    """The collège of a row the viewer may read."""
    row = await info.context.loader(BuyerById).load(kitchen_id)
    return None if row is None else shown(PublicBuyer, row)
