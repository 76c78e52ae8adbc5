"""What is known of every kitchen before a forecast: covers counted, events, menus, days to come."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from sqlalchemy import Row, Select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.attendance.models import AttendanceEvent
from catering.attendance.on_menu import main_dishes
from catering.attendance.queries import standing_events
from catering.attendance.rules.backtest import WINDOW
from catering.attendance.rules.history import Menu, PastDay, Series
from catering.kitchens.calendar import ServiceDay, days_between
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens, service_days_by_uai
from catering.people.viewer import Viewer
from catering.waste.models import ServiceCovers, WasteSite
from catering.waste.queries import covers
from catering.waste.queries_diagnostic import sites_visible_to
from catering.waste.rules.figures import CARE
from catering.waste.vocabulary import Service

BEYOND = timedelta(days=80)  # legal-number: no law, longer than any school holidays
"""School holidays are seen by the first service after them; the longest, of summer, is some seventy days away."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of one kitchen."""

    kitchen_id: int
    series: Series
    coming: Sequence[ServiceDay]
    events: Sequence[AttendanceEvent]
    simulated: bool = False
    """Some of its past was drawn for the demonstration."""


async def read_grounds(session: AsyncSession, viewer: Viewer, made_on: date, last: date) -> list[Ground]:
    """What is known of each visible kitchen on ``made_on``, and its days of service up to ``last``.

    The calendar is read beyond ``last``, as a training row has it: a last day before holidays must be seen as one.
    The number of statements does not depend on the kitchens.
    """
    first = made_on - WINDOW
    places = (await session.scalars(kitchens(viewer).order_by(Kitchen.uai))).all()
    days = await service_days_by_uai(session, viewer, first, last + BEYOND)
    counted = await _counted(session, viewer, first, last)
    of_care = set(await session.scalars(_of_care(viewer)))
    open_days = {
        each.id: every_day(first, last, days[each.uai], _before(counted[each.id], made_on))
        if each.id in of_care
        else days[each.uai]
        for each in places
    }
    menus = await main_dishes(session, viewer, first, last, made_on)
    events: dict[int, list[AttendanceEvent]] = defaultdict(list)
    for event in await session.scalars(standing_events(viewer, first, last).order_by(AttendanceEvent.id)):
        events[event.kitchen_id].append(event)
    return [
        Ground(
            each.id,
            _series(
                each.uai, counted[each.id], events[each.id], [day.day for day in open_days[each.id]], made_on,
                menus.get(each.id, {}),
            ),
            [day for day in open_days[each.id] if made_on < day.day <= last],
            events[each.id],
            simulated=any(row.simulated for row in _before(counted[each.id], made_on)),
        )
        for each in places
    ]  # fmt: skip


Counted: TypeAlias = Row[int, date, int | None, date | None, int | None, bool, bool]
"""Kitchen, day, covers planned and the day on which they were said, covers served, whether they were confirmed as
unusual, and whether they were drawn for the demonstration."""


def _before(counted: Sequence[Counted], made_on: date) -> list[Counted]:
    return [row for row in counted if row.day < made_on]


def _of_care(viewer: Viewer) -> Select[int]:
    """Rows of the kitchens that serve every day."""
    return sites_visible_to(viewer).where(WasteSite.kind.in_(CARE)).with_only_columns(WasteSite.kitchen_id)


def every_day(first: date, last: date, of_class: Sequence[ServiceDay], counted: Sequence[Counted]) -> list[ServiceDay]:
    """Every day of a place of care: no school calendar binds it.

    A day is expected to have its covers of the calendar, else what was served last; none while neither is known.
    """
    known = {each.day: each.covers for each in of_class}
    latest = next((row.served for row in reversed(counted) if row.served), None) or max(known.values(), default=0)
    days = (first + timedelta(days=each) for each in range((last - first).days + 1))
    return [ServiceDay(day, known.get(day, latest)) for day in days] if latest else []


async def _counted(session: AsyncSession, viewer: Viewer, first: date, last: date) -> Mapping[int, Sequence[Counted]]:
    # Columns, not objects: three years of 125 kitchens are 50,000 rows.
    said = covers(viewer, first=first, last=last, service=Service.LUNCH).with_only_columns(
        ServiceCovers.kitchen_id,
        ServiceCovers.day,
        ServiceCovers.planned,
        ServiceCovers.planned_on,
        ServiceCovers.served,
        ServiceCovers.confirmed,
        ServiceCovers.simulated,
    )
    counted: dict[int, list[Counted]] = defaultdict(list)
    for row in await session.execute(said.order_by(ServiceCovers.day)):
        counted[row.kitchen_id].append(row)
    return counted


def _series(
    uai: str,
    counted: Sequence[Counted],
    events: Sequence[AttendanceEvent],
    open_days: Sequence[date],
    made_on: date,
    menus: Mapping[date, Menu],
) -> Series:
    unlike = {day for event in events for day in days_between(event.first_day, event.last_day)}
    past = [
        PastDay(row.day, row.served, row.planned or None, row.day in unlike or row.confirmed)
        for row in _before(counted, made_on)
        if row.served
    ]
    known = [row for row in counted if row.planned is not None and not (row.planned_on and row.planned_on > made_on)]
    announced = {row.day: row.planned for row in known if row.planned is not None}
    # Nobody knows when covers without a day were said: on the day itself, so that they teach nothing about days ahead.
    notice = {row.day: (row.day - (row.planned_on or row.day)).days for row in known if row.day < made_on}
    return Series(uai, past, open_days, announced=announced, notice=notice, menus=menus)
