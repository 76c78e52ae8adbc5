"""The exact model of one kitchen's week in drops, for the few weeks that change after change does not bring right.

Columns: `buy[offer]` in kg, `comes[supplier]` 0 or 1; `small[supplier]`, `beyond[rule]` for what nothing makes right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from optimizer.engine.instance import DropLimit, Instance
from optimizer.solver import INFINITY, Floats, Model

GAP, SECONDS = 1e-3, 10.0
SMALL_EUR_PER_EUR = 1e3
"""Price of a euro that a drop lacks to its minimum, where no purchase makes it up."""
SPECK = 1e-7
"""kg or euros below which nothing is meant."""


class Week(Protocol):
    """What is bought in the week, and the market it is bought on (`kitchen_week.KitchenWeek`)."""

    instance: Instance
    lines: dict[int, float]
    unit: Floats
    priced: Floats
    free: Floats
    rivals: Mapping[int, Sequence[int]]
    limits: Sequence[DropLimit]

    def least(self, supplier: int) -> float: ...


def best_week(week: Week) -> dict[int, float]:
    """The cheapest purchases in drops that are right, kg by offer; empty if the solver finds none in time."""
    model, buys = week_model(week)
    outcome = model.solve(gap=GAP, time_limit=SECONDS)
    if not outcome.usable:
        return {}
    return {o: float(outcome.values[c]) for o, c in buys.items() if outcome.values[c] > SPECK}


def week_model(week: Week) -> tuple[Model, dict[int, int]]:
    """The model, and the column of each offer."""
    of, model = week.instance, Model("week")
    buys, drops = dict[int, int](), dict[int, list[tuple[int, int, float]]]()
    for i, need in sorted(_needs(week).items()):
        for o in week.rivals[i]:
            limit = min(need, float(week.free[o]) + week.lines.get(o, 0.0))
            if limit > SPECK:
                buys[o] = model.add(f"buy.{of.offers[o]}", float(week.priced[o]), 0.0, limit)
                drops.setdefault(int(of.supplier_of[o]), []).append((o, buys[o], limit))
        columns = [buys[o] for o in week.rivals[i] if o in buys]
        model.row(f"DEMAND.{of.ingredients[i]}", columns, [1.0] * len(columns), need, need)
    comes = [_add_drop(model, week, s, offers) for s, offers in sorted(drops.items())]
    for limit_ in week.limits:
        _add_limit(model, limit_, comes)
    return model, buys


def _needs(week: Week) -> dict[int, float]:
    needs: dict[int, float] = {}
    for o, kg in week.lines.items():
        i = int(week.instance.ingredient_of[o])
        needs[i] = needs.get(i, 0.0) + kg
    return needs


def _add_drop(model: Model, week: Week, supplier: int, offers: Sequence[tuple[int, int, float]]) -> int:
    """MIN_DROP: Σ unit price × buy + small >= minimum × comes; buy <= most × comes."""
    name = week.instance.suppliers[supplier]
    comes = model.add(f"comes.{name}", 0.0, 0.0, 1.0, integer=True)
    small = model.add(f"small.{name}", SMALL_EUR_PER_EUR)
    columns = [*(c for _, c, _ in offers), comes, small]
    units = [float(week.unit[o]) for o, _, _ in offers]
    model.row(f"MIN_DROP.{name}", columns, [*units, -week.least(supplier), 1.0], 0.0, INFINITY)
    for o, column, limit in offers:
        model.row(f"comes.{week.instance.offers[o]}", [column, comes], [1.0, -limit], -INFINITY, 0.0)
    return comes


def _add_limit(model: Model, limit: DropLimit, comes: Sequence[int]) -> None:
    """drop_count: Σ comes − beyond <= most."""
    beyond = model.add(f"beyond.{limit.rule}", limit.price)
    model.row(f"{limit.rule}.week", [*comes, beyond], [*[1.0] * len(comes), -1.0], -INFINITY, float(limit.most))
