"""When may a dish come back? Spacing rules seen from whole weeks, because days are chosen later.

Each week stands for its service days (positions in the kitchen's calendar; of a week cut by a block border, those of
the block). For a day-spacing of k, a dish served on day p of one week and day q of a later one is far enough apart
iff `q − p >= k`. So at most `reuse_limit` dishes can be in both weeks: none, some (each on its own days), or as many
as fit. The three cases give a window row, a counted row, and no row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from optimizer.rules import SpacingRule

Weeks = Mapping[int, Sequence[int]]
"""Service days by service week (or by service day, for a day on its own), both positions, in order."""


def reuse_limit(weeks: Weeks, first: int, second: int, rule: SpacingRule) -> int:
    """Most dishes that two different weeks (first < second) can have in common under the rule."""
    early, late = weeks[first], weeks[second]
    most = min(len(early), len(late))
    if rule.unit == "weeks":
        return 0 if second - first < rule.within else most
    # The n earliest days of the one with the n latest of the other, in order: if any n pairs are far enough, these are.
    for count in range(most, 0, -1):
        if all(q - p >= rule.within for p, q in zip(early[:count], late[-count:], strict=True)):
            return count
    return 0


def repeats_in_week(days: int, rule: SpacingRule, reading: Literal["plan", "bound", "exact"]) -> int:
    """Most days of one week on which a dish may be served."""
    if rule.unit == "weeks":
        return 1
    if reading == "plan" and rule.within > 1:
        return 1
    return -(-days // rule.within)


def closed_runs(weeks: Weeks, rule: SpacingRule) -> list[tuple[int, int]]:
    """Maximal runs of these weeks in which a dish can be served in one week only."""
    runs: list[tuple[int, int]] = []
    for u in weeks:
        near = [v for v in weeks if v > u and reuse_limit(weeks, u, v, rule) == 0]
        if near and (not runs or near[-1] > runs[-1][1]):
            runs.append((u, near[-1]))
    return runs


def roomy_runs(weeks: Weeks, rule: SpacingRule) -> list[tuple[int, int, int]]:
    """Longer runs: n days hold at most ceil(n / within) servings. Twice and four times the spacing say nearly all."""
    if rule.unit == "weeks":
        return []
    runs = []
    for times in (2, 4):
        last = -1
        for u in weeks:
            fitting = [v for v in weeks if v > u and weeks[v][-1] - weeks[u][0] < times * rule.within]
            if fitting and fitting[-1] > last:
                last = fitting[-1]
                runs.append((u, last, times))
    return runs


def counted_pairs(weeks: Weeks, rule: SpacingRule) -> list[tuple[int, int, int]]:
    """Pairs of these weeks that can have some dishes in common, but fewer than their days, with that number."""
    pairs = []
    for u in weeks:
        for v in weeks:
            if u < v:
                limit = reuse_limit(weeks, u, v, rule)
                if 0 < limit < min(len(weeks[u]), len(weeks[v])):
                    pairs.append((u, v, limit))
    return pairs
