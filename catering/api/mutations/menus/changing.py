"""What the mutations of menus share: one transaction per key, then the day as it stands."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.once import asked, once
from catering.graph.request import Request
from catering.kitchens import models
from catering.menus.graph.days import Menu, MenusByKitchenDays, MenusWanted, show_menus
from catering.people.viewer import Viewer

OfKitchen: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="UAI of a kitchen you cook for.")]
OnDay: TypeAlias = Annotated[date, strawberry.argument(description="The day of service.")]
Write: TypeAlias = Callable[[AsyncSession, Viewer], Awaitable[models.Kitchen]]


async def change_day(request: Request, operation: str, key: str, day: date, given: Any, write: Write) -> Menu:
    """Change a kitchen's day once per key, and show it as it stands.

    Raises:
        catering.refusal.Refusal: it is refused, or the key cannot be used.
    """
    viewer = request.viewer

    async def change(session: AsyncSession) -> str:
        return str((await write(session, viewer)).id)

    kitchen_id = int(await once(request, asked(operation, key, given), change))
    rows = await request.loader(MenusByKitchenDays).load(MenusWanted(kitchen_id, day, day))
    (menu,) = show_menus(rows)
    return menu
