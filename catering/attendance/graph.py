"""Forecasts of covers and announced events, as GraphQL shows them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import strawberry
from sqlalchemy import Select

from catering.attendance import models
from catering.attendance.french import WEEKDAYS
from catering.attendance.models import AttendanceEventKind, ForecastBasis
from catering.attendance.queries import events_visible_to, latest_forecasts
from catering.attendance.since import as_said_now
from catering.charts import ChartRow, Picture, bars
from catering.graph.charts import Chart, show_chart
from catering.graph.documented import documented
from catering.graph.loading import Loader
from catering.graph.request import Ask, Request
from catering.graph.shown import shown
from catering.kitchens.graph import Kitchen
from catering.waste.graph.weighings import FirstDay, LastDay, kitchen_of, require_period
from catering.waste.models import ServiceCovers
from catering.waste.queries import covers
from catering.waste.vocabulary import Service

strawberry.enum(AttendanceEventKind, description="Why a day is unlike the others: sortie, examen, grève, autre.")
strawberry.enum(ForecastBasis, description="What a forecast rests on: covers served, or what the kitchen announces.")


@strawberry.type(description="Days with more or fewer covers than usual, announced by the kitchen.")
class AttendanceEvent:
    row: strawberry.Private[models.AttendanceEvent]
    kind: AttendanceEventKind = strawberry.field(description="Why.")
    first_day: date = strawberry.field(description="First day, included.")
    last_day: date = strawberry.field(description="Last day, included.")
    difference: int = strawberry.field(description="Covers of each day against an ordinary one; negative: fewer.")
    note: str | None = strawberry.field(description="In a few words.")

    @documented
    def id(self) -> strawberry.ID:
        """Number of the event, by which it is withdrawn."""
        return strawberry.ID(str(self.row.id))

    @documented
    def withdrawn(self) -> bool:
        """Whether the kitchen took it back."""
        return self.row.withdrawn_at is not None

    @documented
    async def kitchen(self, info: Ask) -> Kitchen | None:
        """Whose days."""
        return await kitchen_of(info, self.row.kitchen_id)


@strawberry.type(description="The lunches of one day as forecast on a day before, and what came.")
class CoversForecast:
    day: date = strawberry.field(description="The day forecast.")
    made_on: date = strawberry.field(description="The day before which covers were known.")
    basis: ForecastBasis = strawberry.field(description="What it rests on; ANNOUNCED has no interval.")
    expected: int = strawberry.field(description="The middle: as many days above as below.")
    low: int | None = strawberry.field(description="Nine days of ten are above; null without a history.")
    high: int | None = strawberry.field(description="Nine days of ten are below; null without a history.")
    recommended: int = strawberry.field(description="Covers to prepare, between a missing meal and a wasted one.")
    reasons: list[str] = strawberry.field(description="Why, in French.")
    changed_since: bool = strawberry.field(
        description="Whether the kitchen announced, took back or noted something since: the covers shown have it in."
    )
    model_version: str = strawberry.field(description="Changes when the same history would give another forecast.")
    trained_from: date | None = strawberry.field(description="First day learned from; null without a history.")
    trained_to: date | None = strawberry.field(description="Last day learned from; null without a history.")
    served: int | None = strawberry.field(description="Who ate; null until somebody counted.")
    error: int | None = strawberry.field(description="Expected less served, covers; null until somebody counted.")


@dataclass(frozen=True, slots=True)
class DaysOf:
    """Days of one kitchen, both included."""

    kitchen_id: int
    first: date
    last: date


class ForecastsByDays(Loader[DaysOf, Sequence[CoversForecast]]):
    """The latest forecast of each day with what was said since, and served: three statements per pair of dates."""

    async def fetch(self, keys: list[DaysOf]) -> Mapping[DaysOf, Sequence[CoversForecast]]:
        """The forecasts by kitchen and days, in order."""
        places: dict[tuple[date, date], list[int]] = defaultdict(list)
        for key in keys:
            places[key.first, key.last].append(key.kitchen_id)
        found: dict[DaysOf, list[CoversForecast]] = defaultdict(list)
        for (first, last), ids in places.items():
            rows = await self.request.objects(latest_forecasts(self.request.viewer, ids, first, last))
            asked = covers(self.request.viewer, kitchen_ids=ids, first=first, last=last, service=Service.LUNCH)
            counted: Sequence[ServiceCovers] = await self.request.objects(asked)
            said = {(row.kitchen_id, row.day): row for row in counted}
            events = await self.request.objects(_events(self.request, ids, first, last))
            for row in rows:
                own = [each for each in events if each.kitchen_id == row.kitchen_id]
                found[DaysOf(row.kitchen_id, first, last)].append(
                    _show_forecast(row, said.get((row.kitchen_id, row.day)), own)
                )
        return found

    def missing(self, key: DaysOf) -> Sequence[CoversForecast]:
        """No forecast."""
        del key
        return ()


class EventsByDays(Loader[DaysOf, Sequence[models.AttendanceEvent]]):
    """Events that have one of the days: one statement per distinct pair of dates."""

    async def fetch(self, keys: list[DaysOf]) -> Mapping[DaysOf, Sequence[models.AttendanceEvent]]:
        """The events by kitchen and days, in order of their first day."""
        places: dict[tuple[date, date], list[int]] = defaultdict(list)
        for key in keys:
            places[key.first, key.last].append(key.kitchen_id)
        found: dict[DaysOf, list[models.AttendanceEvent]] = defaultdict(list)
        for (first, last), ids in places.items():
            for row in await self.request.objects(_events(self.request, ids, first, last)):
                found[DaysOf(row.kitchen_id, first, last)].append(row)
        return found

    def missing(self, key: DaysOf) -> Sequence[models.AttendanceEvent]:
        """No event."""
        del key
        return ()


def _events(request: Request, ids: Collection[int], first: date, last: date) -> Select[models.AttendanceEvent]:
    """Events of some kitchens that have one of the days, withdrawn ones among them."""
    table = models.AttendanceEvent
    asked = events_visible_to(request.viewer).where(
        table.kitchen_id.in_(ids), table.first_day <= last, table.last_day >= first
    )
    return asked.order_by(table.first_day, table.id)


def show_event(row: models.AttendanceEvent) -> AttendanceEvent:
    """An event as GraphQL shows it."""
    return shown(AttendanceEvent, row, row=row)


def _show_forecast(
    row: models.CoversForecast, said: ServiceCovers | None, events: Sequence[models.AttendanceEvent]
) -> CoversForecast:
    served = None if said is None else said.served
    now = as_said_now(row, None if said is None else said.planned, events)
    return shown(
        CoversForecast, row, expected=now.expected, low=now.low, high=now.high, recommended=now.recommended,
        reasons=list(now.reasons), changed_since=now.changed, served=served,
        error=None if served is None else now.expected - served,
    )  # fmt: skip


@documented
async def covers_forecast(
    kitchen: strawberry.Parent[Kitchen], info: Ask, first_day: FirstDay, last_day: LastDay
) -> list[CoversForecast]:
    """Its latest forecast of each day of service, past days with what was served; none where none was made."""
    require_period(first_day, last_day)
    return list(await info.context.loader(ForecastsByDays).load(DaysOf(kitchen.row_id, first_day, last_day)))


@documented
async def attendance_events(
    kitchen: strawberry.Parent[Kitchen], info: Ask, first_day: FirstDay, last_day: LastDay
) -> list[AttendanceEvent]:
    """Events it announced for these days, withdrawn ones among them."""
    require_period(first_day, last_day)
    rows = await info.context.loader(EventsByDays).load(DaysOf(kitchen.row_id, first_day, last_day))
    return [show_event(row) for row in rows]


@documented
async def covers_chart(kitchen: strawberry.Parent[Kitchen], info: Ask, first_day: FirstDay, last_day: LastDay) -> Chart:
    """Covers expected on each day of service that has a forecast, with the interval where there is one."""
    require_period(first_day, last_day)
    found = await info.context.loader(ForecastsByDays).load(DaysOf(kitchen.row_id, first_day, last_day))
    return show_chart(Picture("Couverts attendus, jour par jour", "couverts", [_drawn(each) for each in found]), bars)


def _drawn(each: CoversForecast) -> ChartRow:
    low, high = (None if end is None else Decimal(end) for end in (each.low, each.high))
    label = f"{WEEKDAYS[each.day.weekday()][:-1].capitalize()} {each.day:%d/%m}"
    return ChartRow(label, Decimal(each.expected), low, high)


OF_KITCHEN = (covers_forecast, attendance_events, covers_chart)
