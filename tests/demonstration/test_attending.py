"""The simulated past of covers: only days of service before today, marked, and told by the forecasts that learn it."""

from datetime import date, timedelta

from sqlalchemy import select

from catering.attendance import french
from catering.attendance.forecasting import forecast_all, keep
from catering.attendance.models import CoversForecast, ForecastBasis
from catering.db import Database
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import service_days_by_uai
from catering.moment import shown_at
from catering.people.viewer import Role, Viewer, demo_viewer
from catering.waste.models import ServiceCovers
from catering.waste.service.counting import count
from catering.waste.vocabulary import Service
from tests.demonstration.conftest import PRESENT, story_of

TODAY = PRESENT.date()
FIRST_DAY = date(2025, 9, 1)


async def simulated(database: Database) -> list[ServiceCovers]:
    """The rows that the story told."""
    async with database.reading() as session:
        rows = select(ServiceCovers).where(ServiceCovers.simulated, ServiceCovers.made_by.is_not(None))
        return list(await session.scalars(rows.order_by(ServiceCovers.kitchen_id, ServiceCovers.day)))


async def test_the_past_is_every_day_of_service_before_today_and_no_other(told: Database) -> None:
    rows = await simulated(told)
    async with told.reading() as session:
        served = await service_days_by_uai(session, demo_viewer(), FIRST_DAY, TODAY - timedelta(days=1))
        uais = dict((await session.execute(select(Kitchen.id, Kitchen.uai))).tuples().all())
        seeded = set(
            (
                await session.execute(
                    select(ServiceCovers.kitchen_id, ServiceCovers.day).where(ServiceCovers.made_by.is_(None))
                )
            )
            .tuples()
            .all()
        )
    kitchens = {row.kitchen_id for row in rows}
    assert len(kitchens) == 4, "those of the plan"
    for each in kitchens:
        own = [row for row in rows if row.kitchen_id == each]
        open_days = {day.day: day.covers for day in served[uais[each]] if (each, day.day) not in seeded}
        assert [row.day for row in own] == sorted(open_days)
        shares = [(row.served or 0) / open_days[row.day] for row in own]
        assert 0.85 < sum(shares) / len(shares) < 1
        assert len({row.served for row in own}) > 20, "days differ"
    assert all((row.planned, row.prepared, row.planned_on) == (None, None, None) for row in rows)


async def test_forecasts_have_intervals_and_say_what_they_learned_from(told: Database) -> None:
    async with told.reading() as session:
        made = await forecast_all(session, demo_viewer(), TODAY)
    async with told.unit_of_work() as session:
        await keep(session, made)
    planned = {row.kitchen_id for row in await simulated(told)}
    async with told.reading() as session:
        rows = list(await session.scalars(select(CoversForecast)))
    with_past = [row for row in rows if row.kitchen_id in planned]
    assert with_past
    for row in with_past:
        assert row.basis is ForecastBasis.HISTORY
        assert row.q10 is not None
        assert row.q50 is not None
        assert row.q90 is not None
        assert row.q10 < row.q50 <= row.recommended <= row.q90
        assert french.SIMULATED in row.reasons
        assert any("GAS-SOL-MANQUANT" in each for each in row.reasons)
    assert {row.basis for row in rows if row.kitchen_id not in planned} == {ForecastBasis.ANNOUNCED}


async def test_who_counted_a_day_is_left_and_who_counts_one_takes_the_mark_away(planned: Database) -> None:
    day = date(2026, 9, 28)
    async with planned.unit_of_work() as session:
        uai = (await session.scalars(select(Kitchen.uai).order_by(Kitchen.uai))).first()
        assert uai is not None
        chef = Viewer("Une cheffe", Role.CHEF, frozenset({uai}))
        await count(session, chef, uai, day, Service.LUNCH, served=321)
    await story_of(planned)
    async with planned.unit_of_work() as session:
        kept = await count(session, chef, uai, day, Service.LUNCH, planned=330)
        assert (kept.served, kept.simulated, kept.made_by) == (321, False, chef.actor)
        before = await count(session, chef, uai, day + timedelta(days=1), Service.LUNCH, planned=330)
        assert before.simulated, "who came is still drawn"
        after = await count(session, chef, uai, day + timedelta(days=1), Service.LUNCH, served=318)
        assert not after.simulated


async def test_nothing_is_drawn_before_the_first_day_of_class(planned: Database) -> None:
    with shown_at(PRESENT.replace(year=2025, month=8)):
        lines = await story_of(planned)
    assert not [line for line in lines if "Effectifs passés" in line]
    assert await simulated(planned) == []
