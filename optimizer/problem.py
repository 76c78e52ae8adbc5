"""What is to be planned: kitchens, dishes, market and rules of one planning problem, typed and read-only.

Units: grams are integers, raw as bought, for one cover; prices are euros excl. tax per kg (``Decimal``); a week is
named by its Monday. The tables and their meaning are stated in docs/problem-format.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeAlias

from optimizer.blocks import Block, Bounds, ServiceDay, cut_blocks, round_cent, scaled_bounds, week_of
from optimizer.rules import (
    BudgetRule,
    CountRule,
    DropCountRule,
    NutrientTotalRule,
    PairingRule,
    PurchaseTotalRule,
    Rule,
    Seller,
    SpacingRule,
    ValueRatioRule,
    WeeklyCountRule,
)

__all__ = [
    "BUCKETS", "FAMILIES", "NON_EGALIM", "PROBLEM_FORMAT", "SUPPLIER_KINDS", "WEEKDAYS", "Block", "Bounds",
    "BudgetRule", "Capacity", "CountRule", "Delivery", "Dish", "DropCountRule", "Ingredient", "Kitchen",
    "NutrientTotalRule", "Offer", "PairingRule", "Problem", "Purchase", "PurchaseTotalRule",
    "Rule", "ServiceDay", "SharedDrop", "SpacingRule", "Supplier",
    "ValueRatioRule", "WeeklyCountRule", "round_cent", "scaled_bounds", "week_of",
]  # fmt: skip

PROBLEM_FORMAT = "catering-problem/1"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SUPPLIER_KINDS = ("producer", "wholesaler", "hub")
NON_EGALIM = "NON_EGALIM"
BUCKETS = ("BIO", "SIQO", "EGALIM_AUTRES", "EXTERNALITES_PERFORMANCE", NON_EGALIM)
FAMILIES = (
    "VIANDES_VOLAILLES", "CHARCUTERIE", "PRODUITS_DE_LA_MER", "FRUITS_ET_LEGUMES", "PRODUITS_LAITIERS", "BOULANGERIE",
    "BOISSONS", "AUTRES",
)  # fmt: skip
SupplierKind: TypeAlias = Literal["producer", "wholesaler", "hub"]

_FRIDAY = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Kitchen:
    id: str
    name: str
    lat: Decimal
    lon: Decimal
    budget_eur_per_meal: Decimal


@dataclass(frozen=True, slots=True)
class Ingredient:
    id: str
    name: str
    family: str


@dataclass(frozen=True, slots=True)
class Dish:
    """A dish: raw grams per cover, the attributes that are true, those that are unknown (absent = false), nutrients."""

    id: str
    name: str
    slot: str
    months: frozenset[int]
    ingredients: Mapping[str, int]
    attributes: frozenset[str] = frozenset()
    unknown_attributes: frozenset[str] = frozenset()
    nutrients: Mapping[str, Decimal] = field(default_factory=dict)

    def has(self, attribute: str, *, unknown_as: bool) -> bool:
        """Whether the dish has the attribute; unknown reads as told: True for a maximum, False for a minimum."""
        return attribute in self.attributes or (unknown_as and attribute in self.unknown_attributes)


@dataclass(frozen=True, slots=True)
class Supplier:
    """``delivery_weekdays`` are numbers as in ``date.weekday()``: Monday is 0."""

    id: str
    name: str
    kind: SupplierKind
    delivery_weekdays: tuple[int, ...]
    lead_days: int
    min_drop_eur: Decimal
    local: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    supplier: str
    kitchen: str
    distance_km: Decimal
    delivery_eur_per_kg: Decimal


@dataclass(frozen=True, slots=True)
class SharedDrop:
    """A kitchen's place in a group whose drops of a supplier are worth its minimum together: one round serves them.

    ``least_eur`` is what is left at this door at least, so that no truck stops for a crate.
    """

    supplier: str
    kitchen: str
    group: str
    least_eur: Decimal


@dataclass(frozen=True, slots=True)
class Offer:
    id: str
    supplier: str
    ingredient: str
    pack_grams: int
    price_eur_per_kg: Decimal
    label: str
    bucket: str
    label_from: date | None
    label_to: date | None
    co2e_kg_per_kg: Decimal | None


@dataclass(frozen=True, slots=True)
class Capacity:
    """``grams_per_week`` None = unlimited."""

    offer: str
    valid_from: date
    valid_to: date
    grams_per_week: int | None


@dataclass(frozen=True, slots=True, order=True)
class Purchase:
    kitchen: str
    date: date
    family: str
    bucket: str
    amount_excl_tax: Decimal


@dataclass(frozen=True)
class Problem:
    """One planning problem. Tables are keyed by id, ``deliveries`` by (supplier, kitchen), ``capacities`` by offer.

    Lists are kept in one order (service days by kitchen and date, ranges and purchases by date), so that equal problems
    compare equal. Treat every mapping as read-only: derived indexes are computed once.
    """

    name: str
    slots: tuple[str, ...]
    kitchens: Mapping[str, Kitchen]
    service_days: tuple[ServiceDay, ...]
    dishes: Mapping[str, Dish]
    every_meal: Mapping[str, int]
    ingredients: Mapping[str, Ingredient]
    suppliers: Mapping[str, Supplier]
    deliveries: Mapping[tuple[str, str], Delivery]
    offers: Mapping[str, Offer]
    capacities: Mapping[str, tuple[Capacity, ...]]
    purchases: tuple[Purchase, ...]
    rules: tuple[Rule, ...]
    waste: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    """Euros that one cover of a dish adds to the objective by what comes back uneaten, by (kitchen, dish)."""
    goals: Mapping[str, Decimal] = field(default_factory=dict)
    """Euros that one unit of an indicator (``optimizer.goals``) adds to the objective."""
    served: Mapping[tuple[str, date], frozenset[str]] = field(default_factory=dict)
    """Dishes served before the horizon, by (kitchen, day): rules of spacing look back at them."""
    former: Mapping[tuple[str, date], frozenset[str]] = field(default_factory=dict)
    """Dishes of a former plan by (kitchen, week): serving another one there is what ``moved_cover`` charges."""
    receptions: Mapping[str, int] = field(default_factory=dict)
    """How many drops a week a kitchen can receive; one that is not named receives any number."""
    shared_drops: Mapping[tuple[str, str], SharedDrop] = field(default_factory=dict)
    """Who may share a drop with kitchens nearby, by (supplier, kitchen); any other drop is worth its minimum alone."""
    weeks_ahead: Mapping[str, int] = field(default_factory=dict)
    """How many weeks before its use an ingredient may be delivered; one that is not named comes for its own week."""
    # Hash of the files this problem was read from; not an argument, so that dataclasses.replace() forgets it.
    _read_sha256: str | None = field(default=None, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        days = sorted(self.service_days, key=lambda day: (day.kitchen, day.date))
        ranges = {
            offer: tuple(sorted(of, key=lambda range_: range_.valid_from)) for offer, of in self.capacities.items()
        }
        object.__setattr__(self, "service_days", tuple(days))
        object.__setattr__(self, "capacities", ranges)
        object.__setattr__(self, "purchases", tuple(sorted(self.purchases)))

    # -- folder ---------------------------------------------------------------------------------------------------

    @classmethod
    def from_folder(cls, path: Path | str) -> Problem:
        """Read a problem folder. Raises :class:`optimizer.faults.BadFolder` with every fault found in it."""
        from optimizer.folders import read_problem

        return read_problem(Path(path))

    def to_folder(self, path: Path | str) -> None:
        """Write the problem folder, whole or not at all; an existing problem folder at ``path`` is replaced."""
        from optimizer.folders import write_problem

        write_problem(self, Path(path))

    @cached_property
    def sha256(self) -> str:
        """Hash that names this problem in plans: of the files read, or of those ``to_folder`` would write."""
        from optimizer.folders import problem_sha256

        return self._read_sha256 or problem_sha256(self)

    # -- calendar -------------------------------------------------------------------------------------------------

    @cached_property
    def _days_by_kitchen(self) -> Mapping[str, tuple[ServiceDay, ...]]:
        days: dict[str, list[ServiceDay]] = {kitchen: [] for kitchen in self.kitchens}
        for day in self.service_days:
            days[day.kitchen].append(day)
        return {kitchen: tuple(sorted(of, key=lambda day: day.date)) for kitchen, of in days.items()}

    @cached_property
    def weeks(self) -> tuple[date, ...]:
        """Mondays of all weeks in which at least one kitchen serves, sorted."""
        return tuple(sorted({day.week for day in self.service_days}))

    @property
    def meals(self) -> int:
        """Covers of the whole horizon."""
        return sum(day.covers for day in self.service_days)

    def days(self, kitchen: str) -> tuple[ServiceDay, ...]:
        """Service days of a kitchen in order of date."""
        return self._days_by_kitchen[kitchen]

    def kitchen_weeks(self, kitchen: str) -> tuple[date, ...]:
        """Mondays of the service weeks of a kitchen, sorted."""
        return tuple(dict.fromkeys(day.week for day in self.days(kitchen)))

    def covers(self, kitchen: str) -> int:
        """Covers of a kitchen over the horizon."""
        return sum(day.covers for day in self.days(kitchen))

    def blocks(self, kitchen: str, window: int) -> tuple[Block, ...]:
        """Consecutive blocks of ``window`` meals from the kitchen's first service day, or from the first day served
        before the horizon; the first and the last may be partial."""
        return tuple(cut_blocks(self.days(kitchen), window, len(self.history(kitchen))))

    def history(self, kitchen: str) -> tuple[tuple[date, frozenset[str]], ...]:
        """What the kitchen served before the horizon, day by day."""
        return self._history.get(kitchen, ())

    @cached_property
    def _history(self) -> Mapping[str, tuple[tuple[date, frozenset[str]], ...]]:
        days: dict[str, list[tuple[date, frozenset[str]]]] = {}
        for (kitchen, day), dishes in sorted(self.served.items()):
            days.setdefault(kitchen, []).append((day, dishes))
        return {kitchen: tuple(of) for kitchen, of in days.items()}

    def most_drops(self, rule: DropCountRule, kitchen: str) -> int | None:
        """Drops a week that a rule allows a kitchen; None = any number."""
        return self.receptions.get(kitchen) if rule.maximum is None else rule.maximum

    def drop_group(self, supplier: str, kitchen: str) -> str | None:
        """The group with which a kitchen may share a supplier's drop; None if it may not."""
        shared = self.shared_drops.get((supplier, kitchen))
        return None if shared is None else shared.group

    def least_drop(self, supplier: str, kitchen: str) -> Decimal:
        """Euros that a supplier leaves at a kitchen's door at least, whoever else shares the drop."""
        shared = self.shared_drops.get((supplier, kitchen))
        return self.suppliers[supplier].min_drop_eur if shared is None else shared.least_eur

    # -- dishes ---------------------------------------------------------------------------------------------------

    @cached_property
    def dishes_by_slot(self) -> Mapping[str, tuple[Dish, ...]]:
        """Dishes of each slot, in order of id."""
        slots: dict[str, list[Dish]] = {slot: [] for slot in self.slots}
        for dish in sorted(self.dishes.values(), key=lambda dish: dish.id):
            slots[dish.slot].append(dish)
        return {slot: tuple(dishes) for slot, dishes in slots.items()}

    def dish_in_season(self, dish: str, week: date) -> bool:
        """Whether the dish may be served in the week: the month of the week's Monday is one of its months."""
        return week.month in self.dishes[dish].months

    def waste_amount(self, kitchen: str, dish: str, covers: int) -> Decimal:
        """Euros of waste of one dish served, exact; a pair without a row costs nothing."""
        return self.waste.get((kitchen, dish), Decimal(0)) * covers

    def moved(self, kitchen: str, week: date, dish: str) -> bool:
        """Whether the dish is none that the former plan has in that week; a week it does not know has none."""
        before = self.former.get((kitchen, week))
        return before is not None and dish not in before

    # -- market ---------------------------------------------------------------------------------------------------

    @cached_property
    def offers_by_ingredient(self) -> Mapping[str, tuple[Offer, ...]]:
        """Offers of each ingredient, in order of id; an ingredient nobody offers has none."""
        offers: dict[str, list[Offer]] = {ingredient: [] for ingredient in self.ingredients}
        for offer in sorted(self.offers.values(), key=lambda offer: offer.id):
            offers[offer.ingredient].append(offer)
        return {ingredient: tuple(of) for ingredient, of in offers.items()}

    def family(self, offer: str) -> str:
        return self.ingredients[self.offers[offer].ingredient].family

    def seller(self, offer: str) -> Seller:
        """What a ratio rule sees of who sells an offer."""
        of = self.suppliers[self.offers[offer].supplier]
        return Seller(of.kind, of.local)

    def bucket(self, offer: str, week: date) -> str:
        """EGAlim bucket of an offer in a week: its own while the label covers Monday to Friday, else NON_EGALIM."""
        of = self.offers[offer]
        if of.label_from is None or of.label_to is None:
            return NON_EGALIM
        return of.bucket if of.label_from <= week and week + _FRIDAY <= of.label_to else NON_EGALIM

    def capacity(self, offer: str, week: date) -> int | None:
        """Grams all kitchens together may buy of an offer in a week; None = unlimited, 0 = not on sale that week."""
        for range_ in self.capacities.get(offer, ()):
            if range_.valid_from <= week <= range_.valid_to:
                return range_.grams_per_week
        return 0

    def reaches(self, offer: str, kitchen: str) -> bool:
        """Whether the offer's supplier delivers to the kitchen."""
        return (self.offers[offer].supplier, kitchen) in self.deliveries

    def unit_price(self, offer: str, kitchen: str) -> Decimal:
        """Euros per kg, delivery included. Raises KeyError if the supplier does not deliver to the kitchen."""
        of = self.offers[offer]
        return of.price_eur_per_kg + self.deliveries[of.supplier, kitchen].delivery_eur_per_kg

    def amount(self, offer: str, kitchen: str, grams: int) -> Decimal:
        """Euros excl. tax of one sourcing line, rounded half-up to the cent."""
        return round_cent(self.unit_price(offer, kitchen) * grams / 1000)

    # -- rules ----------------------------------------------------------------------------------------------------

    @cached_property
    def rules_by_id(self) -> Mapping[str, Rule]:
        return MappingProxyType({rule.id: rule for rule in self.rules})

    def covers_under(self, rule: PurchaseTotalRule) -> int:
        """Covers of the kitchens and weeks that a rule looks at."""
        return sum(day.covers for day in self.service_days if rule.buys(day.kitchen) and rule.during(day.week))

    def total_bounds(self, rule: PurchaseTotalRule) -> tuple[Decimal | None, Decimal | None]:
        """Least and most of the measure over all of its kitchens and weeks together."""
        times = self.covers_under(rule) if rule.per == "meal" else 1
        low, high = rule.minimum, rule.maximum
        return (None if low is None else low * times), (None if high is None else high * times)

    def budget_per_meal(self, rule: BudgetRule, kitchen: str) -> Decimal:
        """Euros excl. tax per cover that ``rule`` allows the kitchen."""
        if rule.max_eur_per_meal is not None:
            return rule.max_eur_per_meal
        return self.kitchens[kitchen].budget_eur_per_meal
