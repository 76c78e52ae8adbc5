"""Forecast the lunches of all kitchens, for the next two weeks once a day or for the year of a plan."""

import asyncio
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from catering.attendance import french
from catering.attendance.grounds import Ground, read_grounds
from catering.attendance.models import AttendanceEvent, CoversForecast, ForecastBasis
from catering.attendance.rules.backtest import looks_of
from catering.attendance.rules.features import look
from catering.attendance.rules.history import Series
from catering.attendance.rules.model import VERSION, Forecast, Model, fit
from catering.attendance.rules.newsvendor import Costs, prepare
from catering.attendance.rules.scores import COVERAGES, LEVELS
from catering.db import inserting
from catering.kitchens.calendar import ServiceDay
from catering.people.viewer import Viewer
from catering.rules import law

Row: TypeAlias = dict[str, object]
"""Columns of a forecast by name."""
AHEAD = timedelta(days=14)
"""Producers are ordered from a week or two before."""
LEADS = (8, 15, 60, 180, 380)  # legal-number: days of horizons, no rule
"""Days from the latest covers known to the day forecast: a model for each, the last ones for plans of a year."""
View: TypeAlias = tuple[int, bool]
"""Horizon, and whether the kitchen announced the day: errors are other ones when it did, so each has its model."""
BATCH = 500
"""Rows of one INSERT: PostgreSQL and SQLite both limit the values of one statement."""


@dataclass(frozen=True, slots=True)
class Trained:
    """The models by view, each None with too short a history, and the days they learned from.

    ``simulated``: days drawn for the demonstration are among them.
    """

    models: Mapping[View, Model | None]
    first: date | None
    last: date | None
    simulated: bool = False


def decision_costs(on: date) -> Costs:
    """The costs in force on a day."""
    book = law()
    return Costs(book.parameter("GAS-SOL-MANQUANT", on), book.parameter("GAS-SOL-EXCEDENT", on))


async def forecast_all(
    session: AsyncSession,
    viewer: Viewer,
    made_on: date,
    *,
    last: date | None = None,
    kitchen_ids: Collection[int] | None = None,
) -> Sequence[Row]:
    """Forecasts of each day of service after ``made_on``, for ``keep``; all kitchens teach them.

    Covers counted before ``made_on`` are learned from. The number of statements does not depend on the kitchens.

    Args:
        session: of a read: seconds of computing hold nobody's write.
        viewer: whose kitchens.
        made_on: day of the forecast.
        last: last day forecast; two weeks later by default.
        kitchen_ids: only of these; all by default.

    Raises:
        catering.kitchens.calendar.CalendarUnknownError: the school holidays of a year are not known.
    """
    grounds = await read_grounds(session, viewer, made_on, last or made_on + AHEAD)
    # Pure computing: beside the event loop.
    return await asyncio.to_thread(forecasts_of, grounds, made_on, kitchen_ids)


async def keep(session: AsyncSession, made: Sequence[Row]) -> int:
    """Keep forecasts, one INSERT per 500; how many are new. Days forecast already that day stay as they were."""
    kept = 0
    for start in range(0, len(made), BATCH):
        some = inserting(session, CoversForecast).values(made[start : start + BATCH]).on_conflict_do_nothing()
        kept += len((await session.execute(some.returning(CoversForecast.id))).all())
    return kept


def forecasts_of(grounds: Sequence[Ground], made_on: date, kitchen_ids: Collection[int] | None = None) -> list[Row]:
    """Forecasts of the coming days of some places, columns by name; all places teach them."""
    asked = [each for each in grounds if kitchen_ids is None or each.kitchen_id in kitchen_ids]
    found = {view_of(each.series, day.day, made_on) for each in asked for day in each.coming}
    trained, costs = (
        _train(grounds, {each for each in found if each}),
        decision_costs(made_on),
    )
    return [row for ground in asked for row in _of_kitchen(ground, trained, costs, made_on)]


def view_of(series: Series, day: date, made_on: date) -> View | None:
    """How a day is seen: its horizon, and whether the kitchen announced it; None beyond the last horizon."""
    known = made_on - timedelta(days=1)
    lead = next((lead for lead in LEADS if (day - known).days <= lead), None)
    return None if lead is None else (lead, day in series.announced)


def _train(grounds: Sequence[Ground], views: Collection[View]) -> Trained:
    places = [each.series for each in grounds]
    models = {
        (lead, announcing): fit([seen for place in places for seen in looks_of(place, lead, announcing=announcing)])
        for lead, announcing in sorted(views)
    }
    days = [each.day for place in places for each in place.past] if any(models.values()) else []
    simulated = any(each.simulated for each in grounds)
    return Trained(models, min(days, default=None), max(days, default=None), simulated)


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
            "announced": ground.series.announced.get(coming.day),
            "event_ids": [each.id for each in own],
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
    noted = series.announced.get(coming.day)
    # What the kitchen notes for a day is its word on the whole of it: an event would be taken off twice.
    difference = 0 if noted is not None else sum(event.difference for event in events)
    told = french.event if noted is None else french.within
    changes = [told(event.kind, event.difference) for event in events]
    view = view_of(series, coming.day, made_on)
    model = None if view is None else trained.models[view]
    seen = None if view is None else look(series, coming.day, known, announcing=view[1])
    if model is None or seen is None:
        stands = coming.covers if noted is None else noted
        return _announced(stands + difference, [french.too_short(stands), *changes])
    found = model.forecast(seen)
    if noted is not None and not seen.through and (events or _unlike(found, noted)):
        return _announced(noted, [french.noted(noted), *changes])

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
            french.usual(coming.day, seen.base, noted if seen.through else None),
            *french.moved(model.reasons(seen)),
            *changes,
            french.decided(costs),
            *([french.SIMULATED] if trained.simulated else []),
        ],
    }


def _unlike(found: Forecast, noted: int) -> bool:
    """Whether the covers noted lie outside of what ordinary days have."""
    low, high = found.interval(COVERAGES[1])
    return not low <= noted <= high


def _announced(covers: int, reasons: Sequence[str]) -> Row:
    many = max(0, covers)
    nothing = dict.fromkeys(("q10", "q25", "q50", "q75", "q90", "trained_from", "trained_to"))
    return {
        "basis": ForecastBasis.ANNOUNCED,
        "expected": many,
        "recommended": many,
        "reasons": list(reasons),
        **nothing,
    }
