"""Allergens of what is ordered: as sold, what the seller states beside them since, what a substitute adds."""

from collections.abc import Sequence
from datetime import date

import strawberry

from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.market.allergens_told import AllergensTold, read_told
from catering.market.loaders import OfferById, StatedAllergensByOfferId
from catering.orders import models
from catering.orders.graph.baskets import Substitute
from catering.orders.graph.orders import OrderLine
from catering.orders.sold import Sold
from catering.recipes.loaders import AllergensByIngredientId
from catering.rules.allergens import Allergen


@strawberry.type(description="What its seller had stated of the allergens of a line when it was sold.")
class SoldAllergens:
    row: strawberry.Private[models.OrderLine]
    told: strawberry.Private[AllergensTold]
    stated_on: date | None = strawberry.field(
        description="When it was stated; null when nobody had: those of the ingredient stand."
    )

    @documented
    def words(self) -> str | None:
        """In French: `contient lait ; traces possibles : sésame`; null when nobody had stated anything."""
        return None if self.stated_on is None else self.told.words

    @documented
    def contains(self) -> list[Allergen]:
        """Allergens in it (ALL-01)."""
        return list(self.told.contains)

    @documented
    def traces(self) -> list[Allergen]:
        """Allergens it may contain: voluntary information (ALL-05)."""
        return list(self.told.traces)

    @documented
    def document_id(self) -> strawberry.ID | None:
        """Number of the sheet that said so, among the documents; null for none."""
        number = self.row.allergen_document_id
        return None if number is None else strawberry.ID(str(number))

    @documented
    async def beyond_ingredient(self, info: Ask) -> list[Allergen]:
        """Of these, those that the ingredient does not have: no fiche technique tells them by itself."""
        usual = {
            each.allergen for each in await info.context.loader(AllergensByIngredientId).load(self.row.ingredient_id)
        }
        return [each for each in self.told.contains if each not in usual]

    @documented
    async def added_since(self, info: Ask) -> list[Allergen]:
        """What the seller states today that it contains and had not stated when it was sold."""
        offer = await info.context.loader(OfferById).load(self.row.offer_id)
        if offer is None or offer.allergens_on is None:
            return []
        now = [
            each.allergen
            for each in await info.context.loader(StatedAllergensByOfferId).load(offer.id)
            if not each.traces
        ]
        before = set(self.told.contains)
        if self.stated_on is None:
            usual = await info.context.loader(AllergensByIngredientId).load(self.row.ingredient_id)
            before = {each.allergen for each in usual}
        return [each for each in now if each not in before]


@documented
def allergens_of_line(line: strawberry.Parent[OrderLine]) -> SoldAllergens:
    """Its allergens as its seller had stated them."""
    row = line.row
    return SoldAllergens(row=row, told=read_told(row.allergens), stated_on=row.allergens_on)


@documented
async def added_by_substitute(substitute: strawberry.Parent[Substitute], info: Ask) -> list[Allergen]:
    """Allergens it contains and the line that it takes the place of does not, by what their sellers state, else by the
    ingredient."""
    usual = await _usual(info, substitute.sold.offer.ingredient_id)
    there = _contained(substitute.replaced, usual)
    return [each for each in _contained(substitute.sold, usual) if each not in there]


def _contained(sold: Sold, usual: Sequence[Allergen]) -> Sequence[Allergen]:
    return usual if sold.offer.allergens_on is None else read_told(sold.allergens).contains


async def _usual(info: Ask, ingredient_id: int) -> Sequence[Allergen]:
    """Allergens of an ingredient (row id), as recipes know them."""
    return [each.allergen for each in await info.context.loader(AllergensByIngredientId).load(ingredient_id)]


allergens_of_line.name = "allergens"
added_by_substitute.name = "allergensAdded"
OF_ORDERED_LINE = (allergens_of_line,)
OF_SUBSTITUTE = (added_by_substitute,)
