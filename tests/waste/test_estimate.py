"""The interval around grams per cover: known cases, what must always hold, and that it covers as often as it says."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.waste.rules.dishes import by_dish
from catering.waste.rules.estimate import DayRatio, per_cover, student
from catering.waste.vocabulary import Part, Stage
from tests.waste.test_cases import Covers, Row

MONDAY = date(2026, 9, 7)


@dataclass
class Bin(Row):
    """A weighing of a dish in a kitchen."""

    kitchen_id: int = 1
    dish_id: int = 1


@dataclass
class Ate(Covers):
    """Covers of a kitchen."""

    kitchen_id: int = 1


days = st.lists(st.builds(DayRatio, st.integers(0, 200_000), st.integers(1, 1_000)), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("degrees", "t"),
    [(1, 12.7062), (2, 4.3027), (3, 3.1824), (4, 2.7764), (6, 2.4469), (9, 2.2622), (30, 2.0423), (100, 1.9840)],
)
def test_the_quantiles_are_those_of_the_tables(degrees: int, t: float) -> None:
    assert student(degrees) == pytest.approx(t, abs=5e-5)


def test_a_case_worked_by_hand() -> None:
    """Covers 100, 200; grams 8,000 and 22,000: R = 100, residuals -2,000 and 2,000, error √(8e6 · 2) ÷ 300."""
    found = per_cover([DayRatio(8_000, 100), DayRatio(22_000, 200)])
    assert found is not None
    error = (8_000_000 * 2) ** 0.5 / 300
    assert found.value == Decimal("100.0")
    assert float(found.high or 0) == pytest.approx(100 + 12.7062 * error, abs=0.06)
    assert found.low == 0, "never below nothing"


def test_one_day_says_nothing_of_how_days_differ() -> None:
    found = per_cover([DayRatio(9_500, 100)])
    assert found is not None
    assert (found.value, found.low, found.high) == (Decimal("95.0"), None, None)


def test_a_dish_of_several_kitchens_is_as_sure_as_kitchens_agree() -> None:
    """Ten equal days in each of two unlike kitchens are two figures, not twenty."""
    of = [(kitchen, MONDAY + timedelta(days=day)) for kitchen in (1, 2) for day in range(10)]
    bins = [Bin(day, Stage.PLATES, Part.EDIBLE, 2_000 * kitchen, kitchen_id=kitchen, dish_id=7) for kitchen, day in of]
    (found,) = by_dish(bins, [Ate(day, 100, kitchen_id=kitchen) for kitchen, day in of])
    assert found.per_cover is not None
    assert (found.per_cover.value, found.per_cover.days, found.per_cover.low) == (Decimal("30.0"), 2, 0)


def test_without_a_cover_there_is_no_figure() -> None:
    assert per_cover([]) is None
    assert per_cover([DayRatio(500, 0)]) is None


@given(days)
def test_the_value_lies_inside(some: list[DayRatio]) -> None:
    found = per_cover(some)
    assert found is not None
    exact = Decimal(sum(day.grams for day in some)) / sum(day.covers for day in some)
    assert abs(found.value - exact) <= Decimal("0.05")
    if found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.value <= found.high


@given(days, st.integers(2, 9))
def test_grams_scale_the_figure_and_its_interval(some: list[DayRatio], times: int) -> None:
    once, often = per_cover(some), per_cover([DayRatio(day.grams * times, day.covers) for day in some])
    assert once is not None
    assert often is not None
    assert abs(often.value - once.value * times) <= Decimal("0.05") * (times + 1)
    if once.high is not None and often.high is not None:
        assert abs(often.high - once.high * times) <= Decimal("0.06") * (times + 1)


@given(st.integers(1, 300), st.integers(2, 15), st.data())
def test_days_alike_leave_no_doubt(per: int, many: int, data: st.DataObject) -> None:
    covers = data.draw(st.lists(st.integers(1, 900), min_size=many, max_size=many))
    found = per_cover([DayRatio(per * each, each) for each in covers])
    assert found is not None
    assert found.low == found.value == found.high == per


@pytest.mark.parametrize("many", [5, 7, 10])
def test_the_interval_covers_as_often_as_it_says(many: int) -> None:
    """Days of a kitchen that wastes 95 g in truth: covers from 250 to 350, waste from day to day by a quarter."""
    draw = random.Random(62)
    tries, held = 2_000, 0
    for _ in range(tries):
        covers = [draw.randint(250, 350) for _ in range(many)]
        found = per_cover([DayRatio(round(each * max(draw.gauss(95, 24), 0)), each) for each in covers])
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 95 <= found.high
    assert 0.935 <= held / tries <= 0.965
