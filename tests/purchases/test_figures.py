"""The forms of ma-cantine by data year, percents and sharing over satellites."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.purchases.figures import (
    BUCKET_FIELDS,
    FAMILIES,
    detailed_form,
    percent,
    simple_form,
)
from catering.purchases.satellites import shared
from catering.rules.egalim_year import Cell, Tally, euros, year_of

SIGNS = ("", "BIO", "LABEL_ROUGE", "AOCAOP", "IGP", "STG", "HVE", "PECHE_DURABLE", "RUP", "COMMERCE_EQUITABLE",
         "FERMIER", "EXTERNALITES", "PERFORMANCE")  # fmt: skip
cells = st.builds(
    Cell,
    st.sampled_from(FAMILIES),
    st.sampled_from(SIGNS),
    st.booleans(),
    st.sampled_from(("", "FRANCE", "EUROPE", "TIERS")),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
tallies = st.dictionaries(cells, st.integers(0, 10_000_000), max_size=30)
years = st.integers(2022, 2027)

SIMPLE = [
    "valeur_totale",
    "valeur_bio",
    "valeur_bio_dont_commerce_equitable",
    "valeur_siqo",
    "valeur_externalites_performance",
    "valeur_egalim_autres",
    "valeur_egalim_autres_dont_commerce_equitable",
    "valeur_viandes_volailles",
    "valeur_viandes_volailles_egalim",
    "valeur_viandes_volailles_france",
    "valeur_produits_de_la_mer",
    "valeur_produits_de_la_mer_egalim",
    "valeur_produits_de_la_mer_france",
    "valeur_fruits_et_legumes_france",
    "valeur_charcuterie_france",
    "valeur_produits_laitiers_france",
    "valeur_boulangerie_france",
    "valeur_boissons_france",
    "valeur_autres_france",
]
"""Columns of bilans_simple after the establishment and the year."""
CELLS_2025 = [
    "bio",
    "label_rouge",
    "aocaop_igp_stg",
    "hve",
    "peche_durable",
    "rup",
    "commerce_equitable",
    "fermier",
    "externalites",
    "performance",
    "non_egalim",
    "france",
    "circuit_court",
    "local",
]


def test_the_simple_form_has_the_columns_of_ma_cantine_in_order() -> None:
    assert list(simple_form(year_of({}, 2025))) == SIMPLE


def test_the_detailed_form_of_2025_has_the_columns_of_ma_cantine_in_order() -> None:
    wanted = ["valeur_totale", "valeur_viandes_volailles", "valeur_produits_de_la_mer"]
    for cell in CELLS_2025:
        for family in FAMILIES:
            wanted.append(f"valeur_{family.lower()}_{cell}")
            if cell == "bio":
                wanted.append(f"{wanted[-1]}_dont_commerce_equitable")
    assert len(wanted) == 123
    assert list(detailed_form(year_of({}, 2025))) == wanted


def test_the_data_of_2026_tell_three_signs_apart_and_europe() -> None:
    before, after = (set(detailed_form(year_of({}, year))) for year in (2025, 2026))
    assert {name.rpartition("_")[2] for name in after - before} == {"aocaop", "igp", "stg", "europe"}
    assert before - after == {f"valeur_{family.lower()}_aocaop_igp_stg" for family in FAMILIES}


@given(tallies, years)
def test_both_forms_add_up_to_the_same_total(tally: Tally, year: int) -> None:
    """EGA-20, EGA-21: a line counts once, so buckets and cells share the total out without rest."""
    found = year_of(tally, year)
    simple, detailed = simple_form(found), detailed_form(found)
    outside = found.buckets["NON_EGALIM"]
    assert sum(simple[f"valeur_{name}"] for name in BUCKET_FIELDS.values()) + outside == simple["valeur_totale"]
    informative = ("_france", "_europe", "_circuit_court", "_local", "_dont_commerce_equitable")
    in_cells = [value for name, value in list(detailed.items())[3:] if not name.endswith(informative)]
    assert sum(in_cells) == simple["valeur_totale"] == euros(sum(tally.values()))
    for family in ("viandes_volailles", "produits_de_la_mer"):
        assert simple[f"valeur_{family}_egalim"] <= simple[f"valeur_{family}"]
        assert (
            detailed[f"valeur_{family}"] - detailed[f"valeur_{family}_non_egalim"] == simple[f"valeur_{family}_egalim"]
        )


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**12))
def test_a_percent_is_rounded_half_up_but_never_to_a_whole_percent_that_it_does_not_reach(
    part: int, whole: int
) -> None:
    exact, found = Fraction(100 * part, whole), percent(part, whole)
    assert found is not None
    unreached = 0 < exact < round(exact)
    assert abs(Fraction(found) - exact) <= Fraction(1, 100 if unreached else 200)
    for least in (1, 5, 20, 50, 60, 100):
        assert (found >= least) == (exact >= least), "what is shown says what is judged"
    assert percent(125, 100_000) == (Decimal(125) / 1000).quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal("0.13")


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        (19_996, 100_000, "19.99"),
        (20_000, 100_000, "20.00"),
        (20_004, 100_000, "20.00"),
        (66_667, 100_000, "66.67"),
        (2, 3, "66.67"),
        (4_999_999, 10_000_000, "49.99"),
    ],
)
def test_what_misses_a_rate_by_a_hair_is_not_shown_as_reached(part: int, whole: int, told: str) -> None:
    assert percent(part, whole) == Decimal(told)


def test_nothing_has_no_percent() -> None:
    assert percent(0, 0) is None


@given(tallies, st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 10_000), min_size=1), years)
def test_satellites_share_every_cell_to_the_cent(tally: Tally, meals: dict[str, int], year: int) -> None:
    parts = shared(tally, meals, year)
    assert set(parts) == set(meals)
    for cell, cents in tally.items():
        held = {name: part.get(cell, 0) for name, part in parts.items()}
        assert sum(held.values()) == cents
        for name, part in held.items():
            weight, total = (meals[name], sum(meals.values())) if year >= 2025 else (1, len(meals))
            assert abs(part - cents * weight / total) < 1


def test_before_2025_satellites_share_equally_and_then_by_meals() -> None:
    cell, meals = Cell("AUTRES", "BIO"), {"petit": 100, "grand": 300}
    assert shared({cell: 1000}, meals, 2024) == {"grand": {cell: 500}, "petit": {cell: 500}}
    assert shared({cell: 1000}, meals, 2025) == {"grand": {cell: 750}, "petit": {cell: 250}}


@pytest.mark.parametrize("meals", [{}, {"a": 0}, {"a": -1, "b": 5}])
def test_sharing_needs_meals(meals: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="yearly meals"):
        shared({}, meals, 2025)
