"""What weighings say of dishes: near the truth with many, near the family with few, and nothing where there is only
noise."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catering.waste.rules.acceptance import acceptances, ranked, score
from catering.waste.rules.costs import waste_cost, waste_costs
from catering.waste.rules.pooling import Learnt, Returned, learn
from catering.waste.vocabulary import AcceptanceStanding
from tests.waste.learning_world import GRAMS, World

ON = date(2026, 9, 1)


def means(found: Learnt) -> np.ndarray:
    return np.array([found.dishes[dish].mean for dish in sorted(found.dishes)])


def test_many_weighings_recover_the_truth() -> None:
    world = World(seed=1)
    found = learn(world.alone(40), world.family)
    assert np.abs(means(found) - world.truth).max() < 0.04
    assert all(each.weight > 0.85 for each in found.dishes.values())
    assert found.variances["dish"] == pytest.approx(0.07**2, rel=0.6)
    assert found.variances["noise"] == pytest.approx(0.08**2, rel=0.15)


def test_pooling_errs_less_than_the_plain_means() -> None:
    pooled, plain = [], []
    for seed in range(10):
        world = World(seed)
        rows = world.alone(2)
        found = learn(rows, world.family)
        own = [np.mean([row.share for row in rows if dish in row.grams]) for dish in range(world.dishes)]
        pooled.append(float(np.sqrt(np.mean((means(found) - world.truth) ** 2))))
        plain.append(float(np.sqrt(np.mean((np.array(own) - world.truth) ** 2))))
    assert np.mean(pooled) < 0.9 * np.mean(plain), (pooled, plain)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    held = []
    for seed in range(30):
        world = World(seed)
        found = learn(world.alone(3), world.family)
        for dish, truth in enumerate(world.truth):
            low, high = found.dishes[dish].interval
            held.append(low <= truth <= high)
    assert 0.90 <= np.mean(held) <= 0.985, np.mean(held)


def test_two_weighings_do_not_condemn_a_dish() -> None:
    world = World(seed=3)
    rows = [row for row in world.alone(10) if 0 not in row.grams]
    few = learn([*rows, *[Returned(0, {0: GRAMS}, 0.75)] * 2], world.family)
    many = learn([*rows, *[Returned(n % 8, {0: GRAMS}, 0.75) for n in range(20)]], world.family)
    family = learn(rows, world.family).dishes[0]
    assert (family.weight, family.alone) == (0, 0), "a dish never weighed is its family"
    assert family.mean < few.dishes[0].mean < many.dishes[0].mean < 0.75
    assert few.dishes[0].weight < many.dishes[0].weight
    judged = {each.dish_id: each for each in acceptances(few, dict.fromkeys(world.family, "main"), ON)}
    assert judged[0].standing is AcceptanceStanding.NOT_ENOUGH
    assert judged[0].best_rank is None
    assert judged[1].standing is AcceptanceStanding.KNOWN


@pytest.mark.parametrize("seed", range(8))
def test_two_bad_days_in_one_kitchen_price_a_dish_as_its_family_everywhere(seed: int) -> None:
    """What acts is the price in the plan: in no kitchen may it be dearer than a dish that nobody weighed."""
    world = World(seed)
    rows = [row for row in world.alone(10) if 0 not in row.grams]
    rows += [Returned(0, {0: GRAMS}, 0.6), Returned(0, {0: GRAMS}, 0.7)]
    found = learn(rows, world.family)
    prices = waste_costs(found, range(world.kitchens), dict.fromkeys(world.family, GRAMS), Decimal(6), ON)
    assert found.share(7, 0) > found.family_share(7, 0), "its own estimate is higher: the screen shows it, with a doubt"
    for kitchen in range(world.kitchens):
        of_family = waste_cost(found.family_share(kitchen, 0), GRAMS, Decimal(6))
        assert prices[kitchen, 0] == of_family
        assert prices[kitchen, 1] == waste_cost(found.share(kitchen, 1), GRAMS, Decimal(6)), "weighed ten times"


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 50), st.floats(0.01, 0.3))
def test_more_that_comes_back_is_never_thought_less(seed: int, more: float) -> None:
    """At the same variances: they too are learnt, and one heavy bin makes days look less alike."""
    from catering.waste.rules.pooling import PRIOR, _cells, _System

    world = World(seed, dishes=8, families=2, kitchens=3)
    rows = world.alone(2)
    heavier = [Returned(rows[0].kitchen, rows[0].grams, rows[0].share + more), *rows[1:]]
    before = _System(_cells(rows), world.family).learnt(PRIOR, rows)
    after = _System(_cells(heavier), world.family).learnt(PRIOR, heavier)
    assert after.dishes[0].mean > before.dishes[0].mean
    assert after.share(rows[0].kitchen, 0) >= before.share(rows[0].kitchen, 0)


def test_pure_noise_ranks_nothing() -> None:
    told_apart = pairs = 0
    for seed in range(20):
        world = World(seed, between_dishes=0.0, families=1)
        found = learn(world.alone(6), world.family)
        order = ranked(found, sorted(world.family))
        assert [each.score for each in order] == sorted((each.score for each in order), reverse=True)
        for each in order:
            assert each.best_rank is not None
            assert each.worst_rank is not None
            told_apart += each.best_rank - 1 + len(order) - each.worst_rank
            pairs += len(order) - 1
    assert told_apart / pairs < 0.01, told_apart / pairs


def test_a_true_difference_is_ranked() -> None:
    world = World(seed=5)
    order = ranked(learn(world.alone(30), world.family), sorted(world.family))
    best, worst = int(np.argmin(world.truth)), int(np.argmax(world.truth))
    by_dish = {each.dish_id: each for each in order}
    assert by_dish[best].worst_rank is not None
    assert by_dish[worst].best_rank is not None
    assert by_dish[best].worst_rank < by_dish[worst].best_rank


def test_trays_weighed_whole_are_attributed_with_their_doubt() -> None:
    world = World(seed=7)
    whole = learn(world.trays(400), world.family)
    apart = learn(world.alone(14), world.family)
    assert np.corrcoef(means(whole), world.truth)[0, 1] > 0.6
    wide, narrow = (found.difference_error(0, 5) for found in (whole, apart))
    assert wide > 1.1 * narrow, "53 trays of a dish tell less than 14 weighings by itself"
    held = [low <= truth <= high for truth, (low, high) in zip(world.truth, intervals(whole), strict=True)]
    assert np.mean(held) >= 0.85
    judged = acceptances(whole, dict.fromkeys(world.family, "main"), ON)
    assert {each.standing for each in judged} == {AcceptanceStanding.NOT_ENOUGH}, "no dish is judged by trays alone"


def test_two_dishes_always_served_together_are_not_told_apart() -> None:
    world = World(seed=9, dishes=10, families=1)
    pair = [Returned(n % 8, {0: GRAMS, 1: GRAMS}, 0.6) for n in range(40)]
    found = learn([*[row for row in world.alone(10) if not {0, 1} & set(row.grams)], *pair], world.family)
    assert found.dishes[0].mean == pytest.approx(found.dishes[1].mean)
    # Their sum is known, their difference is not: it is as wide as two dishes may differ.
    apart = found.difference_error(0, 1)
    assert apart == pytest.approx(float(np.sqrt(2 * found.variances["dish"])), rel=0.02)


def test_no_weighing_teaches_nothing() -> None:
    with pytest.raises(ValueError, match="no weighing"):
        learn([], {1: "f"})


def test_the_score_stays_on_its_scale() -> None:
    assert [score(share) for share in (-0.2, 0.0, 0.254, 1.0, 1.3)] == [100, 100, score(0.254), 0, 0]
    assert str(score(0.254)) == "74.6"


def intervals(found: Learnt) -> list[tuple[float, float]]:
    return [found.dishes[dish].interval for dish in sorted(found.dishes)]
