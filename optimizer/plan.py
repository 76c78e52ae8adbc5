"""What a plan states: menus, sourcing, drops, the prices behind the bound, and the summary (docs/problem-format.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeAlias

PLAN_FORMAT = "catering-plan/1"
PriceKind: TypeAlias = Literal["capacity", "ratio", "budget", "total", "menu"]


@dataclass(frozen=True, slots=True, order=True)
class MenuLine:
    kitchen: str
    date: date
    slot: str
    dish: str
    covers: int


@dataclass(frozen=True, slots=True, order=True)
class SourcingLine:
    """What one kitchen buys of one offer for one week (``week`` is its Monday)."""

    kitchen: str
    week: date
    ingredient: str
    offer: str
    grams: int
    amount_excl_tax: Decimal


@dataclass(frozen=True, slots=True, order=True)
class Drop:
    """One delivery of one supplier at one kitchen: everything bought from it for that week."""

    kitchen: str
    date: date
    supplier: str
    grams: int
    amount_excl_tax: Decimal


@dataclass(frozen=True, slots=True, order=True)
class Price:
    """One term of the Lagrangian bound; fields that the kind does not use are empty strings.

    ``period`` is a week (its Monday), a civil year (``2026``) or a block (``first date/last date``).
    """

    kind: PriceKind
    kitchen: str
    period: str
    offer: str
    rule: str
    value: Decimal
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class RuleResult:
    """How one rule stands for one kitchen and period.

    ``value`` is in the unit of the rule (meals, amount per meal, repetitions, days, share, euros), rounded half-up to 6
    decimals; None when there is nothing to measure (a share of nothing). ``minimum`` and ``maximum`` are the bounds
    that apply to that period, None = not bounded on that side.
    """

    id: str
    kitchen: str
    period: str
    value: Decimal | None
    minimum: Decimal | None
    maximum: Decimal | None
    holds: bool


@dataclass(frozen=True, slots=True)
class KitchenResult:
    """Cost of one kitchen over the horizon; ``ratios[rule id][civil year]`` is a share, None for a share of nothing."""

    id: str
    cost_eur: Decimal
    meals: int
    cost_per_meal_eur: Decimal
    ratios: Mapping[str, Mapping[str, Decimal | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Euros with 2 decimals; ``gap`` with 6; ``meals`` counts covers."""

    problem_sha256: str
    cost_eur: Decimal
    penalty_eur: Decimal
    objective_eur: Decimal
    lower_bound_eur: Decimal
    gap: Decimal
    meals: int
    seconds: Decimal
    peak_memory_mb: int
    solver: str
    seed: int
    rules: tuple[RuleResult, ...]
    kitchens: tuple[KitchenResult, ...]
    waste_eur: Decimal = Decimal("0.00")
    """What the dishes served add to the objective by what comes back (``waste.csv`` of the problem)."""
    goals_eur: Decimal = Decimal("0.00")
    """What the purchases add to the objective by the goals (``goals.csv`` of the problem)."""
    indicators: Mapping[str, Decimal | None] = field(default_factory=dict)
    """By id (``optimizer.goals.INDICATORS``); empty in a plan that states none."""


@dataclass(frozen=True)
class Plan:
    menus: tuple[MenuLine, ...]
    sourcing: tuple[SourcingLine, ...]
    drops: tuple[Drop, ...]
    prices: tuple[Price, ...]
    summary: Summary

    @classmethod
    def from_folder(cls, path: Path | str) -> Plan:
        """Read a plan folder. Raises :class:`optimizer.faults.BadFolder` with every fault found in it."""
        from optimizer.folders import read_plan

        return read_plan(Path(path))

    def to_folder(self, path: Path | str) -> None:
        """Write the plan folder, whole or not at all; an existing plan folder at ``path`` is replaced."""
        from optimizer.folders import write_plan

        write_plan(self, Path(path))
