"""Portions stay within their grammage, are decided by people from a day on, and can be taken back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catering.db import Database
from catering.recipes.attributes import derive_all
from catering.recipes.catalogue import load_catalogue
from catering.recipes.models import PortionChange
from catering.recipes.portions import PortionBounds, changed_dish, in_force, portion_bounds, scaled_grams
from catering.recipes.rules import Dish, RecipeLine
from catering.recipes.vocabulary import Slot, Technique
from catering.waste.rules.before_after import PlateDay, compare
from catering.waste.rules.portioning import effect_of, proposed_g, smallest_step
from tests.waste.world import MANAGER

ON = date(2026, 9, 1)
D = Decimal


@settings(max_examples=300, deadline=None)
@given(st.integers(20, 400), st.decimals(0, 1, places=3), st.integers(10, 400), st.integers(0, 200))
def test_a_proposal_never_leaves_its_grammage_nor_takes_more_than_a_step(
    served: int, share: Decimal, least: int, width: int
) -> None:
    bounds = PortionBounds("potage", ON, least, least + width)
    target = proposed_g(served, served, share, bounds, ON)
    if target is None:
        wanted = round(served * (1 - share))
        assert (
            wanted >= served - 1
            or served <= least
            or max(wanted, smallest_step(served, ON)) > bounds.most
            or (max(wanted, least, smallest_step(served, ON)) >= served)
        )
        return
    assert bounds.holds(target)
    assert served * D("0.85") <= target < served
    effect = effect_of(served, target, [(100, scaled_grams(100, target, served))], share)
    assert 0 <= effect.least_g <= effect.most_g <= effect.cut_g == served - target


@settings(max_examples=200, deadline=None)
@given(st.integers(10, 500), st.integers(10, 500), st.lists(st.integers(1, 300), min_size=1, max_size=8))
def test_a_changed_fiche_keeps_its_proportions(served: int, target: int, grams: list[int]) -> None:
    lines = tuple(RecipeLine(f"i{n}", each) for n, each in enumerate(grams))
    dish = Dish(id="d", name="d", slot=Slot.SIDE, technique=Technique.BOILED, served_g=served, lines=lines)
    found = changed_dish(dish, target)
    assert found.served_g == target
    for line, before in zip(found.lines, grams, strict=True):
        assert line.grams >= 1
        assert line.grams == 1 or abs(D(line.grams) - D(before) * target / served) <= D("0.5")
    assert changed_dish(dish, served) == dish


def change(number: int, first: date, last: date | None, grams: int) -> PortionChange:
    return PortionChange(id=number, dish_id=1, before_g=100, served_g=grams, valid_from=first, valid_to=last)


def test_the_last_decision_that_holds_on_a_day_counts() -> None:
    first = change(1, ON, None, 95)
    second = change(2, ON + timedelta(days=30), ON + timedelta(days=59), 90)
    days = {ON - timedelta(days=1): None, ON: 95, ON + timedelta(days=30): 90, ON + timedelta(days=60): 95}
    for day, grams in days.items():
        found = in_force([second, first], day).get(1)
        assert (found and found.served_g) == grams, day


def test_before_and_after_is_told_with_its_doubt() -> None:
    def days(kitchen: int, start: date, values: list[float]) -> list[PlateDay]:
        return [PlateDay(kitchen, start + timedelta(days=n), value) for n, value in enumerate(values)]

    before = [row for k in (1, 2) for row in days(k, ON - timedelta(days=20), [40.0, 44.0, 42.0, 38.0])]
    after = [row for k in (1, 2) for row in days(k, ON, [30.0, 28.0, 33.0, 29.0])]
    found = compare([*before, *after], ON)
    assert (found.difference, found.sure, found.kitchens) == (D("-11.0"), True, 2)
    assert found.low is not None
    assert found.high is not None
    assert found.low < D(-11) < found.high < 0
    assert (found.before.weighings, found.after.mean) == (8, D("30.0"))
    other = compare([*before, *days(9, ON, [5.0, 6.0])], ON)
    assert (other.difference, other.kitchens, other.sure) == (None, 0, False), "another kitchen is no comparison"
    single = compare([before[0], after[0]], ON)
    assert (single.difference, single.low, single.sure) == (D("-10.0"), None, False)
    assert compare([], ON).before.mean is None


def test_kitchens_that_weigh_unequally_make_no_difference() -> None:
    """One leaves 80 g and weighed ten times before, twice after; one leaves 20 g and did the opposite."""
    rows = [
        PlateDay(kitchen, ON + timedelta(days=day), level + day % 3)
        for kitchen, level, days in ((1, 80.0, range(-10, 2)), (2, 20.0, range(-2, 10)))
        for day in days
    ]
    found = compare(rows, ON)
    assert found.difference is not None
    assert (abs(found.difference) < 1, found.sure, found.kitchens) == (True, False, 2)


@pytest.mark.parametrize("seed", range(5))
def test_no_change_is_rarely_called_sure(seed: int) -> None:
    import numpy as np

    draws = np.random.default_rng(seed)
    called = 0
    for _ in range(100):
        values = 40 + 8 * draws.standard_normal(12)
        rows = [PlateDay(1, ON + timedelta(days=n - 6), float(value)) for n, value in enumerate(values)]
        called += compare(rows, ON).sure
    assert called <= 10


async def test_the_dishes_of_the_seeds_that_a_grammage_describes_have_bounds_around_it(demo: Database) -> None:
    async with demo.reading() as session:
        catalogue = await load_catalogue(session, MANAGER)
    facts = derive_all(catalogue.dishes.values(), catalogue.ingredients, ON)
    found = {slug: portion_bounds(each, catalogue.ingredients, ON) for slug, each in facts.items()}
    bounds = {slug: each for slug, each in found.items() if each is not None}
    assert all(0 < each.least <= each.most for each in bounds.values())
    assert len(bounds) > 0.6 * len(facts), len(bounds)
    emmental = bounds["emmental_portion"]
    assert (emmental.grammage, emmental.least, emmental.most) == ("fromage", 16, 40)
