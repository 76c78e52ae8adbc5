"""The forecast of the day looks as the backtest does: the holidays ahead, the word of the kitchen, nothing later."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from catering.attendance.grounds import Ground, read_grounds
from catering.attendance.rules.backtest import looks_of
from catering.attendance.rules.features import NAMES, look
from catering.attendance.rules.history import Series
from catering.db import Database
from catering.waste.models import ServiceCovers, WasteSite
from catering.waste.service.counting import count as note
from catering.waste.vocabulary import KitchenKind, Service
from tests.attendance.test_forecasting import MADE_AT, MADE_ON, OPERATOR, count, counted
from tests.waste.conftest import _moment, any_world, world
from tests.waste.world import CHEF, uai

__all__ = ["_moment", "any_world", "counted", "world"]
EVE = date(2026, 10, 16)
"""Last service before the holidays of autumn."""
AHEAD = timedelta(days=14)
LEAD = 15


async def ground(database: Database, made_on: date, last: date | None = None) -> Ground:
    async with database.reading() as session:
        return (await read_grounds(session, OPERATOR, made_on, last or made_on + AHEAD))[0]


@pytest.mark.parametrize("days_before", [1, 4, 14])
async def test_the_eve_of_holidays_is_seen_by_the_forecast_of_the_day(counted: Database, days_before: int) -> None:
    made_on = EVE - timedelta(days=days_before)
    found = await ground(counted, made_on)
    seen = look(found.series, EVE, made_on - timedelta(days=1), announcing=False)
    assert seen is not None
    told = dict(zip(NAMES, seen.features, strict=True))
    assert (told["last day before holidays"], told["week before holidays"]) == (1, 1)
    assert max(day.day for day in found.coming) <= made_on + AHEAD, "only the days asked for are forecast"


async def test_a_day_is_looked_at_as_the_backtest_looks_at_it(counted: Database) -> None:
    """The same eve, once as the daily run sees it and once as a row of the history a year later."""
    made_on = EVE - timedelta(days=LEAD - 1)
    found = await ground(counted, made_on)
    daily = look(found.series, EVE, EVE - timedelta(days=LEAD), announcing=False)
    async with counted.unit_of_work() as session:
        session.add(count(1, EVE, prepared=80, served=72))
    later = await ground(counted, date(2026, 12, 1))
    (row,) = (each for each in looks_of(later.series, LEAD, announcing=False) if each.day == EVE)
    assert daily is not None
    assert daily.features == row.features


async def test_covers_noted_on_the_day_itself_teach_nothing_of_the_days_ahead(counted: Database) -> None:
    """Typed with those served, the covers planned are almost those that came: no forecast had them."""
    async with counted.unit_of_work() as session:
        await session.execute(update(ServiceCovers).values(planned=ServiceCovers.served, planned_on=ServiceCovers.day))
    series = (await ground(counted, MADE_ON)).series
    assert not [each for each in looks_of(series, LEAD, announcing=True) if each.through]
    assert [each for each in looks_of(series, 1, announcing=True) if each.through], "on the day they are known"
    async with counted.unit_of_work() as session:
        await session.execute(update(ServiceCovers).values(planned_on=None))
    series = (await ground(counted, MADE_ON)).series
    assert not [each for each in looks_of(series, LEAD, announcing=True) if each.through], "said nobody knows when"


def test_an_announcement_counts_from_the_day_it_was_said() -> None:
    day = date(2026, 9, 18)
    series = Series("test", [], [], {day: 100}, {day: 7})
    assert [series.said(day, ahead) for ahead in (0, 7, 8)] == [True, True, False]
    assert series.said(day + timedelta(days=1), 380), "announced long before where nothing is told"


async def test_the_day_a_word_was_said_is_kept_and_a_word_said_later_is_not_known(world: Database) -> None:
    day = date(2026, 9, 25)
    for many, confirmed in ((100, False), (100, False), (90, False)):
        async with world.unit_of_work() as session:
            row = await note(session, CHEF, uai(0), day, Service.LUNCH, planned=many, confirmed=confirmed)
    said_on = row.planned_on
    assert said_on is not None
    assert day in (await ground(world, said_on, day)).series.announced
    assert day not in (await ground(world, said_on - timedelta(days=1), day)).series.announced


async def test_a_place_of_care_expects_no_covers_of_the_future(counted: Database) -> None:
    async with counted.unit_of_work() as session:
        session.add(WasteSite(kitchen_id=1, kind=KitchenKind.EHPAD, made_at=MADE_AT, made_by="test"))
        session.add(count(1, MADE_ON + timedelta(days=2), prepared=700, served=700))
    days = (await ground(counted, MADE_ON)).coming
    assert max(day.covers for day in days) <= 100
