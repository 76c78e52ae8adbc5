"""Ingredients and dishes, as GraphQL shows them."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, TypeAlias

import strawberry

from catering import moment
from catering.graph.arguments import known_law
from catering.graph.documented import documented
from catering.graph.errors import BadArgumentError
from catering.graph.paging import DEFAULT_ROWS, After, First, Order, Page, page
from catering.graph.request import Ask, Request
from catering.graph.shown import shown
from catering.recipes import attributes, models
from catering.recipes.facts import facts_of
from catering.recipes.loaders import AllergensByIngredientId, DishOn, DishWithLinesById, FactsByDishOn
from catering.recipes.models import Dish as DishRow
from catering.recipes.portions import scaled_grams
from catering.recipes.queries import DISH_KEY, INGREDIENT_KEY, dishes, ingredients, with_lines
from catering.recipes.rules import NUTRIENTS
from catering.recipes.vocabulary import Allergen, Family, Frying, IngredientKind, Slot, Technique
from catering.rules import Truth, law, thresholds

DISHES = Order(DISH_KEY)
INGREDIENTS = Order(INGREDIENT_KEY)
STEP = Decimal("0.0001")
MONTHS = range(1, 13)

strawberry.enum(Allergen, description="The 14 allergens of annex II of regulation (EU) 1169/2011.")
strawberry.enum(Family, description="Product family of ma-cantine.")
strawberry.enum(Frying, description="How an ingredient is fried.")
strawberry.enum(IngredientKind, description="What an ingredient is, as the definitions of the arrêté need it.")
strawberry.enum(Slot, description="Component of a meal, in the order of the tray.")
strawberry.enum(Technique, description="How a dish is finished.")
strawberry.enum(Truth, description="Whether an attribute holds; UNKNOWN when a figure it needs is missing.")

Month: TypeAlias = Annotated[int | None, strawberry.argument(description="1 to 12: only what is in season then.")]
On: TypeAlias = Annotated[
    date | None, strawberry.argument(description="The law in force on this date; today by default.")
]


@strawberry.type(description="Energy and nutrients; null is unknown, never zero.")
class Nutrition:
    kcal: Decimal | None = strawberry.field(description="Energy, kcal.")
    protein_g: Decimal | None = strawberry.field(description="Protein, g.")
    fat_g: Decimal | None = strawberry.field(description="Fat, g.")
    saturates_g: Decimal | None = strawberry.field(description="Saturated fat, g.")
    carbs_g: Decimal | None = strawberry.field(description="Carbohydrates, g.")
    sugars_g: Decimal | None = strawberry.field(description="Sugars, g.")
    fibre_g: Decimal | None = strawberry.field(description="Fibre, g.")
    salt_g: Decimal | None = strawberry.field(description="Salt, g.")
    calcium_mg: Decimal | None = strawberry.field(description="Calcium, mg.")
    iron_mg: Decimal | None = strawberry.field(description="Iron, mg.")


@strawberry.type(description="A food as it is bought.")
class Ingredient:
    row: strawberry.Private[models.Ingredient]
    id: strawberry.ID = strawberry.field(description="Stable name, e.g. `chou_fleur`.")
    name: str = strawberry.field(description="French name.")
    family: Family = strawberry.field(description="Product family of ma-cantine.")
    kind: IngredientKind = strawberry.field(description="What it is.")
    ciqual_code: str | None = strawberry.field(description="Food of the Ciqual table its nutrients come from.")
    ciqual_name: str | None = strawberry.field(description="French name of that food.")
    edible_pct: Decimal = strawberry.field(description="Share of the bought weight left after trimming, percent.")
    animal_flesh: bool | None = strawberry.field(description="Whether it comes from a killed animal; null is unknown.")
    minced: bool = strawberry.field(description="Minced meat.")
    frying: Frying | None = strawberry.field(description="Null when it is not fried.")
    keeping_days: int | None = strawberry.field(description="Days between delivery and use; null is unknown.")
    agribalyse_code: str | None = strawberry.field(description="Product of Agribalyse its footprint comes from.")
    co2e_kg_per_kg: Decimal | None = strawberry.field(description="kg CO2e per kg without transport; null is unknown.")
    co2e_transport_kg_per_kg: Decimal | None = strawberry.field(description="Its average transport, kg CO2e per kg.")
    source: str = strawberry.field(description="Where the figures were read.")

    @documented
    def months(self) -> list[int]:
        """Months (1 to 12) of its season in the north of France; all twelve when it has none."""
        return sorted(self.row.months)

    @documented
    def nutrition(self) -> Nutrition:
        """Per 100 g of the edible part (Ciqual)."""
        return shown(Nutrition, self.row)

    @documented
    async def allergens(self, info: Ask) -> list[Allergen]:
        """Allergens it declares."""
        rows = await info.context.loader(AllergensByIngredientId).load(self.row.id)
        return [row.allergen for row in rows]


@strawberry.type(description="Grams of one ingredient in one cover.")
class DishLine:
    ingredient: Ingredient = strawberry.field(description="What is weighed.")
    grams: int = strawberry.field(description="Grams per cover, raw as bought.")


@strawberry.type(description="A figure that nobody gave and that something needs.")
class MissingFigure:
    ingredient: strawberry.ID = strawberry.field(description="Id of the ingredient that lacks it.")
    column: str = strawberry.field(description="Name of the figure, e.g. `calcium_mg`.")


@strawberry.type(description="An attribute that rules count, derived from the fiche technique.")
class DishAttribute:
    name: str = strawberry.field(description="As rules name it, e.g. `fried_fat_gt15`.")
    definition: str = strawberry.field(description="What it means, in French.")
    truth: Truth = strawberry.field(description="Whether the dish has it.")
    missing: list[MissingFigure] = strawberry.field(description="Why it is unknown; empty otherwise.")


@strawberry.type(description="All that follows from a fiche technique under the law of a date, for one cover.")
class DishFacts:
    facts: strawberry.Private[attributes.DishFacts]

    @documented
    def nutrition(self) -> Nutrition:
        """Of one cover, rounded half-up to four decimals."""
        return Nutrition(**{name: _rounded(self.facts.nutrients[name]) for name in NUTRIENTS})

    @documented
    def fat_percent(self) -> Decimal | None:
        """Grams of fat per 100 g as served; null is unknown."""
        return _rounded(self.facts.fat_percent)

    @documented
    def protein_per_fat(self) -> Decimal | None:
        """Grams of protein per gram of fat; null when unknown or without fat."""
        return _rounded(self.facts.protein_per_fat)

    @documented
    def co2e_kg(self) -> Decimal | None:
        """kg CO2e without transport; null is unknown."""
        return _rounded(self.facts.co2e_kg)

    @documented
    def co2e_transport_kg(self) -> Decimal | None:
        """kg CO2e of average transport; null is unknown."""
        return _rounded(self.facts.co2e_transport_kg)

    @documented
    def allergens(self) -> list[Allergen]:
        """Allergens of all its ingredients."""
        return sorted(self.facts.allergens)

    @documented
    def season(self) -> list[int]:
        """Months (1 to 12) in which every ingredient is in season."""
        return sorted(self.facts.season)

    @documented
    def cooking_yield(self) -> Decimal | None:
        """Weight as served over the edible weight that goes in."""
        return _rounded(self.facts.cooking_yield)

    @documented
    def attributes(
        self,
        truth: Annotated[
            list[Truth] | None, strawberry.argument(description="Only these answers; TRUE and UNKNOWN by default.")
        ] = None,
    ) -> list[DishAttribute]:
        """Attributes that rules count, in the order of the rule tables."""
        wanted = (Truth.TRUE, Truth.UNKNOWN) if truth is None else truth
        missing = {unknown.attribute: unknown.missing for unknown in self.facts.unknowns}
        return [
            DishAttribute(
                name=name,
                definition=law().tables.attributes[name].definition,
                truth=answer,
                missing=[
                    MissingFigure(ingredient=strawberry.ID(each.ingredient), column=each.column)
                    for each in missing.get(name, ())
                ],
            )
            for name, answer in self.facts.attributes.items()
            if answer in wanted
        ]


@strawberry.type(description="A fiche technique: what one cover of a collégien takes and how it is cooked.")
class Dish:
    row: strawberry.Private[models.Dish]
    portion_g: strawberry.Private[int | None]
    """Another portion than the fiche's, that all figures of a cover follow."""
    id: strawberry.ID = strawberry.field(description="Stable name, e.g. `saute_de_porc_maroilles`.")
    name: str = strawberry.field(description="French name, as on the menu.")
    slot: Slot = strawberry.field(description="Component of the meal.")
    technique: Technique = strawberry.field(description="How it is finished.")
    served_g: int = strawberry.field(description="Grams of one cover as served.")
    equipment: str | None = strawberry.field(description="What the kitchen needs.")
    prep_minutes_per_100: int | None = strawberry.field(description="Minutes of work for 100 covers.")
    regional: str | None = strawberry.field(description="The regional product it honours; null for none.")

    @documented
    def months(self) -> list[int]:
        """Months (1 to 12) when it may be on the menu."""
        return sorted(self.row.months)

    @documented
    def steps(self) -> list[str]:
        """What the cook does, in order, in French."""
        return [step.strip() for step in self.row.steps.split(" ; ")]

    @documented
    async def lines(self, info: Ask) -> list[DishLine]:
        """Ingredients of one cover, in the order of the fiche (a dozen)."""
        whole = await info.context.loader(DishWithLinesById).load(self.row.id)
        lines = whole.lines if whole is not None else ()
        return [DishLine(ingredient=show_ingredient(line.ingredient), grams=self.grams(line)) for line in lines]

    @documented
    async def facts(self, info: Ask, on: On = None) -> DishFacts:
        """Nutrition, footprint, allergens and attributes of one cover, derived, never typed in."""
        found = await info.context.loader(FactsByDishOn).load(DishOn(self.row.id, _law_of(on), self.portion_g))
        return DishFacts(facts=found)

    def grams(self, line: models.DishLine) -> int:
        """Raw grams of a line of one cover, at the portion."""
        return line.grams if self.portion_g is None else scaled_grams(line.grams, self.portion_g, self.row.served_g)


def show_ingredient(row: models.Ingredient) -> Ingredient:
    """An ingredient as GraphQL shows it."""
    return shown(Ingredient, row, row=row, id=row.slug)


def show_dish(row: models.Dish, portion_g: int | None = None) -> Dish:
    """A dish as GraphQL shows it, at another portion where one is given."""
    served_g = row.served_g if portion_g is None else portion_g
    return shown(Dish, row, row=row, id=row.slug, portion_g=portion_g, served_g=served_g)


def _law_of(on: date | None) -> date:
    """The date whose law is asked for.

    Raises:
        BadArgumentError: the platform knows no law of that date.
    """
    on = on or moment.today()
    with known_law(on):
        thresholds(on)
    return on


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(STEP, ROUND_HALF_UP)


def _month(asked: int | None) -> int | None:
    if asked is not None and asked not in MONTHS:
        raise BadArgumentError(f"month vaut {asked} : donner un mois de 1 à 12.")
    return asked


async def _having(
    request: Request, candidates: Sequence[DishRow], attribute: str, truth: Truth, on: date
) -> Sequence[str]:
    """Ids of the dishes whose attribute has this truth: derived, so read whole and asked one by one."""
    if attribute not in attributes.ATTRIBUTES:
        known = ", ".join(attributes.ATTRIBUTES)
        raise BadArgumentError(f"attribute : « {attribute} » est inconnu. Attributs connus : {known}.")
    request.loader(DishWithLinesById).prime_many({row.id: row for row in candidates})
    facts = facts_of(candidates, on)
    return [row.slug for row in candidates if facts[row.slug].attributes[attribute] is truth]


@strawberry.type
class Query:
    @documented
    async def ingredients(
        self,
        info: Ask,
        family: Annotated[Family | None, strawberry.argument(description="Only of this family.")] = None,
        kind: Annotated[IngredientKind | None, strawberry.argument(description="Only of this kind.")] = None,
        month: Month = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Ingredient]:
        """Ingredients that meet every condition, in order of id."""
        statement = ingredients(info.context.viewer, family=family, kind=kind, month=_month(month))
        return await page(info.context, statement, INGREDIENTS, show_ingredient, first, after)

    @documented
    async def ingredient(
        self,
        info: Ask,
        slug: Annotated[strawberry.ID, strawberry.argument(name="id", description="E.g. `chou_fleur`.")],
    ) -> Ingredient | None:
        """The ingredient of this id; null when there is none."""
        row = await info.context.one(ingredients(info.context.viewer, slugs=[slug]))
        return None if row is None else show_ingredient(row)

    @documented
    async def dishes(
        self,
        info: Ask,
        slot: Annotated[Slot | None, strawberry.argument(description="Only this component of the meal.")] = None,
        month: Month = None,
        ingredient: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only with this ingredient (id).")
        ] = None,
        without: Annotated[
            list[Allergen] | None, strawberry.argument(description="Only without these declared allergens.")
        ] = None,
        attribute: Annotated[
            str | None, strawberry.argument(description="Only dishes whose attribute of this name is `truth`.")
        ] = None,
        truth: Annotated[Truth, strawberry.argument(description="The answer wanted of `attribute`.")] = Truth.TRUE,
        on: On = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Dish]:
        """Dishes that meet every condition, in order of id."""
        request = info.context
        statement = dishes(request.viewer, slot=slot, month=_month(month), ingredient=ingredient, without=without or ())
        if attribute is not None:
            candidates = await request.objects(with_lines(statement))
            having = await _having(request, candidates, attribute, truth, _law_of(on))
            statement = dishes(request.viewer, slugs=having)
        return await page(request, statement, DISHES, show_dish, first, after)

    @documented
    async def dish(
        self,
        info: Ask,
        slug: Annotated[strawberry.ID, strawberry.argument(name="id", description="E.g. `endives_au_jambon`.")],
    ) -> Dish | None:
        """The dish of this id; null when there is none."""
        row = await info.context.one(dishes(info.context.viewer, slugs=[slug]))
        return None if row is None else show_dish(row)
