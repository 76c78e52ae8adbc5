"""Problems small enough to be worked out by hand: one to three kitchens, a few dishes, a market of a few offers.

Unless told otherwise a dish takes 100 g of its own ingredient per cover, and the wholesaler ``gros`` sells every
ingredient at 1 €/kg without limit, label or delivery cost. Days are Mondays, Tuesdays, Thursdays and Fridays from
Monday 7 September 2026.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TypedDict

from optimizer.blocks import ServiceDay
from optimizer.problem import (
    NON_EGALIM,
    Capacity,
    Delivery,
    Dish,
    Ingredient,
    Kitchen,
    Offer,
    Problem,
    Purchase,
    Supplier,
)
from optimizer.rules import (
    BudgetRule,
    CountRule,
    Match,
    Rule,
    SpacingRule,
    SpacingUnit,
    ValueRatioRule,
    WeeklyCountRule,
)

D = Decimal
YEAR = frozenset(range(1, 13))
MONDAY = date(2026, 9, 7)
FOUR_DAYS = (0, 1, 3, 4)
FAMILY = "FRUITS_ET_LEGUMES"
LONG = (date(2026, 1, 1), date(2027, 12, 31))


class Head(TypedDict):
    id: str
    title: str
    source: str


def head(rule_id: str) -> Head:
    return Head(id=rule_id, title=f"Règle {rule_id}", source="test")


def weekdays(weeks: int, start: date = MONDAY, served: Sequence[int] = FOUR_DAYS) -> list[date]:
    """Service dates of consecutive weeks from a Monday."""
    return [start + timedelta(days=7 * week + day) for week in range(weeks) for day in served]


def dish(
    name: str,
    slot: str = "main",
    true: str = "",
    unknown: str = "",
    *,
    months: Iterable[int] = YEAR,
    needs: Mapping[str, int] | None = None,
    **nutrients: str,
) -> Dish:
    """`needs`: grams per cover by ingredient; `true` and `unknown`: attributes between spaces."""
    grams = {f"i_{name}": 100} if needs is None else needs
    amounts = {nutrient: D(amount) for nutrient, amount in nutrients.items()}
    return Dish(
        name, name, slot, frozenset(months), grams, frozenset(true.split()), frozenset(unknown.split()), amounts
    )


def offer(
    name: str,
    ingredient: str,
    price: str = "1",
    bucket: str = NON_EGALIM,
    supplier: str = "gros",
    until: date = LONG[1],
) -> Offer:
    """An offer; its label, if it has one, is valid all the time."""
    since, to = (None, None) if bucket == NON_EGALIM else LONG
    label = "" if bucket == NON_EGALIM else bucket
    return Offer(name, supplier, ingredient, 1000, D(price), label, bucket, since, to, None)


def tiny(
    dishes: Sequence[Dish],
    rules: Sequence[Rule] = (),
    *,
    dates: Sequence[date] | Mapping[str, Sequence[date]] = (),
    covers: Mapping[str, int] | None = None,
    offers: Sequence[Offer] = (),
    grams_per_week: Mapping[str, int | Sequence[Capacity]] | None = None,
    every_meal: Mapping[str, int] | None = None,
    purchases: Sequence[Purchase] = (),
    days: Sequence[ServiceDay] = (),
) -> Problem:
    """A problem with one kitchen ``k`` of 10 covers and one week, unless told otherwise.

    `offers` replace the wholesaler's for the ingredients they sell; `grams_per_week` limits offers. `days` replace what
    `dates` and `covers` say.
    """
    counts = covers or {"k": 10}
    if not days:
        by_kitchen = dates if isinstance(dates, Mapping) else dict.fromkeys(counts, dates or weekdays(1))
        days = [ServiceDay(k, day, n) for k, n in counts.items() for day in by_kitchen[k]]
    kitchens = sorted({day.kitchen for day in days})
    named = _ingredients(dishes, offers, every_meal or {})
    sold = {of.id: of for of in _market(named, offers)}
    suppliers = {of.supplier for of in sold.values()}
    return Problem(
        name="tiny",
        slots=tuple(dict.fromkeys(of.slot for of in dishes)),
        kitchens={k: Kitchen(k, f"Cuisine {k}", D(50) + n, D(2), D("2.30")) for n, k in enumerate(kitchens)},
        service_days=tuple(days),
        dishes={of.id: of for of in dishes},
        every_meal=every_meal or {},
        ingredients={name: Ingredient(name, name.removeprefix("i_"), FAMILY) for name in named},
        suppliers={s: Supplier(s, s, "wholesaler", (0, 1, 3), 1, D(0), False) for s in suppliers},
        deliveries={(s, k): Delivery(s, k, D(10), D(0)) for s in suppliers for k in kitchens},
        offers=sold,
        capacities={name: _capacity(name, (grams_per_week or {}).get(name)) for name in sold},
        purchases=tuple(purchases),
        rules=tuple(rules),
    )


def _ingredients(dishes: Sequence[Dish], offers: Sequence[Offer], every_meal: Mapping[str, int]) -> list[str]:
    used = {name for of in dishes for name in of.ingredients}
    return sorted(used | set(every_meal) | {of.ingredient for of in offers})


def _market(ingredients: Sequence[str], offers: Sequence[Offer]) -> list[Offer]:
    sold = {of.ingredient for of in offers}
    return [*offers, *(offer(f"gros.{name}", name) for name in ingredients if name not in sold)]


def _capacity(name: str, limit: int | Sequence[Capacity] | None) -> tuple[Capacity, ...]:
    if limit is None or isinstance(limit, int):
        return (Capacity(name, *LONG, limit),)
    return tuple(limit)


def count(
    rule_id: str,
    attribute: str,
    minimum: int | None,
    maximum: int | None,
    *,
    slots: str = "main",
    match: Match = "any",
    window: int = 4,
    soft_price: str | None = None,
    menu: str | None = None,
) -> CountRule:
    return CountRule(
        **head(rule_id), attribute=attribute, slots=tuple(slots.split()), match=match, window=window, menu=menu,
        minimum=minimum, maximum=maximum, soft_price=None if soft_price is None else D(soft_price),
    )  # fmt: skip


def weekly(
    rule_id: str,
    attribute: str,
    minimum: int | None,
    maximum: int | None = None,
    *,
    slots: str = "main",
    match: Match = "all",
    menu: str | None = None,
) -> WeeklyCountRule:
    return WeeklyCountRule(
        **head(rule_id), attribute=attribute, slots=tuple(slots.split()), match=match, menu=menu, minimum=minimum,
        maximum=maximum,
    )  # fmt: skip


def spacing(rule_id: str, within: int, unit: SpacingUnit = "days", slots: str = "main") -> SpacingRule:
    return SpacingRule(**head(rule_id), slots=tuple(slots.split()), within=within, unit=unit)


def ratio(rule_id: str, share: str, buckets: str = "BIO", families: str = "") -> ValueRatioRule:
    chosen = frozenset(families.split()) or None
    return ValueRatioRule(**head(rule_id), buckets=frozenset(buckets.split()), families=chosen, min_share=D(share))


def budget(rule_id: str, most: str | None) -> BudgetRule:
    return BudgetRule(**head(rule_id), max_eur_per_meal=None if most is None else D(most))
