"""A rule as the JSON object that rules.json holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from optimizer.folders.cells import plain
from optimizer.rules import (
    BudgetRule,
    CountRule,
    DropCountRule,
    NutrientTotalRule,
    PairingRule,
    PurchaseTotalRule,
    Rule,
    SpacingRule,
    ValueRatioRule,
    WeeklyCountRule,
)


def rule_fields(rule: Rule) -> dict[str, Any]:
    """Fields of the rule in the order of docs/problem-format.md, exact numbers as Decimal."""
    head = {"id": rule.id, "kind": rule.kind, "title": rule.title, "source": rule.source}
    return head | {"soft_price": _number(rule.soft_price)} | _FIELDS[type(rule)](rule)


def _number(number: Decimal | None) -> Decimal | None:
    return None if number is None else Decimal(plain(number))


def _count(rule: CountRule) -> dict[str, Any]:
    return _matching(rule) | {"window": rule.window, "min": rule.minimum, "max": rule.maximum}


def _weekly_count(rule: WeeklyCountRule) -> dict[str, Any]:
    return _matching(rule) | {"min": rule.minimum, "max": rule.maximum}


def _matching(rule: CountRule | WeeklyCountRule) -> dict[str, Any]:
    of_menu = {} if rule.menu is None else {"menu": rule.menu}
    return {"attribute": rule.attribute, "slots": list(rule.slots), "match": rule.match, **of_menu}


def _nutrient_total(rule: NutrientTotalRule) -> dict[str, Any]:
    bounds = {"min_per_meal": _number(rule.min_per_meal), "max_per_meal": _number(rule.max_per_meal)}
    return {"nutrient": rule.nutrient, "window": rule.window, **bounds}


def _spacing(rule: SpacingRule) -> dict[str, Any]:
    return {"slots": list(rule.slots), "within": rule.within, "unit": rule.unit}


def _pairing(rule: PairingRule) -> dict[str, Any]:
    return {
        "slot_a": rule.slot_a,
        "attribute_a": rule.attribute_a,
        "slot_b": rule.slot_b,
        "attribute_b": rule.attribute_b,
        "mode": rule.mode,
    }


def _value_ratio(rule: ValueRatioRule) -> dict[str, Any]:
    families = None if rule.families is None else sorted(rule.families)
    share = {"min_share": plain(rule.min_share), "period": rule.period}
    of_sellers: dict[str, Any] = {} if rule.kinds is None else {"kinds": sorted(rule.kinds)}
    if rule.local:
        of_sellers["local"] = True
    return {"buckets": sorted(rule.buckets), "families": families, **share, **of_sellers}


def _budget(rule: BudgetRule) -> dict[str, Any]:
    return {"period": rule.period, "max_eur_per_meal": _number(rule.max_eur_per_meal)}


def _drop_count(rule: DropCountRule) -> dict[str, Any]:
    return {"max": rule.maximum}


def _purchase_total(rule: PurchaseTotalRule) -> dict[str, Any]:
    names = {name: getattr(rule, name) for name in ("offers", "suppliers", "kitchens")}
    days = {name: getattr(rule, name) for name in ("valid_from", "valid_to")}
    return {
        "measure": rule.measure,
        **{name: None if of is None else sorted(of) for name, of in names.items()},
        **{name: None if day is None else day.isoformat() for name, day in days.items()},
        "per": rule.per,
        "min": _number(rule.minimum),
        "max": _number(rule.maximum),
    }


_FIELDS: Mapping[type, Callable[[Any], dict[str, Any]]] = {
    CountRule: _count,
    WeeklyCountRule: _weekly_count,
    NutrientTotalRule: _nutrient_total,
    SpacingRule: _spacing,
    PairingRule: _pairing,
    ValueRatioRule: _value_ratio,
    BudgetRule: _budget,
    DropCountRule: _drop_count,
    PurchaseTotalRule: _purchase_total,
}
