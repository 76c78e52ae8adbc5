"""Put an offer into a basket, or change its packs."""

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
from catering.orders.baskets import put_line
from catering.orders.models import Basket
from catering.orders.opening import Place
from catering.people.viewer import Viewer
from catering.refusal import Refusal

PutBasketLineResult: TypeAlias = Annotated[
    BasketSaved
    | refusals.NoSuchOffer
    | refusals.BadQuantity
    | refusals.TooFar
    | refusals.NotADeliveryDay
    | refusals.BasketChanged
    | NotAllowed
    | KeyRefused,
    strawberry.union("PutBasketLineResult", description="The basket with the line, or why it is refused."),
]


@documented
async def put_basket_line(
    info: Ask,
    basket: Annotated[BasketPlace, strawberry.argument(description="The basket, as you last saw it.")],
    offer: Annotated[strawberry.ID, strawberry.argument(description="Id of the offer.")],
    packs: Annotated[int, strawberry.argument(description="Whole packs, 1 to 100000.")],
    idempotency_key: IdempotencyKey,
    day: Annotated[
        date | None,
        strawberry.argument(description="Delivery day; by default that of the line, or else the best that can be met."),
    ] = None,
) -> PutBasketLineResult:
    """Set the packs of an offer on a delivery day. Only the kitchen may."""

    async def change(session: AsyncSession, viewer: Viewer, place: Place, now: datetime) -> Basket:
        return await put_line(session, viewer, place, str(offer), packs, day, now)

    try:
        return await change_basket(info, "putBasketLine", idempotency_key, basket, [offer, packs, day], change)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
