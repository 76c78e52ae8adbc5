"""What will be left for a week: nothing is counted twice, nothing past its date is counted."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.planning.left_overs import Batch, LeftOver, project

TODAY = date(2026, 9, 9)
"""A Wednesday."""
THIS, NEXT, AFTER = date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 21)
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def test_what_the_menus_use_before_is_not_left() -> None:
    uses = {TODAY: 2_000, TODAY + DAY: 1_500, NEXT: 4_000}
    found = project([Batch(10_000)], uses, NEXT)
    assert found == LeftOver(10_000, 0, 3_500, 0, 0, needed_g=4_000)
    assert found.left_g == 6_500


def test_the_week_after_is_left_what_this_one_does_not_eat() -> None:
    uses = {TODAY: 2_000, NEXT: 4_000, NEXT + DAY: 3_000, AFTER: 5_000}
    assert [project([Batch(10_000)], uses, monday).left_g for monday in (NEXT, AFTER)] == [8_000, 1_000]


def test_nothing_is_left_when_the_menus_use_more_than_there_is() -> None:
    assert project([Batch(3_000)], {TODAY: 2_000, TODAY + DAY: 9_000}, NEXT).left_g == 0


def test_what_is_past_its_date_on_the_day_of_use_is_lost() -> None:
    lots = [Batch(1_000, until=TODAY), Batch(2_000, until=NEXT + DAY), Batch(500)]
    used_early = project(lots, {TODAY: 300, NEXT: 800, NEXT + 3 * DAY: 900}, NEXT)
    # 700 g expire on the day; of the 2,000 g only the Monday can take 800, and the Thursday finds the 500 g.
    assert (used_early.used_g, used_early.expired_g, used_early.left_g) == (300, 1_900, 1_300)
    used_late = project(lots, {NEXT + 3 * DAY: 900}, NEXT)
    assert (used_late.expired_g, used_late.left_g) == (3_000, 500)
    assert project(lots, {}, NEXT).left_g == 2_500, "no menu is known: what can be served on the Monday"


def test_an_order_feeds_its_own_week_before_it_is_left_over() -> None:
    coming = Batch(10_000, since=NEXT, to_receive=True)
    found = project([coming], {TODAY: 1_000, NEXT: 6_000, AFTER: 9_000}, AFTER)
    assert (found.to_receive_g, found.used_g, found.left_g) == (10_000, 6_000, 4_000)


def test_what_was_received_for_a_later_week_is_kept_for_it() -> None:
    found = project([Batch(10_000)], {NEXT: 9_000}, NEXT, kept_g=8_000)
    assert (found.kept_g, found.left_g) == (8_000, 2_000)
    assert project([Batch(1_000)], {}, NEXT, kept_g=8_000).left_g == 0


GRAMS = st.integers(0, 20)
DAYS = st.integers(0, 32).map(lambda days: TODAY + days * DAY)
BATCHES = st.lists(st.builds(Batch, GRAMS, until=st.none() | DAYS), max_size=6)
USES = st.dictionaries(DAYS, GRAMS, max_size=25)


@dataclass
class Filled:
    """A basket as it was filled: what it counts on, and what it buys."""

    used: int
    bought: int


@given(BATCHES, USES, st.lists(st.tuples(st.booleans(), st.integers(1, 9)), min_size=5, max_size=5))
def test_over_several_weeks_no_gram_is_counted_twice(
    shelves: list[Batch], uses: dict[date, int], baskets: list[tuple[bool, int]]
) -> None:
    """Baskets of five weeks, some sent and some not, filled in order: the left-overs they count on were there."""
    there, filled, batches = sum(batch.grams for batch in shelves), list[Filled](), list(shelves)
    for place, (sent, pack) in enumerate(baskets):
        monday = THIS + place * WEEK
        found = project(batches, uses, monday)
        used = min(found.needed_g, found.left_g)
        bought = -(-(found.needed_g - used) // pack) * pack
        filled.append(Filled(used, bought))
        if sent:
            batches.append(Batch(bought, since=monday, to_receive=True))
            there += bought - (found.needed_g - used)
        assert sum(each.used for each in filled) <= there


@given(BATCHES, USES, st.integers(0, 4), st.integers(0, 30))
def test_the_arithmetic_adds_up_and_nothing_falls_below_zero(
    batches: list[Batch], uses: dict[date, int], place: int, kept: int
) -> None:
    monday = THIS + place * WEEK
    found = project(batches, uses, monday, kept_g=kept)
    figures = found.stock_g, found.to_receive_g, found.used_g, found.expired_g, found.kept_g, found.left_g
    assert min(figures) >= 0
    assert found.stock_g + found.to_receive_g - found.used_g - found.expired_g - found.kept_g == found.left_g
    assert found.used_g <= sum(grams for day, grams in uses.items() if day < monday)
    servable = [batch.grams for batch in batches if batch.until is None or batch.until >= monday]
    assert found.left_g <= sum(servable)


@pytest.mark.parametrize("grams", [1, 1_000])
def test_more_on_the_shelves_never_leaves_less(grams: int) -> None:
    uses = {TODAY: 500, NEXT: 700}
    lots = [Batch(400, until=TODAY), Batch(300)]
    assert project([*lots, Batch(grams)], uses, NEXT).left_g >= project(lots, uses, NEXT).left_g
