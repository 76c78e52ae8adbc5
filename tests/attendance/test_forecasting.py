"""Forecasts of all kitchens: what they rest on, what they leave out, and that they are made once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event as sql
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from catering.attendance.forecasting import decision_costs, forecast_all, keep
from catering.attendance.models import AttendanceEvent, AttendanceEventKind, CoversForecast, ForecastBasis
from catering.db import Database
from catering.kitchens.models import KitchenClosure, SchoolYear
from catering.people.viewer import Role, Viewer
from catering.waste.models import ServiceCovers, WasteSite
from catering.waste.vocabulary import KitchenKind, Service
from tests.waste.conftest import any_world, world
from tests.waste.world import kitchen

__all__ = ["any_world", "world"]

MADE_ON = date(2026, 9, 18)
AFTER = [date(2026, 9, day) for day in (21, 22, 24, 25, 28, 29)] + [date(2026, 10, day) for day in (1, 2)]
OPERATOR = Viewer("Exploitation", Role.DEPARTEMENT)
MADE_AT = datetime(2026, 9, 17, tzinfo=UTC)


def count(kitchen_id: int, day: date, **given: Any) -> ServiceCovers:
    return ServiceCovers(kitchen_id=kitchen_id, day=day, service=Service.LUNCH, made_by="test", **given)


def away(number: int, day: date, difference: int, **given: Any) -> AttendanceEvent:
    return AttendanceEvent(
        kitchen_id=number, kind=AttendanceEventKind.TRIP, first_day=day, last_day=day, difference=difference,
        made_at=MADE_AT, made_by="test", **given,
    )  # fmt: skip


@pytest.fixture
async def counted(any_world: Database) -> Database:
    """The first collège has counted 90 of 100 covers for a year, give or take; the second nothing."""
    days = (date(2025, 9, 1) + timedelta(days=each) for each in range(382))
    async with any_world.unit_of_work() as session:
        session.add(
            SchoolYear(school_year="2025-26", first_day=date(2025, 9, 1), last_day=date(2026, 7, 3), source="test")
        )
        session.add_all(
            count(1, day, planned=100, planned_on=day - timedelta(days=20), prepared=100, served=90 + rank % 5 - 2)
            for rank, day in enumerate(each for each in days if each.weekday() in (0, 1, 3, 4))
        )
    return any_world


async def run(database: Database, made_on: date = MADE_ON) -> int:
    async with database.reading() as session:
        made = await forecast_all(session, OPERATOR, made_on)
    async with database.unit_of_work() as session:
        return await keep(session, made)


async def made(database: Database, kitchen_id: int, made_on: date = MADE_ON) -> dict[date, CoversForecast]:
    statement = select(CoversForecast).where(CoversForecast.kitchen_id == kitchen_id, CoversForecast.made_on == made_on)
    async with database.reading() as session:
        return {row.day: row for row in await session.scalars(statement.order_by(CoversForecast.day))}


async def test_history_gives_quantiles_and_no_history_gives_the_announcement(counted: Database) -> None:
    assert await run(counted) == 2 * len(AFTER)
    known, unknown = await made(counted, 1), await made(counted, 2)
    assert list(known) == list(unknown) == AFTER
    for row in known.values():
        assert row.basis is ForecastBasis.HISTORY
        assert 88 <= row.expected <= 92
        assert 86 <= (row.q10 or 0) <= (row.q25 or 0) <= (row.q50 or 0) <= (row.q75 or 0) <= (row.q90 or 0) <= 94
        assert row.recommended == row.q75, "7.50 € against 2.50 €: three days of four"
        assert row.trained_to == date(2026, 9, 17), "what is served on the day itself is not known"
    for row in unknown.values():
        assert (row.basis, row.expected, row.recommended) == (ForecastBasis.ANNOUNCED, 100, 100)
        assert row.q50 is None
        assert "trop court" in row.reasons[0]


async def test_a_place_of_care_is_forecast_on_every_day(counted: Database) -> None:
    async with counted.unit_of_work() as session:
        session.add(WasteSite(kitchen_id=1, kind=KitchenKind.EHPAD, made_at=MADE_AT, made_by="test"))
        weekends = (date(2026, 1, 3) + timedelta(days=7 * week + each) for week in range(36) for each in (0, 1))
        session.add_all(count(1, day, prepared=60, served=50 + day.day % 3) for day in weekends)
    await run(counted)
    rows = await made(counted, 1)
    assert list(rows) == [MADE_ON + timedelta(days=each) for each in range(1, 15)], "no school calendar binds it"
    assert 48 <= rows[date(2026, 9, 27)].expected <= 54, "fewer on a Sunday, as Sundays were"
    assert list(await made(counted, 2)) == AFTER


async def test_what_is_served_from_the_day_on_teaches_nothing(counted: Database) -> None:
    async with counted.unit_of_work() as session:
        session.add_all(count(1, day, planned=None, prepared=500, served=500) for day in (MADE_ON, *AFTER))
    assert await run(counted) == 2 * len(AFTER)
    for row in (await made(counted, 1)).values():
        assert 88 <= row.expected <= 92
        assert row.trained_to == MADE_ON - timedelta(days=1)


async def test_an_event_shifts_its_day_and_a_withdrawn_one_does_not(counted: Database) -> None:
    async with counted.unit_of_work() as session:
        session.add(away(1, AFTER[1], -40))
        session.add(away(1, AFTER[2], -40, withdrawn_at=MADE_AT, withdrawn_by="test"))
        session.add(away(2, AFTER[1], -200))
    await run(counted)
    rows, other = await made(counted, 1), await made(counted, 2)
    assert 48 <= rows[AFTER[1]].expected <= 52
    assert rows[AFTER[1]].recommended < 60
    assert any("40 couverts de moins" in reason for reason in rows[AFTER[1]].reasons)
    assert 88 <= rows[AFTER[2]].expected <= 92
    assert other[AFTER[1]].recommended == 0, "never below nobody"


async def test_closed_days_are_left_out_and_a_day_is_forecast_once(counted: Database) -> None:
    async with counted.unit_of_work() as session:
        session.add(KitchenClosure(kitchen_id=2, day=AFTER[0], reason="Travaux"))
    assert await run(counted) == 2 * len(AFTER) - 1
    assert AFTER[0] not in await made(counted, 2)
    assert await run(counted) == 0
    assert await run(counted, MADE_ON + timedelta(days=1)) == 2 * len(AFTER) - 1


async def test_a_forecast_is_never_changed(counted: Database) -> None:
    await run(counted)
    with pytest.raises(DatabaseError):
        async with counted.unit_of_work() as session:
            await session.execute(text("UPDATE covers_forecasts SET expected = 1"))


async def test_statements_do_not_grow_with_the_kitchens(counted: Database) -> None:
    async def statements(made_on: date) -> int:
        seen: list[str] = []

        def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
            seen.append(statement)

        sql.listen(counted.engine.sync_engine, "before_cursor_execute", note)
        try:
            await run(counted, made_on)
        finally:
            sql.remove(counted.engine.sync_engine, "before_cursor_execute", note)
        return len(seen)

    few = await statements(MADE_ON)
    async with counted.unit_of_work() as session:
        session.add_all(kitchen(number) for number in range(2, 22))
    assert await statements(MADE_ON + timedelta(days=1)) == few


def test_costs_are_dated_data() -> None:
    costs = decision_costs(MADE_ON)
    assert (str(costs.missing), str(costs.wasted), str(costs.level)) == ("7.50", "2.50", "0.7500")
