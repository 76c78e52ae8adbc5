"""The rules in force on a date, in the ``rules.json`` shape of docs/problem-format.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from catering.rules.book import RuleBook, law
from catering.rules.meals import menu_of
from catering.rules.shapes import (
    Budget,
    Count,
    Dated,
    DatedAmounts,
    DatedBounds,
    DatedValue,
    DropCount,
    NutrientTotal,
    Pairing,
    Rule,
    Spacing,
    ValueRatio,
    WeeklyCount,
)

PLANNED_SETS = ("arrete_2011", "vegetarian", "egalim", "house")
"""What a plan must hold: the law, then the house rules. Recommendations (gem_rcn_2015, cnrc_2020, intakes) are asked
for."""

Stated: TypeAlias = dict[str, Any]


def planning_rules(
    on: date, *, rule_sets: Sequence[str] = PLANNED_SETS, region: str | None = None, book: RuleBook | None = None
) -> list[Stated]:
    """Rules of some sets in force on a date, ordered by id; every value is plain JSON, shares are decimal strings.

    ``region`` (INSEE code) selects the EGAlim thresholds of an overseas region.
    """
    book = book or law()
    return [_stated(book, rule, dated, on, region) for rule, dated in book.rules(on, rule_sets)]


def _stated(book: RuleBook, rule: Rule, dated: Dated, on: date, region: str | None) -> Stated:
    head = {
        "id": rule.id,
        "kind": rule.kind,
        "title": rule.title,
        "source": dated.source,
        "soft_price": None if rule.soft_price is None else str(rule.soft_price),
    }
    if isinstance(rule, ValueRatio):
        return head | _value_ratio(rule, book.parameter(rule.id, on, region=region))
    return head | _FIELDS[type(rule)](rule, dated)


def _value_ratio(rule: ValueRatio, share: Decimal) -> Stated:
    return {"buckets": rule.buckets, "families": rule.families, "min_share": str(share), "period": rule.period}


def _matching(rule: Count | WeeklyCount, dated: DatedBounds) -> Stated:
    bounds = {"min": dated.min, "max": dated.max}
    of_menu = {} if (menu := menu_of(rule)) is None else {"menu": menu}
    return {"attribute": rule.attribute, "slots": list(rule.slots), "match": rule.match, **of_menu} | bounds


def _count(rule: Count, dated: DatedBounds) -> Stated:
    return _matching(rule, dated) | {"window": dated.window}


def _nutrient_total(rule: NutrientTotal, dated: DatedAmounts) -> Stated:
    bounds = {name: None if bound is None else f"{bound:f}" for name, bound in (("min", dated.min), ("max", dated.max))}
    per_meal = {f"{name}_per_meal": bound for name, bound in bounds.items()}
    return {"nutrient": rule.nutrient, "window": dated.window, **per_meal}


def _spacing(rule: Spacing, dated: DatedValue) -> Stated:
    return {"slots": list(rule.slots), "within": int(dated.value), "unit": rule.unit}


def _pairing(rule: Pairing, _: Dated) -> Stated:
    names = ("slot_a", "attribute_a", "slot_b", "attribute_b", "mode")
    return {name: getattr(rule, name) for name in names}


def _budget(rule: Budget, _: Dated) -> Stated:
    return {"period": rule.period, "max_eur_per_meal": None}


def _drop_count(_: DropCount, dated: DatedValue) -> Stated:
    return {"max": int(dated.value)}


_FIELDS: dict[type[Rule], Callable[[Any, Any], Stated]] = {
    Count: _count,
    WeeklyCount: _matching,
    NutrientTotal: _nutrient_total,
    Spacing: _spacing,
    Pairing: _pairing,
    Budget: _budget,
    DropCount: _drop_count,
}
