"""Rounding, blocks and weeks: the arithmetic everything else stands on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.blocks import ServiceDay, cut_blocks, round_cent, scaled_bounds
from optimizer.plan import Price
from optimizer.verification import drop_week, lower_bound
from optimizer.verification.french import euros, figure, rounded
from optimizer.verification.sourcing import exact_amount


@given(st.decimals(0, 1000, places=4), st.integers(1, 10**9))
def test_an_amount_is_the_nearest_cent_and_half_a_cent_goes_up(price: Decimal, grams: int) -> None:
    exact = Fraction(price) * grams / 1000
    amount = exact_amount(Fraction(price), grams)
    assert (amount * 100) % 1 == 0
    assert -Fraction(1, 200) < Fraction(amount) - exact <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("price", "grams", "amount"),
    [("0.01", 500, "0.01"), ("0.01", 499, "0.00"), ("2.345", 1000, "2.35"), ("10.03", 21270, "213.34")],
)
def test_amounts_worked_out_by_hand(price: str, grams: int, amount: str) -> None:
    assert exact_amount(Fraction(price), grams) == Decimal(amount)
    assert round_cent(Decimal(price) * grams / 1000) == Decimal(amount)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 40), st.data())
def test_bounds_of_a_partial_block(minimum: int, maximum: int, window: int, data: st.DataObject) -> None:
    meals = data.draw(st.integers(1, window))
    low, high = scaled_bounds(minimum, maximum, meals, window)
    assert low is not None
    assert high is not None
    assert low <= Fraction(minimum * meals, window) < low + 1
    assert high - 1 < Fraction(maximum * meals, window) <= high
    assert scaled_bounds(minimum, maximum, window, window) == (minimum, maximum)
    assert scaled_bounds(None, None, meals, window) == (None, None)


@given(st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), min_size=1, max_size=60), st.integers(1, 25))
def test_blocks_follow_each_other_and_only_the_last_is_partial(dates: set[date], window: int) -> None:
    days = [ServiceDay("k", day, 1) for day in sorted(dates)]
    blocks = list(cut_blocks(days, window))
    assert [day for block in blocks for day in block.days] == days
    assert all(block.meals == window for block in blocks[:-1])
    assert 1 <= blocks[-1].meals <= window
    assert blocks[0].period == f"{days[0].date}/{blocks[0].days[-1].date}"


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_a_drop_is_for_the_week_whose_monday_ends_its_seven_days(day: date) -> None:
    monday = drop_week(day)
    assert monday.weekday() == 0
    assert monday - timedelta(days=6) <= day <= monday


def test_the_bound_is_rounded_down_and_each_kind_has_its_sign() -> None:
    def price(kind: str, value: str, quantity: str) -> Price:
        return Price(kind, "", "", "", "", Decimal(value), Decimal(quantity))  # type: ignore[arg-type]

    assert lower_bound([price("menu", "10.009", "1")]) == Decimal("10.00")
    assert lower_bound([price("menu", "10", "1"), price("capacity", "-0.5", "3")]) == Decimal("8.50")
    assert lower_bound([price("ratio", "0.5", "-3"), price("budget", "0.25", "8")]) == Decimal("-0.50")
    assert lower_bound([price("capacity", "-0.001", "1")]) == Decimal("-0.01")


@given(st.fractions(-1000, 1000), st.integers(0, 6))
def test_stated_figures_are_the_nearest_decimals(number: Fraction, places: int) -> None:
    assert abs(Fraction(rounded(number, places)) - number) <= Fraction(1, 2 * 10**places)
    assert rounded(-number, places) == -rounded(number, places)


def test_figures_are_written_in_french() -> None:
    assert [figure(10), figure(Decimal("0.5")), figure(Fraction(1, 3)), figure(0)] == ["10", "0,5", "0,333333", "0"]
    assert [euros(Decimal("2.345")), euros(Decimal("-0.01"))] == ["2,35 €", "-0,01 €"]
