"""Check in what an order delivered."""

from datetime import date, datetime
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market.refusals import UnknownDocument
from catering.api.mutations.orders.refusals import UnknownLine, UnknownOrder
from catering.api.mutations.receiving import refusals
from catering.api.mutations.receiving.changing import keep_reception
from catering.api.mutations.receiving.noting import NotedLineInput, plain
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.receiving import models
from catering.receiving import refusals as reasons
from catering.receiving.graph.receptions import Reception
from catering.receiving.service.receive import NotedLine, Pass, receive
from catering.refusal import Refusal


@strawberry.input(description="One pass of checking in.")
class ReceiveDeliveryInput:
    order_id: strawberry.ID = strawberry.field(description="The order delivered (`id`).")
    day: date = strawberry.field(description="Of the arrival, today or before.")
    noted_at: datetime = strawberry.field(description="When the tablet noted it, with its zone; it may send it later.")
    lines: list[NotedLineInput] = strawberry.field(description="The lots looked at; one line may have several.")
    complete: bool = strawberry.field(default=False, description="Nothing else will come, whatever is missing.")
    delivery_note: str | None = strawberry.field(default=None, description="Number of the supplier's delivery note.")


@strawberry.type(description="Checked in: purchases, stock and requests for credits follow; the order has moved on.")
class DeliveryReceived:
    reception: Reception = strawberry.field(description="The reception as kept.")


ReceiveDeliveryResult: TypeAlias = Annotated[
    DeliveryReceived
    | UnknownOrder
    | UnknownLine
    | refusals.NotReceivable
    | refusals.AlreadyReceived
    | refusals.InvalidReception
    | refusals.MoreThanOrdered
    | refusals.BeyondContract
    | refusals.MustBeRefused
    | refusals.ReserveNeeded
    | refusals.TemperatureNotMeasured
    | refusals.UseByNotRead
    | refusals.NotEnoughStock
    | UnknownDocument
    | NotAllowed
    | KeyRefused,
    strawberry.union("ReceiveDeliveryResult", description="The reception, or why nothing of it is kept."),
]


@documented
async def receive_delivery(
    info: Ask,
    reception: Annotated[ReceiveDeliveryInput, strawberry.argument(description="What was found.")],
    idempotency_key: IdempotencyKey,
) -> ReceiveDeliveryResult:
    """Check in a delivery, in one pass or several, in any order, from any tablet; only who buys for the kitchen may."""

    async def write(session: AsyncSession, viewer: Viewer) -> models.Reception:
        return await receive(session, viewer, _pass(reception))

    try:
        kept = await keep_reception(info.context, "receiveDelivery", idempotency_key, reception, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return DeliveryReceived(reception=kept)


def _pass(given: ReceiveDeliveryInput) -> Pass:
    if given.noted_at.tzinfo is None:
        raise reasons.InvalidReception("notedAt est une heure avec son fuseau, par exemple 2026-11-25T08:30:00+01:00.")
    return Pass(
        order_id=row_number(given.order_id, "commande"),
        day=given.day,
        lines=[NotedLine(**plain(line)) for line in given.lines],
        noted_at=given.noted_at,
        complete=given.complete,
        delivery_note=given.delivery_note,
    )
