"""Where waste, menus and the market meet: what the food that was lost had cost, and its CO2e."""

from decimal import Decimal

import strawberry

from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.graph.values import BigInt
from catering.waste.graph.results import WasteResult
from catering.waste.reading_worth import worth_of


@strawberry.type(
    description="What edible waste was worth: by the dish weighed, else its component of the lunch of that day, "
    "else that whole lunch. What no figure covers is told apart, never taken for zero."
)
class WasteWorth:
    eur_low: Decimal = strawberry.field(description="€ excl. tax of ingredients at the lowest offers you may read.")
    eur_high: Decimal = strawberry.field(description="The same at the highest offers.")
    co2e_kg: Decimal = strawberry.field(description="kg CO2e of ingredients, transport included.")
    eur_unknown_g: BigInt = strawberry.field(
        description="Edible grams without a price: no menu known, or nobody offers."
    )
    co2e_unknown_g: BigInt = strawberry.field(description="Edible grams without a CO2e.")
    edible_g: BigInt = strawberry.field(description="Edible grams in all.")


@documented
async def worth(result: strawberry.Parent[WasteResult], info: Ask) -> WasteWorth:
    """Euros and kg CO2e that were thrown away, and how much of it is unknown."""
    return shown(WasteWorth, await worth_of(info.context, result.row))


OF_WASTE_RESULT = (worth,)
