"""Check meals, planned or served, against the frequencies of the arrêté and the vegetarian menu."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from catering.rules.book import RuleBook, law
from catering.rules.planning import PLANNED_SETS
from catering.rules.shapes import Count, DatedBounds, WeeklyCount
from catering.rules.truth import Truth


@dataclass(frozen=True, slots=True)
class Meal:
    """A lunch: per slot, the attributes of its dish; an attribute that is not named is false, a slot may be empty."""

    day: date
    dishes: Mapping[str, Mapping[str, Truth]]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule over some successive meals: how many surely match, how many might, the bounds and which meals they are.

    Unknown attributes are read against the kitchen: they count for a maximum and not for a minimum.
    """

    rule: str
    title: str
    first: date
    last: date
    sure: int
    possible: int
    minimum: int | None
    maximum: int | None
    matching: tuple[date, ...]

    @property
    def holds(self) -> bool:
        enough = self.minimum is None or self.sure >= self.minimum
        return enough and (self.maximum is None or self.possible <= self.maximum)


def check_frequencies(
    meals: Iterable[Meal],
    *,
    rule_sets: Sequence[str] = PLANNED_SETS,
    on: date | None = None,
    book: RuleBook | None = None,
) -> list[Finding]:
    """One finding per counting rule and period, by rule id then date.

    Meals of one kitchen are taken in date order and cut into consecutive blocks (or calendar weeks); a last, partial
    block of m meals out of a window w is held to floor(min·m/w) and ceil(max·m/w), as in docs/problem-format.md.
    The rules are those of the first meal's day unless ``on`` says otherwise.
    """
    ordered = sorted(meals, key=lambda meal: meal.day)
    if not ordered:
        return []
    book = book or law()
    return [
        finding
        for rule, dated in book.rules(on or ordered[0].day, rule_sets)
        if isinstance(rule, Count | WeeklyCount) and isinstance(dated, DatedBounds)
        for finding in _over_periods(rule, dated, ordered)
    ]


def _over_periods(rule: Count | WeeklyCount, dated: DatedBounds, meals: Sequence[Meal]) -> Iterator[Finding]:
    if isinstance(rule, WeeklyCount) or dated.window is None:
        for _, week in groupby(meals, key=lambda meal: meal.day - timedelta(days=meal.day.weekday())):
            yield _finding(rule, list(week), dated.min, dated.max)
        return
    for start in range(0, len(meals), dated.window):
        block = meals[start : start + dated.window]
        yield _finding(rule, block, *_scaled(dated, dated.window, len(block)))


def _scaled(dated: DatedBounds, window: int, meals: int) -> tuple[int | None, int | None]:
    least = None if dated.min is None else dated.min * meals // window
    most = None if dated.max is None else -(-dated.max * meals // window)
    return least, most


def _finding(rule: Count | WeeklyCount, meals: Sequence[Meal], least: int | None, most: int | None) -> Finding:
    truths = [(meal.day, matches(rule, meal)) for meal in meals]
    possible = tuple(day for day, truth in truths if truth.possibly)
    sure = sum(truth is Truth.TRUE for _, truth in truths)
    return Finding(rule.id, rule.title, meals[0].day, meals[-1].day, sure, len(possible), least, most, possible)


def matches(rule: Count | WeeklyCount, meal: Meal) -> Truth:
    """Whether a meal counts for a rule; it counts once, however many of its dishes match."""
    served = [meal.dishes[slot].get(rule.attribute, Truth.FALSE) for slot in rule.slots if slot in meal.dishes]
    if rule.match == "any":
        return _fold(served, Truth.FALSE)
    return _fold(served, Truth.TRUE) if served else Truth.FALSE


def _fold(truths: Iterable[Truth], start: Truth) -> Truth:
    result = start
    for truth in truths:
        result = result | truth if start is Truth.FALSE else result & truth
    return result


__all__ = ["Finding", "Meal", "check_frequencies", "matches"]
