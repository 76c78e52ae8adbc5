"""The need of a buyer: twelve months, one family, thresholds of the day, the same supplier again and again."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.procurement.need import (
    Duty,
    Level,
    SameSupplier,
    Win,
    always_the_same,
    months_after,
    months_before,
    reached,
    standings,
    thresholds_on,
    window_of,
)

DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))
AMOUNTS = st.decimals(Decimal("-9999.99"), Decimal("9999.99"), places=2)


def test_the_window_is_twelve_months_both_ends_included() -> None:
    assert window_of(date(2026, 11, 25)) == (date(2025, 11, 26), date(2026, 11, 25))
    assert window_of(date(2024, 2, 29)) == (date(2023, 3, 1), date(2024, 2, 29))
    assert window_of(date(2025, 2, 28)) == (date(2024, 2, 29), date(2025, 2, 28))


@given(DAYS)
def test_windows_of_the_same_day_a_year_apart_touch_without_a_gap_or_an_overlap(day: date) -> None:
    first, last = window_of(day)
    assert last == day
    assert 365 <= (last - first).days + 1 <= 366
    assert months_before(day, 12) == first - timedelta(days=1)


@given(DAYS, st.integers(1, 60))
def test_months_forth_and_back_fall_on_the_day_or_the_end_of_its_month(day: date, months: int) -> None:
    there = months_after(day, months)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months
    assert there.day == day.day or (there + timedelta(days=1)).day == 1
    assert months_before(there, months) <= day


def test_the_first_threshold_rose_on_the_first_of_april_2026() -> None:
    before, after = thresholds_on(date(2026, 3, 31)), thresholds_on(date(2026, 4, 1))
    assert [each.amount for each in before] == [40_000, 90_000, 216_000]
    assert [each.amount for each in after] == [60_000, 90_000, 216_000]
    assert [each.amount for each in thresholds_on(date(2025, 12, 31))] == [40_000, 90_000, 221_000]


def test_a_threshold_whose_figure_is_not_known_yet_is_left_out() -> None:
    assert [each.duty for each in thresholds_on(date(2028, 1, 1))] == [Duty.COMPETITION, Duty.NOTICE]


@pytest.mark.parametrize(
    ("need", "level", "left"),
    [
        ("47999.99", Level.FAR, "12000.01"),
        ("48000.00", Level.NEAR, "12000.00"),
        ("59999.99", Level.NEAR, "0.01"),
        ("60000.00", Level.REACHED, "0.00"),
    ],
)
def test_the_counter_warns_at_four_fifths_and_at_the_threshold(need: str, level: Level, left: str) -> None:
    first = standings(Decimal(need), date(2026, 9, 1))[0]
    assert (first.level, first.left) == (level, Decimal(left))


@given(st.decimals(0, 300_000, places=2), DAYS)
def test_what_is_left_keeps_the_need_below_the_threshold_and_a_cent_more_does_not(need: Decimal, day: date) -> None:
    for each in standings(need, day):
        assert (each.level is Level.REACHED) == (each.left == 0)
        assert need + each.left >= each.threshold.amount
        above = reached(need, day)
        assert (above is not None and above.amount >= each.threshold.amount) == (each.level is Level.REACHED)


def wins(*suppliers: int) -> list[Win]:
    return [Win(date(2026, 9, 1) + timedelta(days=rank), supplier) for rank, supplier in enumerate(suppliers)]


@pytest.mark.parametrize(
    ("suppliers", "warned"),
    [((), None), ((1, 1), None), ((1, 1, 1), 3), ((1, 1, 1, 2), None), ((2, 1, 1, 1, 1), 4), ((1, 2, 1, 1), None)],
)
def test_three_purchases_in_a_row_of_one_supplier_warn(suppliers: tuple[int, ...], warned: int | None) -> None:
    expected = None if warned is None else SameSupplier(suppliers[-1], warned)
    assert always_the_same(wins(*suppliers), date(2026, 10, 1)) == expected
