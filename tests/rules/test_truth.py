"""Three-valued truth: unknown spreads unless the rest already decides, and never passes for a no."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.rules.truth import Truth, above, at_least, below

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
truths = st.sampled_from(Truth)


@pytest.mark.parametrize(
    ("first", "second", "both", "either"),
    [(T, T, T, T), (T, F, F, T), (F, F, F, F), (T, U, U, T), (F, U, F, U), (U, U, U, U)],
)
def test_kleene(first: Truth, second: Truth, both: Truth, either: Truth) -> None:
    assert first & second is second & first is both
    assert first | second is second | first is either


@given(truths, truths)
def test_de_morgan(first: Truth, second: Truth) -> None:
    assert ~(first & second) is (~first | ~second)
    assert ~~first is first


def test_nobody_takes_unknown_for_no_by_accident() -> None:
    with pytest.raises(TypeError, match="plain yes or no"):
        bool(U)
    assert [truth.possibly for truth in (T, U, F)] == [True, True, False]


def test_comparisons_at_the_boundary() -> None:
    fifteen = Decimal(15)
    assert [above(fifteen, fifteen), at_least(fifteen, fifteen), below(fifteen, fifteen)] == [F, T, F]
    assert [above(None, fifteen), at_least(fifteen, None), below(None, None)] == [U, U, U]
