"""What is known of one place that serves meals, and when: the ground of every forecast."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from statistics import median

ONE_DAY = timedelta(days=1)
WEEKS = 4
"""Same weekdays that give the usual level."""
MOST = 0.4  # legal-number: logarithm of the ratio beyond which a day says only "much"
ALL = "*"
"""Days with any menu known."""
BREAK = timedelta(days=9)
"""From the last service before school holidays to the first after them: a weekend is shorter."""


def ratio(one: float, two: float) -> float:
    """Logarithm of one over two, cut: a day of strike is no lesson of scale."""
    return max(-MOST, min(MOST, math.log(one / two)))


@dataclass(frozen=True, slots=True)
class PastDay:
    """Covers really served on a day (at least 1), and those the kitchen had announced, when it had.

    ``disturbed``: a trip, an exam or a strike was entered for it, or its covers were confirmed as unusual: it teaches
    nothing about ordinary days.
    """

    day: date
    served: int
    announced: int | None = None
    disturbed: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """The main dish of a day.

    Attributes:
        family: as `catering.waste.rules.families.family_of`.
        dish: its id.
        vegetarian: whether the day has no meat and no fish.
        liked: share of it that does not come back on plates, less that of all main dishes; 0 where nobody weighed it.
    """

    family: str
    dish: str
    vegetarian: bool = False
    liked: float = 0.0


@dataclass(frozen=True)
class Series:
    """One kitchen, or one group of schools, day by day.

    Args:
        key: UAI, or name of the group.
        past: days served, in order.
        open_days: days of service of the published calendar, past and to come, in order.
        announced: covers the kitchen says beforehand for days to come.
        notice: how many days before an announced day its covers were said; a day left out was announced long before.
        menus: main dish of a day, past or to come, where it is known.
    """

    key: str
    past: Sequence[PastDay]
    open_days: Sequence[date]
    announced: Mapping[date, int] = field(default_factory=dict)
    notice: Mapping[date, int] = field(default_factory=dict)
    menus: Mapping[date, Menu] = field(default_factory=dict)

    def said(self, day: date, ahead: int) -> bool:
        """Whether the covers of a day were said at least ``ahead`` days before it."""
        return self.notice.get(day, ahead) >= ahead

    @cached_property
    def by_weekday(self) -> dict[int, tuple[list[date], list[PastDay]]]:
        """Ordinary past days of each weekday, in order, with their dates."""
        found: dict[int, tuple[list[date], list[PastDay]]] = {weekday: ([], []) for weekday in range(7)}
        for each in self.past:
            if not each.disturbed:
                dates, days = found[each.day.weekday()]
                dates.append(each.day)
                days.append(each)
        return found

    @cached_property
    def ordinary(self) -> tuple[list[date], list[PastDay]]:
        """Ordinary past days with their dates."""
        days = [each for each in self.past if not each.disturbed]
        return [each.day for each in days], days

    @cached_property
    def worth(self) -> list[float]:
        """How each ordinary day stood against the usual level of its weekday then: logarithm, 0 where it had none."""
        return [self._worth(each) for each in self.ordinary[1]]

    def _worth(self, each: PastDay) -> float:
        before = self.same_weekday(each.day, each.day - ONE_DAY, WEEKS)
        return ratio(each.served, median(one.served for one in before)) if before else 0.0

    @cached_property
    def by_menu(self) -> dict[str, tuple[list[date], list[float]]]:
        """Dates of the ordinary days with each family and with each dish, and their worth added up from 0."""
        found: dict[str, tuple[list[date], list[float]]] = {}
        for each, worth in zip(self.ordinary[1], self.worth, strict=True):
            menu = self.menus.get(each.day)
            for name in () if menu is None else (ALL, menu.family, menu.dish):
                dates, sums = found.setdefault(name, ([], [0.0]))
                dates.append(each.day)
                sums.append(sums[-1] + worth)
        return found

    def with_menu(self, name: str, known: date) -> tuple[int, float]:
        """How many ordinary days had a family or dish, served on ``known`` or before, and their worth added up."""
        dates, sums = self.by_menu.get(name, ([], [0.0]))
        end = bisect_right(dates, known)
        return end, sums[end]

    def latest_worth(self, known: date, most: int) -> list[float]:
        """Worth of the latest ordinary days served on ``known`` or before."""
        end = bisect_right(self.ordinary[0], known)
        return self.worth[max(0, end - most) : end]

    @cached_property
    def breaks(self) -> tuple[list[date], list[date]]:
        """Last days before school holidays, first days after them."""
        pairs = [(one, two) for one, two in zip(self.open_days, self.open_days[1:], strict=False) if two - one >= BREAK]
        return [one for one, _ in pairs], [two for _, two in pairs]

    def same_weekday(self, day: date, known: date, most: int) -> list[PastDay]:
        """The latest ordinary days of the weekday of ``day``, served on ``known`` or before, the latest first."""
        dates, days = self.by_weekday[day.weekday()]
        end = bisect_right(dates, known)
        return days[max(0, end - most) : end][::-1]

    def days_to_break(self, day: date, far: int) -> int:
        """Days until the last service before school holidays; ``far`` at most."""
        ends, _ = self.breaks
        at = bisect_left(ends, day)
        return far if at == len(ends) else min(far, (ends[at] - day).days)

    def days_since_break(self, day: date, far: int) -> int:
        """Days since the first service after school holidays; ``far`` at most."""
        _, starts = self.breaks
        at = bisect_right(starts, day)
        return far if at == 0 else min(far, (day - starts[at - 1]).days)
