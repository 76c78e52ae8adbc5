"""Import a file of menus."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market.refusals import TableRefused, UnknownDocument
from catering.api.mutations.menus import refusals
from catering.api.mutations.menus.changing import OfKitchen
from catering.api.once import IdempotencyKey, asked, earlier, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.menus import importing
from catering.menus.graph.days import Menu, MenusByKitchenDays, MenusWanted, show_menus
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(description="The days that the file names have its menus; other days stay as they are.")
class MenusImported:
    menus: list[Menu] = strawberry.field(description="From the first day of the file to its last.")


ImportMenusResult: TypeAlias = Annotated[
    MenusImported
    | refusals.UnknownMenuKitchen
    | refusals.MenusRefused
    | UnknownDocument
    | TableRefused
    | NotAllowed
    | KeyRefused,
    strawberry.union("ImportMenusResult", description="The menus, or every line at fault."),
]


@documented
async def import_menus(
    info: Ask,
    kitchen: OfKitchen,
    document: Annotated[
        strawberry.ID,
        strawberry.argument(description="Number of the file (CSV or XLSX): a simple table or menus-collectifs."),
    ],
    idempotency_key: IdempotencyKey,
) -> ImportMenusResult:
    """Import menus of one restaurant: all, or nothing when a line is at fault; each name must be one of our dishes."""

    request, file = info.context, row_number(document, "document")
    try:
        once_only = asked("importMenus", idempotency_key, [kitchen, document])
        made = await earlier(request, once_only)
        if made is None:
            async with request.database.reading() as session:
                judged = await importing.judge_file(session, request.viewer, str(kitchen), file)
            made = await once(request, once_only, lambda session: _keep(session, request.viewer, judged))
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    kitchen_id, first, last = made.split()
    wanted = MenusWanted(int(kitchen_id), date.fromisoformat(first), date.fromisoformat(last))
    return MenusImported(menus=show_menus(await request.loader(MenusByKitchenDays).load(wanted)))


async def _keep(session: AsyncSession, viewer: Viewer, judged: importing.Judged) -> str:
    made = await importing.keep(session, viewer, judged)
    return f"{made.kitchen_id} {made.first} {made.last}"
