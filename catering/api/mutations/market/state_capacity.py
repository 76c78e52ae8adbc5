"""Say what an offer can deliver per week."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market import refusals
from catering.api.mutations.market.writing import OfOffer, offer_now, write_once
from catering.api.mutations.orders.refusals import BelowReservations
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.graph.values import BigInt
from catering.market import supplying
from catering.market.graph import Offer
from catering.orders.service import holders
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(description="The weeks of the period can be ordered up to it.")
class CapacityStated:
    offer: Offer = strawberry.field(description="The offer, as it stands now.")


StateCapacityResult: TypeAlias = Annotated[
    CapacityStated
    | refusals.UnknownOffer
    | refusals.UnknownSupplier
    | refusals.InvalidSupply
    | BelowReservations
    | NotAllowed
    | KeyRefused,
    strawberry.union("StateCapacityResult", description="The offer with its capacities, or why they stay."),
]


@documented
async def state_capacity(
    info: Ask,
    offer: OfOffer,
    first_day: Annotated[date, strawberry.argument(description="First day, included.")],
    last_day: Annotated[date, strawberry.argument(description="Last day, included.")],
    grams_per_week: Annotated[
        BigInt | None,
        strawberry.argument(description="To all kitchens together; null is unlimited, 0 sells nothing then."),
    ],
    idempotency_key: IdempotencyKey,
) -> StateCapacityResult:
    """Say what an offer can deliver in each week of a period; other weeks stay as they are."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        return (
            await supplying.state_capacity(session, viewer, offer, first_day, last_day, grams_per_week, holders)
        ).slug

    try:
        slug = await write_once(
            info.context, "stateCapacity", idempotency_key, [offer, first_day, last_day, grams_per_week], write
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return CapacityStated(offer=await offer_now(info.context, slug))
