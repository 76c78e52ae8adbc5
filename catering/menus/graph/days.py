"""The menus of a kitchen: what is planned, what it changed, what was served; the register of three months."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, TypeAlias

import strawberry

from catering.graph.documented import documented
from catering.graph.errors import BadDatesError
from catering.graph.loading import Loader
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.kitchens.graph import Kitchen
from catering.menus import models
from catering.menus.models import MenuSource
from catering.menus.queries import MENU_KEY, menus
from catering.menus.service import register_start
from catering.moment import today
from catering.recipes.graph import Dish, show_dish
from catering.recipes.loaders import DishById
from catering.recipes.vocabulary import Slot
from catering.rules import law

LONGEST_PERIOD = timedelta(days=400)
TRAY = list(Slot)

strawberry.enum(MenuSource, description="Who put a dish on a menu.")

FirstDay: TypeAlias = Annotated[
    date | None,
    strawberry.argument(description="First day, included; by default that of the register kept by law (NUT-S4)."),
]
LastDay: TypeAlias = Annotated[date | None, strawberry.argument(description="Last day, included; today by default.")]


@dataclass(frozen=True, slots=True)
class MenusWanted:
    """Days of one kitchen, both included."""

    kitchen_id: int
    first: date
    last: date


Rows: TypeAlias = Sequence[models.MenuDish]


class MenusByKitchenDays(Loader[MenusWanted, Rows]):
    """Menus of kitchens: one statement per distinct pair of days."""

    async def fetch(self, keys: list[MenusWanted]) -> Mapping[MenusWanted, Rows]:
        """The dishes by kitchen."""
        found: dict[MenusWanted, list[models.MenuDish]] = defaultdict(list)
        for first, last in {(key.first, key.last) for key in keys}:
            kitchens = {key.kitchen_id for key in keys if (key.first, key.last) == (first, last)}
            statement = menus(self.request.viewer, kitchen_ids=kitchens, first=first, last=last)
            for row in await self.request.objects(statement.order_by(*MENU_KEY)):
                found[MenusWanted(row.kitchen_id, first, last)].append(row)
        return found

    def missing(self, key: MenusWanted) -> Rows:
        """Nothing is on the menu."""
        del key
        return ()


@strawberry.type(description="A dish on a menu: the only one of its component, or one of several choices.")
class MenuChoice:
    dish_id: strawberry.Private[int]
    planned_dish_id: strawberry.Private[int | None]
    slot: Slot = strawberry.field(description="Component of the meal.")
    rank: int = strawberry.field(description="1 for the first choice, and for the only one.")
    covers: int = strawberry.field(description="Portions planned.")
    served_covers: int | None = strawberry.field(description="Portions served; null until somebody says so.")
    source: MenuSource = strawberry.field(description="Who put it there.")
    changed_at: datetime | None = strawberry.field(description="When the kitchen last changed it; null for the plan's.")

    @documented
    async def dish(self, info: Ask) -> Dish | None:
        """What is cooked."""
        row = await info.context.loader(DishById).load(self.dish_id)
        return None if row is None else show_dish(row)

    @documented
    async def planned_dish(self, info: Ask) -> Dish | None:
        """What the plan had there; null when it had nothing."""
        row = None if self.planned_dish_id is None else await info.context.loader(DishById).load(self.planned_dish_id)
        return None if row is None else show_dish(row)


@strawberry.type(description="What one kitchen serves on one day.")
class Menu:
    day: date = strawberry.field(name="date", description="The day.")
    choices: list[MenuChoice] = strawberry.field(description="In the order of the tray; several of one component.")


def show_menus(rows: Rows) -> list[Menu]:
    """Menus as GraphQL shows them, day by day."""
    days: dict[date, list[models.MenuDish]] = defaultdict(list)
    for row in rows:
        days[row.day].append(row)
    return [
        Menu(
            day=day,
            choices=[shown(MenuChoice, row) for row in sorted(of, key=lambda row: (TRAY.index(row.slot), row.rank))],
        )
        for day, of in sorted(days.items())
    ]


@documented
async def menus_of_kitchen(
    kitchen: strawberry.Parent[Kitchen], info: Ask, first_day: FirstDay = None, last_day: LastDay = None
) -> list[Menu]:
    """Menus of this kitchen, planned and served, day by day; at most 400 days apart."""
    last = last_day or today()
    first = first_day or register_start(last, int(law().parameter("NUT-S4", last)))
    if not timedelta() <= last - first <= LONGEST_PERIOD:
        raise BadDatesError(
            f"La période du {first} au {last} ne convient pas : lastDay suit firstDay, de {LONGEST_PERIOD.days} jours "
            "au plus."
        )
    return show_menus(await info.context.loader(MenusByKitchenDays).load(MenusWanted(kitchen.row_id, first, last)))


menus_of_kitchen.python_name = "menus"
OF_KITCHEN = (menus_of_kitchen,)
