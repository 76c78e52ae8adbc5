"""What the kitchen says of a day before it: its covers are its word on the whole day, an event counts once."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from catering.attendance.announcing import announce, withdraw
from catering.attendance.grounds import read_grounds
from catering.attendance.models import AttendanceEvent, AttendanceEventKind, CoversForecast, ForecastBasis
from catering.attendance.refusals import EventConfirmationNeeded, InvalidAttendanceEvent
from catering.attendance.since import as_said_now
from catering.db import Database
from catering.waste.models import ServiceCovers
from catering.waste.service.counting import count as note
from catering.waste.vocabulary import Service
from tests.attendance.test_forecasting import AFTER, MADE_AT, MADE_ON, OPERATOR, count, counted, made, run
from tests.waste.conftest import _moment, any_world, world
from tests.waste.world import BURSAR, CHEF, rows, uai

__all__ = ["_moment", "any_world", "counted", "world"]
DAY = AFTER[1]
TRIP = AttendanceEventKind.TRIP


async def say(database: Database, difference: int = -60, **given: Any) -> AttendanceEvent:
    usual: dict[str, Any] = {"kind": TRIP, "first": DAY, "last": DAY, "viewer": CHEF}
    asked = usual | given
    async with database.unit_of_work() as session:
        viewer = asked.pop("viewer")
        return await announce(session, viewer, uai(0), difference=difference, **asked)


async def plan(database: Database, many: int) -> None:
    async with database.unit_of_work() as session:
        await note(session, CHEF, uai(0), DAY, Service.LUNCH, planned=many)


@pytest.mark.parametrize("order", ["event first", "covers first"])
async def test_covers_noted_for_a_day_of_a_trip_are_not_lowered_again(counted: Database, order: str) -> None:
    """A year of 90 of 100 announced: 40 noted are 36 expected, whether the trip was told before or after."""
    if order == "event first":
        await say(counted)
        await plan(counted, 40)
    else:
        await plan(counted, 40)
        with pytest.raises(EventConfirmationNeeded, match="40 couverts prévus sont déjà notés"):
            await say(counted)
        await say(counted, confirmed=True)
    await run(counted)
    row = (await made(counted, 1))[DAY]
    assert 34 <= row.expected <= 38
    assert row.recommended >= row.expected
    assert "Déjà dans les couverts notés pour ce jour : sortie, 60 couverts de moins." in row.reasons


async def test_without_a_history_too(any_world: Database) -> None:
    await say(any_world)
    await plan(any_world, 40)
    await run(any_world)
    row = (await made(any_world, 1))[DAY]
    assert (row.basis, row.expected, row.recommended) == (ForecastBasis.ANNOUNCED, 40, 40)


async def test_a_kitchen_that_never_noted_covers_is_believed_when_it_does(any_world: Database) -> None:
    """Nobody knows what its covers are worth: unlike any ordinary day, they stand as they are."""
    drawn = Random(7)
    days = [each for n in range(360) if (each := date(2025, 9, 22) + timedelta(days=n)).weekday() in (0, 1, 3, 4)]
    async with any_world.unit_of_work() as session:
        session.add_all(count(1, day, planned=None, served=drawn.randint(84, 96)) for day in days)
        session.add(count(1, DAY, planned=40))
        session.add(count(1, AFTER[2], planned=90))
    await run(any_world)
    found = await made(any_world, 1)
    assert (found[DAY].basis, found[DAY].recommended) == (ForecastBasis.ANNOUNCED, 40)
    assert (found[AFTER[2]].basis, found[AFTER[2]].q50 is None) == (ForecastBasis.HISTORY, False)
    assert "90 comprise" not in found[AFTER[2]].reasons[0], "it is no announcement that the forecast rests on"


async def test_the_same_trip_told_twice_is_asked_about(any_world: Database) -> None:
    await say(any_world)
    with pytest.raises(EventConfirmationNeeded, match=r"Déjà annoncé par Chef.*60 couverts de moins"):
        await say(any_world, viewer=BURSAR)
    await say(any_world, viewer=BURSAR, kind=AttendanceEventKind.EXAM)
    await say(any_world, viewer=BURSAR, difference=-10, confirmed=True)
    assert len(await rows(any_world, AttendanceEvent)) == 3


@pytest.mark.parametrize(
    ("difference", "reason", "said"),
    [
        (-101, InvalidAttendanceEvent, "101 absents pour 100 couverts habituels"),
        (101, EventConfirmationNeeded, "101 invités pour 100 couverts habituels"),
    ],
)
async def test_more_than_there_are_is_told(
    any_world: Database, difference: int, reason: type[Exception], said: str
) -> None:
    with pytest.raises(reason, match=said):
        await say(any_world, difference)
    assert await rows(any_world, AttendanceEvent) == []


async def shown(database: Database, planned: int | None = None) -> tuple[CoversForecast, Any]:
    row = (await made(database, 1))[DAY]
    return row, as_said_now(row, planned, await rows(database, AttendanceEvent))


async def test_a_strike_of_the_eve_and_a_trip_taken_back_change_what_is_shown(counted: Database) -> None:
    trip = await say(counted, -20)
    await run(counted)
    row, now = await shown(counted)
    assert (now.expected, now.recommended, now.changed) == (row.expected, row.recommended, False)
    await say(counted, -50, kind=AttendanceEventKind.STRIKE)
    row, now = await shown(counted)
    assert (now.expected, now.low, now.recommended) == (row.expected - 50, (row.q10 or 0) - 50, row.recommended - 50)
    assert now.reasons[0] == "Annoncé depuis la prévision : grève, 50 couverts de moins."
    async with counted.unit_of_work() as session:
        await withdraw(session, CHEF, trip.id)
    row, now = await shown(counted)
    assert now.expected == row.expected - 30
    assert "retirée" in now.reasons[1]
    row, now = await shown(counted, planned=25)
    assert (now.expected, now.recommended, now.high, now.changed) == (25, 25, None, True)
    assert await run(counted, MADE_ON) == 0, "what was kept stays"


def test_an_old_forecast_is_judged_by_days() -> None:
    """Forecasts made before events were kept with them: what was announced by that day is in them."""
    row = CoversForecast(
        day=DAY,
        made_on=MADE_ON,
        expected=50,
        recommended=52,
        q10=45,
        q90=55,
        reasons=[],
        announced=None,
        event_ids=None,
    )
    usual = {"kind": TRIP, "first_day": DAY, "last_day": DAY, "difference": -10}
    before = AttendanceEvent(id=1, made_at=MADE_AT, **usual)
    after = AttendanceEvent(id=2, made_at=MADE_AT + timedelta(days=2), **usual)
    assert as_said_now(row, 90, [before, after]).expected == 40


async def test_covers_confirmed_as_unusual_teach_nothing(counted: Database) -> None:
    """An open day: ten times the covers, confirmed; the day is no ordinary one."""
    async with counted.unit_of_work() as session:
        row = await session.get_one(ServiceCovers, 1)
        row.served = row.prepared = 5_000
        row.confirmed = True
    await run(counted)
    async with counted.reading() as session:
        ground = (await read_grounds(session, OPERATOR, MADE_ON, DAY))[0]
    assert [each.disturbed for each in ground.series.past[:2]] == [True, False]
