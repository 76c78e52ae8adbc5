"""What is bought for given menus: over which weeks, of whom, and what nobody could provide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from optimizer.engine.totals import Part
from optimizer.solver import Floats

Demand = Mapping[tuple[int, int, int], int]
"""grams by (kitchen, week, ingredient)"""
DropKey = tuple[int, int, int]
"""supplier, kitchen, week"""


@dataclass(frozen=True, slots=True)
class Together:
    """Kitchens that share a drop of a supplier in a week, and the euros that it must be worth."""

    supplier: int
    week: int
    kitchens: tuple[int, ...]
    euros: float


@dataclass(frozen=True)
class Period:
    """Weeks (positions) sourced together; a value ratio and a budget are held to within them."""

    weeks: tuple[int, ...]
    parts: Mapping[int, Part] | None = field(default=None, compare=False)
    """Of the bounds of totals, by their position; None = by the number of weeks."""


@dataclass(frozen=True)
class Sourced:
    """Answer for one period: euros (with the prices of what is missing or short) and kg per column.

    The duals price capacity (offer, week), ratios (K × R) and budgets (K).
    """

    cost: float
    buys: list[tuple[int, int, int, float]]
    capacity_prices: dict[tuple[int, int], float]
    ratio_prices: Floats
    budget_prices: Floats
    missing: list[tuple[int, int, int, float]]
    short: list[tuple[int, int, float]]
    over: list[tuple[int, int, float]]
    small: list[tuple[int, int, int, float]] = field(default_factory=list)
    """Drops (supplier, kitchen, week) and the euros they lack to their minimum."""
    crowded: list[tuple[int, int, float]] = field(default_factory=list)
    """Weeks (kitchen, week) and the drops beyond what a hard rule allows."""
    open: frozenset[tuple[int, int, int]] | None = None
    """The drops (supplier, kitchen, week) that the purchases are held to; None = any."""
    total_prices: Mapping[int, float] = field(default_factory=dict)
    """λ by total: > 0 where its most is dear to keep, < 0 where its least is."""
    off: list[tuple[int, tuple[int, ...], float]] = field(default_factory=list)
    """Totals whose part of a bound is missed: which, the kitchens that buy for it, by how much in its measure."""

    @property
    def lacking(self) -> float:
        """kg missing, euros short, over or too small, and drops too many, added: 0.0 when everything is met."""
        lacks = (self.missing, self.short, self.over, self.small, self.crowded, self.off)
        return sum(of[-1] for each in lacks for of in each)

    @property
    def unmet(self) -> set[int]:
        """Kitchens that lack something."""
        lacking = {k for k, _, _ in [*self.short, *self.over, *self.crowded]}
        together = {k for _, kitchens, _ in self.off for k in kitchens}
        return lacking | {of[0] for of in self.missing} | {k for _, k, _, _ in self.small} | together
