"""State a standing order."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.orders import refusals
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.graph.values import Weekday
from catering.moment import now
from catering.orders.graph.of_kitchens import StandingOrder, show_standing
from catering.orders.queries import standing_orders
from catering.orders.standing import StandingWish, state
from catering.refusal import Refusal


@strawberry.input(description="So many packs of an offer on the same weekdays.")
class StandingOrderInput:
    kitchen: strawberry.ID = strawberry.field(description="UAI.")
    offer: strawberry.ID = strawberry.field(description="Id of the offer.")
    packs: int = strawberry.field(description="Packs of each delivery, 1 to 100000.")
    weekdays: list[Weekday] = strawberry.field(description="Days of delivery, at least one.")
    first_day: date = strawberry.field(description="First day, included.")
    last_day: date = strawberry.field(description="Last day, included.")


@strawberry.type(description="The standing order; it fills the baskets of the weeks to come, not in school holidays.")
class StandingOrderSaved:
    standing_order: StandingOrder = strawberry.field(description="As it stands now.")


StartStandingOrderResult: TypeAlias = Annotated[
    StandingOrderSaved
    | refusals.NoSuchOffer
    | refusals.BadQuantity
    | refusals.BadPeriod
    | refusals.TooFar
    | refusals.NotADeliveryDay
    | NotAllowed
    | KeyRefused,
    strawberry.union("StartStandingOrderResult", description="The standing order, or why there is none."),
]


@documented
async def start_standing_order(
    info: Ask,
    standing_order: Annotated[StandingOrderInput, strawberry.argument(description="What to order again and again.")],
    idempotency_key: IdempotencyKey,
) -> StartStandingOrderResult:
    """State a standing order. Only the kitchen may."""
    request = info.context
    viewer = request.viewer
    wish = StandingWish(
        uai=str(standing_order.kitchen),
        offer=str(standing_order.offer),
        packs=standing_order.packs,
        weekdays=frozenset(day.value for day in standing_order.weekdays),
        first_day=standing_order.first_day,
        last_day=standing_order.last_day,
    )

    async def write(session: AsyncSession) -> str:
        return str((await state(session, viewer, wish, now())).id)

    given = asdict(wish) | {"weekdays": sorted(wish.weekdays)}
    try:
        row_id = await once(request, asked("startStandingOrder", idempotency_key, given), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.one(standing_orders(viewer, [int(row_id)]))
    assert row is not None, "who states a standing order may read it"
    return StandingOrderSaved(standing_order=show_standing(row))
