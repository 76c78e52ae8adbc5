"""A Plan written as a folder: sorted tables, so that the same plan always gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from optimizer.folders.cells import csv_bytes, euros, plain
from optimizer.folders.json_text import encode
from optimizer.folders.placing import place_folder
from optimizer.folders.schema import PLAN_FILES, PLAN_TABLES, SUMMARY_JSON
from optimizer.plan import PLAN_FORMAT, KitchenResult, Plan, RuleResult, Summary


def write_plan(plan: Plan, path: Path) -> None:
    """Write the folder whole or not at all. Raises FileExistsError if something else stands at ``path``."""
    place_folder(path, plan_files(plan), PLAN_FILES)


def plan_files(plan: Plan) -> dict[str, bytes]:
    """The bytes of each file."""
    menus = ((of.kitchen, of.date, of.slot, of.dish, of.covers) for of in sorted(plan.menus))
    sourcing = (
        (of.kitchen, of.week, of.ingredient, of.offer, of.grams, euros(of.amount_excl_tax))
        for of in sorted(plan.sourcing)
    )
    drops = ((of.kitchen, of.date, of.supplier, of.grams, euros(of.amount_excl_tax)) for of in sorted(plan.drops))
    prices = (
        (of.kind, of.kitchen, of.period, of.offer, of.rule, plain(of.value), plain(of.quantity))
        for of in sorted(plan.prices)
    )
    return {
        "menus.csv": csv_bytes(PLAN_TABLES["menus.csv"], menus),
        "sourcing.csv": csv_bytes(PLAN_TABLES["sourcing.csv"], sourcing),
        "drops.csv": csv_bytes(PLAN_TABLES["drops.csv"], drops),
        "prices.csv": csv_bytes(PLAN_TABLES["prices.csv"], prices),
        SUMMARY_JSON: (encode(_summary(plan.summary)) + "\n").encode(),
    }


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "format": PLAN_FORMAT,
        "problem_sha256": summary.problem_sha256,
        "cost_eur": Decimal(euros(summary.cost_eur)),
        "penalty_eur": Decimal(euros(summary.penalty_eur)),
        **({"waste_eur": Decimal(euros(summary.waste_eur))} if summary.waste_eur else {}),
        **({"goals_eur": Decimal(euros(summary.goals_eur))} if summary.goals_eur else {}),
        "objective_eur": Decimal(euros(summary.objective_eur)),
        "lower_bound_eur": Decimal(euros(summary.lower_bound_eur)),
        "gap": summary.gap,
        "meals": summary.meals,
        "seconds": summary.seconds,
        "peak_memory_mb": summary.peak_memory_mb,
        "solver": summary.solver,
        "seed": summary.seed,
        **({"indicators": _indicators(summary)} if summary.indicators else {}),
        "rules": [_rule_result(of) for of in sorted(summary.rules, key=lambda of: (of.id, of.kitchen, of.period))],
        "kitchens": [_kitchen_result(of) for of in sorted(summary.kitchens, key=lambda of: of.id)],
    }


def _indicators(summary: Summary) -> dict[str, Decimal | None]:
    return {name: _number(value) for name, value in sorted(summary.indicators.items())}


def _rule_result(of: RuleResult) -> dict[str, Any]:
    return {
        "id": of.id,
        "scope": {"kitchen": of.kitchen, "period": of.period},
        "value": _number(of.value),
        "bound": {"min": _number(of.minimum), "max": _number(of.maximum)},
        "holds": of.holds,
    }


def _kitchen_result(of: KitchenResult) -> dict[str, Any]:
    ratios = {rule: _shares(of.ratios[rule]) for rule in sorted(of.ratios)}
    return {
        "id": of.id,
        "cost_eur": Decimal(euros(of.cost_eur)),
        "meals": of.meals,
        "cost_per_meal_eur": _number(of.cost_per_meal_eur),
        "ratios": ratios,
    }


def _shares(of_rule: Mapping[str, Decimal | None]) -> dict[str, Decimal | None]:
    return {year: _number(of_rule[year]) for year in sorted(of_rule)}


def _number(number: Decimal | None) -> Decimal | None:
    return None if number is None else Decimal(plain(number))
