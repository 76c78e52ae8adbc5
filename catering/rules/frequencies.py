"""Check meals, planned or served, against the frequencies of the arrêté and the vegetarian menu."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, groupby

from catering.rules.book import RuleBook, law
from catering.rules.meals import NOTHING, Meal, Standing, Tally, Weight, tally
from catering.rules.planning import PLANNED_SETS
from catering.rules.shapes import Count, DatedBounds, WeeklyCount

CHECKED_SETS = ("arrete_2011", "vegetarian", "cnrc_2020")
"""What a nutrition manager signs: the law, and the advice of the CNRC on vegetarian menus."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A meal that counts, or might, for a rule."""

    day: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule over some successive meals: how many surely match, how many might, the bounds and which meals they are.

    With several choices a meal counts for a part of itself, so that ``sure`` and ``possible`` may be fractions.
    """

    rule: str
    title: str
    first: date
    last: date
    meals: int
    sure: Weight
    possible: Weight
    minimum: int | None
    maximum: int | None
    over: tuple[Counted, ...]
    """Every meal of the period."""
    usual: int | None = None
    """Days of service of the kitchen's usual week, when the period is a week."""

    @property
    def days(self) -> int:
        """Days of service of the period."""
        return len({each.day for each in self.over})

    @property
    def tolerated(self) -> bool:
        """Whether a week that does not hold has fewer days of service than usual.

        The CNRC tolerates the missing vegetarian menu of a week that a public holiday cuts (VEG-02, VEG-03); the law
        (VEG-01) says nothing of it, so the week still does not hold.
        """
        return self.usual is not None and self.days < self.usual and self.status is not Standing.SATISFIED

    @property
    def counted(self) -> tuple[Counted, ...]:
        """The meals that count, or might."""
        return tuple(each for each in self.over if each.tally.possible)

    @property
    def holds(self) -> bool:
        """Whether it holds, unknown attributes read against the kitchen: for a maximum and not for a minimum."""
        return self.status is Standing.SATISFIED

    @property
    def outside(self) -> Weight:
        """How far the sure count is outside of the bounds; 0 within."""
        short = 0 if self.minimum is None else max(self.minimum - self.sure, 0)
        return short + (0 if self.maximum is None else max(self.sure - self.maximum, 0))

    @property
    def status(self) -> Standing:
        """Whether it holds, does not, or hangs on what is unknown."""
        enough = self.minimum is None or self.sure >= self.minimum
        if enough and (self.maximum is None or self.possible <= self.maximum):
            return Standing.SATISFIED
        too_few = self.minimum is not None and self.possible < self.minimum
        too_many = self.maximum is not None and self.sure > self.maximum
        return Standing.BROKEN if too_few or too_many else Standing.UNDECIDED


@dataclass(frozen=True, slots=True)
class Frequencies:
    """What a kitchen's meals are found to be: ``blocks`` and weeks bind; ``windows`` warn.

    Both are in order of rule id, then date. A window is every run of as many successive meals as a block has.
    """

    blocks: tuple[Finding, ...]
    windows: tuple[Finding, ...]


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
    The rules are those of the first day of each block or week unless ``on`` says otherwise.
    """
    return [each for counting in _counted(meals, rule_sets, book) for each in _periods(counting, on)]


def check_windows(
    meals: Iterable[Meal],
    *,
    rule_sets: Sequence[str] = PLANNED_SETS,
    on: date | None = None,
    book: RuleBook | None = None,
) -> list[Finding]:
    """One finding per rule that counts over successive meals and per whole window, whichever day it starts."""
    return [each for counting in _counted(meals, rule_sets, book) for each in _windows(counting, on)]


def check_all(
    meals: Sequence[Meal], *, rule_sets: Sequence[str] = CHECKED_SETS, book: RuleBook | None = None
) -> Frequencies:
    """Blocks, weeks and sliding windows of a kitchen's meals."""
    counted = list(_counted(meals, rule_sets, book))
    return Frequencies(
        tuple(each for counting in counted for each in _periods(counting, None)),
        tuple(each for counting in counted for each in _windows(counting, None)),
    )


@dataclass(frozen=True, slots=True)
class _Counting:
    """A rule, what each meal counts for it, and sums from the first meal so that any run is one subtraction."""

    rule: Count | WeeklyCount
    meals: Sequence[Meal]
    each: tuple[Counted, ...]
    sure: Sequence[Weight]
    possible: Sequence[Weight]

    def state(self, start: int, on: date | None) -> DatedBounds | None:
        """The bounds in force on the day of a meal; None when the rule is not in force then."""
        day = on or self.meals[start].day
        return next((dated for dated in self.rule.values if dated.in_force(day)), None)

    def over(self, start: int, end: int, least: int | None, most: int | None, usual: int | None = None) -> Finding:
        """What is found from a meal to another, the last one excluded."""
        return Finding(
            self.rule.id,
            self.rule.title,
            self.meals[start].day,
            self.meals[end - 1].day,
            end - start,
            self.sure[end] - self.sure[start],
            self.possible[end] - self.possible[start],
            least,
            most,
            self.each[start:end],
            usual,
        )


def _counted(meals: Iterable[Meal], rule_sets: Sequence[str], book: RuleBook | None) -> Iterator[_Counting]:
    """Each counting rule of some sets with what the meals count for it, by rule id."""
    ordered = sorted(meals, key=lambda meal: meal.day)
    entries = (book or law()).entries
    for rule_id in sorted(entries) if ordered else ():
        rule = entries[rule_id]
        if isinstance(rule, Count | WeeklyCount) and rule.rule_set in rule_sets:
            yield _counting(rule, ordered)


def _counting(rule: Count | WeeklyCount, meals: Sequence[Meal]) -> _Counting:
    tallies = [tally(rule, meal) for meal in meals]
    zero: Weight = NOTHING.sure
    return _Counting(
        rule,
        meals,
        tuple(Counted(meal.day, each) for meal, each in zip(meals, tallies, strict=True)),
        list(accumulate((each.sure for each in tallies), initial=zero)),
        list(accumulate((each.possible for each in tallies), initial=zero)),
    )


def _periods(counting: _Counting, on: date | None) -> Iterator[Finding]:
    if isinstance(counting.rule, WeeklyCount):
        usual = lunches_per_week(counting.meals)
        for start, end in _weeks(counting.meals):
            if (dated := counting.state(start, on)) is not None:
                yield counting.over(start, end, dated.min, dated.max, usual)
        return
    for start, end, dated in _blocks(counting, on):
        assert dated.window is not None, "a count states its window"
        yield counting.over(start, end, *_scaled(dated, dated.window, end - start))


def _blocks(counting: _Counting, on: date | None) -> Iterator[tuple[int, int, DatedBounds]]:
    """Consecutive blocks of meals from the first one on; where no rule is in force, meals are passed one by one."""
    start = 0
    while start < len(counting.meals):
        dated = counting.state(start, on)
        if dated is None or dated.window is None:
            start += 1
            continue
        end = min(start + dated.window, len(counting.meals))
        if _rhythm_suits(counting, start, end):
            yield start, end, dated
        start = end


def _windows(counting: _Counting, on: date | None) -> Iterator[Finding]:
    for start in range(len(counting.meals)):
        dated = counting.state(start, on)
        if dated is None or dated.window is None or start + dated.window > len(counting.meals):
            continue
        if _rhythm_suits(counting, start, start + dated.window):
            yield counting.over(start, start + dated.window, dated.min, dated.max)


def _rhythm_suits(counting: _Counting, start: int, end: int) -> bool:
    """Whether the rule speaks to a kitchen of this rhythm: the lunches that most of its weeks have."""
    asked = counting.rule.lunches_per_week if isinstance(counting.rule, Count) else None
    return asked is None or lunches_per_week(counting.meals[start:end]) == asked


def lunches_per_week(meals: Sequence[Meal]) -> int:
    """Weekdays that are served in the usual week: a weekday served once, in place of another, is not usual."""
    weeks = len({_monday(meal.day) for meal in meals})
    days = Counter(meal.day.weekday() for meal in meals)
    return sum(2 * served >= weeks for served in days.values())


def _weeks(meals: Sequence[Meal]) -> Iterator[tuple[int, int]]:
    start = 0
    for _, week in groupby(meals, key=lambda meal: _monday(meal.day)):
        end = start + len(list(week))
        yield start, end
        start = end


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _scaled(dated: DatedBounds, window: int, meals: int) -> tuple[int | None, int | None]:
    least = None if dated.min is None else dated.min * meals // window
    most = None if dated.max is None else -(-dated.max * meals // window)
    return least, most


__all__ = [
    "CHECKED_SETS",
    "Counted",
    "Finding",
    "Frequencies",
    "check_all",
    "check_frequencies",
    "check_windows",
    "lunches_per_week",
]
