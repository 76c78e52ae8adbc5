"""The rule kinds a problem can state, one dataclass per kind (docs/problem-format.md, "Rules").

A rule is data: the figures come from the problem folder, never from this package. ``soft_price`` is ``None`` for a
hard rule, otherwise the euros that one unit of violation costs. The unit is the one of the stated value: a meal
(``count``, ``weekly_count``), the nutrient's unit per meal (``nutrient_total``), a repetition that comes too soon
(``spacing``), a day (``pairing``), a euro (``value_ratio``, ``budget``), a drop (``drop_count``), a unit of what is
measured (``purchase_total``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal, NamedTuple, TypeAlias

Match: TypeAlias = Literal["any", "all"]
SpacingUnit: TypeAlias = Literal["days", "weeks"]
PairingMode: TypeAlias = Literal["require", "forbid"]
TotalMeasure: TypeAlias = Literal["kg", "eur", "co2e_kg", "ton_km"]
TotalPer: TypeAlias = Literal["period", "meal"]


class Seller(NamedTuple):
    """What a ratio rule sees of who sells: its kind, and whether its goods are of the area."""

    kind: str
    local: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHead:
    """What every rule has: its id, its French title, its source and, when it is soft, its price."""

    id: str
    title: str
    source: str
    soft_price: Decimal | None = None

    @property
    def hard(self) -> bool:
        return self.soft_price is None


@dataclass(frozen=True, slots=True, kw_only=True)
class MealCount(RuleHead):
    """Which meals match: those where any dish, or every one, of ``slots`` has ``attribute``.

    With ``menu`` every dish of the other slots must have that attribute too: a chili behind a plate of ham makes no
    vegetarian menu. Then ``match`` is ``all``, or there is one slot, so that a meal matches when all that is looked
    at does.
    """

    attribute: str
    slots: tuple[str, ...]
    match: Match
    minimum: int | None
    maximum: int | None
    menu: str | None = None

    @property
    def every(self) -> bool:
        """Whether all that is looked at in a meal must be as asked; else one dish is enough."""
        return self.match == "all" or self.menu is not None

    def asked_of(self, slot: str) -> str | None:
        """The attribute that is looked for in the dish of a slot; None when the slot is not looked at."""
        return self.attribute if slot in self.slots else self.menu


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRule(MealCount):
    """Matching meals per block of ``window`` meals; ``minimum`` and ``maximum`` are for a whole block."""

    kind: ClassVar[Literal["count"]] = "count"
    window: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyCountRule(MealCount):
    """Matching meals per kitchen and calendar week, however many meals the week has."""

    kind: ClassVar[Literal["weekly_count"]] = "weekly_count"


@dataclass(frozen=True, slots=True, kw_only=True)
class NutrientTotalRule(RuleHead):
    """Mean amount of a nutrient per meal over each block of ``window`` meals, in the nutrient's own unit."""

    kind: ClassVar[Literal["nutrient_total"]] = "nutrient_total"
    nutrient: str
    window: int
    min_per_meal: Decimal | None
    max_per_meal: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpacingRule(RuleHead):
    """A dish of ``slots`` at most once in any ``within`` consecutive service days (or service weeks) of a kitchen."""

    kind: ClassVar[Literal["spacing"]] = "spacing"
    slots: tuple[str, ...]
    within: int
    unit: SpacingUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingRule(RuleHead):
    """When the dish of ``slot_a`` has ``attribute_a``, that of ``slot_b`` must (or must not) have ``attribute_b``."""

    kind: ClassVar[Literal["pairing"]] = "pairing"
    slot_a: str
    attribute_a: str
    slot_b: str
    attribute_b: str
    mode: PairingMode


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRatioRule(RuleHead):
    """Share of the purchases (euros excl. tax) in ``buckets``, per kitchen and civil year; ``families`` None = all.

    ``kinds`` keeps in the numerator only what is bought of suppliers of these kinds (None = any), ``local`` only goods
    of the area. A purchase whose supplier is not known counts as neither.
    """

    kind: ClassVar[Literal["value_ratio"]] = "value_ratio"
    buckets: frozenset[str]
    families: frozenset[str] | None
    min_share: Decimal
    period: Literal["civil_year"] = "civil_year"
    kinds: frozenset[str] | None = None
    local: bool = False

    def in_denominator(self, family: str) -> bool:
        return self.families is None or family in self.families

    def in_numerator(self, family: str, bucket: str, seller: Seller | None) -> bool:
        return bucket in self.buckets and self.in_denominator(family) and self._of_seller(seller)

    def _of_seller(self, seller: Seller | None) -> bool:
        if self.kinds is None and not self.local:
            return True
        return (
            seller is not None
            and (self.kinds is None or seller.kind in self.kinds)
            and (seller.local or not self.local)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRule(RuleHead):
    """Euros excl. tax per cover and kitchen over the horizon; ``max_eur_per_meal`` None = the kitchen's own budget."""

    kind: ClassVar[Literal["budget"]] = "budget"
    max_eur_per_meal: Decimal | None
    period: Literal["horizon"] = "horizon"


@dataclass(frozen=True, slots=True, kw_only=True)
class DropCountRule(RuleHead):
    """Drops (suppliers that come) per kitchen and week; ``maximum`` None = what the kitchen itself can receive."""

    kind: ClassVar[Literal["drop_count"]] = "drop_count"
    maximum: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseTotalRule(RuleHead):
    """What some kitchens buy of some offers, added up over all of them: least and most of a ``measure``.

    Quantities under contract, a producer's least revenue, a footprint or tonne-kilometres that a meal may cost at most.
    ``offers``, ``suppliers`` and ``kitchens`` None = all; an offer counts when both its own id and its supplier's are
    in. Weeks count whose Monday lies from ``valid_from`` to ``valid_to`` (None = no bound). ``per`` "meal": the bounds
    are per cover of these kitchens in these weeks.
    """

    kind: ClassVar[Literal["purchase_total"]] = "purchase_total"
    measure: TotalMeasure
    offers: frozenset[str] | None
    suppliers: frozenset[str] | None
    kitchens: frozenset[str] | None
    valid_from: date | None
    valid_to: date | None
    per: TotalPer
    minimum: Decimal | None
    maximum: Decimal | None

    def sells(self, offer: str, supplier: str) -> bool:
        """Whether what is bought of an offer of a supplier counts."""
        mine = self.offers is None or offer in self.offers
        return mine and (self.suppliers is None or supplier in self.suppliers)

    def buys(self, kitchen: str) -> bool:
        """Whether what a kitchen buys counts."""
        return self.kitchens is None or kitchen in self.kitchens

    def during(self, week: date) -> bool:
        """Whether purchases for a week (its Monday) count."""
        begun = self.valid_from is None or self.valid_from <= week
        return begun and (self.valid_to is None or week <= self.valid_to)


Rule: TypeAlias = (
    CountRule
    | WeeklyCountRule
    | NutrientTotalRule
    | SpacingRule
    | PairingRule
    | ValueRatioRule
    | BudgetRule
    | DropCountRule
    | PurchaseTotalRule
)
