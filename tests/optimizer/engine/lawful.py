"""Random calendars, dishes, menus and rules, such that the menus keep the rules: so a lawful menu is known to exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st

from optimizer.blocks import ServiceDay
from optimizer.engine.instance import Instance
from optimizer.plan import MenuLine
from optimizer.problem import Dish, Problem
from optimizer.rules import CountRule, NutrientTotalRule, PairingRule, Rule, SpacingRule, WeeklyCountRule
from optimizer.verification import measure
from optimizer.verification.findings import Finding
from tests.optimizer.engine.tiny import MONDAY, D, count, dish, head, spacing, tiny, weekly

T = TypeVar("T", int, Decimal)
SLOTS = ("starter", "main", "side")


@dataclass(frozen=True)
class Lawful:
    """A problem of one kitchen and dishes served by day and slot that keep every rule of it."""

    problem: Problem
    served: tuple[tuple[str, ...], ...]


def menu_lines(problem: Problem, served: Sequence[Sequence[str]]) -> list[MenuLine]:
    """Lines of the one kitchen's menus."""
    return [
        MenuLine(day.kitchen, day.date, slot, dish, day.covers)
        for day, dishes in zip(problem.service_days, served, strict=True)
        for slot, dish in zip(problem.slots, dishes, strict=True)
    ]


def names(instance: Instance, days: Sequence[Sequence[int]]) -> list[tuple[str, ...]]:
    """Ids of the dishes of each day."""
    return [tuple(instance.dishes[dish] for dish in dishes) for dishes in days]


def broken(problem: Problem, served: Sequence[Sequence[str]]) -> tuple[Finding, ...]:
    """What the verifier finds against these menus."""
    return measure(problem, menu_lines(problem, served), ()).broken


@st.composite
def lawful_menus(draw: st.DrawFn, weeks: int = 3, days: int = 4, slots: int = 3, dishes: int = 4) -> Lawful:
    """`weeks`, `days` per week, `slots` and `dishes` per slot at most."""
    chosen = SLOTS[: draw(st.integers(1, slots))]
    book = [of for slot in chosen for of in draw(_dishes(slot, dishes))]
    calendar = draw(_calendar(weeks, days))
    by_slot = {slot: [of.id for of in book if of.slot == slot] for slot in chosen}
    served = tuple(tuple(draw(st.sampled_from(by_slot[slot])) for slot in chosen) for _ in calendar)
    rules = draw(st.lists(_rules(chosen), min_size=1, max_size=6))
    problem = tiny(book, [replace(rule, id=f"R{n}") for n, rule in enumerate(rules)], days=calendar)
    return Lawful(_loosened(problem, served), served)


def _loosened(problem: Problem, served: Sequence[Sequence[str]]) -> Problem:
    """The problem with each rule that the menus break made looser, step by step, until they just keep it."""
    while wrong := {finding.rule.id for finding in broken(problem, served)}:
        looser = [_looser(rule) if rule.id in wrong else rule for rule in problem.rules]
        problem = replace(problem, rules=tuple(rule for rule in looser if rule is not None))
    return problem


def _looser(rule: Rule) -> Rule | None:
    match rule:
        case CountRule() | WeeklyCountRule():
            return replace(rule, minimum=_less(rule.minimum), maximum=_more(rule.maximum))
        case NutrientTotalRule():
            return replace(rule, min_per_meal=_less(rule.min_per_meal), max_per_meal=_more(rule.max_per_meal))
        case SpacingRule() if rule.within > 1:
            return replace(rule, within=rule.within - 1)
        case _:
            return None


def _less(bound: T | None) -> T | None:
    return None if not bound else bound - 1


def _more(bound: T | None) -> T | None:
    """One more; no bound at all where no bound can hold (each unknown amount of a meal counts as the bound itself)."""
    return None if bound is None or bound > 40 else bound + 1


@st.composite
def _dishes(draw: st.DrawFn, slot: str, most: int) -> list[Dish]:
    attributes = st.lists(st.sampled_from("ab"), unique=True).map(" ".join)
    made = []
    for n in range(draw(st.integers(1, most))):
        true = draw(attributes)
        unknown = " ".join(set("ab") - set(true.split())) if draw(st.integers(0, 5)) == 0 else ""
        grams = {f"i{draw(st.integers(0, 2))}": draw(st.integers(50, 150))}
        of = dish(f"{slot}{n}", slot, true, unknown, needs=grams)
        known = draw(st.integers(0, 4)) > 0
        made.append(replace(of, nutrients={"p": D(draw(st.integers(0, 9)))} if known else {}))
    return made


@st.composite
def _calendar(draw: st.DrawFn, weeks: int, days: int) -> list[ServiceDay]:
    """Weeks with holidays, and days of two sizes."""
    places = []
    for week in range(draw(st.integers(1, weeks))):
        served = draw(st.lists(st.integers(0, 4), min_size=1, max_size=days, unique=True))
        places += [MONDAY + timedelta(days=7 * week + day) for day in sorted(served)]
    return [ServiceDay("k", day, draw(st.sampled_from([10, 10, 15]))) for day in places]


def _rules(slots: Sequence[str]) -> st.SearchStrategy[Rule]:
    some = st.lists(st.sampled_from(slots), min_size=1, unique=True).map(" ".join)
    attribute, match, window = st.sampled_from("ab"), st.sampled_from(["any", "all"]), st.sampled_from([3, 4, 6])
    both = _bounds()
    counts = st.builds(
        lambda a, pair, s, m, w: count("R", a, *pair, slots=s, match=m, window=w), attribute, both, some, match, window
    )
    weeklies = st.builds(lambda a, pair, s, m: weekly("R", a, *pair, slots=s, match=m), attribute, both, some, match)
    spacings = st.builds(
        lambda s, within, unit: spacing("R", within, unit, s),
        some,
        st.integers(1, 7),
        st.sampled_from(["days", "weeks"]),
    )
    kinds: list[st.SearchStrategy[Rule]] = [counts, weeklies, spacings, _nutrients()]
    if len(slots) > 1:
        kinds.append(_pairings(slots))
    return st.one_of(kinds)


@st.composite
def _bounds(draw: st.DrawFn) -> tuple[int | None, int | None]:
    low, high = sorted((draw(st.integers(0, 5)), draw(st.integers(0, 5))))
    side = draw(st.sampled_from(["least", "most", "both"]))
    return None if side == "most" else low, None if side == "least" else high


def _nutrients() -> st.SearchStrategy[Rule]:
    return st.builds(
        lambda low, high, window: NutrientTotalRule(
            **head("R"), nutrient="p", window=window,
            min_per_meal=None if low is None else D(low), max_per_meal=None if high is None else D(high),
        ),
        st.one_of(st.none(), st.integers(0, 9)), st.one_of(st.none(), st.integers(9, 20)), st.sampled_from([3, 4]),
    )  # fmt: skip


def _pairings(slots: Sequence[str]) -> st.SearchStrategy[Rule]:
    return st.builds(
        lambda pair, a, b, mode: PairingRule(
            **head("R"), slot_a=pair[0], attribute_a=a, slot_b=pair[1], attribute_b=b, mode=mode
        ),
        st.permutations(list(slots)), st.sampled_from("ab"), st.sampled_from("ab"),
        st.sampled_from(["require", "forbid"]),
    )  # fmt: skip
