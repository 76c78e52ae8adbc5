"""What the orders add to offers: the price a kitchen pays, and which price that is."""

from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry

from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.market.graph import Offer
from catering.moment import today
from catering.orders.as_named import Made, correction
from catering.orders.loaders import PaidByKitchen, PriceAsked
from catering.orders.prices import Paid
from catering.recipes.loaders import IngredientById

Uai: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="UAI of the kitchen.")]
On: TypeAlias = Annotated[date, strawberry.argument(description="Day of the delivery.")]


async def _paid(offer: Offer, info: Ask, kitchen: str, on: date) -> Paid:
    return await info.context.loader(PaidByKitchen).load(PriceAsked(str(kitchen), on, offer.row))


@documented
async def price_for(of: strawberry.Parent[Offer], info: Ask, kitchen: Uai, on: On) -> Decimal:
    """€ excl. tax that a kitchen pays for a pack if it orders today, by its contract or price list if there is one:
    the price of a contract is delivered free, delivery is added to the others."""
    return (await _paid(of, info, kitchen, on)).price_eur_per_pack


@documented
async def price_words(of: strawberry.Parent[Offer], info: Ask, kitchen: Uai, on: On) -> str:
    """Which price `priceFor` is, in French: `Prix du marché n° 2026-07, ligne 3, franco de port`."""
    return (await _paid(of, info, kitchen, on)).agreement.words


@documented
async def to_correct(of: strawberry.Parent[Offer], info: Ask) -> str | None:
    """What its seller has to correct on its sheet before it may be sold, in French; null when nothing is wrong."""
    ingredient = await info.context.loader(IngredientById).load(of.row.ingredient_id)
    return None if ingredient is None else correction(of.row, Made(ingredient.slug, ingredient.kind.value), today())


OF_OFFER = (price_for, price_words, to_correct)
"""Fields that the orders add to offers."""
