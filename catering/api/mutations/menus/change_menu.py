"""Put other dishes on a menu."""

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
from catering.menus.service import Choice, Place
from catering.menus.service import change_menu as put
from catering.people.viewer import Viewer
from catering.recipes.vocabulary import Slot
from catering.refusal import Refusal


@strawberry.input(description="A dish to put on a menu.")
class MenuChoiceInput:
    dish: strawberry.ID = strawberry.field(description="Id of a dish of the same component.")
    covers: int | None = strawberry.field(
        default=None, description="Portions planned; by default those of the component, shared evenly."
    )


@strawberry.type(description="The menu is changed; the check of the year is computed again.")
class MenuChanged:
    menu: Menu = strawberry.field(description="The whole day as it stands.")


ChangeMenuResult: TypeAlias = Annotated[
    MenuChanged
    | refusals.UnknownMenuKitchen
    | refusals.NoMenu
    | refusals.InvalidMenu
    | refusals.RegisterClosed
    | NotAllowed
    | KeyRefused,
    strawberry.union("ChangeMenuResult", description="The day, or why nothing is changed."),
]


@documented
async def change_menu(
    info: Ask,
    kitchen: OfKitchen,
    day: OnDay,
    slot: Annotated[Slot, strawberry.argument(description="The component whose dishes are replaced.")],
    choices: Annotated[
        list[MenuChoiceInput], strawberry.argument(description="What takes their place: one dish, or several (6).")
    ],
    idempotency_key: IdempotencyKey,
) -> ChangeMenuResult:
    """Replace a dish of a day by another one of the same component, or by several at the diners' choice."""

    async def write(session: AsyncSession, viewer: Viewer) -> Kitchen:
        wanted = [Choice(str(each.dish), each.covers) for each in choices]
        return await put(session, viewer, Place(str(kitchen), day, slot), wanted)

    try:
        given = [kitchen, day, slot, [vars(each) for each in choices]]
        menu = await change_day(info.context, "changeMenu", idempotency_key, day, given, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return MenuChanged(menu=menu)
