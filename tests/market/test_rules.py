"""Pure decisions of the market: labels, prices, weeks."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.market import refusals
from catering.market.rules import (
    ListedPrice,
    Supply,
    fill_weeks,
    label_fault,
    list_on,
    paused,
    sold_ranges,
    whole_weeks,
    without,
)
from catering.rules.origin import Stages, missing_stages, wording
from catering.rules.vat import vat_rates

DAY = date(2026, 10, 6)
ONE = timedelta(days=1)
FRENCH = {"FR": "France", "BE": "Belgique", "IE": "Irlande"}


@dataclass(frozen=True)
class Proof:
    label: str = "BIO"
    number: str = "N1"
    valid_from: date = date(2026, 1, 1)
    valid_to: date | None = date(2026, 12, 31)


@dataclass(frozen=True)
class Away:
    first_day: date
    last_day: date


@pytest.mark.parametrize(
    ("label", "proof", "on", "reason"),
    [
        (None, None, DAY, None),
        ("BIO", Proof(), DAY, None),
        ("BIO", Proof(), date(2026, 12, 31), None),
        ("BIO", Proof(), date(2027, 1, 1), refusals.CertificateNotValid),
        ("BIO", Proof(), date(2025, 12, 31), refusals.CertificateNotValid),
        ("BIO", None, DAY, refusals.LabelWithoutCertificate),
        ("HVE", Proof(), DAY, refusals.LabelWithoutCertificate),
    ],
)
def test_a_label_is_proven_on_the_day_of_delivery(
    label: str | None, proof: Proof | None, on: date, reason: type[Exception] | None
) -> None:
    found = label_fault(label, proof, on)
    assert (None if found is None else type(found)) is reason


def line(price: str, *, of: str = "tarif_1", since: date = DAY - ONE, **dates: date) -> ListedPrice:
    span = {"valid_from": date(2026, 1, 1), "valid_to": None} | dates
    return ListedPrice(slug=of, since=since, price_eur_per_pack=Decimal(price), **span)


@pytest.mark.parametrize(
    ("lines", "paid"),
    [
        ([], "10"),
        ([line("12")], "12"),
        ([line("12"), line("11", of="tarif_2")], "11"),
        ([line("12", since=DAY - 9 * ONE), line("13")], "13"),
        ([line("12", since=DAY + ONE)], "10"),
        ([line("12", since=DAY)], "12"),
        ([line("12", valid_to=DAY - ONE)], "10"),
        ([line("12", valid_from=DAY + ONE)], "10"),
    ],
)
def test_a_kitchen_pays_its_cheapest_list_then_the_offer(lines: list[ListedPrice], paid: str) -> None:
    for found in (list_on(DAY, lines), list_on(DAY, lines[::-1])):
        assert (Decimal(10) if found is None else found.price_eur_per_pack) == Decimal(paid)


prices = st.builds(
    ListedPrice,
    slug=st.sampled_from(["tarif_1", "tarif_2", "tarif_3"]),
    valid_from=st.just(date(2026, 1, 1)),
    valid_to=st.none(),
    since=st.dates(DAY - 20 * ONE, DAY + 20 * ONE),
    price_eur_per_pack=st.decimals("0.01", "99", places=2),
)


@given(st.lists(prices, max_size=12))
def test_what_starts_later_changes_no_earlier_price(lines: list[ListedPrice]) -> None:
    begun = [each for each in lines if each.since <= DAY]
    assert list_on(DAY, lines) == list_on(DAY, begun)


months = st.dictionaries(st.integers(1, 12), st.none() | st.integers(1, 10**6), max_size=12)
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def on(ranges: list[Supply], day: date) -> list[int | None]:
    return [each.grams_per_week for each in ranges if each.valid_from <= day <= each.valid_to]


@given(months, days, st.integers(0, 500))
def test_every_week_takes_the_quantity_of_the_month_of_its_monday(
    template: dict[int, int | None], first: date, length: int
) -> None:
    last = first + length * ONE
    ranges = fill_weeks(template, first, last)
    mondays = [day for day in (first + n * ONE for n in range(length + 1)) if day.weekday() == 0]
    for monday in mondays:
        assert on(ranges, monday) == ([template[monday.month]] if monday.month in template else [])
    assert all(first <= each.valid_from <= each.valid_to <= last for each in ranges)


ranges_apart = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 60)), max_size=6).map(
    lambda steps: [
        Supply(start, start + length * ONE, rank + 1)
        for rank, (start, length) in enumerate(
            (date(2026, 1, 1) + sum(gap + long for gap, long in steps[:n]) * ONE + gap * ONE, long)
            for n, (gap, long) in enumerate(steps)
        )
    ]
)


@given(ranges_apart, days, st.integers(0, 90))
def test_cutting_days_out_leaves_every_other_day_as_it_was(ranges: list[Supply], first: date, length: int) -> None:
    last = first + length * ONE
    kept = without(ranges, first, last)
    for day in (date(2026, 1, 1) + n * ONE for n in range(500)):
        assert on(kept, day) == ([] if first <= day <= last else on(ranges, day))


@given(days, st.integers(0, 40))
def test_a_holiday_takes_the_weeks_in_which_it_leaves_no_working_day(first: date, length: int) -> None:
    away = Away(first, first + length * ONE)
    cut = whole_weeks(away)
    for monday in (day for day in (first + n * ONE for n in range(-7, length + 7)) if day.weekday() == 0):
        all_away = all(paused([away], monday + n * ONE) for n in range(5))
        assert (cut is not None and cut[0] <= monday <= cut[1]) == all_away


def test_an_offer_sells_within_its_dates_and_outside_holidays() -> None:
    capacity = [Supply(date(2026, 9, 1), date(2026, 12, 31), 500)]
    away = [Away(date(2026, 10, 17), date(2026, 11, 1))]
    assert sold_ranges(capacity, date(2026, 9, 7), date(2026, 11, 30), away) == [
        Supply(date(2026, 9, 7), date(2026, 10, 18), 500),
        Supply(date(2026, 11, 2), date(2026, 11, 30), 500),
    ]


@pytest.mark.parametrize(
    ("kind", "day", "missing"),
    [
        ("beef", DAY, ["né", "élevé", "abattu"]),
        ("pork", DAY, ["élevé", "abattu"]),
        ("poultry", date(2024, 6, 1), []),
        ("poultry", date(2025, 2, 19), ["élevé", "abattu"]),
        ("vegetable_raw", DAY, []),
    ],
)
def test_the_countries_of_a_meat_are_due_by_kind_and_date(kind: str, day: date, missing: list[str]) -> None:
    assert missing_stages(kind, Stages(), day) == missing


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (Stages("FR", "FR", "FR"), "origine : France"),
        (Stages(None, "FR", "FR"), "origine : France"),
        (Stages("IE", "IE", "FR"), "né et élevé : Irlande, abattu : France"),
        (Stages("IE", "BE", "FR"), "né : Irlande, élevé : Belgique, abattu : France"),
        (Stages(None, "BE", "FR"), "élevé : Belgique, abattu : France"),
        (Stages("FR", None, "FR"), None),
    ],
)
def test_the_origin_of_a_meat_is_worded_as_the_law_says(told: Stages, words: str | None) -> None:
    assert wording(told, FRENCH) == words


def test_who_invoices_no_vat_has_one_rate() -> None:
    assert vat_rates(DAY, charges=False) == (Decimal(0),)
    assert vat_rates(DAY, charges=True) == (Decimal("5.5"), Decimal(10), Decimal(20))
