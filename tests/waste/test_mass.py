"""Mass balance holds whatever is weighed: parts make totals, stages and shares add up, corrections leave nothing."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from catering.waste.rules.breakdown import mass_by, shared
from catering.waste.rules.mass import added, by_service, split
from catering.waste.rules.result import result
from catering.waste.vocabulary import Part, Service, Stage
from tests.waste.test_cases import Covers, Row

MONDAY = date(2026, 9, 7)
POSSIBLE = [(stage, part) for stage in Stage for part in Part if (stage, part) != (Stage.PREPARATION, Part.UNSORTED)]
rows = st.lists(
    st.builds(
        lambda day, service, where, net_g: Row(MONDAY + timedelta(days=day), *where, net_g, service),
        st.integers(0, 4),
        st.sampled_from([Service.LUNCH, Service.DINNER]),
        st.sampled_from(POSSIBLE),
        st.integers(0, 100_000),
    ),
    max_size=40,
)


@given(rows)
def test_edible_and_not_make_all_that_was_weighed(weighed: Sequence[Row]) -> None:
    services = by_service(weighed)
    assert added(each.mass for each in services).total_g == sum(row.net_g for row in weighed)
    for service in services:
        assert added(service.stages.values()) == service.mass
        assert all(mass.edible_g >= 0 and mass.inedible_g >= 0 for mass in service.stages.values())


@given(rows)
def test_the_result_loses_no_gram(weighed: Sequence[Row]) -> None:
    found = result(weighed, [])
    assert found.mass == added(stage.mass for stage in found.stages)
    assert found.mass.total_g == sum(row.net_g for row in weighed)


@given(rows, st.integers(1, 4))
def test_shares_add_up_to_the_whole(weighed: Sequence[Row], groups: int) -> None:
    numbered = {id(row): rank % groups for rank, row in enumerate(weighed)}
    by_group = mass_by(weighed, lambda row: numbered[id(row)])
    assert added(by_group.values()) == added(each.mass for each in by_service(weighed))
    assert all(mass.edible_g >= 0 and mass.inedible_g >= 0 for mass in by_group.values())


@given(rows, st.data())
def test_a_row_and_its_opposite_leave_nothing(weighed: Sequence[Row], data: st.DataObject) -> None:
    gone = [row for row in weighed if data.draw(st.booleans())]
    opposite = [Row(row.day, row.stage, row.part, -row.net_g, row.service) for row in gone]
    kept = [row for row in weighed if not any(row is each for each in gone)]
    assert added(each.mass for each in by_service([*weighed, *opposite])) == added(
        each.mass for each in by_service(kept)
    )


@given(rows, st.permutations(range(5)))
def test_the_order_of_rows_changes_nothing(weighed: Sequence[Row], order: Sequence[int]) -> None:
    turned = sorted(weighed, key=lambda row: order[(row.day - MONDAY).days])
    assert by_service(turned) == by_service(weighed)


@given(st.integers(0, 10_000_000))
def test_unsorted_grams_are_parted_to_the_gram(grams: int) -> None:
    mass = split(grams, MONDAY)
    assert mass.total_g == grams
    assert abs(mass.inedible_g - Decimal("0.15") * grams) <= Decimal("0.5")


@given(st.integers(0, 10_000), st.dictionaries(st.text(max_size=3), st.integers(0, 1_000), max_size=6))
def test_a_total_is_shared_whole(total: int, weights: dict[str, int]) -> None:
    parts = shared(total, weights)
    assert sum(parts.values()) == (total if sum(weights.values()) else 0)
    assert all(parts[each] == 0 for each, weight in weights.items() if not weight)


def test_a_confirmed_unusual_day_leaves_both_figures() -> None:
    weighed = [
        Row(MONDAY + timedelta(days=day), stage, Part.EDIBLE, 90_000 if day == 2 else 5_000, confirmed=day == 2)
        for day in range(3)
        for stage in Stage
    ]
    found = result(weighed, [Covers(MONDAY + timedelta(days=day), 300) for day in range(3)])
    assert found.per_cover is not None
    assert found.without_unusual is not None
    assert (found.per_cover.value, found.without_unusual.value) == (Decimal("333.3"), Decimal("50.0"))
