"""Goods that keep: how long before their use they come, and which store a plan counts on."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.planning.keeping import MOST_WEEKS_AHEAD, WEEK, from_store, weeks_ahead

MONDAY = date(2026, 9, 7)
MONDAYS = [MONDAY + n * WEEK for n in range(MOST_WEEKS_AHEAD + 1)]


@pytest.mark.parametrize(("days", "weeks"), [(None, 0), (21, 0), (59, 0), (60, 4), (365, 4)])
def test_dry_goods_come_a_month_before_their_use_at_most(days: int | None, weeks: int) -> None:
    assert weeks_ahead(days) == weeks


@pytest.mark.parametrize(
    ("needs", "bought", "own", "later"),
    [
        ((5, 5, 5), (5, 5, 5), 0, 0),
        ((5, 5, 5), (0, 0, 5), 5, 5),
        ((5, 5, 5), (3, 0, 5), 2, 5),
        ((5, 5, 5), (15, 0, 0), 0, 0),
    ],
    ids=["bought as eaten", "all in store", "a part of it", "bought this week for two more"],
)
def test_what_is_eaten_and_not_bought_by_then_is_in_store(
    needs: tuple[int, ...], bought: tuple[int, ...], own: int, later: int
) -> None:
    assert from_store(dict(zip(MONDAYS, needs, strict=False)), dict(zip(MONDAYS, bought, strict=False)), MONDAY) == (
        own, later
    )  # fmt: skip


GRAMS = st.lists(st.integers(0, 9), min_size=len(MONDAYS), max_size=len(MONDAYS))


@given(GRAMS, GRAMS)
def test_the_store_is_the_least_with_which_no_week_lacks_anything(needs: list[int], bought: list[int]) -> None:
    store = sum(from_store(dict(zip(MONDAYS, needs, strict=True)), dict(zip(MONDAYS, bought, strict=True)), MONDAY))

    def lasts(grams: int) -> bool:
        for need, came in zip(needs, bought, strict=True):
            grams += came - need
            if grams < 0:
                return False
        return True

    assert lasts(store)
    assert store == 0 or not lasts(store - 1)
