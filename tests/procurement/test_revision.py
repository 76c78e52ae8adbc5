"""Prices that follow an index: formula, day of effect, history."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.procurement.revision import Clause, Revised, effective_from, price_on, revised_price
from catering.procurement.vocabulary import RevisionRhythm

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
PRICES = st.decimals(Decimal("0.0001"), Decimal("99.9999"), places=4)
INDICES = st.decimals(Decimal("0.1"), Decimal(1000), places=3)


def clause(fixed: str = "0.15", base: str = "100", rhythm: RevisionRhythm = RevisionRhythm.MONTHLY) -> Clause:
    return Clause("INSEE-LAIT", Decimal(base), Decimal(fixed), rhythm)


@pytest.mark.parametrize(
    ("index", "price"), [("100", "1.2000"), ("110", "1.3020"), ("90", "1.0980"), ("100.005", "1.2001")]
)
def test_the_moving_part_follows_the_index(index: str, price: str) -> None:
    assert revised_price(Decimal("1.2"), clause(), Decimal(index)) == Decimal(price)


@given(PRICES, INDICES)
def test_at_its_base_index_a_price_is_its_base_price(price: Decimal, base: Decimal) -> None:
    assert revised_price(price, clause(base=str(base)), base) == price


@given(PRICES, INDICES, INDICES)
def test_a_price_rises_and_falls_with_its_index_without_floor_or_ceiling(
    price: Decimal, low: Decimal, high: Decimal
) -> None:
    low, high = sorted((low, high))
    assert revised_price(price, clause(), low) <= revised_price(price, clause(), high)
    assert revised_price(price, clause("0"), low) == (price * low / 100).quantize(Decimal("0.0001"), "ROUND_HALF_UP")


@pytest.mark.parametrize(
    ("day", "rhythm", "from_day"),
    [
        (date(2026, 9, 7), RevisionRhythm.WEEKLY, date(2026, 9, 7)),
        (date(2026, 9, 8), RevisionRhythm.WEEKLY, date(2026, 9, 14)),
        (date(2026, 9, 1), RevisionRhythm.MONTHLY, date(2026, 9, 1)),
        (date(2026, 12, 2), RevisionRhythm.MONTHLY, date(2027, 1, 1)),
        (date(2026, 10, 1), RevisionRhythm.QUARTERLY, date(2026, 10, 1)),
        (date(2026, 11, 1), RevisionRhythm.QUARTERLY, date(2027, 1, 1)),
        (date(2026, 8, 31), RevisionRhythm.QUARTERLY, date(2026, 10, 1)),
    ],
)
def test_a_price_changes_at_the_next_period(day: date, rhythm: RevisionRhythm, from_day: date) -> None:
    assert effective_from(day, rhythm) == from_day


@given(DAYS, st.sampled_from(RevisionRhythm))
def test_the_day_of_effect_is_the_first_one_of_its_kind(day: date, rhythm: RevisionRhythm) -> None:
    found = effective_from(day, rhythm)
    assert found >= day
    starts = [day + timedelta(days=each) for each in range((found - day).days)]
    assert not any(effective_from(each, rhythm) == each for each in starts)
    assert effective_from(found, rhythm) == found


def test_the_last_revision_that_holds_gives_the_price() -> None:
    history = [
        Revised(date(2026, 10, 1), Decimal("1.30")),
        Revised(date(2027, 1, 1), Decimal("1.40")),
        Revised(date(2027, 1, 1), Decimal("1.35")),
    ]
    days = (date(2026, 9, 30), date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [price_on(Decimal("1.20"), history, day) for day in days] == [
        Decimal("1.20"), Decimal("1.30"), Decimal("1.30"), Decimal("1.35")
    ]  # fmt: skip
