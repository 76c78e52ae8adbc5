"""What must still be bought: the cheapest changes that reach the rates, checked against trying everything."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catering.planning.switching import Choice, Need, Remedy, cheapest_remedy
from catering.rules.egalim_year import Cell, YearOfPurchases, year_of

ALL = frozenset({"EGA-01", "EGA-02", "EGA-03"})
TOTAL = frozenset({"EGA-01", "EGA-02"})


def a_year(plain: int, bio: int = 0, label: int = 0, meat: int = 0) -> YearOfPurchases:
    """€ of plain, bio and Label Rouge groceries, and of plain meat."""
    bought = {
        Cell("AUTRES", ""): plain * 100,
        Cell("AUTRES", "BIO"): bio * 100,
        Cell("AUTRES", "LABEL_ROUGE"): label * 100,
        Cell("VIANDES_VOLAILLES", ""): meat * 100,
    }
    return year_of({cell: cents for cell, cents in bought.items() if cents}, 2026)


def need(grams: int, eur: int, rules: frozenset[str] = TOTAL) -> Need:
    return Need(grams, Decimal(eur), {}, rules)


def shares_hold(year: YearOfPurchases, needs: dict[int, Need], remedy: Remedy, choices: list[Choice]) -> bool:
    """Whether every rate is reached once the switches are bought, to a few cents of rounding."""
    counts = {choice.offer_id: choice.counts_for for choice in choices}
    for rule, ratio in year.ratios.items():
        counted, value = ratio.numerator, ratio.denominator
        for switch in remedy.switches:
            if rule in needs[switch.ingredient_id].rules:
                value += switch.extra_eur
                counted += switch.amount_eur if rule in counts[switch.offer_id] else 0
        if counted < ratio.min_share * value - Decimal("0.05"):
            return False
    return True


def test_nothing_is_bought_otherwise_when_the_rates_are_reached() -> None:
    remedy = cheapest_remedy(a_year(400, bio=300, label=300), {1: need(100_000, 200)}, [])
    assert (remedy.switches, remedy.extra_eur, remedy.reached) == ((), 0, True)


def test_the_cheapest_offer_per_point_is_bought_and_no_more_of_it() -> None:
    """100 € of bio of 1,000 € with 300 € of Label Rouge and 100 kg at 2 €: bio at 2.50 € until 20 % and 50 % hold."""
    year = a_year(600, bio=100, label=300)
    needs = {1: need(100_000, 200)}
    choices = [Choice(7, 1, Decimal("2.50"), TOTAL), Choice(8, 1, Decimal("4.00"), TOTAL)]
    remedy = cheapest_remedy(year, needs, choices)
    (switch,) = remedy.switches
    assert (switch.offer_id, remedy.reached) == (7, True)
    # 50 % asks 100 € more: 250 y − 0.5 × 50 y = 100; 20 % asks 240 y = 100.
    assert switch.grams == pytest.approx(100_000 * 100 / 225, abs=2)
    assert switch.extra_eur == pytest.approx(Decimal(50) * 100 / 225, abs=Decimal("0.02"))


def test_what_no_offer_can_reach_is_told() -> None:
    year = a_year(1000)
    remedy = cheapest_remedy(year, {1: need(10_000, 50)}, [Choice(7, 1, Decimal(6), TOTAL)])
    assert not remedy.reached
    assert remedy.switches[0].grams == 10_000
    assert remedy.missing_eur["EGA-01"] == Decimal("445.00")
    assert remedy.missing_eur["EGA-02"] == Decimal("142.00")


def test_meat_counts_for_its_own_rate_too() -> None:
    year = a_year(0, bio=1000, meat=500)
    needs = {1: need(50_000, 500, ALL)}
    remedy = cheapest_remedy(year, needs, [Choice(7, 1, Decimal(12), frozenset({"EGA-01", "EGA-03"}))])
    (switch,) = remedy.switches
    assert shares_hold(year, needs, remedy, [Choice(7, 1, Decimal(12), frozenset({"EGA-01", "EGA-03"}))])
    # 600 y ≥ 0.6 × (500 + 100 y)
    assert switch.grams == pytest.approx(50_000 * 300 / 540, abs=2)


steps = (0.0, 0.25, 0.5, 0.75, 1.0)


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 900),
    st.integers(0, 300),
    st.lists(st.tuples(st.integers(10, 200), st.integers(10, 300), st.integers(10, 40)), min_size=1, max_size=3),
)
def test_no_mix_that_was_tried_is_cheaper(plain: int, bio: int, told: list[tuple[int, int, int]]) -> None:
    needs = {number: need(kg * 1000, eur) for number, (kg, eur, _) in enumerate(told)}
    choices = [Choice(10 + number, number, Decimal(price), TOTAL) for number, (_, _, price) in enumerate(told)]
    year = a_year(plain + sum(eur for _, eur, _ in told), bio=bio)
    remedy = cheapest_remedy(year, needs, choices)
    if remedy.reached:
        assert shares_hold(year, needs, remedy, choices)
    for mix in product(steps, repeat=len(told)):
        extra = sum(
            share * float(choice.eur_per_kg * need_.grams / 1000 - need_.eur)
            for share, choice, need_ in zip(mix, choices, needs.values(), strict=True)
        )
        counted = sum(
            share * float(c.eur_per_kg) * n.grams / 1000
            for share, c, n in zip(mix, choices, needs.values(), strict=True)
        )
        total, first = float(year.total) + extra, float(year.ratios["EGA-02"].numerator)
        if first + counted >= 0.5 * total and first + counted >= 0.2 * total:
            assert remedy.reached
            assert float(remedy.extra_eur) <= extra + 0.05
