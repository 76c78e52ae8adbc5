"""Orientations as goals: what they weigh in the plan and in its bound, what floors hold, what indicators tell."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import solve, verify
from optimizer.faults import BadFolder
from optimizer.goals import INDICATORS, WEIGHED, charge
from optimizer.plan import MenuLine, Plan
from optimizer.problem import BUCKETS, Delivery, Problem, Supplier
from optimizer.rules import CountRule, ValueRatioRule
from optimizer.verification.french import rounded
from optimizer.verification.indicators import indicators, windows_broken
from optimizer.verification.served import Served
from tests.optimizer.engine.tiny import count, dish, head, offer, tiny, weekdays
from tests.optimizer.examples import plan_of, two_kitchens

D = Decimal
FARM = Supplier("ferme", "Ferme", "producer", (0,), 1, D("0"), True)
HUB = Supplier("plateforme", "Plateforme", "hub", (0,), 1, D("0"), True)
PLAIN, GREEN = dish("plain"), dish("green")


def problem(goals: dict[str, Decimal] | None = None) -> Problem:
    """Two dishes: ``plain`` at 1 €/kg of the wholesaler; ``green`` at 2 €/kg of a farm 10 km away or of a hub."""
    offers = [
        replace(offer("o_plain", "i_plain", "1"), co2e_kg_per_kg=D(10)),
        replace(offer("o_farm", "i_green", "2.1"), supplier="ferme", co2e_kg_per_kg=D(1)),
        replace(offer("o_hub", "i_green", "2"), supplier="plateforme", co2e_kg_per_kg=D(3)),
    ]
    of = tiny([PLAIN, GREEN], covers={"k": 10, "l": 20}, offers=offers, dates=weekdays(1))
    reached = {(each.id, kitchen): Delivery(each.id, kitchen, D(10), D(0)) for each in (FARM, HUB) for kitchen in "kl"}
    return replace(
        of,
        suppliers={**of.suppliers, FARM.id: FARM, HUB.id: HUB},
        deliveries={**of.deliveries, **reached},
        goals=goals or {},
    )


def planned(of: Problem) -> Plan:
    plan = solve(of, workers=1)
    assert verify(of, plan) == []
    return plan


def bought(plan: Plan) -> set[str]:
    return {line.offer for line in plan.sourcing}


def test_a_price_on_carbon_moves_dishes_and_purchases_where_it_is_worth_it() -> None:
    assert bought(planned(problem())) == {"o_plain"}
    # 100 g a cover: plain costs 0.10 € + 1.0 kg CO2e, the hub 0.20 € + 0.3 kg, the farm 0.21 € + 0.1 kg.
    assert bought(planned(problem({"co2e_kg": D("0.1")}))) == {"o_plain"}
    assert bought(planned(problem({"co2e_kg": D("0.15")}))) == {"o_farm"}
    few = planned(problem({"co2e_kg": D("0.15")})).summary
    assert few.cost_eur == D("25.20"), "money is told apart"
    assert few.goals_eur == D("1.80")
    assert few.objective_eur == D("27.00")


def test_a_price_on_intermediaries_and_on_what_no_producer_sells() -> None:
    assert bought(planned(problem({"long_chain_eur": D("1.5")}))) == {"o_hub"}
    assert bought(planned(problem({"not_producer_eur": D("1.5")}))) == {"o_farm"}
    assert bought(planned(problem({"not_bio_eur": D("5")}))) == {"o_plain"}, "nothing is organic: the cheapest"


WEIGHTS = st.dictionaries(st.sampled_from(sorted(WEIGHED)), st.decimals(0, 2, places=4), max_size=5)


@settings(max_examples=20, deadline=None)
@given(WEIGHTS)
def test_the_objective_is_the_least_of_cost_and_goals_and_never_below_the_bound(goals: dict[str, Decimal]) -> None:
    of = problem(goals)
    plan = planned(of)
    said = plan.summary
    kg = {(line.offer, line.kitchen): Fraction(0) for line in plan.sourcing}
    for line in plan.sourcing:
        kg[line.offer, line.kitchen] += Fraction(line.grams, 1000)
    exact = sum(Fraction(charge(of, *key, "NON_EGALIM")) * each for key, each in kg.items())
    assert Fraction(said.goals_eur) - Fraction(1, 100) < exact <= Fraction(said.goals_eur)
    assert said.objective_eur == said.cost_eur + said.goals_eur
    assert said.lower_bound_eur <= said.objective_eur
    least = sum(
        min(of.unit_price(each, kitchen) + charge(of, each, kitchen, "NON_EGALIM") for each in of.offers)
        * covers * 4 / 10
        for kitchen, covers in {"k": 10, "l": 20}.items()
    )  # fmt: skip
    assert abs(said.objective_eur - least) <= D("0.10"), "each kitchen buys what is least for it, but for rounding"
    assert said.gap < D("0.02")


def test_the_check_refutes_goals_and_indicators_that_are_not_so() -> None:
    of = problem({"co2e_kg": D("0.15")})
    plan = planned(of)
    for field, wrong in (
        ("goals_eur", {"goals_eur": D("1.79")}),
        ("« co2e_kg_per_meal »", {"indicators": {**plan.summary.indicators, "co2e_kg_per_meal": D("0.09")}}),
        ("« half_share »", {"indicators": {k: v for k, v in plan.summary.indicators.items() if k != "half_share"}}),
    ):
        told = [str(fault) for fault in verify(of, replace(plan, summary=replace(plan.summary, **wrong)))]
        assert any(field in fault for fault in told), told
    # A bound proven with goals stands above what the plan costs without them: it is refuted there.
    assert any("borne des menus" in str(fault) for fault in verify(replace(of, goals={}), plan))


def test_floors_by_who_sells() -> None:
    """At least half of the euros to local producers, then to any short chain: dearer, held, and proven."""
    half = ValueRatioRule(
        **head("PROD"), buckets=frozenset(BUCKETS), families=None, min_share=D("0.5"),
        kinds=frozenset({"producer"}), local=True,
    )  # fmt: skip
    short = replace(half, id="SHORT", kinds=frozenset({"producer", "hub"}), local=False)
    free, farm, chain = (planned(replace(problem(), rules=rules)) for rules in ((), (half,), (short,)))
    assert free.summary.indicators["producer_share"] == 0
    share = farm.summary.indicators["producer_share"]
    assert share is not None
    assert share >= D("0.5")
    assert bought(chain) == {"o_plain", "o_hub"}
    assert free.summary.cost_eur < chain.summary.cost_eur < farm.summary.cost_eur
    assert farm.summary.lower_bound_eur > free.summary.cost_eur, "the bound knows the floor"


def test_the_folders_state_goals_floors_and_indicators(tmp_path: Path) -> None:
    floor = ValueRatioRule(
        **head("PROD"), buckets=frozenset(BUCKETS), families=None, min_share=D("0.1"), kinds=frozenset({"hub"}),
        local=True,
    )  # fmt: skip
    of = replace(problem({"co2e_kg": D("0.15"), "ton_km": D("1")}), rules=(floor,))
    of.to_folder(tmp_path / "problem")
    assert (tmp_path / "problem/goals.csv").read_text() == "indicator,eur_per_unit\nco2e_kg,0.15\nton_km,1\n"
    assert Problem.from_folder(tmp_path / "problem") == of
    plan = planned(of)
    plan.to_folder(tmp_path / "plan")
    read = Plan.from_folder(tmp_path / "plan")
    assert read.summary.indicators == plan.summary.indicators
    assert read.summary.goals_eur == plan.summary.goals_eur
    assert verify(of, read) == []
    (tmp_path / "problem/goals.csv").write_text("indicator,eur_per_unit\nco2,0.15\n")
    with pytest.raises(BadFolder, match=r"goals\.csv"):
        Problem.from_folder(tmp_path / "problem")
    problem().to_folder(tmp_path / "problem")
    assert not (tmp_path / "problem/goals.csv").exists(), "a problem without goals keeps its files and its hash"


def test_indicators_of_a_plan_worked_out_by_hand() -> None:
    of = two_kitchens()
    plan = plan_of(of)
    found = indicators(of, Served(of, plan.menus), plan.sourcing)
    assert set(found) == {each.id for each in INDICATORS}
    grams, euros = sum(line.grams for line in plan.sourcing), sum(line.amount_excl_tax for line in plan.sourcing)
    farm = sum(line.amount_excl_tax for line in plan.sourcing if line.offer.endswith("_ferme"))
    hub = sum(line.amount_excl_tax for line in plan.sourcing if line.offer == "cabillaud_peche")
    km = sum(line.grams * of.deliveries[of.offers[line.offer].supplier, line.kitchen].distance_km
             for line in plan.sourcing)  # fmt: skip
    expected = {
        "co2e_kg_per_meal": D("1.25") * grams / 1000 / of.meals,
        "footprint_unknown": D(0),
        "km_per_kg": km / grams,
        "producer_share": farm / euros,
        "short_chain_share": (farm + hub) / euros,
        "producers": D(1),
        "half_share": D("0.5"),
        "cost_per_meal_eur": euros / of.meals,
    }
    for name, value in expected.items():
        stated = found[name]
        assert stated is not None
        assert abs(stated - value) <= D("0.0000005"), name
    assert found["distinct_dishes_per_20_meals"] is None, "no block of 20 meals"


@given(st.lists(st.booleans(), min_size=1, max_size=20), st.integers(1, 6), st.integers(0, 3), st.integers(0, 3))
def test_sliding_windows_are_those_of_every_start(fish: list[bool], window: int, low: int, more: int) -> None:
    dates = weekdays(5)[: len(fish)]
    of = tiny(
        [dish("cod", true="fish"), dish("egg")], dates=dates, rules=[count("F", "fish", low, low + more, window=window)]
    )
    kitchen = next(iter(of.kitchens))
    menus = [MenuLine(kitchen, day, "main", "cod" if yes else "egg", 1) for day, yes in zip(dates, fish, strict=True)]
    (rule,) = of.rules
    assert isinstance(rule, CountRule)
    expected = [not low <= sum(fish[start : start + window]) <= low + more for start in range(len(fish) - window + 1)]
    served = Served(of, menus)
    assert windows_broken(of, rule, served, kitchen) == expected
    share = indicators(of, served, ())["sliding_windows_broken"]
    assert share == (rounded(Fraction(sum(expected), len(expected))) if expected else None)


def test_the_share_of_quality_counts_every_sign_while_it_holds() -> None:
    """Beef under Label Rouge counts until its last day only; organic apples count in both shares."""
    of = two_kitchens()
    plan = plan_of(of)
    found = indicators(of, Served(of, plan.menus), plan.sourcing)
    euros = sum(line.amount_excl_tax for line in plan.sourcing)
    signed = {line: of.bucket(line.offer, line.week) for line in plan.sourcing}
    quality = sum(line.amount_excl_tax for line, bucket in signed.items() if bucket != "NON_EGALIM")
    organic = sum(line.amount_excl_tax for line, bucket in signed.items() if bucket == "BIO")
    assert (found["egalim_share"], found["bio_share"]) == (rounded(quality / euros), rounded(organic / euros))
    assert 0 < organic < quality < euros


def test_nutrients_are_means_of_the_meals_of_which_everything_is_known() -> None:
    """Two dishes served one day in two: salt is known of both, fibre of one alone, iron of none."""
    known = {"kcal": D(500), "salt_g": D("1.5"), "fibre_g": D(8)}
    plain, green = replace(PLAIN, nutrients=known), replace(GREEN, nutrients={"kcal": D(700), "salt_g": D("0.5")})
    of = replace(problem(), dishes={"plain": plain, "green": green})
    menus = [
        MenuLine(day.kitchen, day.date, "main", "plain" if day.date.weekday() % 2 else "green", day.covers)
        for day in of.service_days
    ]
    found = indicators(of, Served(of, menus), [])
    days = [day.date.weekday() % 2 for day in of.service_days]
    odd, even = sum(days), len(days) - sum(days)
    assert odd
    assert even
    assert found["kcal_per_meal"] == rounded(Fraction(500 * odd + 700 * even, odd + even))
    assert found["salt_g_per_meal"] == rounded(Fraction(15 * odd + 5 * even, 10 * (odd + even)))
    assert (found["fibre_g_per_meal"], found["iron_mg_per_meal"]) == (8, None)
