"""What planning adds to baskets: what will be left in the kitchen for the week, and how that was counted."""

from collections.abc import Mapping
from datetime import date

import strawberry

from catering.figures import kilograms
from catering.graph.documented import documented
from catering.graph.loading import Loader
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.graph.values import BigInt
from catering.moment import today
from catering.orders.graph.baskets import Basket
from catering.orders.loaders import KitchenWeek
from catering.planning import left_overs as projection
from catering.planning.leaving import left_overs, runs_in_use
from catering.recipes.graph import Ingredient, show_ingredient
from catering.recipes.loaders import IngredientById


class LeftOversByKitchenWeek(Loader[KitchenWeek, Mapping[int, projection.LeftOver]]):
    """What is left for baskets, by ingredient (row id); five statements for each basket asked for, one as a rule."""

    async def fetch(self, keys: list[KitchenWeek]) -> Mapping[KitchenWeek, Mapping[int, projection.LeftOver]]:
        """The projections by kitchen and week."""
        return {key: await self._of(key.kitchen_id, key.week) for key in keys}

    async def _of(self, kitchen_id: int, week: date) -> Mapping[int, projection.LeftOver]:
        read, viewer = self.request.rows, self.request.viewer
        runs = await runs_in_use(read, viewer, week, today())
        return await left_overs(read, viewer, runs, kitchen_id, week, today())


@strawberry.type(description="What will be left of an ingredient for a week, and how it is counted, in grams.")
class LeftOver:
    ingredient_id: strawberry.Private[int]
    stock_g: BigInt = strawberry.field(description="On the shelves now.")
    to_receive_g: BigInt = strawberry.field(description="Ordered for earlier weeks, to come from today on.")
    used_g: BigInt = strawberry.field(description="What the menus from today to the Sunday before take of it.")
    expired_g: BigInt = strawberry.field(description="Past its DLC or DDM before a menu of the week could use it.")
    kept_g: BigInt = strawberry.field(description="Received for later weeks.")
    left_g: BigInt = strawberry.field(description="`stockG + toReceiveG - usedG - expiredG - keptG`, never below 0.")
    needed_g: BigInt = strawberry.field(description="What the menus of the week take, from today on.")
    served_g: BigInt = strawberry.field(description="Already taken from the shelves for the menus of the week.")

    @documented
    async def ingredient(self, info: Ask) -> Ingredient | None:
        """Of which ingredient."""
        row = await info.context.loader(IngredientById).load(self.ingredient_id)
        return None if row is None else show_ingredient(row)

    @documented
    def arithmetic(self) -> str:
        """The count in one French line, in kilograms."""
        parts = [f"{kilograms(self.stock_g)} en stock"]
        parts += [f"+ {kilograms(self.to_receive_g)} à recevoir"] if self.to_receive_g else []
        for grams, why in (
            (self.used_g, "utilisés avant"),
            (self.expired_g, "périmés avant usage"),
            (self.kept_g, "gardés pour plus tard"),
        ):
            parts += [f"− {kilograms(grams)} {why}"] if grams else []
        return f"{' '.join(parts)} = {kilograms(self.left_g)} de reste"


@documented
async def left_overs_of_basket(basket: strawberry.Parent[Basket], info: Ask) -> list[LeftOver]:
    """What filling the basket now counts on, ingredient by ingredient: those that are there or to come, and that the
    menus of the week use."""
    found = await info.context.loader(LeftOversByKitchenWeek).load(basket.place)
    return [
        shown(LeftOver, each, ingredient_id=ingredient)
        for ingredient, each in found.items()
        if each.needed_g + each.served_g and each.stock_g + each.to_receive_g + each.served_g
    ]


left_overs_of_basket.name = "leftOvers"

OF_BASKET = (left_overs_of_basket,)
"""Fields that planning adds to baskets."""
