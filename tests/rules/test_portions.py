"""Grammages of annexe II, with the tolerance of the arrêté."""

from datetime import date
from decimal import Decimal

import pytest

from catering.rules import law
from catering.rules.portions import accepted_grams
from catering.rules.shapes import ValueRatio
from catering.rules.tables import Portion

TODAY = date(2026, 9, 1)


def test_a_ready_product_has_the_tolerance_of_the_arrete() -> None:
    assert accepted_grams("poisson_pane", TODAY) == (Decimal("90"), Decimal("132"))


def test_a_recommended_portion_has_none() -> None:
    assert accepted_grams("legumes_cuits", TODAY) == (Decimal(150), Decimal(150))
    assert accepted_grams("feculents", TODAY) == (Decimal(200), Decimal(250))


def test_an_impossible_portion_is_refused() -> None:
    row = law().tables.portions["fromage"].model_dump()
    with pytest.raises(ValueError, match=r"min_g \(41\) dépasse max_g \(40\)"):
        Portion.model_validate(row | {"min_g": 41})


def test_the_families_of_the_meat_and_fish_ratio_are_those_of_the_table() -> None:
    rule = law().entry("EGA-03")
    assert isinstance(rule, ValueRatio)
    families = law().tables.families
    assert set(rule.families or ()) == {code for code, family in families.items() if family.meat_or_fish}
