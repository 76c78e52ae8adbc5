"""A plan folder read into a Plan, or refused with every fault its files have.

Only what makes a file unreadable is refused here; whether the plan is right is the verifier's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import cast, get_args

from optimizer.faults import BadFolder
from optimizer.folders.fields import Fields
from optimizer.folders.opening import Opening, open_folder, right_format
from optimizer.folders.schema import PLAN_FILES, PLAN_TABLES, SUMMARY_JSON
from optimizer.plan import (
    PLAN_FORMAT,
    Drop,
    KitchenResult,
    MenuLine,
    Plan,
    Price,
    PriceKind,
    RuleResult,
    SourcingLine,
    Summary,
)

WASTE_EUR, GOALS_EUR, INDICATORS = "waste_eur", "goals_eur", "indicators"
_OPTIONAL = (WASTE_EUR, GOALS_EUR, INDICATORS)
"""Stated only when the problem prices waste, weighs goals, or the plan tells its indicators."""
_SUMMARY = (
    "format", "problem_sha256", "cost_eur", "penalty_eur", "objective_eur", "lower_bound_eur", "gap", "meals",
    "seconds", "peak_memory_mb", "solver", "seed", "rules", "kitchens",
)  # fmt: skip


def read_plan(path: Path) -> Plan:
    """The plan that the folder states. Raises BadFolder with all its faults."""
    folder = open_folder(path, PLAN_TABLES, PLAN_FILES)
    fields = folder.fields(SUMMARY_JSON)
    if fields is None or not right_format(fields, PLAN_FORMAT):
        raise BadFolder(folder.faults)
    summary = _summary(fields)
    plan = Plan(
        menus=tuple(_menus(folder)),
        sourcing=tuple(_sourcing(folder)),
        drops=tuple(_drops(folder)),
        prices=tuple(_prices(folder)),
        summary=summary,
    )
    folder.refuse_if_faulty()
    return plan


def _menus(folder: Opening) -> Iterator[MenuLine]:
    for row in folder.table("menus.csv"):
        yield MenuLine(
            row.text("kitchen"),
            row.day("date"),
            row.text("slot"),
            row.text("dish"),
            row.integer("covers", at_least=1),
        )


def _sourcing(folder: Opening) -> Iterator[SourcingLine]:
    for row in folder.table("sourcing.csv"):
        yield SourcingLine(
            row.text("kitchen"),
            row.day("week"),
            row.text("ingredient"),
            row.text("offer"),
            row.integer("grams", at_least=1),
            row.decimal("amount_excl_tax", places=2),
        )


def _drops(folder: Opening) -> Iterator[Drop]:
    for row in folder.table("drops.csv"):
        yield Drop(
            row.text("kitchen"),
            row.day("date"),
            row.text("supplier"),
            row.integer("grams", at_least=1),
            row.decimal("amount_excl_tax", places=2),
        )


def _prices(folder: Opening) -> Iterator[Price]:
    for row in folder.table("prices.csv"):
        yield Price(
            cast(PriceKind, row.choice("kind", get_args(PriceKind))),
            row.text("kitchen", empty=True),
            row.text("period", empty=True),
            row.text("offer", empty=True),
            row.text("rule", empty=True),
            row.decimal("value", at_least=None),
            row.decimal("quantity", at_least=None),
        )


def _summary(fields: Fields) -> Summary:
    stated = [name for name in _OPTIONAL if name in fields.values]
    fields.expect((*_SUMMARY, *stated))
    return Summary(
        problem_sha256=fields.text("problem_sha256"),
        cost_eur=fields.decimal("cost_eur"),
        penalty_eur=fields.decimal("penalty_eur"),
        waste_eur=fields.decimal(WASTE_EUR) if WASTE_EUR in stated else Decimal("0.00"),
        goals_eur=fields.decimal(GOALS_EUR) if GOALS_EUR in stated else Decimal("0.00"),
        indicators=_shares(fields.inner(INDICATORS)) if INDICATORS in stated else {},
        objective_eur=fields.decimal("objective_eur"),
        lower_bound_eur=fields.decimal("lower_bound_eur", at_least=None),
        gap=fields.decimal("gap", at_least=None),
        meals=fields.integer("meals"),
        seconds=fields.decimal("seconds"),
        peak_memory_mb=fields.integer("peak_memory_mb"),
        solver=fields.text("solver"),
        seed=fields.integer("seed"),
        rules=tuple([_rule_result(item) for item in fields.each("rules")]),
        kitchens=tuple([_kitchen_result(item) for item in fields.each("kitchens")]),
    )


def _rule_result(item: Fields) -> RuleResult:
    item.expect(("id", "scope", "value", "bound", "holds"))
    scope, bound = item.inner("scope"), item.inner("bound")
    scope.expect(("kitchen", "period"))
    bound.expect(("min", "max"))
    return RuleResult(
        item.text("id"),
        scope.text("kitchen"),
        scope.text("period"),
        item.maybe_decimal("value"),
        bound.maybe_decimal("min"),
        bound.maybe_decimal("max"),
        item.flag("holds"),
    )


def _kitchen_result(item: Fields) -> KitchenResult:
    item.expect(("id", "cost_eur", "meals", "cost_per_meal_eur", "ratios"))
    return KitchenResult(
        item.text("id"),
        item.decimal("cost_eur"),
        item.integer("meals"),
        item.decimal("cost_per_meal_eur"),
        {rule: _shares(item.inner("ratios").inner(rule)) for rule in item.inner("ratios").values},
    )


def _shares(of_rule: Fields) -> dict[str, Decimal | None]:
    return {year: of_rule.maybe_decimal(year) for year in of_rule.values}
