"""Slips of a keyboard: far too many covers, more of a dish than was served; asked about, both figures kept."""

from datetime import date, timedelta
from typing import Any

import pytest

from catering.db import Database
from catering.graph.request import Request
from catering.settings import Settings
from catering.waste import refusals
from catering.waste.models import ServiceCovers, Weighing
from catering.waste.reading import Measured, measured
from catering.waste.rules.acceptance import enough
from catering.waste.rules.observing import OnMenu, observed, takers
from catering.waste.rules.pooling import learn
from catering.waste.service.counting import count
from catering.waste.service.weighing import Entry, record
from catering.waste.vocabulary import AcceptanceStanding, Part, Service, Stage
from tests.waste.learning_world import World
from tests.waste.world import CHEF, MONDAY, TODAY, TUESDAY, Slot, entry, rows, uai

CARROTS, BEEF, JUICE = 1, 2, 3


async def served(database: Database, many: int, day: date = MONDAY, **given: Any) -> ServiceCovers:
    async with database.unit_of_work() as session:
        return await count(session, CHEF, uai(), day, Service.LUNCH, served=many, **given)


async def weighed(database: Database, *bins: Entry) -> list[Weighing]:
    async with database.unit_of_work() as session:
        return await record(session, CHEF, uai(), bins)


async def result(database: Database) -> Measured:
    request = Request(database, CHEF, Settings())
    found = await measured(request, uai(), MONDAY, TUESDAY)
    await request.forget()
    assert found is not None
    return found


def day_of(day: date, grams: int = 3_000, **given: Any) -> list[Entry]:
    usual = {"day": day, "part": Part.EDIBLE, "gross_g": grams + 500} | given
    return [entry(f"jour-{day}-{stage}", stage=stage, **usual) for stage in Stage]


async def test_ten_times_the_covers_are_asked_about_and_leave_the_second_figure(any_world: Database) -> None:
    """The calendar has 100; 9 kg of 90 covers are 100 g each, of 9,000 they would be 1 g."""
    await weighed(any_world, *day_of(MONDAY), *day_of(TUESDAY))
    await served(any_world, 90, TUESDAY)
    for many in (201, 9_000):
        with pytest.raises(refusals.UnusualCovers, match=f"{many} couverts, alors que le calendrier en a 100"):
            await served(any_world, many)
    assert [row.day for row in await rows(any_world, ServiceCovers)] == [TUESDAY]
    assert (await served(any_world, 200)).confirmed is False
    assert (await served(any_world, 900, confirmed=True)).confirmed is True
    found = (await result(any_world)).result
    assert found.per_cover is not None
    assert found.without_unusual is not None
    assert (str(found.per_cover.value), str(found.without_unusual.value)) == ("18.2", "100.0")
    assert (await served(any_world, 90)).confirmed is False, "a correction needs no confirmation"


async def test_more_of_a_dish_than_was_served_is_asked_about(any_world: Database) -> None:
    """100 g a portion, 90 covers: nine kilograms were served in all."""
    await served(any_world, 90)
    nine = entry("neuf-kilos", part=Part.EDIBLE, gross_g=9_500, dish="carottes")
    await weighed(any_world, nine)
    more = entry("encore-un-bac", part=Part.EDIBLE, gross_g=501, dish="carottes")
    with pytest.raises(refusals.MoreThanServed, match=r"9001 g comestibles de « carottes ».*90 couverts.*9000 g"):
        await weighed(any_world, more)
    unserved = entry("non-servi-1", part=Part.EDIBLE, gross_g=20_500, dish="carottes", stage=Stage.UNSERVED)
    await weighed(any_world, unserved)
    (kept,) = await weighed(
        any_world, entry("encore-2", part=Part.EDIBLE, gross_g=501, dish="carottes", confirmed=True)
    )
    assert kept.confirmed is True


async def test_a_confirmation_without_a_doubt_changes_no_figure(any_world: Database) -> None:
    await served(any_world, 90)
    await served(any_world, 90, TUESDAY)
    kept = await weighed(any_world, *day_of(MONDAY, confirmed=True), *day_of(TUESDAY, 4_000))
    assert {row.confirmed for row in kept} == {False}
    found = (await result(any_world)).result
    assert found.per_cover == found.without_unusual


async def test_a_day_confirmed_before_it_was_counted_is_ordinary_once_its_covers_are(any_world: Database) -> None:
    """60 kg of the calendar's 100 covers are 600 g; the 190 who came make it 316."""
    await weighed(any_world, *day_of(MONDAY, 20_000, confirmed=True))
    await served(any_world, 190)
    found = (await result(any_world)).result
    assert found.per_cover is not None
    assert found.per_cover == found.without_unusual


def test_what_cannot_be_teaches_nothing() -> None:
    """A dish off the menu, and more of one than was served, are counted among what is left out."""

    class Bin:
        kitchen_id, day, service, stage, part = 1, MONDAY, Service.LUNCH, Stage.PLATES, Part.EDIBLE
        food_group = cause = None
        confirmed = True

        def __init__(self, dish: int, net_g: int) -> None:
            self.dish_id, self.net_g = dish, net_g

    class Ate:
        kitchen_id, day, service, served, confirmed = 1, MONDAY, Service.LUNCH, 90, False

    menu = {(1, MONDAY): [OnMenu(CARROTS, Slot.STARTER, 100), OnMenu(BEEF, Slot.MAIN, 100)]}
    grams = {CARROTS: 100, BEEF: 100, JUICE: 100}
    found = observed([Bin(CARROTS, 30_000), Bin(BEEF, 900), Bin(JUICE, 900)], [Ate()], menu, grams)  # type: ignore[list-item]
    assert ([tuple(row.grams) for row in found.rows], found.left_out) == ([(BEEF,)], 2)
    assert takers(JUICE, menu[1, MONDAY], 90) is None
    assert takers(JUICE, [], 90) == 90


def test_one_wild_weighing_does_not_unteach_the_others() -> None:
    world = World(3, dishes=8, families=2, kitchens=4)
    rows_of = world.alone(12)
    usual = learn(rows_of, world.family)
    wild = learn([*rows_of[1:], type(rows_of[0])(rows_of[0].kitchen, rows_of[0].grams, 1.0)], world.family)
    known = [dish for dish, found in usual.dishes.items() if enough(found, TODAY) is AcceptanceStanding.KNOWN]
    assert known
    for dish in known:
        assert enough(wild.dishes[dish], TODAY) is AcceptanceStanding.KNOWN
        assert abs(wild.dishes[dish].mean - usual.dishes[dish].mean) < 0.05
    assert wild.variances["noise"] < 1.6 * usual.variances["noise"]


def test_a_season_of_ordinary_days_is_left_as_it_is() -> None:
    from catering.waste.rules.pooling import _tamed

    drawn = World(11).alone(8)
    assert sum(one.share != two.share for one, two in zip(drawn, _tamed(drawn), strict=True)) <= len(drawn) // 100
    assert timedelta(days=7) > TODAY - MONDAY
