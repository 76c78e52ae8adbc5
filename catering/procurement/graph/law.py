"""The law of purchases as GraphQL shows it: families, criteria that may be used, thresholds, indices."""

from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry

from catering import moment
from catering.graph.documented import documented
from catering.graph.errors import BadDatesError
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.procurement.need import WHAT_TO_DO, Duty, Threshold, thresholds_on
from catering.procurement.vocabulary import RevisionRhythm
from catering.rules.procurement import procurement_law

strawberry.enum(Duty, name="PurchaseDuty", description="What the law asks of a buyer from a threshold on.")
strawberry.enum(RevisionRhythm, description="How often a price follows its index.")

OnDay: TypeAlias = Annotated[
    date | None, strawberry.argument(description="The law and the figures of this day; today by default.")
]


def day_asked(on: date | None) -> date:
    """The day asked for, or today where the collèges are.

    Raises:
        BadDatesError: the platform knows no rule of purchases of that day.
    """
    day = on or moment.today()
    if not thresholds_on(day):
        raise BadDatesError(f"Aucune règle d'achat n'est connue au {day:%d/%m/%Y} : demander une date depuis 2020.")
    return day


@strawberry.type(description="A famille homogène: what a need is added up by. Organic or not, a product has one.")
class HomogeneousFamily:
    code: strawberry.ID = strawberry.field(description="E.g. `10.10`.")
    french_name: str = strawberry.field(description="In French.")
    raw_material: bool = strawberry.field(description="Prices follow raw materials: a revision clause is mandatory.")

    @documented
    def suggested_rhythm(self) -> RevisionRhythm | None:
        """How often the guide suggests to revise prices; null for a family of another time."""
        row = procurement_law().families.get(str(self.code), ())
        return RevisionRhythm(row[-1].rhythm) if row else None


@strawberry.type(description="A criterion by which offers may be compared. Distance and place are none.")
class AwardCriterion:
    code: strawberry.ID = strawberry.field(description="To give in a consultation, e.g. `freshness`.")
    french_name: str = strawberry.field(description="In French.")
    unit: str = strawberry.field(description="Unit of the answer; empty for a yes or no, answered by 1 or 0.")
    least: Decimal | None = strawberry.field(description="Lowest answer taken; null for the price.")
    most: Decimal | None = strawberry.field(description="Highest answer taken; null for the price.")
    step: Decimal | None = strawberry.field(description="Answers are multiples of it; null for the price.")
    answers: str = strawberry.field(description="What may be answered, in French; empty for the price.")
    rule: strawberry.ID = strawberry.field(description="Id of the rule that allows it.")
    explanation: str = strawberry.field(description="How it is scored, in French.")


@strawberry.type(description="A published index that a price may follow.")
class PriceIndex:
    code: strawberry.ID = strawberry.field(description="E.g. `RNM-VIANDES`.")
    french_name: str = strawberry.field(description="In French.")
    publisher: str = strawberry.field(description="Who publishes it.")


@strawberry.type(description="An amount of a need from which the law asks more of the buyer.")
class PurchaseThreshold:
    rule: strawberry.ID = strawberry.field(description="Id of the rule.")
    duty: Duty = strawberry.field(description="What is due from this amount on.")
    amount_eur: Decimal = strawberry.field(description="€ excl. tax, over twelve months.")
    what_to_do: str = strawberry.field(description="In French.")


def show_threshold(threshold: Threshold) -> PurchaseThreshold:
    """A threshold as GraphQL shows it."""
    return PurchaseThreshold(
        rule=strawberry.ID(threshold.rule),
        duty=threshold.duty,
        amount_eur=threshold.amount,
        what_to_do=WHAT_TO_DO[threshold.duty],
    )


def show_family(code: str) -> HomogeneousFamily:
    """A family as GraphQL shows it, by the newest name of its code."""
    return shown(HomogeneousFamily, procurement_law().families[code][-1])


@strawberry.type
class Query:
    @documented
    def homogeneous_families(self, info: Ask, on: OnDay = None) -> list[HomogeneousFamily]:
        """The families by which needs are added up, in order of code."""
        _ = info.context.viewer
        return [shown(HomogeneousFamily, row) for row in procurement_law().families_on(day_asked(on))]

    @documented
    def award_criteria(self, info: Ask, on: OnDay = None) -> list[AwardCriterion]:
        """The criteria that may be published; any other is refused."""
        _ = info.context.viewer
        return [shown(AwardCriterion, row) for row in procurement_law().criteria_on(day_asked(on))]

    @documented
    def price_indices(self, info: Ask, on: OnDay = None) -> list[PriceIndex]:
        """The indices that a price may follow."""
        _ = info.context.viewer
        return [shown(PriceIndex, row) for row in procurement_law().indices_on(day_asked(on))]

    @documented
    def purchase_thresholds(self, info: Ask, on: OnDay = None) -> list[PurchaseThreshold]:
        """The thresholds in force, the lowest first."""
        _ = info.context.viewer
        return [show_threshold(each) for each in thresholds_on(day_asked(on))]
