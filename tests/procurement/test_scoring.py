"""Offers compared by published criteria: exact points, parted ties, explained ranks."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.procurement.scoring import Competing, Weighed, line_amount, points, ranked

PRICE = Weighed("price", "Prix", "lowest", 40)
FRESH = Weighed("freshness", "Fraîcheur", "lowest", 35)
DIRECT = Weighed("direct_supply", "Approvisionnement direct", "yes", 25)
CRITERIA = [PRICE, FRESH, DIRECT]


def offer(tender: int, amount: str, hours: str = "24", direct: int = 1) -> Competing:
    return Competing(tender, Decimal(amount), {"freshness": Decimal(hours), "direct_supply": Decimal(direct)})


OFFERS = st.lists(
    st.builds(
        lambda amount, hours, direct: (amount, {"freshness": hours, "direct_supply": Decimal(direct)}),
        st.decimals(Decimal("0.01"), Decimal("99999.99"), places=2),
        st.decimals(0, 240, places=1),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
).map(lambda rows: [Competing(rank, amount, facts) for rank, (amount, facts) in enumerate(rows, start=1)])


@pytest.mark.parametrize(
    ("scale", "value", "of_all", "expected"),
    [
        ("lowest", "100", ["100", "150"], "40.00"),
        ("lowest", "150", ["100", "150"], "26.67"),
        ("lowest", "0", ["0", "3"], "40.00"),
        ("lowest", "3", ["0", "3"], "0.00"),
        ("highest", "5", ["5", "4"], "40.00"),
        ("highest", "4", ["5", "4"], "32.00"),
        ("highest", "0", ["0", "0"], "0.00"),
        ("yes", "1", ["1", "0"], "40.00"),
        ("yes", "0", ["1", "0"], "0.00"),
    ],
)
def test_points_by_scale(scale: str, value: str, of_all: list[str], expected: str) -> None:
    assert points(scale, 40, Decimal(value), [Decimal(each) for each in of_all]) == Decimal(expected)


def test_a_dearer_offer_may_win_by_the_other_criteria_and_the_explanation_says_how() -> None:
    cheap, fresh = offer(1, "1000.00", "72", 0), offer(2, "1100.00", "12", 1)
    first, second = ranked(CRITERIA, [cheap, fresh])
    assert (first.tender, first.rank, first.points) == (2, 1, Decimal("96.36"))
    assert (second.tender, second.rank, second.points) == (1, 2, Decimal("45.83"))
    assert "Prix 36,36/40, Fraîcheur 35,00/35, Approvisionnement direct 25,00/25" in first.explanation


def test_equal_points_are_parted_by_the_heaviest_criterion() -> None:
    even = [Weighed("price", "Prix", "lowest", 50), Weighed("visits", "Visites", "highest", 50)]
    cheap = Competing(1, Decimal(100), {"visits": Decimal(1)})
    dear = Competing(2, Decimal(200), {"visits": Decimal(2)})
    first, second = ranked(even, [dear, cheap])
    assert (first.tender, second.tender, first.points) == (1, 2, second.points)
    assert "départagée par : Prix" in second.explanation


def test_offers_that_nothing_parts_share_a_rank_and_the_buyer_is_told() -> None:
    first, second, third = ranked(CRITERIA, [offer(1, "500.00"), offer(2, "500.00"), offer(3, "900.00")])
    assert (first.rank, second.rank, third.rank) == (1, 1, 3)
    assert "Ex æquo" in second.explanation


def test_no_offer_no_rank() -> None:
    assert ranked(CRITERIA, []) == []


@given(OFFERS)
def test_points_stay_within_the_weights_and_ranks_follow_them(offers: list[Competing]) -> None:
    scores = ranked(CRITERIA, offers)
    assert {score.tender for score in scores} == {each.tender for each in offers}
    for score in scores:
        assert score.points == sum(score.by_criterion.values())
        assert all(0 <= score.by_criterion[each.code] <= each.weight for each in CRITERIA)
    assert [score.points for score in scores] == sorted((score.points for score in scores), reverse=True)
    assert [score.rank for score in scores] == sorted(score.rank for score in scores)
    assert scores[0].rank == 1
    assert any(score.by_criterion["price"] == PRICE.weight for score in scores)


@given(OFFERS, st.randoms())
def test_the_order_of_arrival_changes_nothing(offers: list[Competing], chance: object) -> None:
    shuffled = list(offers)
    chance.shuffle(shuffled)
    assert ranked(CRITERIA, shuffled) == ranked(CRITERIA, offers)


@given(OFFERS)
def test_a_lower_price_never_loses_a_rank(offers: list[Competing]) -> None:
    before = {score.tender: score.rank for score in ranked(CRITERIA, offers)}
    last = offers[-1]
    cheaper = Competing(last.tender, max(last.amount / 2, Decimal("0.01")), last.facts)
    after = {score.tender: score.rank for score in ranked(CRITERIA, [*offers[:-1], cheaper])}
    assert after[last.tender] <= before[last.tender]


@given(st.decimals(Decimal("0.0001"), Decimal("999.9999"), places=4), st.integers(1, 10_000_000))
def test_a_line_is_rounded_half_up_to_the_cent(price: Decimal, grams: int) -> None:
    amount = line_amount(price, grams)
    exact = price * grams / 1000
    assert amount == amount.quantize(Decimal("0.01"))
    assert abs(exact - amount) <= Decimal("0.005")
