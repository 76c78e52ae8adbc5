"""Say what was served."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.menus import refusals
from catering.api.mutations.menus.changing import OfKitchen, OnDay, change_day
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.kitchens.models import Kitchen
from catering.menus.graph.days import Menu
from catering.menus.service import ServedCovers
from catering.menus.service import record_served as record
from catering.people.viewer import Viewer
from catering.recipes.vocabulary import Slot
from catering.refusal import Refusal


@strawberry.input(description="Portions served of one dish of a menu.")
class ServedCoversInput:
    slot: Slot = strawberry.field(description="Component of the meal.")
    rank: int = strawberry.field(default=1, description="Which choice of it; 1 for the only one.")
    covers: int = strawberry.field(description="Portions served, 0 or more.")


@strawberry.type(description="Noted; with the covers of every choice known, each weighs its share in the check.")
class ServedRecorded:
    menu: Menu = strawberry.field(description="The whole day as it stands.")


RecordServedResult: TypeAlias = Annotated[
    ServedRecorded
    | refusals.UnknownMenuKitchen
    | refusals.NoMenu
    | refusals.InvalidMenu
    | refusals.RegisterClosed
    | NotAllowed
    | KeyRefused,
    strawberry.union("RecordServedResult", description="The day, or why nothing is noted."),
]


@documented
async def record_served(
    info: Ask,
    kitchen: OfKitchen,
    day: OnDay,
    served: Annotated[list[ServedCoversInput], strawberry.argument(description="Dishes that were counted.")],
    idempotency_key: IdempotencyKey,
) -> RecordServedResult:
    """Say how many portions of the dishes of a day were served; said again, the last word stands."""

    async def write(session: AsyncSession, viewer: Viewer) -> Kitchen:
        counted = [ServedCovers(each.slot, each.rank, each.covers) for each in served]
        return await record(session, viewer, str(kitchen), day, counted)

    try:
        given = [kitchen, day, [vars(each) for each in served]]
        menu = await change_day(info.context, "recordServed", idempotency_key, day, given, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return ServedRecorded(menu=menu)
