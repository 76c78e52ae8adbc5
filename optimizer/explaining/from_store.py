"""What each week buys of goods that keep, when needs change: the week that bought for another one still does."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from optimizer.explaining.ground import KitchenWeek
from optimizer.plan import MenuLine, SourcingLine
from optimizer.problem import Problem, week_of
from optimizer.swapping.kitchen_plan import need

Grams = Mapping[date, int]
"""Grams by week."""


def bought_for(weeks: Sequence[date], came: Grams, used: Grams) -> Iterator[tuple[date, date, int]]:
    """Which week's purchases fed which week's menus, first in, first out: (bought, served, grams)."""
    store = deque((week, grams) for week in weeks if (grams := came.get(week, 0)))
    for week in weeks:
        wanted = used.get(week, 0)
        while wanted and store:
            bought, grams = store.popleft()
            taken = min(wanted, grams)
            yield bought, week, taken
            wanted -= taken
            if grams > taken:
                store.appendleft((bought, grams - taken))


def bought_anew(weeks: Sequence[date], came: Grams, used: Grams, needs: Grams) -> Counter[date]:
    """Grams that each week buys of new needs, in the shares in which it bought for the old ones; their sum is theirs.

    What no purchase fed before is bought for its own week.
    """
    found: Counter[date] = Counter()
    rest = Counter(needs)
    for bought, served, grams in bought_for(weeks, came, used):
        part = needs.get(served, 0) * grams // used[served]
        found[bought] += part
        rest[served] -= part
    found.update(rest)
    return found


def bought_for_covers(
    problem: Problem, menus: Iterable[MenuLine], sourcing: Iterable[SourcingLine], eaten: Iterable[MenuLine]
) -> dict[KitchenWeek, Counter[str]]:
    """Grams that each kitchen-week buys of each ingredient once the menus are ``eaten`` by others than planned."""
    found = _served(problem, eaten)
    if not problem.weeks_ahead:
        return found
    before, came = _served(problem, menus), Counter[tuple[str, date, str]]()
    for line in sourcing:
        came[line.kitchen, line.week, line.ingredient] += line.grams
    for kitchen, of in sorted({(kitchen, of) for kitchen, _, of in came if of in problem.weeks_ahead}):
        bought = {week: came[kitchen, week, of] for week in problem.weeks}
        used, needs = (_by_week(each, kitchen, of) for each in (before, found))
        for week, grams in bought_anew(problem.weeks, bought, used, needs).items():
            found.setdefault((kitchen, week), Counter())[of] = grams
    return found


def _served(problem: Problem, menus: Iterable[MenuLine]) -> dict[KitchenWeek, Counter[str]]:
    days: dict[KitchenWeek, list[MenuLine]] = defaultdict(list)
    for line in menus:
        days[line.kitchen, week_of(line.date)].append(line)
    return {place: need(problem, of) for place, of in days.items()}


def _by_week(needs: Mapping[KitchenWeek, Counter[str]], kitchen: str, ingredient: str) -> dict[date, int]:
    return {week: of[ingredient] for (each, week), of in needs.items() if each == kitchen}
