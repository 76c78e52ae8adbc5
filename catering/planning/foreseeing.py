"""Plans for the covers forecast: the first run of such a scenario makes its forecasts, and all its runs keep them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, literal, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.attendance.forecasting import forecast_all, keep
from catering.attendance.models import CoversForecast
from catering.attendance.queries import forecasts_visible_to
from catering.db import Database, inserting
from catering.kitchens.calendar import ServiceDay
from catering.people.viewer import Viewer
from catering.planning.models import PlanScenario, ScenarioCovers, ScenarioForecast, ScenarioKitchen
from catering.planning.queries import scenarios_visible_to
from catering.planning.queries_of_runs import scenario_covers_visible_to, scenario_kitchens_visible_to


@dataclass(frozen=True, slots=True)
class Waiting:
    """A scenario whose forecasts are to be made."""

    kitchen_ids: frozenset[int]
    first: date
    last: date


async def foresee(database: Database, viewer: Viewer, scenario_id: int, made_on: date) -> None:
    """Make the forecasts of a scenario that plans for them and has none yet; otherwise nothing.

    Days up to ``made_on`` are past, and keep the covers of the calendar. Computing happens in a read, so that it holds
    nobody's write; of two runs at once the first to write decides for both.

    Raises:
        catering.kitchens.calendar.CalendarUnknownError: the school holidays of its dates are not known.
    """
    async with database.reading() as session:
        waiting = await _waiting(session, viewer, scenario_id)
        if waiting is None:
            return
        made = await forecast_all(session, viewer, made_on, last=waiting.last, kitchen_ids=waiting.kitchen_ids)
    async with database.unit_of_work() as session:
        await keep(session, made)
        ours = update(ScenarioForecast).where(
            ScenarioForecast.scenario_id == scenario_id, ScenarioForecast.made_on.is_(None)
        )
        if await session.scalar(ours.values(made_on=made_on).returning(ScenarioForecast.scenario_id)) is not None:
            await _take(session, viewer, scenario_id, waiting, made_on)


async def _waiting(session: AsyncSession, viewer: Viewer, scenario_id: int) -> Waiting | None:
    asked = (
        scenarios_visible_to(viewer)
        .join(ScenarioForecast, ScenarioForecast.scenario_id == PlanScenario.id)
        .where(PlanScenario.id == scenario_id, ScenarioForecast.made_on.is_(None))
    )
    scenario: PlanScenario | None = await session.scalar(asked)
    if scenario is None:
        return None
    planned = scenario_kitchens_visible_to(viewer).where(ScenarioKitchen.scenario_id == scenario_id)
    ids = frozenset(await session.scalars(planned.with_only_columns(ScenarioKitchen.kitchen_id)))
    return Waiting(ids, scenario.first_day, scenario.last_day)


async def _take(session: AsyncSession, viewer: Viewer, scenario_id: int, of: Waiting, made_on: date) -> None:
    """Note which forecast each kitchen's day is planned for: those of ``made_on``, whoever had them made."""
    found = forecasts_visible_to(viewer).where(
        CoversForecast.kitchen_id.in_(of.kitchen_ids),
        CoversForecast.made_on == made_on,
        CoversForecast.day.between(of.first, of.last),
    )
    rows = found.with_only_columns(
        literal(scenario_id), CoversForecast.kitchen_id, CoversForecast.day, CoversForecast.id
    )
    await session.execute(
        inserting(session, ScenarioCovers).from_select(["scenario_id", "kitchen_id", "day", "forecast_id"], rows)
    )


async def foreseen(session: AsyncSession, viewer: Viewer, scenario_id: int) -> dict[tuple[int, date], int]:
    """Covers to prepare by kitchen (row id) and day; nothing for a scenario that plans for those of the calendar."""
    asked = (
        scenario_covers_visible_to(viewer)
        .where(ScenarioCovers.scenario_id == scenario_id)
        .join(CoversForecast, CoversForecast.id == ScenarioCovers.forecast_id)
        .with_only_columns(ScenarioCovers.kitchen_id, ScenarioCovers.day, CoversForecast.recommended)
    )
    return {(row.kitchen_id, row.day): row.recommended for row in await session.execute(asked)}


def served(days: list[ServiceDay], kitchen_id: int, covers: dict[tuple[int, date], int]) -> list[ServiceDay]:
    """Days of service with the covers foreseen; a day on which nobody is foreseen to eat is none."""
    found = (ServiceDay(each.day, covers.get((kitchen_id, each.day), each.covers)) for each in days)
    return [each for each in found if each.covers > 0]


async def forecast_days(session: AsyncSession, viewer: Viewer, scenario_id: int) -> Sequence[Any]:
    """How many days of its kitchens a scenario plans by which forecasts: ``made_on, model_version, basis, days``."""
    key = CoversForecast.made_on, CoversForecast.model_version, CoversForecast.basis
    asked = (
        scenario_covers_visible_to(viewer)
        .where(ScenarioCovers.scenario_id == scenario_id)
        .join(CoversForecast, CoversForecast.id == ScenarioCovers.forecast_id)
        .with_only_columns(*key, func.count().label("days"))
    )
    return (await session.execute(asked.group_by(*key).order_by(*key))).all()
