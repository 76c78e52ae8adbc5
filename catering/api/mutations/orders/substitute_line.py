"""Replace a line of a basket by another offer of the same ingredient."""

from datetime import date, datetime
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.orders import refusals
from catering.api.mutations.orders.changing_basket import BasketPlace, BasketSaved, change_basket
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.orders.baskets import substitute
from catering.orders.models import Basket
from catering.orders.opening import Place
from catering.people.viewer import Viewer
from catering.refusal import Refusal

SubstituteLineResult: TypeAlias = Annotated[
    BasketSaved
    | refusals.UnknownLine
    | refusals.NoSuchOffer
    | refusals.BadQuantity
    | refusals.TooFar
    | refusals.NotADeliveryDay
    | refusals.BasketChanged
    | NotAllowed
    | KeyRefused,
    strawberry.union("SubstituteLineResult", description="The basket with the other offer, or why it is refused."),
]


@documented
async def substitute_line(
    info: Ask,
    basket: Annotated[BasketPlace, strawberry.argument(description="The basket, as you last saw it.")],
    offer: Annotated[strawberry.ID, strawberry.argument(description="Id of the offer to replace.")],
    day: Annotated[date, strawberry.argument(description="Delivery day of the line.")],
    by: Annotated[strawberry.ID, strawberry.argument(description="Id of the offer that takes its place.")],
    idempotency_key: IdempotencyKey,
) -> SubstituteLineResult:
    """Put another offer of the same ingredient in the place of a line, in as many packs as its need
    takes. Only the kitchen may."""

    async def change(session: AsyncSession, viewer: Viewer, place: Place, now: datetime) -> Basket:
        return await substitute(session, viewer, place, str(offer), day, str(by), now)

    try:
        return await change_basket(info, "substituteLine", idempotency_key, basket, [offer, day, by], change)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
