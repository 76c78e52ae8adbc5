"""What a plan is worth in the three orientations, as GraphQL shows it."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

import strawberry

from optimizer.goals import INDICATORS, Indicator


@strawberry.enum(description="What an indicator is about.")
class Orientation(StrEnum):
    HEALTH = "health"
    ENVIRONMENT = "environment"
    ECONOMY = "economy"


@strawberry.type(description="A figure of a whole plan, beside its cost.")
class PlanIndicator:
    id: strawberry.ID = strawberry.field(description="As docs/optimizer.md lists them with their formulas.")
    orientation: Orientation = strawberry.field(description="What it is about.")
    title: str = strawberry.field(description="In French.")
    unit: str = strawberry.field(description="In French.")
    more_is_better: bool | None = strawberry.field(
        description="Whether a greater value is better; null when neither too much nor too little is."
    )
    value: Decimal | None = strawberry.field(description="Null when there is nothing to measure.")


def show_indicators(stored: Mapping[str, str | None] | None) -> list[PlanIndicator]:
    """The indicators of a plan in the order of the table; none of a run that has told none."""
    return [] if stored is None else [_show(of, stored[of.id]) for of in INDICATORS if of.id in stored]


def _show(of: Indicator, value: str | None) -> PlanIndicator:
    return PlanIndicator(
        id=strawberry.ID(of.id),
        orientation=Orientation(of.orientation),
        title=of.title,
        unit=of.unit,
        more_is_better=None if of.better == "between" else of.better == "more",
        value=None if value is None else Decimal(value),
    )
