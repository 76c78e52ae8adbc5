"""Fill a basket from the published plan."""

from datetime import datetime
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.orders import refusals
from catering.api.mutations.orders.changing_basket import BasketPlace, BasketSaved, change_basket
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.orders.models import Basket
from catering.orders.opening import Place
from catering.people.viewer import Viewer
from catering.planning.baskets import propose
from catering.refusal import Refusal

FillBasketResult: TypeAlias = Annotated[
    BasketSaved | refusals.NoPlan | refusals.BadQuantity | refusals.BasketChanged | NotAllowed | KeyRefused,
    strawberry.union("FillBasketResult", description="The filled basket, or why it is not."),
]


@documented
async def fill_basket(
    info: Ask,
    basket: Annotated[BasketPlace, strawberry.argument(description="The basket, as you last saw it.")],
    idempotency_key: IdempotencyKey,
) -> FillBasketResult:
    """Fill the basket with what the plan in use buys for the week, in whole packs. Lines that somebody put in stay;
    what is ordered already or on the shelves is not proposed again. What is short and deliveries below the minimum of
    their supplier are bought of others, of the same label first, so that it can be sent. Only the kitchen may."""

    async def change(session: AsyncSession, viewer: Viewer, place: Place, now: datetime) -> Basket:
        return await propose(session, viewer, place, now)

    try:
        return await change_basket(info, "fillBasket", idempotency_key, basket, None, change)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
