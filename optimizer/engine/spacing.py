"""When may a dish come back? Spacing rules seen from whole weeks, because days are chosen later.

For a day-spacing of k, a dish served on place p of week u and place q of week v > u is far enough apart iff `days
from u to v + q − p >= k`. So at most `reuse_limit` dishes can be in both weeks; none, some (each on its own places),
or as many as fit. The three cases give a window row, a counted row, and no row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from optimizer.engine.calendars import Pattern
from optimizer.rules import SpacingRule


def reuse_limit(pattern: Pattern, first: int, second: int, rule: SpacingRule) -> int:
    """Most dishes that two different service weeks (first < second) can have in common under the rule."""
    most = min(pattern.week_days[first], pattern.week_days[second])
    if rule.unit == "weeks":
        return 0 if second - first < rule.within else most
    late = rule.within - pattern.days_between(first, second - 1)
    return max(0, min(most, pattern.week_days[second] - late))


def repeats_in_week(pattern: Pattern, week: int, rule: SpacingRule, reading: Literal["plan", "bound"]) -> int:
    """Most days of one week on which a dish may be served."""
    if rule.unit == "weeks":
        return 1
    if reading == "plan" and rule.within > 1:
        return 1
    return -(-pattern.week_days[week] // rule.within)


def closed_runs(pattern: Pattern, weeks: Sequence[int], rule: SpacingRule) -> list[tuple[int, int]]:
    """Maximal runs of these weeks in which a dish can be served in one week only."""
    runs: list[tuple[int, int]] = []
    for u in weeks:
        near = [v for v in weeks if v > u and reuse_limit(pattern, u, v, rule) == 0]
        if near and (not runs or near[-1] > runs[-1][1]):
            runs.append((u, near[-1]))
    return runs


def roomy_runs(pattern: Pattern, weeks: Sequence[int], rule: SpacingRule) -> list[tuple[int, int, int]]:
    """Longer runs: n days hold at most ceil(n / within) servings. Twice and four times the spacing say nearly all."""
    if rule.unit == "weeks":
        return []
    runs = []
    for times in (2, 4):
        last = -1
        for u in weeks:
            fitting = [v for v in weeks if v > u and pattern.days_between(u, v) <= times * rule.within]
            if fitting and fitting[-1] > last:
                last = fitting[-1]
                runs.append((u, last, times))
    return runs


def counted_pairs(pattern: Pattern, weeks: Sequence[int], rule: SpacingRule) -> list[tuple[int, int, int]]:
    """Pairs of these weeks that can have some dishes in common, but fewer than their days, with that number."""
    pairs = []
    for u in weeks:
        for v in weeks:
            if u < v:
                limit = reuse_limit(pattern, u, v, rule)
                if 0 < limit < min(pattern.week_days[u], pattern.week_days[v]):
                    pairs.append((u, v, limit))
    return pairs
