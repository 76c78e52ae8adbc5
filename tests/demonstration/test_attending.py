"""The simulated past of covers: only days of service before today, marked, and told by the forecasts that learn it."""

from datetime import date, timedelta

from sqlalchemy import select

from catering.attendance import french
from catering.attendance.forecasting import forecast_all, keep
from catering.attendance.models import CoversForecast, ForecastBasis
from catering.db import Database
from catering.demonstration.cast import ADMINISTRATION
from catering.demonstration.weighing import NOTE
from catering.graph.request import Request
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import service_days_by_uai
from catering.moment import shown_at
from catering.people.viewer import Role, Viewer, demo_viewer
from catering.settings import Settings
from catering.waste.models import ServiceCovers, Weighing, WeighingCampaign
from catering.waste.reading import measured
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
    drawn = [row for row in rows if row.made_by == ADMINISTRATION.actor]
    assert len(rows) - len(drawn) == 8, "the days that the first chef weighed"
    assert all((row.planned, row.prepared, row.planned_on) == (None, None, None) for row in drawn)


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


async def test_the_first_chef_reads_a_campaign_that_keeps_to_the_protocol(told: Database) -> None:
    async with told.reading() as session:
        campaign = (await session.scalars(select(WeighingCampaign).where(WeighingCampaign.made_by.is_not(None)))).one()
        kitchen = await session.get_one(Kitchen, campaign.kitchen_id)
    chef = Viewer("Sa cheffe", Role.CHEF, frozenset({kitchen.uai}))
    request = Request(told, chef, Settings())
    try:
        found = await measured(request, kitchen.uai, campaign.first_day, campaign.last_day)
    finally:
        await request.forget()
    assert found is not None
    assert campaign.last_day < TODAY
    assert len(found.result.usable) == 8, "two weeks of four days, each with its three stages and its covers"
    assert found.result.per_cover is not None
    assert 110 < found.result.per_cover.value < 165
    assert all(row.simulated for row in found.covers if row.served), "who came stays told as simulated"
    async with told.reading() as session:
        notes = await session.scalars(select(Weighing.note).where(Weighing.kitchen_id == kitchen.id))
        assert set(notes) == {NOTE}
