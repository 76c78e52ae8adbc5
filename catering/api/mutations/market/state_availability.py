"""Say what an offer can deliver, month by month, year after year."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market import refusals
from catering.api.mutations.market.writing import OfOffer, offer_now, write_once
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.graph.values import BigInt
from catering.market import supplying
from catering.market.graph import Offer
from catering.market.refusals import InvalidSupply
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.input(description="One month of a template.")
class MonthInput:
    month: int = strawberry.field(description="1 (January) to 12.")
    grams_per_week: BigInt | None = strawberry.field(default=None, description="Null is unlimited.")


@strawberry.type(description="The template stands; `fillWeeks` makes capacities from it.")
class AvailabilityStated:
    offer: Offer = strawberry.field(description="The offer, as it stands now.")


StateAvailabilityResult: TypeAlias = Annotated[
    AvailabilityStated
    | refusals.UnknownOffer
    | refusals.UnknownSupplier
    | refusals.InvalidSupply
    | NotAllowed
    | KeyRefused,
    strawberry.union("StateAvailabilityResult", description="The offer with its template, or why it stays."),
]


@documented
async def state_availability(
    info: Ask,
    offer: OfOffer,
    months: Annotated[
        list[MonthInput], strawberry.argument(description="The months that are sold; they replace those before.")
    ],
    idempotency_key: IdempotencyKey,
) -> StateAvailabilityResult:
    """Say what an offer can deliver in each week of every month; months left out are not sold."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        if len({each.month for each in months}) < len(months):
            raise InvalidSupply("Un mois est écrit deux fois : n'en garder qu'un.")
        template = {each.month: each.grams_per_week for each in months}
        return (await supplying.state_availability(session, viewer, offer, template)).slug

    try:
        slug = await write_once(
            info.context, "stateAvailability", idempotency_key, [offer, [vars(each) for each in months]], write
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return AvailabilityStated(offer=await offer_now(info.context, slug))
