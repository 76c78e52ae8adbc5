"""Where the EGAlim rates of a kitchen will stand at 31 December, and what must still be bought, as GraphQL shows it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

from catering.graph.documented import documented
from catering.graph.loading import Loader
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.graph.values import BigInt
from catering.kitchens.graph import Kitchen, KitchenById, show_kitchen
from catering.kitchens.queries import kitchens
from catering.market.graph import Offer, show_offer
from catering.market.loaders import OfferById
from catering.moment import today
from catering.planning import switching
from catering.planning.projecting import Projection, projections
from catering.planning.remedying import outlook
from catering.purchases.graph_egalim import EgalimYear, OfYear, show_year, year_asked
from catering.recipes.graph import Ingredient, show_ingredient
from catering.recipes.loaders import IngredientById
from catering.rules.egalim_year import year_of


class ProjectionByKitchenAndYear(Loader[tuple[int, int], Projection]):
    """Projected years of kitchens: six statements a year, whatever the number of kitchens."""

    async def fetch(self, keys: list[tuple[int, int]]) -> Mapping[tuple[int, int], Projection]:
        """The projections by kitchen number and year."""
        found: dict[tuple[int, int], Projection] = {}
        for year in sorted({year for _, year in keys}):
            wanted = [kitchen for kitchen, of in keys if of == year]
            async with self.request.reading() as session:
                of_year = await projections(session, self.request.viewer, year, today(), kitchen_ids=wanted)
            found.update({(kitchen, year): each for kitchen, each in of_year.items()})
        return found

    def missing(self, key: tuple[int, int]) -> Projection:
        """Nothing is bought, ordered or planned."""
        del key
        return Projection({}, {}, {})


@documented
async def egalim_projected(kitchen: strawberry.Parent[Kitchen], info: Ask, year: OfYear = None) -> EgalimYear:
    """The year at 31 December: bought, plus ordered and not yet received, plus what the published plan still buys."""
    asked = year_asked(year)
    found = await info.context.loader(ProjectionByKitchenAndYear).load((kitchen.row_id, asked))
    return show_year(year_of(found.all_year, asked))


@strawberry.type(description="Grams of an ingredient to buy of an offer that counts, instead of what the plan buys.")
class EgalimSwitch:
    row: strawberry.Private[switching.Switch]
    first_week: date = strawberry.field(description="Monday of the first week in which to buy it.")
    last_week: date = strawberry.field(description="Monday of the last one.")
    amount_eur: Decimal = strawberry.field(description="What it costs, € excl. tax, delivery included.")
    extra_eur: Decimal = strawberry.field(description="What it costs more than the plan, €; negative when less.")

    @documented
    def grams(self) -> BigInt:
        """Grams, over all weeks that are left."""
        return BigInt(self.row.grams)

    @documented
    async def offer(self, info: Ask) -> Offer | None:
        """What to buy."""
        row = await info.context.loader(OfferById).load(self.row.offer_id)
        return None if row is None else show_offer(row)

    @documented
    async def ingredient(self, info: Ask) -> Ingredient | None:
        """Of which ingredient."""
        row = await info.context.loader(IngredientById).load(self.row.ingredient_id)
        return None if row is None else show_ingredient(row)


@strawberry.type(description="€ that no offer can make count: a rate that will be missed.")
class EgalimShortfall:
    rule: strawberry.ID = strawberry.field(description="Id of the rate.")
    missing_eur: Decimal = strawberry.field(description="€ excl. tax that would still have to count.")


@strawberry.type(
    description="The year of a kitchen, so far and projected, and what to buy otherwise to reach its rates."
)
class EgalimOutlook:
    kitchen_row: strawberry.Private[int]
    bought: EgalimYear = strawberry.field(description="Received and invoiced so far.")
    projected: EgalimYear = strawberry.field(description="At 31 December, with orders sent and the published plan.")
    switches: list[EgalimSwitch] = strawberry.field(
        description="The cheapest set of changes to what the plan still buys: a linear program, solved exactly at the "
        "delivered prices of the day, week by week within what is left of each offer. Minimum drops and whole packs "
        "are not in it."
    )
    extra_eur: Decimal = strawberry.field(description="What they cost more than the plan, €.")
    reached: bool = strawberry.field(description="Whether every rate is then reached.")
    shortfalls: list[EgalimShortfall] = strawberry.field(description="Rates that stay out of reach.")

    @documented
    async def kitchen(self, info: Ask) -> Kitchen | None:
        """Whose year it is."""
        row = await info.context.loader(KitchenById).load(self.kitchen_row)
        return None if row is None else show_kitchen(row)


@strawberry.type
class Query:
    @documented
    async def egalim_outlook(
        self,
        info: Ask,
        uai: Annotated[strawberry.ID, strawberry.argument(description="The kitchen, one that you may read.")],
        year: OfYear = None,
    ) -> EgalimOutlook | None:
        """What a kitchen must still buy to reach 50 / 20 / 60 at least cost; null for a kitchen you may not read."""
        asked, viewer = year_asked(year), info.context.viewer
        row = await info.context.one(kitchens(viewer, uais=[uai]))
        if row is None:
            return None
        async with info.context.reading() as session:
            found = await outlook(session, viewer, row, asked, today())
        remedy = found.remedy
        return EgalimOutlook(
            kitchen_row=row.id,
            bought=show_year(found.so_far),
            projected=show_year(found.projected),
            switches=[
                shown(
                    EgalimSwitch,
                    each,
                    row=each,
                )
                for each in remedy.switches
            ],
            extra_eur=remedy.extra_eur,
            reached=remedy.reached,
            shortfalls=[
                EgalimShortfall(rule=strawberry.ID(rule), missing_eur=missing)
                for rule, missing in sorted(remedy.missing_eur.items())
                if missing
            ],
        )


OF_KITCHEN = (egalim_projected,)
