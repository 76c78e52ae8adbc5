"""When time is short the proof tries fewer prices and still reaches every kitchen."""

from __future__ import annotations

import time
from typing import cast

import pytest

from optimizer.engine.instance import compile_instance
from optimizer.engine.prices import Prices
from optimizer.engine.proving import PROVEN, Proof, _fitting
from optimizer.engine.time_left import TimeLeft
from tests.optimizer.synthetic import synthetic_problem

TRIED = cast("list[Prices]", list("abcde"))
MENUS = 100.0
"""Seconds that the menus of all kitchens took."""


@pytest.mark.parametrize(
    ("lps", "prices"), [(4 + 4 * 2, "abcde"), (4 + 3 * 2, "abcd"), (4 + 2, "ab"), (4, "a"), (0, "a")]
)
def test_as_many_prices_as_leave_time_for_every_kitchen(lps: int, prices: str) -> None:
    """``lps``: LPs that there is time for, of four kitchens of which two are asked about prices."""
    instance = compile_instance(synthetic_problem(kitchens=4, weeks=1, dishes=24))
    of_one = MENUS * PROVEN / 4
    left = TimeLeft(time.monotonic() + (lps + 0.5) * of_one)
    left._took["menus"] = MENUS
    proof = Proof(instance, cast("object", None), cast("object", None), left)  # type: ignore[arg-type]
    assert "".join(map(str, _fitting(proof, TRIED, 2))) == prices
