"""What weighings say of one kitchen, as GraphQL shows it."""

from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry

from catering.charts import bars, line
from catering.graph.charts import Chart, show_chart
from catering.graph.documented import documented
from catering.graph.paging import DEFAULT_ROWS, require_size
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.graph.values import BigInt
from catering.kitchens.graph import Kitchen, show_kitchen
from catering.recipes.graph import Dish, Ingredient, show_dish, show_ingredient
from catering.recipes.loaders import DishById, IngredientById
from catering.waste import pictures
from catering.waste.graph.protocols import WasteProtocol, show_protocol
from catering.waste.graph.weighings import (
    HowMany,
    KitchenUai,
    OfService,
    require_period,
)
from catering.waste.graph.words import FoodGroup, KitchenKind, Stage, WasteCause
from catering.waste.reading import Measured, current_period, history, kept, measured, stock_losses
from catering.waste.rules.breakdown import mass_by
from catering.waste.rules.compared import costs, means, published_share
from catering.waste.rules.dishes import DishWaste, by_dish
from catering.waste.rules.estimate import Estimate
from catering.waste.rules.mass import Mass, added
from catering.waste.rules.target import target

FirstOrCurrent: TypeAlias = Annotated[
    date | None,
    strawberry.argument(description="First day, included; by default of the campaign begun last, else a year ago."),
]
LastOrCurrent: TypeAlias = Annotated[
    date | None, strawberry.argument(description="Last day, included; by default of the same campaign, else today.")
]


@strawberry.type(description="Grams, edible and not: they add up to the total.")
class WasteMass:
    row: strawberry.Private[Mass]

    @documented
    def edible_g(self) -> BigInt:
        """Edible grams: the waste of the law (GAS-12)."""
        return BigInt(self.row.edible_g)

    @documented
    def inedible_g(self) -> BigInt:
        """Bones, peel, stones."""
        return BigInt(self.row.inedible_g)

    @documented
    def total_g(self) -> BigInt:
        """Both."""
        return BigInt(self.row.total_g)


@strawberry.type(description="Grams per cover, with the interval that holds 95 times in 100 (decision 0070).")
class GramsPerCover:
    value: Decimal = strawberry.field(description="Total grams over total covers, to a tenth.")
    low: Decimal | None = strawberry.field(description="Null when a single day tells nothing of how days differ.")
    high: Decimal | None = strawberry.field(description="Upper end.")
    sample: int = strawberry.field(description="Days it rests on; kitchens, where several are put together.")


@strawberry.type(description="One stage over the days on which it was weighed.")
class StageWaste:
    stage: Stage = strawberry.field(description="Which.")
    mass: WasteMass = strawberry.field(description="Grams.")
    edible_per_cover: GramsPerCover | None = strawberry.field(description="Edible grams per cover served.")
    estimated: bool = strawberry.field(description="Whether some was not sorted: the law then says what is edible.")
    share: Decimal | None = strawberry.field(description="Of the edible grams of the complete days, 0 to 1.")
    published_share: Decimal | None = strawberry.field(description="What studies of ADEME find; null without one.")


@strawberry.type(description="One day.")
class DayWaste:
    day: date = strawberry.field(description="The day.")
    covers: int | None = strawberry.field(description="Served, all services that were counted; null when one was not.")
    complete: bool = strawberry.field(description="Whether the stages of every service that was counted were weighed.")
    mass: WasteMass = strawberry.field(description="Grams of all stages.")


@strawberry.type(description="What one cause took.")
class CauseWaste:
    cause: WasteCause | None = strawberry.field(description="Null for what nobody told.")
    mass: WasteMass = strawberry.field(description="Grams.")
    share: Decimal | None = strawberry.field(description="Of the edible grams, 0 to 1; null for a share of nothing.")


@strawberry.type(description="What one family of food lost.")
class GroupWaste:
    food_group: FoodGroup | None = strawberry.field(description="Null for what nobody told.")
    mass: WasteMass = strawberry.field(description="Grams.")
    share: Decimal | None = strawberry.field(description="Of the edible grams, 0 to 1.")
    published_share: Decimal | None = strawberry.field(description="What studies of ADEME find; null without one.")


@strawberry.type(
    name="DishWaste", description="What one dish lost at service, on the days on which it was weighed by itself."
)
class DishWasteShown:
    row: strawberry.Private[DishWaste]
    days: int = strawberry.field(description="On how many days.")
    mass: WasteMass = strawberry.field(description="Grams.")
    edible_per_cover: GramsPerCover | None = strawberry.field(description="Per cover served on those days.")

    @documented
    async def dish(self, info: Ask) -> Dish | None:
        """Which."""
        row = await info.context.loader(DishById).load(self.row.dish_id)
        return None if row is None else show_dish(row)


@strawberry.type(description="A published figure, and how the kitchen stands to it.")
class WasteReference:
    id: strawberry.ID = strawberry.field(description="Of the figure, e.g. `REF-SCOLAIRE`.")
    french_name: str = strawberry.field(description="Of whom it is.")
    value: Decimal = strawberry.field(description="Edible grams per cover.")
    source: str = strawberry.field(description="Key of its source.")
    difference: Decimal | None = strawberry.field(description="Measured minus published; null without a measure.")


@strawberry.type(description="What a study says that waste costs.")
class PublishedCost:
    id: strawberry.ID = strawberry.field(description="Of the figure, e.g. `REF-COUT-DIRECT`.")
    french_name: str = strawberry.field(description="What it counts.")
    eur_per_cover: Decimal = strawberry.field(description="Euros per cover.")
    source: str = strawberry.field(description="Key of its source.")


@strawberry.type(description="The fall that the law aims at, against the year the kitchen chose (GAS-01).")
class WasteTarget:
    base_year: int = strawberry.field(description="Chosen by the kitchen.")
    base: Decimal = strawberry.field(description="Edible grams per cover of that year.")
    target: Decimal = strawberry.field(description="Grams per cover to come to.")
    change: Decimal | None = strawberry.field(description="Share of the base; negative when less is wasted.")
    met: bool | None = strawberry.field(
        description="Null without a measure, or when its interval holds the target or there is none."
    )
    legal_base_year: int = strawberry.field(description="Of the law.")
    legal_year: int = strawberry.field(description="By when the law aimed at it; it has passed.")


@strawberry.type(description="An earlier campaign of the same kitchen.")
class PastCampaign:
    first_day: date = strawberry.field(description="First day.")
    last_day: date = strawberry.field(description="Last day.")
    edible_per_cover: GramsPerCover | None = strawberry.field(description="What it found.")


@strawberry.type(description="What was thrown away on the shelves: followed beside the weighings, never in them.")
class StockLoss:
    grams: BigInt = strawberry.field(description="Grams.")
    ingredient: Ingredient | None = strawberry.field(description="Of what.")


@strawberry.type(description="What the weighings of a kitchen and period say.")
class WasteResult:
    row: strawberry.Private[Measured]
    first_day: date = strawberry.field(description="First day looked at.")
    last_day: date = strawberry.field(description="Last day looked at.")

    @documented
    def kitchen(self) -> Kitchen:
        """Whose."""
        return show_kitchen(self.row.kitchen)

    @documented
    def kind(self) -> KitchenKind:
        """Which kind of establishment: its protocol."""
        return self.row.kind

    @documented
    def covers(self) -> int:
        """Covers served on the complete days."""
        return self.row.result.covers

    @documented
    def mass(self) -> WasteMass:
        """All that was weighed."""
        return WasteMass(row=self.row.result.mass)

    @documented
    def edible_per_cover(self) -> GramsPerCover | None:
        """Edible grams per cover served (GAS-14), from days that are complete and counted; null without one."""
        return show_estimate(self.row.result.per_cover)

    @documented
    def without_unusual(self) -> GramsPerCover | None:
        """The same without the days whose weighings or covers were confirmed as unusual: both figures are kept."""
        return show_estimate(self.row.result.without_unusual)

    @documented
    def partial_days(self) -> list[date]:
        """Days on which a stage of a service was not weighed: they are left out of the figure."""
        return self.row.result.partial_days

    @documented
    async def protocol(self, info: Ask) -> WasteProtocol:
        """How these days stand to the protocol, with the days of service on which nobody weighed."""
        return show_protocol(await kept(info.context, self.row))

    @documented
    def uncounted_days(self) -> list[date]:
        """Days of which nobody counted the covers: they are left out too."""
        return self.row.result.uncounted_days

    @documented
    def stages(self) -> list[StageWaste]:
        """The three stages."""
        usable = self.row.result.usable
        whole = {stage: added(day.stages[stage] for day in usable) for stage in Stage}
        return [
            StageWaste(
                stage=each.stage,
                mass=WasteMass(row=each.mass),
                edible_per_cover=show_estimate(each.per_cover),
                estimated=each.estimated,
                share=pictures.share(whole[each.stage], whole.values()),
                published_share=self._published(each.stage),
            )
            for each in self.row.result.stages
        ]

    @documented
    def days(self) -> list[DayWaste]:
        """Day by day."""
        return [
            DayWaste(day=each.day, covers=each.covers, complete=each.complete, mass=WasteMass(row=each.mass))
            for each in self.row.result.days
        ]

    @documented
    def causes(self) -> list[CauseWaste]:
        """Share by cause, the heaviest first."""
        found = mass_by(self.row.rows, _cause)
        return [
            CauseWaste(cause=cause, mass=WasteMass(row=mass), share=pictures.share(mass, found.values()))
            for cause, mass in pictures.heaviest(found)
        ]

    @documented
    def food_groups(self) -> list[GroupWaste]:
        """Share by family of food, the heaviest first."""
        found = mass_by(self.row.rows, _group)
        return [
            GroupWaste(
                food_group=group,
                mass=WasteMass(row=mass),
                share=pictures.share(mass, found.values()),
                published_share=self._published(group),
            )
            for group, mass in pictures.heaviest(found)
        ]

    def _published(self, word: Stage | FoodGroup | None) -> Decimal | None:
        found = published_share(word, self.row.last)
        return None if found is None else found.value

    @documented
    def dishes_weighed(self) -> int:
        """How many dishes were weighed by themselves at service."""
        return len(by_dish(self.row.rows, self.row.covers))

    @documented
    def dishes(self, first: HowMany = DEFAULT_ROWS) -> list[DishWasteShown]:
        """Dishes weighed by themselves at service, the heaviest per cover first; `dishesWeighed` says of how many."""
        require_size(first)
        return [show_dish_waste(each) for each in by_dish(self.row.rows, self.row.covers)[:first]]

    @documented
    def references(self) -> list[WasteReference]:
        """Published means of kitchens like it, with the difference (the last day decides which stand)."""
        estimate = self.row.result.per_cover
        return [
            WasteReference(
                id=strawberry.ID(each.id),
                french_name=each.french_name,
                value=each.value,
                source=each.source,
                difference=None if estimate is None else estimate.value - each.value,
            )
            for each in means(self.row.kind, self.row.last)
        ]

    @documented
    def published_costs(self) -> list[PublishedCost]:
        """What studies say that waste costs, euros per cover; what it cost here is in `worth`."""
        return [shown(PublishedCost, each, eur_per_cover=each.value) for each in costs(self.row.last)]

    @documented
    def goal(self) -> WasteTarget | None:
        """Where the kitchen stands; null until it states its base year."""
        site, estimate = self.row.site, self.row.result.per_cover
        if site is None or site.base_year is None or site.base_g_per_cover is None:
            return None
        return shown(WasteTarget, target(site.base_year, site.base_g_per_cover, estimate, self.row.last))

    @documented
    async def history(self, info: Ask) -> list[PastCampaign]:
        """Campaigns of the kitchen that ended before the first day, oldest first, the latest twenty at most."""
        found = await history(info.context, self.row.kitchen, before=self.row.first)
        return [_past(each) for each in found]

    @documented
    async def stock_losses(self, info: Ask) -> list[StockLoss]:
        """Losses of the stock of these days, as receiving notes them, by ingredient, the heaviest first."""
        rows = await stock_losses(info.context, self.row.kitchen.uai, self.row.first, self.row.last)
        found = await info.context.loader(IngredientById).load_many([row.ingredient_id for row in rows])
        return [
            StockLoss(grams=BigInt(row.grams), ingredient=None if each is None else show_ingredient(each))
            for row, each in zip(rows, found, strict=True)
        ]

    @documented
    def stages_chart(self) -> Chart:
        """Edible grams per cover, stage by stage."""
        return show_chart(pictures.of_stages(self.row.result), bars)

    @documented
    def days_chart(self) -> Chart:
        """Edible grams per cover, day by day, with the references."""
        return show_chart(pictures.of_days(self.row), line)

    @documented
    def causes_chart(self) -> Chart:
        """Edible kilograms by cause."""
        return show_chart(pictures.of_masses("Kilogrammes comestibles par cause", mass_by(self.row.rows, _cause)), bars)

    @documented
    async def history_chart(self, info: Ask) -> Chart:
        """Edible grams per cover, campaign by campaign, this period last, with the target."""
        found = await history(info.context, self.row.kitchen, before=self.row.first)
        return show_chart(pictures.of_history([*found, self.row]), bars)


def _cause(row: object) -> WasteCause | None:
    found: WasteCause | None = getattr(row, "cause")  # noqa: B009 - rows of sums have their columns by name
    return found


def _group(row: object) -> FoodGroup | None:
    found: FoodGroup | None = getattr(row, "food_group")  # noqa: B009 - as above
    return found


def _past(each: Measured) -> PastCampaign:
    estimate = show_estimate(each.result.per_cover)
    return PastCampaign(first_day=each.first, last_day=each.last, edible_per_cover=estimate)


def show_estimate(found: Estimate | None) -> GramsPerCover | None:
    """An estimate as GraphQL shows it."""
    return None if found is None else shown(GramsPerCover, found, sample=found.days)


def show_dish_waste(each: DishWaste) -> DishWasteShown:
    """A dish as GraphQL shows it."""
    estimate = show_estimate(each.per_cover)
    return DishWasteShown(row=each, days=each.days, mass=WasteMass(row=each.mass), edible_per_cover=estimate)


def show_result(row: Measured) -> WasteResult:
    """A result as GraphQL shows it."""
    return WasteResult(row=row, first_day=row.first, last_day=row.last)


@strawberry.type
class Query:
    @documented
    async def waste_result(
        self,
        info: Ask,
        kitchen: KitchenUai,
        first_day: FirstOrCurrent = None,
        last_day: LastOrCurrent = None,
        service: OfService = None,
    ) -> WasteResult | None:
        """What the weighings of a kitchen and period say; null when you may not read the kitchen."""
        if first_day is None or last_day is None:
            first, last = await current_period(info.context, str(kitchen))
            first_day, last_day = first_day or first, last_day or last
        require_period(first_day, last_day)
        found = await measured(info.context, str(kitchen), first_day, last_day, service)
        return None if found is None else show_result(found)
