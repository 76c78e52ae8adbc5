"""Say what several offers can deliver, week by week, in one go."""

from collections import defaultdict
from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market import refusals
from catering.api.mutations.market.writing import OfSupplier, supplier_now, write_once
from catering.api.mutations.orders.refusals import BelowReservations
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.graph.values import BigInt
from catering.market import supplying
from catering.market.graph import Supplier
from catering.market.rules import Supply
from catering.orders.service import holders
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.input(description="What an offer can deliver in each week of a period.")
class CapacityInput:
    offer: strawberry.ID = strawberry.field(description="Id of the offer, of that supplier.")
    first_day: date = strawberry.field(description="First day, included.")
    last_day: date = strawberry.field(description="Last day, included.")
    grams_per_week: BigInt | None = strawberry.field(
        description="To all kitchens together; null is unlimited, 0 sells nothing then."
    )


@strawberry.type(description="The weeks of the periods can be ordered up to them; all others stay as they are.")
class CapacitiesStated:
    supplier: Supplier = strawberry.field(description="The supplier, with its offers as they stand now.")


StateCapacitiesResult: TypeAlias = Annotated[
    CapacitiesStated
    | refusals.UnknownOffer
    | refusals.UnknownSupplier
    | refusals.InvalidSupply
    | BelowReservations
    | NotAllowed
    | KeyRefused,
    strawberry.union("StateCapacitiesResult", description="The supplier, or why all quantities stay as they were."),
]


@documented
async def state_capacities(
    info: Ask,
    supplier: OfSupplier,
    capacities: Annotated[
        list[CapacityInput], strawberry.argument(description="1 to 500; periods of one offer do not meet.")
    ],
    idempotency_key: IdempotencyKey,
) -> StateCapacitiesResult:
    """Say what several offers can deliver: all of it, or nothing when one of them cannot be."""
    stated = defaultdict(list)
    for each in capacities:
        stated[str(each.offer)].append(Supply(each.first_day, each.last_day, each.grams_per_week))

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        await supplying.state_capacities(session, viewer, supplier, stated, holders)
        return supplier

    given = [supplier, [vars(each) for each in capacities]]
    try:
        slug = await write_once(info.context, "stateCapacities", idempotency_key, given, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return CapacitiesStated(supplier=await supplier_now(info.context, slug))
