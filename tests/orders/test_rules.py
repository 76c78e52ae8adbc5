"""Cut-offs, delivery days, whole packs and amounts."""

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.kitchens.calendar import SATURDAY, takes_deliveries
from catering.market.delivered import delivered_amount, delivery_eur_per_kg, eur_per_kg, vat_of
from catering.orders.replay import MAY_FOLLOW, Happened, ImpossibleEventError, replay
from catering.orders.rules import Wanted, best_day, cut_off, delivers_for, fill, leaves_from, next_delivery, packs_for
from catering.orders.tour import Stop, nearest_first
from catering.orders.vocabulary import OrderEventKind

WEEK = date(2026, 9, 14)
WEEKDAYS = st.frozensets(st.integers(0, 6), min_size=1)
LEADS = st.integers(0, 20)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
PRICES = st.decimals("0.0001", "9999", places=4)
PACKS_G = st.integers(1, 50_000)


@pytest.mark.parametrize(
    ("day", "lead", "closes"),
    [
        (date(2026, 9, 14), 2, "2026-09-12T10:00:00+00:00"),
        (date(2026, 1, 14), 2, "2026-01-12T11:00:00+00:00"),
        (date(2026, 10, 26), 2, "2026-10-24T10:00:00+00:00"),
        (date(2026, 10, 27), 2, "2026-10-25T11:00:00+00:00"),
    ],
    ids=["summer", "winter", "the day before clocks change", "the day clocks change"],
)
def test_orders_close_at_noon_in_paris_whatever_the_season(day: date, lead: int, closes: str) -> None:
    assert cut_off(day, lead).astimezone(UTC).isoformat() == closes


@given(WEEKDAYS, LEADS, MOMENTS)
def test_the_next_delivery_is_the_first_that_can_be_met(weekdays: frozenset[int], lead: int, now: datetime) -> None:
    day = next_delivery(weekdays, lead, now)
    if min(weekdays) >= SATURDAY:
        assert day is None, "no collège is open then"
        return
    assert day is not None
    assert day.weekday() in weekdays
    assert now < cut_off(day, lead)
    earlier = (day - timedelta(days=offset) for offset in range(1, 8))
    possible = [each for each in earlier if each.weekday() in weekdays and now < cut_off(each, lead)]
    assert not [each for each in possible if takes_deliveries(each, ())]


def test_the_next_delivery_is_to_an_open_gate() -> None:
    """All Saints' 2026 ends on Sunday 1 November; a bridge and the armistice follow for this kitchen."""
    before = datetime(2026, 10, 16, 8, tzinfo=UTC)
    assert next_delivery({0, 3}, 2, before) == date(2026, 11, 2)
    assert next_delivery({2}, 2, before) == date(2026, 11, 4)
    assert next_delivery({2}, 2, before, {date(2026, 11, 4)}) == date(2026, 11, 18), "the 11th is a holiday"


@given(WEEKDAYS, LEADS, MOMENTS)
def test_the_best_day_serves_the_week_and_is_the_freshest_in_time(
    weekdays: frozenset[int], lead: int, now: datetime
) -> None:
    day = best_day(weekdays, lead, WEEK, now)
    met = [
        each
        for offset in range(-10, 11)
        if delivers_for(each := WEEK + timedelta(days=offset), WEEK)
        and each.weekday() in weekdays
        and now < cut_off(each, lead)
        and each.weekday() < SATURDAY
    ]
    before = [each for each in met if each <= WEEK]
    assert day == (max(before) if before else min(met, default=None))


@given(st.integers(1, 10**9), PACKS_G)
def test_packs_hold_the_need_and_one_less_does_not(grams: int, pack_g: int) -> None:
    packs = packs_for(grams, pack_g)
    assert (packs - 1) * pack_g < grams <= packs * pack_g


WANTED = st.builds(
    Wanted,
    offer_id=st.integers(1, 40),
    ingredient_id=st.integers(1, 3),
    grams=st.integers(1, 60_000),
    pack_g=st.sampled_from([250, 1_000, 5_000, 12_500]),
    eur_per_kg=PRICES,
    labelled=st.booleans(),
)
OFFERS = st.lists(WANTED, max_size=12, unique_by=lambda each: each.offer_id)
AT_HAND = st.dictionaries(st.integers(1, 3), st.integers(0, 90_000))


@given(OFFERS, AT_HAND)
def test_a_filled_basket_meets_every_need_and_wastes_less_than_a_pack(
    wanted: list[Wanted], at_hand: dict[int, int]
) -> None:
    lines = fill(wanted, at_hand)
    packs_g = {each.offer_id: each.pack_g for each in wanted}
    assert all(line.packs >= 1 and 0 <= line.left_over_g < packs_g[line.offer_id] for line in lines)
    for ingredient in {each.ingredient_id for each in wanted}:
        need = sum(each.grams for each in wanted if each.ingredient_id == ingredient) - at_hand.get(ingredient, 0)
        mine = [line for line in lines if line.ingredient_id == ingredient]
        bought = sum(line.packs * packs_g[line.offer_id] for line in mine)
        assert bought == sum(line.planned_g + line.left_over_g for line in mine)
        assert sum(line.planned_g for line in mine) == max(need, 0)


@given(OFFERS, AT_HAND)
def test_labels_come_first_and_the_cheaper_before_the_dearer(wanted: list[Wanted], at_hand: dict[int, int]) -> None:
    """What is at hand or over of a pack spares what counts for nothing, then what is dear."""
    bought = {line.offer_id: line.planned_g for line in fill(wanted, at_hand)}
    for dear in wanted:
        for cheap in wanted:
            rank = _rank(cheap) < _rank(dear)
            if cheap.ingredient_id == dear.ingredient_id and rank and dear.offer_id in bought:
                assert bought[cheap.offer_id] >= cheap.grams


def _rank(wanted: Wanted) -> tuple[bool, Decimal, int]:
    return not wanted.labelled, wanted.eur_per_kg, wanted.offer_id


@given(st.integers(0, 10**7), PRICES, PACKS_G, st.decimals("0", "5", places=4))
def test_an_amount_is_the_exact_product_rounded_half_up_once(
    grams: int, price: Decimal, pack_g: int, per_kg: Decimal
) -> None:
    exact = Fraction(price) * grams / pack_g + Fraction(per_kg) * grams / 1000
    cents = exact * 100
    rounded = int(cents) + (cents - int(cents) >= Fraction(1, 2))
    assert delivered_amount(grams, price, pack_g, per_kg) == Decimal(rounded).scaleb(-2)


@given(st.integers(1, 5_000), PRICES, PACKS_G)
def test_whole_packs_cost_packs_times_price(packs: int, price: Decimal, pack_g: int) -> None:
    expected = (packs * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert delivered_amount(packs * pack_g, price, pack_g, Decimal(0)) == expected


def test_a_tie_goes_up_and_vat_is_rounded_alone() -> None:
    assert delivered_amount(1_000, Decimal("0.0050"), 1_000, Decimal(0)) == Decimal("0.01")
    assert vat_of(Decimal("0.10"), Decimal(5)) == Decimal("0.01")
    assert vat_of(Decimal("38.54"), Decimal("5.5")) == Decimal("2.12")


def test_delivered_prices_are_those_of_the_plan() -> None:
    """A kilogram at the price of the plan costs what the order says, to the cent."""
    delivery = delivery_eur_per_kg(Decimal("0.05"), Decimal("0.20"), Decimal("37.5"))
    assert delivered_amount(1_000, Decimal("7.50"), 2_500, delivery) == Decimal("3.13")
    assert (eur_per_kg(Decimal("7.50"), 2_500) + delivery).quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal("3.13")


def test_an_order_without_beginning_or_with_a_gap_is_no_order() -> None:
    shipped = Happened(1, datetime(2026, 9, 1, tzinfo=UTC), OrderEventKind.SHIPPED, {})
    for events in ([], [shipped]):
        with pytest.raises(ImpossibleEventError):
            replay(events)


def test_every_event_has_states_to_follow() -> None:
    assert set(MAY_FOLLOW) == set(OrderEventKind)
    assert [kind for kind, states in MAY_FOLLOW.items() if not states] == [OrderEventKind.SENT]


COORDINATES = st.tuples(st.decimals("50", "51", places=3), st.decimals("1.5", "3.2", places=3))


@given(st.lists(COORDINATES, max_size=8))
def test_a_tour_stops_everywhere_once_each_time_at_the_nearest(places: list[tuple[Decimal, Decimal]]) -> None:
    stops = [Stop(number, lat, lon) for number, (lat, lon) in enumerate(places)]
    tour = nearest_first(Decimal("50.5"), Decimal("2.5"), stops)
    assert sorted(stop.kitchen_id for stop, _ in tour) == list(range(len(stops)))
    if tour:
        again = nearest_first(tour[0][0].lat, tour[0][0].lon, [stop for stop, _ in tour[1:]])
        assert again == tour[1:]


@pytest.mark.parametrize(
    ("lead", "leaves"),
    [
        (5, datetime(2026, 9, 12, 22, tzinfo=UTC)),
        (1, datetime(2026, 9, 13, 10, tzinfo=UTC)),
        (0, datetime(2026, 9, 13, 22, tzinfo=UTC)),
    ],
)
def test_an_order_leaves_from_its_eve_when_it_can_no_longer_be_cancelled(lead: int, leaves: datetime) -> None:
    """Whoever takes orders until noon of the day itself leaves in its morning."""
    assert leaves_from(WEEK, cut_off(WEEK, lead)) == leaves
