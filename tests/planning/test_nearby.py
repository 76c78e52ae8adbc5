"""Which kitchens are near enough to each other to share a drop."""

from collections import defaultdict
from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from catering.geography import road_km
from catering.planning.nearby import MOST_STOPS, NEAR_KM, Place, near_groups

ARRAS = (Decimal("50.291"), Decimal("2.777"))


def places(*moved: str) -> list[Place]:
    """Kitchens so many degrees north of Arras."""
    return [Place(f"062000{n}A", ARRAS[0] + Decimal(by), ARRAS[1]) for n, by in enumerate(moved)]


def test_neighbours_make_a_group_that_bears_the_first_name() -> None:
    groups = near_groups(places("0", "0.01", "0.2"))
    assert groups == {"0620000A": "0620000A", "0620001A": "0620000A", "0620002A": "0620002A"}


def test_a_chain_of_neighbours_is_cut_where_its_ends_are_far() -> None:
    """Each is 4.3 km from the next: three of them lie within ten."""
    groups = near_groups(places("0", "0.03", "0.06", "0.09"))
    assert len(set(groups.values())) == 2


def test_no_round_has_more_doors_than_a_morning() -> None:
    groups = near_groups(places(*["0"] * (MOST_STOPS + 1)))
    assert len(set(groups.values())) == 2


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=14), st.randoms())
def test_groups_are_near_few_and_the_same_in_any_order(spots: list[tuple[int, int]], shuffle: Random) -> None:
    step = Decimal("0.01")
    every = [Place(f"k{n:02d}", ARRAS[0] + a * step, ARRAS[1] + b * step) for n, (a, b) in enumerate(spots)]
    groups = near_groups(every)
    members = defaultdict(list)
    for place in every:
        members[groups[place.uai]].append(place)
    for name, of in members.items():
        assert name == min(each.uai for each in of)
        assert len(of) <= MOST_STOPS
        assert all(road_km(a.lat, a.lon, b.lat, b.lon) <= NEAR_KM for a in of for b in of)
    shuffle.shuffle(every)
    assert near_groups(every) == groups
