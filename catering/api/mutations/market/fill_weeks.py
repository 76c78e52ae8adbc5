"""Fill weeks from the template of an offer."""

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
from catering.market import supplying
from catering.market.graph import Offer
from catering.orders.service import holders
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(description="The weeks of the period can be ordered as the template says.")
class WeeksFilled:
    offer: Offer = strawberry.field(description="The offer, as it stands now.")


FillWeeksResult: TypeAlias = Annotated[
    WeeksFilled
    | refusals.UnknownOffer
    | refusals.UnknownSupplier
    | refusals.InvalidSupply
    | BelowReservations
    | NotAllowed
    | KeyRefused,
    strawberry.union("FillWeeksResult", description="The offer with its capacities, or why they stay."),
]


@documented
async def fill_weeks(
    info: Ask,
    offer: OfOffer,
    first_day: Annotated[date, strawberry.argument(description="First day of the period.")],
    last_day: Annotated[date, strawberry.argument(description="Last day of the period.")],
    idempotency_key: IdempotencyKey,
) -> FillWeeksResult:
    """Fill the weeks of a period from the template; what was stated for them before is replaced."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        return (await supplying.fill(session, viewer, offer, first_day, last_day, holders)).slug

    try:
        slug = await write_once(info.context, "fillWeeks", idempotency_key, [offer, first_day, last_day], write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return WeeksFilled(offer=await offer_now(info.context, slug))
