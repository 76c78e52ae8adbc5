"""Take a line out of a basket."""

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
from catering.orders.baskets import remove_line
from catering.orders.models import Basket
from catering.orders.opening import Place
from catering.people.viewer import Viewer
from catering.refusal import Refusal

RemoveBasketLineResult: TypeAlias = Annotated[
    BasketSaved | refusals.UnknownLine | refusals.BasketChanged | NotAllowed | KeyRefused,
    strawberry.union("RemoveBasketLineResult", description="The basket without the line, or why it is refused."),
]


@documented
async def remove_basket_line(
    info: Ask,
    basket: Annotated[BasketPlace, strawberry.argument(description="The basket, as you last saw it.")],
    offer: Annotated[strawberry.ID, strawberry.argument(description="Id of the offer of the line.")],
    day: Annotated[date, strawberry.argument(description="Delivery day of the line.")],
    idempotency_key: IdempotencyKey,
) -> RemoveBasketLineResult:
    """Take a line out of the basket. Only the kitchen may."""

    async def change(session: AsyncSession, viewer: Viewer, place: Place, now: datetime) -> Basket:
        return await remove_line(session, viewer, place, str(offer), day, now)

    try:
        return await change_basket(info, "removeBasketLine", idempotency_key, basket, [offer, day], change)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
