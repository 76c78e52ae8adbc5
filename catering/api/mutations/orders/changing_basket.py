"""What the mutations of a basket share."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.once import asked, once
from catering.graph.arguments import a_monday
from catering.graph.request import Ask
from catering.moment import now
from catering.orders import models
from catering.orders.graph.baskets import Basket, basket_of
from catering.orders.opening import Place
from catering.people.viewer import Viewer

Change: TypeAlias = Callable[[AsyncSession, Viewer, Place, datetime], Awaitable[models.Basket]]


@strawberry.input(description="The basket to change, as you last saw it.")
class BasketPlace:
    kitchen: strawberry.ID = strawberry.field(description="UAI.")
    week: date = strawberry.field(description="Monday of the week; another day is refused (BAD_DATES).")
    version: int = strawberry.field(description="`version` of the basket when you read it; 0 for an untouched one.")


@strawberry.type(description="The basket as it stands after the change.")
class BasketSaved:
    basket: Basket = strawberry.field(description="With its new version.")


def place_of(basket: BasketPlace) -> Place:
    """The basket that an input names.

    Raises:
        BadDatesError: its week is not named by a Monday.
    """
    return Place(str(basket.kitchen), a_monday(basket.week), basket.version)


async def change_basket(
    info: Ask, operation: str, key: str, basket: BasketPlace, given: Any, change: Change
) -> BasketSaved:
    """Change a basket once per key, and show it as it stands afterwards.

    Raises:
        catering.refusal.Refusal: the change is refused, or the key cannot be used.
        BadDatesError: the week is not named by a Monday.
    """
    request, place = info.context, place_of(basket)
    viewer = request.viewer

    async def write(session: AsyncSession) -> str:
        return str((await change(session, viewer, place, now())).kitchen_id)

    kitchen_id = await once(request, asked(operation, key, [asdict(basket), given]), write)
    return BasketSaved(basket=await basket_of(info, int(kitchen_id), place.week))
