"""What must still be bought: the cheapest changes that reach the rates, checked against trying everything."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catering.market.models import Capacity, Certificate, Offer, Supplier, SupplierPause
from catering.planning.remedying import Stock, left_of
from catering.planning.switching import Choice, Need, Remedy, cheapest_remedy
from catering.rules.egalim_year import Cell, YearOfPurchases, year_of

ALL = frozenset({"EGA-01", "EGA-02", "EGA-03"})
TOTAL = frozenset({"EGA-01", "EGA-02"})
WEEK = date(2026, 11, 30)
NEXT = WEEK + timedelta(weeks=1)
ANY: dict[date, int | None] = {WEEK: None}


def a_year(plain: int, bio: int = 0, label: int = 0, meat: int = 0) -> YearOfPurchases:
    """€ of plain, bio and Label Rouge groceries, and of plain meat."""
    bought = {
        Cell("AUTRES", ""): plain * 100,
        Cell("AUTRES", "BIO"): bio * 100,
        Cell("AUTRES", "LABEL_ROUGE"): label * 100,
        Cell("VIANDES_VOLAILLES", ""): meat * 100,
    }
    return year_of({cell: cents for cell, cents in bought.items() if cents}, 2026)


def need(grams: int, eur: int, rules: frozenset[str] = TOTAL, good: int = 1, week: date = WEEK) -> Need:
    return Need(good, week, grams, Decimal(eur), rules)


def shares_hold(year: YearOfPurchases, needs: list[Need], remedy: Remedy, choices: list[Choice]) -> bool:
    """Whether every rate is reached once the switches are bought, to a few cents of rounding."""
    counts = {choice.offer_id: choice.counts_for for choice in choices}
    rules = {need_.ingredient_id: need_.rules for need_ in needs}
    for rule, ratio in year.ratios.items():
        counted, value = ratio.numerator, ratio.denominator
        for switch in remedy.switches:
            if rule in rules[switch.ingredient_id]:
                value += switch.extra_eur
                counted += switch.amount_eur if rule in counts[switch.offer_id] else 0
        if counted < ratio.min_share * value - Decimal("0.05"):
            return False
    return True


def test_nothing_is_bought_otherwise_when_the_rates_are_reached() -> None:
    remedy = cheapest_remedy(a_year(400, bio=300, label=300), [need(100_000, 200)], [])
    assert (remedy.switches, remedy.extra_eur, remedy.reached) == ((), 0, True)


def test_a_saving_alone_changes_nothing() -> None:
    """Rates reached: goods of half the price that count as well are no remedy of anything."""
    needs = [need(100_000, 200)]
    remedy = cheapest_remedy(a_year(400, bio=300, label=300), needs, [Choice(7, 1, Decimal(1), TOTAL, ANY)])
    assert (remedy.switches, remedy.extra_eur, remedy.reached) == ((), 0, True)


def test_no_more_of_what_is_cheaper_is_bought_than_is_missing() -> None:
    """100 € are missing of one half; a kilogram at 1 € in place of 2 € brings 1.50 € nearer."""
    needs = [need(100_000, 200)]
    choices = [Choice(7, 1, Decimal(1), TOTAL, ANY)]
    remedy = cheapest_remedy(a_year(600, bio=200, label=200), needs, choices)
    (switch,) = remedy.switches
    assert switch.grams == pytest.approx(100 / 1.5 * 1000, abs=2)


def test_what_counts_is_never_given_up_for_what_counts_less() -> None:
    """Organic milk is not bought as fair trade because it is cheaper; what counts already is not bought again."""
    needs = [Need(1, WEEK, 100_000, Decimal(200), TOTAL, TOTAL), need(10_000, 50, good=2)]
    fair = Choice(7, 1, Decimal(1), frozenset({"EGA-01"}), ANY)
    same = Choice(8, 1, Decimal("1.90"), TOTAL, ANY)
    other = Choice(9, 2, Decimal(6), TOTAL, ANY)
    remedy = cheapest_remedy(a_year(700, bio=210, label=90), needs, [fair, same, other])
    assert [each.offer_id for each in remedy.switches] == [9]


def test_the_cheapest_offer_per_point_is_bought_and_no_more_of_it() -> None:
    """100 € of bio of 1,000 € with 300 € of Label Rouge and 100 kg at 2 €: bio at 2.50 € until 20 % and 50 % hold."""
    year = a_year(600, bio=100, label=300)
    needs = [need(100_000, 200)]
    choices = [Choice(7, 1, Decimal("2.50"), TOTAL, ANY), Choice(8, 1, Decimal("4.00"), TOTAL, ANY)]
    remedy = cheapest_remedy(year, needs, choices)
    (switch,) = remedy.switches
    assert (switch.offer_id, remedy.reached) == (7, True)
    # 50 % asks 100 € more: 250 y − 0.5 × 50 y = 100; 20 % asks 240 y = 100.
    assert switch.grams == pytest.approx(100_000 * 100 / 225, abs=2)
    assert switch.extra_eur == pytest.approx(Decimal(50) * 100 / 225, abs=Decimal("0.02"))


def test_what_no_offer_can_reach_is_told() -> None:
    year = a_year(1000)
    remedy = cheapest_remedy(year, [need(10_000, 50)], [Choice(7, 1, Decimal(6), TOTAL, ANY)])
    assert not remedy.reached
    assert remedy.switches[0].grams == 10_000
    assert remedy.missing_eur["EGA-01"] == Decimal("445.00")
    assert remedy.missing_eur["EGA-02"] == Decimal("142.00")


def test_meat_counts_for_its_own_rate_too() -> None:
    year = a_year(0, bio=1000, meat=500)
    needs = [need(50_000, 500, ALL)]
    remedy = cheapest_remedy(year, needs, [Choice(7, 1, Decimal(12), frozenset({"EGA-01", "EGA-03"}), ANY)])
    (switch,) = remedy.switches
    assert shares_hold(year, needs, remedy, [Choice(7, 1, Decimal(12), frozenset({"EGA-01", "EGA-03"}), ANY)])
    # 600 y ≥ 0.6 × (500 + 100 y)
    assert switch.grams == pytest.approx(50_000 * 300 / 540, abs=2)


def test_no_more_is_bought_than_is_left_of_an_offer_in_its_week() -> None:
    """100 € are missing; the cheap offer has 20 kg left in one week and is not sold in the other."""
    year = a_year(600, bio=100, label=300)
    needs = [need(50_000, 100), need(50_000, 100, week=NEXT)]
    cheap = Choice(7, 1, Decimal("2.50"), TOTAL, {WEEK: 20_000})
    dear = Choice(8, 1, Decimal("4.00"), TOTAL, {WEEK: None, NEXT: 0})
    remedy = cheapest_remedy(year, needs, [cheap, dear])
    bought = {each.offer_id: each for each in remedy.switches}
    assert bought[7].grams == 20_000
    assert (bought[8].first_week, bought[8].last_week) == (WEEK, WEEK)
    assert bought[7].grams + bought[8].grams <= 50_000
    # 50 % asks 100 € more: 2.25 € of a kilogram of the cheap one, 3 € of the dear one.
    assert bought[8].grams == pytest.approx((100 - 20 * 2.25) / 3 * 1000, abs=2)
    without = cheapest_remedy(year, needs, [Choice(7, 1, Decimal("2.50"), TOTAL, {NEXT: 0})])
    assert (without.switches, without.missing_eur["EGA-01"]) == ((), Decimal("100.00"))


def test_a_year_that_holds_is_left_alone_even_when_something_is_cheaper() -> None:
    year = a_year(300, bio=400, label=300)
    organic = Need(1, WEEK, 100_000, Decimal(200), TOTAL, TOTAL)
    cheaper = [Choice(7, 1, Decimal("1.50"), frozenset({"EGA-01"}), ANY), Choice(8, 1, Decimal("1.90"), TOTAL, ANY)]
    assert cheapest_remedy(year, [organic], cheaper).switches == ()


def test_goods_that_count_are_changed_for_nothing_that_counts_alike_or_less() -> None:
    """100 € are missing of 50 %: plain goods change, not what counts already, nor organic for what is not."""
    year = a_year(600, bio=300, label=100)
    organic, labelled = Need(1, WEEK, 50_000, Decimal(100), TOTAL, TOTAL), frozenset({"EGA-01"})
    needs = [organic, Need(2, WEEK, 50_000, Decimal(100), TOTAL, labelled), need(100_000, 200, good=3)]
    choices = [
        Choice(7, 1, Decimal("1.00"), labelled, ANY),
        Choice(8, 2, Decimal("9.00"), labelled, ANY),
        Choice(9, 3, Decimal("2.10"), labelled, ANY),
    ]
    remedy = cheapest_remedy(year, needs, choices)
    assert [each.offer_id for each in remedy.switches] == [9]
    assert remedy.reached


def test_parts_of_a_need_share_what_is_left_of_an_offer() -> None:
    needs = [need(10_000, 50), Need(1, WEEK, 10_000, Decimal(50), TOTAL, frozenset({"EGA-01"}))]
    remedy = cheapest_remedy(a_year(1000), needs, [Choice(7, 1, Decimal(6), TOTAL, {WEEK: 12_000})])
    assert sum(each.grams for each in remedy.switches) == 12_000


def test_the_weeks_of_an_offer_are_one_change() -> None:
    year = a_year(1000)
    needs = [need(10_000, 50), need(30_000, 150, week=NEXT), need(1_000, 5, good=2, week=NEXT)]
    remedy = cheapest_remedy(year, needs, [Choice(7, 1, Decimal(6), TOTAL, {WEEK: None, NEXT: 15_000})])
    (switch,) = remedy.switches
    assert (switch.grams, switch.first_week, switch.last_week) == (25_000, WEEK, NEXT)
    assert (switch.amount_eur, switch.extra_eur) == (Decimal("150.00"), Decimal("25.00"))


def an_offer(**changed: Any) -> Offer:
    seller = Supplier(id=1, pauses=[SupplierPause(first_day=NEXT, last_day=NEXT + timedelta(days=6))])
    proof = Certificate(label="BIO", valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31))
    stated = [Capacity(offer_id=7, valid_from=date(2026, 11, 30), valid_to=date(2027, 2, 28), grams_per_week=40_000)]
    whole = {"id": 7, "supplier": seller, "certificate": proof, "capacities": stated, "label": "BIO"}
    return Offer(**whole | changed)


@pytest.mark.parametrize(
    ("changed", "stock", "left"),
    [
        ({}, Stock({}, {}), 40_000),
        ({}, Stock({(7, WEEK): (30_000, 12_000)}, {}), 18_000),
        ({}, Stock({(7, WEEK): (30_000, 12_000)}, {(7, WEEK): 25_000}), 5_000),
        ({}, Stock({(7, WEEK): (30_000, 12_000)}, {(7, WEEK): 99_000}), 0),
        ({}, Stock({(7, WEEK): (None, 12_000)}, {(7, WEEK): 99_000}), None),
        ({"valid_to": WEEK - timedelta(days=1)}, Stock({}, {}), "not sold"),
        ({"capacities": []}, Stock({}, {}), "not sold"),
        ({"certificate": None}, Stock({}, {}), "not sold"),
        (
            {"certificate": Certificate(valid_from=WEEK, valid_to=WEEK + timedelta(days=3))},
            Stock({}, {}),
            "not sold",
        ),
    ],
)
def test_what_is_left_of_an_offer_in_a_week(changed: dict[str, Any], stock: Stock, left: object) -> None:
    """Season, its own dates, holidays, orders, the plan of the other kitchens, and the proof from Monday to Friday."""
    found = left_of(an_offer(**changed), [WEEK, NEXT], stock)
    assert found.get(WEEK, "not sold") == left
    assert NEXT not in found, "its supplier is on holiday"


steps = (0.0, 0.25, 0.5, 0.75, 1.0)


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 900),
    st.integers(0, 300),
    st.lists(
        st.tuples(st.integers(10, 200), st.integers(10, 300), st.integers(10, 40), st.sampled_from(steps)),
        min_size=1,
        max_size=3,
    ),
)
def test_no_mix_that_was_tried_is_cheaper(plain: int, bio: int, told: list[tuple[int, int, int, float]]) -> None:
    needs = [need(kg * 1000, eur, good=number) for number, (kg, eur, _, _) in enumerate(told)]
    choices = [
        Choice(10 + number, number, Decimal(price), TOTAL, {WEEK: int(kg * 1000 * most)})
        for number, (kg, _, price, most) in enumerate(told)
    ]
    year = a_year(plain + sum(eur for _, eur, _, _ in told), bio=bio)
    remedy = cheapest_remedy(year, needs, choices)
    if remedy.reached:
        assert shares_hold(year, needs, remedy, choices)
    for switch in remedy.switches:
        assert switch.grams <= (choices[switch.ingredient_id].left_g[WEEK] or 0)
    for mix in product(steps, repeat=len(told)):
        if any(share > most for share, (_, _, _, most) in zip(mix, told, strict=True)):
            continue
        extra = sum(
            share * float(choice.eur_per_kg * need_.grams / 1000 - need_.eur)
            for share, choice, need_ in zip(mix, choices, needs, strict=True)
        )
        counted = sum(
            share * float(c.eur_per_kg) * n.grams / 1000 for share, c, n in zip(mix, choices, needs, strict=True)
        )
        total, first = float(year.total) + extra, float(year.ratios["EGA-02"].numerator)
        if first + counted >= 0.5 * total and first + counted >= 0.2 * total:
            assert remedy.reached
            # What a change saves is welcome and not looked for: only what changes cost more is compared.
            dearer = sum(
                share * max(float(choice.eur_per_kg * need_.grams / 1000 - need_.eur), 0.0)
                for share, choice, need_ in zip(mix, choices, needs, strict=True)
            )
            assert float(sum(max(each.extra_eur, Decimal(0)) for each in remedy.switches)) <= dearer + 0.05
