"""What the mutations of an order share."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.once import asked, once
from catering.graph.arguments import row_number
from catering.graph.errors import BadArgumentError
from catering.graph.request import Ask
from catering.moment import now
from catering.orders import models, refusals
from catering.orders.graph.orders import Order, show_order
from catering.orders.loaders import OrderById
from catering.people.viewer import Viewer
from catering.spelling import tidy, unfit

LONGEST_REASON = 500
Change: TypeAlias = Callable[[AsyncSession, Viewer, int, datetime], Awaitable[models.Order]]

OrderId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Id of the order.")]
Reason: TypeAlias = Annotated[
    str, strawberry.argument(description="Why, for the other side to read: 500 characters at most, never empty.")
]


@strawberry.input(description="Packs of one line.")
class LinePacksInput:
    position: int = strawberry.field(description="The line.")
    packs: int = strawberry.field(description="0 to what was ordered.")


Packs: TypeAlias = Annotated[
    list[LinePacksInput], strawberry.argument(description="Lines with fewer packs; those not named stay whole.")
]


@strawberry.type(description="The order as it stands afterwards.")
class OrderMoved:
    order: Order = strawberry.field(description="With the new event at the end of its story.")


async def change_order(info: Ask, operation: str, key: str, order_id: str, given: Any, change: Change) -> OrderMoved:
    """Change an order once per key, and show it as it stands afterwards.

    Raises:
        catering.refusal.Refusal: the change is refused, or the key cannot be used.
        BadArgumentError: the id is no number.
    """
    request, number = info.context, row_number(order_id, "commande")
    viewer = request.viewer

    async def write(session: AsyncSession) -> str:
        return str((await change(session, viewer, number, now())).id)

    await once(request, asked(operation, key, [order_id, given]), write)
    row = await request.loader(OrderById).load(number)
    assert row is not None, "who may change an order may read it"
    return OrderMoved(order=show_order(row))


def by_position(packs: Sequence[LinePacksInput]) -> dict[int, int]:
    """Packs by line.

    Raises:
        BadArgumentError: a line is named twice.
    """
    found = {each.position: each.packs for each in packs}
    if len(found) < len(packs):
        raise BadArgumentError("Une ligne est citée deux fois dans packs : donner chaque position une seule fois.")
    return found


def said(reason: str, longest: int = LONGEST_REASON) -> str:
    """A reason as it is kept.

    Raises:
        InvalidReason: it says nothing, deceives the eye, or is too long.
    """
    if (fault := unfit(reason, longest)) is not None:
        raise refusals.InvalidReason(fault)
    return tidy(reason)
