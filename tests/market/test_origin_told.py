"""Where goods come from is told once: the supplier's words, its country and an animal's life never contradict."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.market.countries import countries
from catering.market.origin_told import LONGEST, named, origin_told
from catering.orders.sale_terms import origin_words
from catering.rules.origin import Stages


@dataclass(frozen=True)
class Meat:
    origin: str
    born_in: str | None
    reared_in: str | None
    slaughtered_in: str | None


@pytest.mark.parametrize(
    ("text", "countries_named"),
    [
        ("France (Pas-de-Calais)", {"FR"}),
        ("NORD-PAS-DE-CALAIS", {"FR"}),
        ("Grande-Bretagne", {"GB"}),
        ("Bretagne", {"FR"}),
        ("porc allemand, abattu en france", {"DE", "FR"}),
        ("Viande bovine française", {"FR"}),
        ("Cote d’Ivoire", {"CI"}),
        ("Manche et mer du Nord", set()),
        ("Océan Indien", set()),
        ("Licques", set()),
    ],
)
def test_a_text_names_its_countries(text: str, countries_named: set[str]) -> None:
    assert named(text) == countries_named


@pytest.mark.parametrize(
    ("meat", "told"),
    [
        (Meat("France", None, "DE", "DE"), "origine : Allemagne"),
        (Meat("France", None, "FR", "FR"), "origine : France"),
        (Meat("France (Pas-de-Calais)", "FR", "FR", "FR"), "origine : France (Pas-de-Calais)"),
        (Meat("Licques", None, "FR", "FR"), "origine : France (Licques)"),
        (Meat("Pas-de-Calais", None, "BE", "BE"), "origine : Belgique"),
        (Meat("Licques", None, "BE", "BE"), "origine : Belgique"),
        (Meat("Origine : France", None, "FR", "FR"), "origine : France"),
        (Meat("France", None, "BE", "FR"), "élevé : Belgique, abattu : France"),
        (Meat("France", "FR", "BE", "FR"), "né : France, élevé : Belgique, abattu : France"),
        (Meat("France", None, "FR", None), "France"),
        (Meat("Espagne", None, None, None), "Espagne"),
    ],
)
def test_orders_tell_a_meat_in_the_words_of_the_law(meat: Meat, told: str) -> None:
    assert origin_told(meat) == told


COUNTRY = st.sampled_from(sorted(countries()))


@given(st.builds(Meat, st.text(min_size=1, max_size=LONGEST), st.none() | COUNTRY, COUNTRY, COUNTRY))
def test_what_is_told_of_a_meat_fits_its_line_and_names_the_countries_of_its_life(meat: Meat) -> None:
    told = origin_told(meat)
    assert len(told) <= LONGEST
    lived = {each for each in (meat.born_in, meat.reared_in, meat.slaughtered_in) if each is not None}
    assert named(told) == lived
    assert origin_words(told, "FR", Stages(meat.born_in, meat.reared_in, meat.slaughtered_in)) == told
