"""Every test vector of the regulations is a readable case somewhere: input, date and what it must give."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
ROOMS = ("rules", "purchases", "waste", "procurement", "market")
LAST = 23  # legal-number: vectors of the reference, nothing of a law


def stems() -> list[str]:
    return [path.stem for room in ROOMS for path in (TESTS / room / "cases").glob("*.yaml")]


@pytest.mark.parametrize("vector", [f"T{number:02}" for number in range(1, LAST + 1)])
def test_a_vector_has_its_case(vector: str) -> None:
    assert [stem for stem in stems() if vector in stem.split("_")] != []
