"""Use cases of planning: describe a scenario, queue a run of it, stop it, publish its plan."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from catering import moment
from catering.kitchens.calendar import SchoolCalendar, Span, week_of
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import colleges, school_calendar, service_days_by_uai
from catering.menus.service import take_plan
from catering.moment import today
from catering.people.models import ChangeEvent
from catering.people.viewer import Role, Viewer
from catering.planning import refusals
from catering.planning.aims import require_sense
from catering.planning.models import (
    CoversSource,
    PlannedMeal,
    PlanResumption,
    PlanRun,
    PlanScenario,
    RunStatus,
    ScenarioForecast,
    ScenarioKitchen,
    ScenarioLesson,
    ScenarioStaple,
)
from catering.planning.models_aims import AimKind, ScenarioAim
from catering.planning.queries import meals, published, runs
from catering.planning.queries_of_runs import aims_visible_to, scenario_kitchens_visible_to
from catering.planning.resuming import Resume, resumable
from catering.recipes.models import Ingredient
from catering.recipes.queries import ingredients
from catering.waste.models import WasteLesson
from catering.waste.queries_learning import lesson
from catering.waste.refusals import UnknownLesson

STAPLES = Path(__file__).parent / "staples.csv"
"""What every meal takes besides its dishes, when a scenario does not say otherwise."""


@dataclass(frozen=True, slots=True)
class ScenarioWish:
    """What somebody wants planned.

    ``kitchens``: UAI, or how many of the first ones in order of UAI, or None for all. ``weeks``: the first weeks with
    class of the school year, None for all.
    """

    school_year: str
    kitchens: Sequence[str] | int | None = None
    weeks: int | None = None
    lesson: int | None = None
    """Number of the lesson from weighings by which waste is priced; None prices none."""
    covers: CoversSource = CoversSource.CALENDAR
    resume: Resume | None = None
    """Make the plan in use again from a week on; its kitchens and last day are then those of that plan."""
    first_day: date | None = None
    last_day: date | None = None
    """Days of the school year between which to plan, both included; None for its ends."""
    aims: Mapping[AimKind, Decimal] = field(default_factory=dict)
    """What the plan is asked beside the law and the lowest cost."""


@dataclass(frozen=True, slots=True)
class RunWish:
    """How a scenario is to be run. ``workers`` None means one process per available core."""

    time_limit_seconds: Decimal
    seed: int = 0
    workers: int | None = None


async def describe_scenario(session: AsyncSession, viewer: Viewer, wish: ScenarioWish) -> PlanScenario:
    """Store a scenario.

    Raises:
        refusals.Refusal: the viewer may not plan, or the wish names what does not exist.
    """
    _require_planner(viewer)
    require_sense(wish.aims)
    if wish.resume is not None:
        return await _resumed(session, viewer, wish, wish.resume)
    span = _between(await _school_year(session, viewer, wish.school_year), wish)
    planned = await _kitchens(session, viewer, wish.kitchens)
    first, last = _horizon(await school_calendar(session, viewer), span, wish.weeks)
    await _require_service(session, viewer, planned, first, last)
    scenario = PlanScenario(
        name=_name(wish.school_year, len(planned), wish.weeks),
        school_year=wish.school_year,
        first_day=first,
        last_day=last,
        created_at=moment.now(),
        created_by=viewer.actor,
        kitchens=[ScenarioKitchen(kitchen_id=kitchen.id) for kitchen in planned],
        every_meal=await _staples(session, viewer),
        aims=_asked(wish.aims),
    )
    session.add(scenario)
    await session.flush()
    await _take_what_was_learnt(session, viewer, wish, scenario.id)
    return scenario


def _asked(aims: Mapping[AimKind, Decimal]) -> list[ScenarioAim]:
    return [ScenarioAim(aim=kind, value=value) for kind, value in aims.items()]


def _between(span: Span, wish: ScenarioWish) -> Span:
    """The days of a school year that are planned."""
    first, last = wish.first_day or span.first_day, wish.last_day or span.last_day
    if not span.first_day <= first <= last <= span.last_day:
        raise refusals.BadDates(span.first_day, span.last_day)
    return replace(span, first_day=first, last_day=last)


async def _resumed(session: AsyncSession, viewer: Viewer, wish: ScenarioWish, resume: Resume) -> PlanScenario:
    """The scenario of the plan in use again, from a week on."""
    former = await resumable(session, viewer, wish.school_year, resume)
    monday = week_of(resume.day)
    planned = await session.scalars(
        scenario_kitchens_visible_to(viewer)
        .where(ScenarioKitchen.scenario_id == former.scenario_id)
        .with_only_columns(ScenarioKitchen.kitchen_id)
    )
    asked = await session.scalars(aims_visible_to(viewer).where(ScenarioAim.scenario_id == former.scenario_id))
    scenario = PlanScenario(
        name=f"{former.scenario.name}, à partir du {monday:%d/%m/%Y}",
        school_year=wish.school_year,
        first_day=former.scenario.first_day,
        last_day=former.scenario.last_day,
        created_at=moment.now(),
        created_by=viewer.actor,
        kitchens=[ScenarioKitchen(kitchen_id=kitchen) for kitchen in sorted(planned)],
        every_meal=await _staples(session, viewer),
        aims=_asked({**{each.aim: each.value for each in asked}, **wish.aims}),
    )
    session.add(scenario)
    await session.flush()
    session.add(PlanResumption(scenario_id=scenario.id, run_id=former.id, from_day=monday, moved_eur=resume.moved_eur))
    await _take_what_was_learnt(session, viewer, wish, scenario.id)
    return scenario


async def _take_what_was_learnt(session: AsyncSession, viewer: Viewer, wish: ScenarioWish, scenario_id: int) -> None:
    """The lesson from weighings and the forecast of covers that a scenario plans with."""
    if wish.lesson is not None:
        taken = await _lesson(session, viewer, wish.lesson)
        session.add(ScenarioLesson(scenario_id=scenario_id, lesson_id=taken.id))
    if wish.covers is CoversSource.FORECAST:
        session.add(ScenarioForecast(scenario_id=scenario_id, made_on=None))
    await session.flush()


async def _lesson(session: AsyncSession, viewer: Viewer, number: int) -> WasteLesson:
    found: WasteLesson | None = await session.scalar(lesson(viewer, number))
    if found is None:
        raise UnknownLesson(number)
    return found


async def queue_run(session: AsyncSession, viewer: Viewer, scenario: PlanScenario, wish: RunWish) -> PlanRun:
    """Queue a run of a scenario.

    Raises:
        refusals.NotAllowed: the viewer may not plan.
    """
    _require_planner(viewer)
    run = PlanRun(
        scenario_id=scenario.id,
        status=RunStatus.QUEUED,
        time_limit_seconds=wish.time_limit_seconds,
        workers=wish.workers,
        seed=wish.seed,
        queued_at=moment.now(),
    )
    session.add(run)
    await session.flush()
    return run


async def ask_cancel(session: AsyncSession, viewer: Viewer, run_id: int) -> PlanRun:
    """Stop a run: at once when it still waits, at its next sign of life when it works; one that ended stays as it is.

    Raises:
        refusals.Refusal: the viewer may not plan, or there is no such run.
    """
    _require_planner(viewer)
    run = await _run(session, viewer, run_id)
    now = moment.now()
    if run.status is RunStatus.QUEUED:
        run.status, run.ended_at = RunStatus.CANCELLED, now
    if not run.status.ended and run.cancel_asked_at is None:
        run.cancel_asked_at = now
    await session.flush()
    return run


async def publish(session: AsyncSession, viewer: Viewer, run_id: int) -> PlanRun:
    """Make a plan the one in use for its school year; the one before stays readable, marked as withdrawn.

    Raises:
        refusals.Refusal: the viewer may not publish, there is no such run, or it made no plan.
    """
    _require_planner(viewer)
    run = await _run(session, viewer, run_id)
    if run.status is not RunStatus.DONE:
        raise refusals.NotPublishable(run_id)
    if run.in_use:
        return run
    now = moment.now()
    for before in await session.scalars(published(viewer, run.scenario.school_year)):
        before.withdrawn_at = now
        session.add(_trace(viewer, before, now, {"in_use": True}, {"in_use": False}))
    run.published_at, run.published_by, run.withdrawn_at = now, viewer.actor, None
    session.add(_trace(viewer, run, now, {"in_use": False}, {"in_use": True}))
    await session.flush()
    await _put_on_menus(session, viewer, run)
    return run


async def _put_on_menus(session: AsyncSession, viewer: Viewer, run: PlanRun) -> None:
    """Make the menus of a plan those of its kitchens."""
    planned = meals(viewer, run.id).with_only_columns(
        PlannedMeal.kitchen_id, PlannedMeal.day, PlannedMeal.slot, PlannedMeal.dish_id, PlannedMeal.covers
    )
    kitchen_ids = set(await session.scalars(planned.with_only_columns(PlannedMeal.kitchen_id).distinct()))
    await take_plan(session, planned, kitchen_ids, today())


def _trace(viewer: Viewer, run: PlanRun, at: datetime, before: dict[str, bool], after: dict[str, bool]) -> ChangeEvent:
    return ChangeEvent(
        at=at, actor=viewer.actor, subject=PlanRun.__tablename__, key=str(run.id), before=before, after=after
    )


async def answers(session: AsyncSession, viewer: Viewer, scenario: PlanScenario, wish: ScenarioWish) -> bool:
    """Whether a stored scenario is the one that ``wish`` would describe: dates, kitchens, lesson, source of covers.

    Raises:
        refusals.Refusal: the wish names what does not exist.
    """
    span = await _school_year(session, viewer, wish.school_year)
    wanted = {kitchen.id for kitchen in await _kitchens(session, viewer, wish.kitchens)}
    planned = select(ScenarioKitchen.kitchen_id).where(ScenarioKitchen.scenario_id == scenario.id)
    dates = _horizon(await school_calendar(session, viewer), span, wish.weeks)
    of = ScenarioForecast.scenario_id == scenario.id
    foreseen = await session.scalar(select(ScenarioForecast.scenario_id).where(of)) is not None
    lesson_id = await session.scalar(select(ScenarioLesson.lesson_id).where(ScenarioLesson.scenario_id == scenario.id))
    return (
        (scenario.first_day, scenario.last_day) == dates
        and set(await session.scalars(planned)) == wanted
        and (foreseen, lesson_id) == (wish.covers is CoversSource.FORECAST, wish.lesson)
    )


def _require_planner(viewer: Viewer) -> None:
    if viewer.role is not Role.DEPARTEMENT:
        raise refusals.NotAllowed


async def _run(session: AsyncSession, viewer: Viewer, run_id: int) -> PlanRun:
    run: PlanRun | None = await session.scalar(runs(viewer, ids=[run_id]).options(joinedload(PlanRun.scenario)))
    if run is None:
        raise refusals.UnknownRun(run_id)
    return run


async def _school_year(session: AsyncSession, viewer: Viewer, asked: str) -> Span:
    calendar = await school_calendar(session, viewer)
    for span in calendar.years:
        if span.label == asked:
            return span
    raise refusals.UnknownSchoolYear(asked, [span.label for span in calendar.years])


async def _kitchens(session: AsyncSession, viewer: Viewer, asked: Sequence[str] | int | None) -> list[Kitchen]:
    uais = None if asked is None or isinstance(asked, int) else asked
    found = list(await session.scalars(colleges(viewer, uais=uais).order_by(Kitchen.uai)))
    if uais is not None and (unknown := sorted(set(uais) - {kitchen.uai for kitchen in found})):
        raise refusals.UnknownKitchens(unknown)
    if isinstance(asked, int) and asked > len(found):
        raise refusals.TooMany(asked, len(found), "cuisines")
    return found[:asked] if isinstance(asked, int) else found


def _horizon(calendar: SchoolCalendar, span: Span, weeks: int | None) -> tuple[date, date]:
    """First and last day of the first ``weeks`` weeks with class."""
    days = calendar.class_days(span)
    if weeks is None:
        return span.first_day, span.last_day
    mondays = sorted({week_of(day) for day in days})
    if weeks > len(mondays):
        raise refusals.TooMany(weeks, len(mondays), "semaines")
    kept = set(mondays[:weeks])
    return span.first_day, max(day for day in days if week_of(day) in kept)


async def _require_service(
    session: AsyncSession, viewer: Viewer, planned: Sequence[Kitchen], first: date, last: date
) -> None:
    days = await service_days_by_uai(session, viewer, first, last, uais=[kitchen.uai for kitchen in planned])
    if idle := sorted(uai for uai, served in days.items() if not served):
        raise refusals.NothingToServe(idle)


async def _staples(session: AsyncSession, viewer: Viewer) -> list[ScenarioStaple]:
    with STAPLES.open(encoding="utf-8", newline="") as file:
        grams = {row["ingredient"]: int(row["grams"]) for row in csv.DictReader(file)}
    found = await session.scalars(ingredients(viewer, slugs=list(grams)).order_by(Ingredient.slug))
    staples = {each.slug: ScenarioStaple(ingredient_id=each.id, grams=grams[each.slug]) for each in found}
    for slug in grams:
        if slug not in staples:
            raise refusals.UnknownStaple(slug)
    return list(staples.values())


def _name(school_year: str, kitchens_planned: int, weeks: int | None) -> str:
    period = "année entière" if weeks is None else f"{weeks} premières semaines"
    return f"{school_year}, {kitchens_planned} cuisines, {period}"
