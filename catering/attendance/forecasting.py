"""Forecast the lunches of all kitchens for the next two weeks, once a day."""

import asyncio
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from catering.attendance import french
from catering.attendance.models import AttendanceEvent, CoversForecast, ForecastBasis
from catering.attendance.queries import standing_events
from catering.attendance.rules.backtest import WINDOW, looks_of
from catering.attendance.rules.features import look
from catering.attendance.rules.history import PastDay, Series
from catering.attendance.rules.model import VERSION, Model, fit
from catering.attendance.rules.newsvendor import Costs, prepare
from catering.attendance.rules.scores import LEVELS
from catering.db import inserting
from catering.kitchens.calendar import ServiceDay, days_between
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens, service_days_by_uai
from catering.people.viewer import Viewer
from catering.rules import law
from catering.waste.models import ServiceCovers
from catering.waste.queries import covers
from catering.waste.vocabulary import Service

Row: TypeAlias = dict[str, object]
"""Columns of a forecast by name."""
AHEAD = timedelta(days=14)
"""Producers are ordered from a week or two before."""
LEADS = (8, 15)  # legal-number: days of two horizons, no rule
"""Days from the latest covers known to the day forecast: one model for the first week, one for the second."""
BATCH = 500
"""Rows of one INSERT: PostgreSQL and SQLite both limit the values of one statement."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of one kitchen."""

    kitchen_id: int
    series: Series
    coming: Sequence[ServiceDay]
    events: Sequence[AttendanceEvent]


@dataclass(frozen=True, slots=True)
class Trained:
    """The models by lead, each None with too short a history, and the days they learned from."""

    models: Mapping[int, Model | None]
    first: date | None
    last: date | None


def decision_costs(on: date) -> Costs:
    """The costs in force on a day."""
    book = law()
    return Costs(book.parameter("GAS-SOL-MANQUANT", on), book.parameter("GAS-SOL-EXCEDENT", on))


async def forecast_all(session: AsyncSession, viewer: Viewer, made_on: date) -> Sequence[Row]:
    """Forecasts of each day of service of the two weeks after ``made_on``, for ``keep``.

    Covers counted before ``made_on`` are learned from. The number of statements does not depend on the kitchens.

    Args:
        session: of a read: seconds of computing hold nobody's write.
        viewer: whose kitchens.
        made_on: day of the forecast.

    Raises:
        catering.kitchens.calendar.CalendarUnknownError: the school holidays of a year are not known.
    """
    grounds = await _grounds(session, viewer, made_on)
    # Pure computing: beside the event loop.
    return await asyncio.to_thread(_rows, grounds, made_on)


async def keep(session: AsyncSession, made: Sequence[Row]) -> int:
    """Keep forecasts, one INSERT per 500; how many are new. Days forecast already that day stay as they were."""
    kept = 0
    for start in range(0, len(made), BATCH):
        some = inserting(session, CoversForecast).values(made[start : start + BATCH]).on_conflict_do_nothing()
        kept += len((await session.execute(some.returning(CoversForecast.id))).all())
    return kept


async def _grounds(session: AsyncSession, viewer: Viewer, made_on: date) -> list[Ground]:
    first, last = made_on - WINDOW, made_on + AHEAD
    places = (await session.scalars(kitchens(viewer).order_by(Kitchen.uai))).all()
    days = await service_days_by_uai(session, viewer, first, last)
    counted: dict[int, list[ServiceCovers]] = defaultdict(list)
    said = covers(viewer, first=first, last=last, service=Service.LUNCH).order_by(ServiceCovers.day)
    for row in await session.scalars(said):
        counted[row.kitchen_id].append(row)
    events: dict[int, list[AttendanceEvent]] = defaultdict(list)
    for event in await session.scalars(standing_events(viewer, first, last).order_by(AttendanceEvent.id)):
        events[event.kitchen_id].append(event)
    return [
        Ground(
            each.id,
            _series(each.uai, counted[each.id], events[each.id], [day.day for day in days[each.uai]], made_on),
            [day for day in days[each.uai] if day.day > made_on],
            events[each.id],
        )
        for each in places
    ]


def _series(
    uai: str,
    counted: Sequence[ServiceCovers],
    events: Sequence[AttendanceEvent],
    open_days: Sequence[date],
    made_on: date,
) -> Series:
    unlike = {day for event in events for day in days_between(event.first_day, event.last_day)}
    past = [
        PastDay(row.day, row.served, row.planned or None, row.day in unlike)
        for row in counted
        if row.day < made_on and row.served
    ]
    return Series(uai, past, open_days, announced={row.day: row.planned for row in counted if row.planned})


def _rows(grounds: Sequence[Ground], made_on: date) -> list[Row]:
    trained, costs = _train([ground.series for ground in grounds]), decision_costs(made_on)
    return [row for ground in grounds for row in _of_kitchen(ground, trained, costs, made_on)]


def _train(places: Sequence[Series]) -> Trained:
    models = {
        lead: fit([seen for place in places for seen in looks_of(place, lead, announcing=True)]) for lead in LEADS
    }
    days = [each.day for place in places for each in place.past] if any(models.values()) else []
    return Trained(models, min(days, default=None), max(days, default=None))


def _of_kitchen(ground: Ground, trained: Trained, costs: Costs, made_on: date) -> Iterator[Row]:
    for coming in ground.coming:
        own = [each for each in ground.events if each.first_day <= coming.day <= each.last_day]
        yield {
            "kitchen_id": ground.kitchen_id,
            "day": coming.day,
            "made_on": made_on,
            "missing_eur": costs.missing,
            "wasted_eur": costs.wasted,
            "model_version": VERSION,
            **_of_day(ground.series, coming, own, trained, costs, made_on),
        }


def _of_day(
    series: Series,
    coming: ServiceDay,
    events: Sequence[AttendanceEvent],
    trained: Trained,
    costs: Costs,
    made_on: date,
) -> Row:
    known = made_on - timedelta(days=1)
    difference = sum(event.difference for event in events)
    changes = [french.event(event.kind, event.difference) for event in events]
    model = trained.models[next(lead for lead in LEADS if (coming.day - known).days <= lead)]
    seen = look(series, coming.day, known, announcing=True)
    if model is None or seen is None:
        return _announced(series.announced.get(coming.day, coming.covers), difference, changes)
    found = model.forecast(seen)

    def covers_at(level: float) -> int:
        return max(0, math.ceil(found.quantile(level)) + difference)

    return {
        "basis": ForecastBasis.HISTORY,
        "expected": max(0, round(found.middle) + difference),
        **{f"q{level:.0%}".rstrip("%"): covers_at(level) for level in LEVELS},
        "recommended": prepare(found.quantile, costs, -difference),
        "trained_from": trained.first,
        "trained_to": trained.last,
        "reasons": [
            french.usual(coming.day, seen.base, seen.announced),
            *french.moved(model.reasons(seen)),
            *changes,
            french.decided(costs),
        ],
    }


def _announced(announced: int, difference: int, changes: Sequence[str]) -> Row:
    many = max(0, announced + difference)
    nothing = dict.fromkeys(("q10", "q25", "q50", "q75", "q90", "trained_from", "trained_to"))
    reasons = [french.too_short(announced), *changes]
    return {"basis": ForecastBasis.ANNOUNCED, "expected": many, "recommended": many, "reasons": reasons, **nothing}
