"""A dish as a kitchen serves it on a day: its portion and all that follows from it, as GraphQL shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import strawberry

from catering.graph.documented import documented
from catering.graph.loading import Loader
from catering.graph.request import Ask
from catering.kitchens.queries import kitchens
from catering.menus.queries import portion_changes_visible_to
from catering.moment import today
from catering.recipes.graph import Dish, show_dish
from catering.recipes.portions import in_force


@dataclass(frozen=True, slots=True)
class PortionsWanted:
    """A kitchen (UAI) on a day; None for wherever nothing else was decided."""

    uai: str | None
    on: date


Portions = Mapping[int, int]
"""Grams of a cover by row id of the dish, of those that somebody changed."""


class PortionsByKitchenDay(Loader[PortionsWanted, Portions | None]):
    """Portions in force, None in a kitchen that the viewer may not read: two statements."""

    async def fetch(self, keys: list[PortionsWanted]) -> Mapping[PortionsWanted, Portions | None]:
        """The portions by kitchen and day."""
        viewer = self.request.viewer
        asked = {key.uai for key in keys if key.uai is not None}
        places = await self.request.objects(kitchens(viewer, uais=asked)) if asked else []
        numbers: dict[str | None, int | None] = {None: None, **{each.uai: each.id for each in places}}
        changes = await self.request.objects(portion_changes_visible_to(viewer))
        return {
            key: {dish: change.served_g for dish, change in in_force(changes, key.on, numbers[key.uai]).items()}
            for key in keys
            if key.uai in numbers
        }

    def missing(self, key: PortionsWanted) -> Portions | None:
        """The kitchen is not the viewer's to read."""
        del key
        return None


@documented
async def served_in(
    dish: strawberry.Parent[Dish],
    info: Ask,
    kitchen: Annotated[
        strawberry.ID | None, strawberry.argument(description="UAI; wherever nothing else was decided by default.")
    ] = None,
    on: Annotated[date | None, strawberry.argument(description="The day; today by default.")] = None,
) -> Dish | None:
    """The dish at the portion in force there that day, all figures of a cover with it; null where you may not read."""
    wanted = PortionsWanted(None if kitchen is None else str(kitchen), on or today())
    portions = await info.context.loader(PortionsByKitchenDay).load(wanted)
    return None if portions is None else show_dish(dish.row, portions.get(dish.row.id))


OF_DISH = (served_in,)
