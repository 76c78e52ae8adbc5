"""Put another dish in a place of the plan in use."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.menus.refusals import InvalidMenu, NoMenu, RegisterClosed, UnknownMenuKitchen
from catering.api.mutations.orders.refusals import NoPlan
from catering.api.mutations.planning.refusals import CannotSwap, PlanMoved, WeekLocked
from catering.api.once import Asked, IdempotencyKey, asked, earlier, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask, Request
from catering.menus.service import Place
from catering.moment import now
from catering.planning.graph.swaps import DishSwap, SwapById, show_swap
from catering.planning.swapping import Prepared, SwapWish, find_plan
from catering.planning.swapping import swap_dish as put
from catering.planning.warm import problem_at_hand
from catering.recipes.vocabulary import Slot
from catering.refusal import Refusal


@strawberry.type(description="The dish is planned, its week bought again; menus and what diners read follow.")
class DishSwapped:
    swap: DishSwap = strawberry.field(description="What changed.")


SwapDishResult: TypeAlias = Annotated[
    DishSwapped
    | UnknownMenuKitchen
    | NoPlan
    | NoMenu
    | InvalidMenu
    | RegisterClosed
    | PlanMoved
    | WeekLocked
    | CannotSwap
    | NotAllowed
    | KeyRefused,
    strawberry.union("SwapDishResult", description="The swap, or why nothing is changed."),
]


@documented
async def swap_dish(
    info: Ask,
    kitchen: Annotated[strawberry.ID, strawberry.argument(description="UAI of a kitchen you cook for.")],
    day: Annotated[date, strawberry.argument(description="The day of service, in a week that has not begun.")],
    slot: Annotated[Slot, strawberry.argument(description="The component.")],
    instead: Annotated[strawberry.ID, strawberry.argument(description="Id of the dish that you saw there.")],
    dish: Annotated[strawberry.ID, strawberry.argument(description="Id of the dish to put there.")],
    idempotency_key: IdempotencyKey,
) -> SwapDishResult:
    """Put another dish in a place of the plan in use: the kitchen's week is bought again at what the other kitchens
    leave, within the rates of the year and the budget; baskets, menus, their check and what diners read follow.
    Refused once the week has begun or something of it is ordered. Only the kitchen may."""
    wish = SwapWish(Place(str(kitchen), day, slot), str(instead), str(dish))
    given = [kitchen, day, slot, instead, dish]
    try:
        number = await _swap(info.context, wish, asked("swapDish", idempotency_key, given))
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await info.context.loader(SwapById).load(int(number))
    assert row is not None, "who may swap may read it"
    return DishSwapped(swap=show_swap(row))


async def _swap(request: Request, wish: SwapWish, of: Asked) -> str:
    """The problem is read before the write: that may take seconds, and nobody else could write meanwhile."""
    viewer = request.viewer
    if (done := await earlier(request, of)) is not None:
        return done
    async with request.reading() as session:
        found = await find_plan(session, viewer, wish.place.uai, wish.place.day, now())
    prepared = Prepared(found, await problem_at_hand(request.database, found.run_id, found.scenario_id))

    async def write(session: AsyncSession) -> str:
        return str((await put(session, viewer, wish, prepared, now())).id)

    return await once(request, of, write)
