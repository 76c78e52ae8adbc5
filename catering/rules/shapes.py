"""The strict shapes of the rule files: what a legal parameter and a rule must state to be accepted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Unit: TypeAlias = Literal[
    "share", "ratio", "factor", "g", "mg", "g_per_100g", "kcal_per_100g", "components", "days", "weeks", "months",
    "covers_per_day", "ingredients", "km", "percent", "eur", "years", "awards",
    "year", "hours", "celsius", "meals_per_day", "meals_per_year", "millilitres_per_year", "g_per_cover",
    "eur_per_cover", "eur_per_kg", "weighings", "suppliers", "criteria",
]  # fmt: skip
Confidence: TypeAlias = Literal["verified", "secondary", "from_memory", "inference", "unresolved", "house"]
Slot: TypeAlias = Literal["starter", "main", "side", "dairy", "dessert"]
Match: TypeAlias = Literal["any", "all"]
Choices: TypeAlias = Literal["weighted", "offered"]
"""How several choices of one component count: each for its share of the diners, or one of them is enough."""

SLOTS: tuple[Slot, ...] = ("starter", "main", "side", "dairy", "dessert")


def _exact(value: object) -> object:
    """A whole number is an exact decimal too; anything else is left to the strict check."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


Exact: TypeAlias = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0)]
Text: TypeAlias = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Dated(_Strict):
    """One state of the law: from when, until when (inclusive; empty = still in force), and who says so."""

    valid_from: date
    valid_to: date | None = None
    source: Text
    confidence: Confidence
    url: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> Dated:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(f"valid_from ({self.valid_from}) est après valid_to ({self.valid_to})")
        return self

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def overlaps(self, other: Dated) -> bool:
        last = date.max
        return self.valid_from <= (other.valid_to or last) and other.valid_from <= (self.valid_to or last)


class DatedValue(Dated):
    """A dated figure, in the unit of its file."""

    value: Exact


class DatedBounds(Dated):
    """Dated bounds on a number of meals; equal bounds are an exact count. ``window`` counts successive meals."""

    window: Annotated[int, Field(ge=1)] | None = None
    min: Annotated[int, Field(ge=0)] | None = None
    max: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _bounds_are_possible(self) -> DatedBounds:
        if self.min is None and self.max is None:
            raise ValueError("ni min ni max : la règle ne demande rien")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min ({self.min}) dépasse max ({self.max})")
        top = max(bound for bound in (self.min, self.max) if bound is not None)
        if self.window is not None and top > self.window:
            raise ValueError(f"{top} repas demandés sur une fenêtre de {self.window}")
        return self


class DatedAmounts(Dated):
    """Dated bounds on the mean amount of a nutrient per meal, over blocks of ``window`` successive meals."""

    window: Annotated[int, Field(ge=1)]
    min: Exact | None = None
    max: Exact | None = None

    @model_validator(mode="after")
    def _bounds_are_possible(self) -> DatedAmounts:
        if self.min is None and self.max is None:
            raise ValueError("ni min ni max : la règle ne demande rien")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min ({self.min}) dépasse max ({self.max})")
        return self


class Head(_Strict):
    """What every file states: its id (also the file's name) and, in French, what it is."""

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$")]
    description: Text


class RuleHead(Head):
    """What every rule adds: the set it belongs to and a short French title. ``soft_price``: null = hard, else €."""

    rule_set: Literal["arrete_2011", "egalim", "vegetarian", "cnrc_2020", "gem_rcn_2015", "intakes", "house"]
    title: Text
    soft_price: Exact | None = None


class Parameter(Head):
    """A dated figure. A variant replaces another parameter for some regions or kinds of establishment."""

    kind: Literal["parameter"]
    unit: Unit
    values: Annotated[list[DatedValue], Field(min_length=1)]
    variant_of: str | None = None
    regions: list[str] | None = None
    establishment: Literal["state"] | None = None


class Count(RuleHead):
    """Matching meals per block of ``window`` successive meals; ``lunches_per_week`` keeps kitchens of that rhythm.

    ``menu`` is what every component of the meal must be too, for it to count: a chili behind bacon makes no vegetarian
    menu.
    """

    kind: Literal["count"]
    attribute: Text
    slots: Annotated[list[Slot], Field(min_length=1)]
    match: Match
    choices: Choices = "weighted"
    lunches_per_week: Annotated[int, Field(ge=1)] | None = None
    menu: Text | None = None
    values: Annotated[list[DatedBounds], Field(min_length=1)]

    @model_validator(mode="after")
    def _window_is_stated(self) -> Count:
        if any(dated.window is None for dated in self.values):
            raise ValueError("window manque : sur combien de repas successifs compte-t-on ?")
        return self


class WeeklyCount(RuleHead):
    """Matching meals per calendar week."""

    kind: Literal["weekly_count"]
    attribute: Text
    slots: Annotated[list[Slot], Field(min_length=1)]
    match: Match
    choices: Choices = "weighted"
    values: Annotated[list[DatedBounds], Field(min_length=1)]


class NutrientTotal(RuleHead):
    """Mean amount of a nutrient per meal, in the unit of its name; the dishes alone, without bread."""

    kind: Literal["nutrient_total"]
    nutrient: Literal[
        "kcal", "protein_g", "fat_g", "saturates_g", "carbs_g", "sugars_g", "fibre_g", "salt_g", "calcium_mg", "iron_mg"
    ]
    values: Annotated[list[DatedAmounts], Field(min_length=1)]


class ValueRatio(RuleHead):
    """Least share, in euros excl. tax, of purchases in ``buckets`` over a civil year; families null = all food."""

    kind: Literal["value_ratio"]
    unit: Literal["share"]
    buckets: Annotated[list[str], Field(min_length=1)]
    families: list[str] | None
    period: Literal["civil_year"]
    values: Annotated[list[DatedValue], Field(min_length=1)]


class Spacing(RuleHead):
    """A dish of ``slots`` at most once in any ``value`` consecutive service days or weeks (the unit)."""

    kind: Literal["spacing"]
    unit: Literal["days", "weeks"]
    slots: Annotated[list[Slot], Field(min_length=1)]
    values: Annotated[list[DatedValue], Field(min_length=1)]


class Pairing(RuleHead):
    """When the dish of ``slot_a`` has ``attribute_a``, that of ``slot_b`` must (not) have ``attribute_b``."""

    kind: Literal["pairing"]
    slot_a: Slot
    attribute_a: Text
    slot_b: Slot
    attribute_b: Text
    mode: Literal["require", "forbid"]
    values: Annotated[list[Dated], Field(min_length=1)]


class Budget(RuleHead):
    """Food cost per cover over the horizon, within each kitchen's own budget."""

    kind: Literal["budget"]
    period: Literal["horizon"]
    values: Annotated[list[Dated], Field(min_length=1)]


class DropCount(RuleHead):
    """At most ``value`` suppliers come to a kitchen in a week."""

    kind: Literal["drop_count"]
    values: Annotated[list[DatedValue], Field(min_length=1)]


Rule: TypeAlias = Count | WeeklyCount | NutrientTotal | ValueRatio | Spacing | Pairing | Budget | DropCount
Entry: TypeAlias = Parameter | Rule

SHAPES: dict[str, type[Entry]] = {
    "parameter": Parameter,
    "count": Count,
    "weekly_count": WeeklyCount,
    "nutrient_total": NutrientTotal,
    "value_ratio": ValueRatio,
    "spacing": Spacing,
    "pairing": Pairing,
    "budget": Budget,
    "drop_count": DropCount,
}
