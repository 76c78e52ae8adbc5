"""The past of the kitchens' covers, drawn: the school years before today, so that forecasts have something to learn."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import inserting
from catering.demonstration.cast import ADMINISTRATION
from catering.demonstration.draws import Draws
from catering.demonstration.lunches import Diners, SchoolYearDrawn
from catering.demonstration.stage import Stage
from catering.kitchens.calendar import SchoolCalendar, ServiceDay
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import school_calendar, service_days_by_uai
from catering.moment import today
from catering.waste.models import ServiceCovers
from catering.waste.vocabulary import Service

SEED = "déjeuners de la démonstration"
BATCH = 500
Row = dict[str, object]
"""Columns of covers by name."""


async def tell_the_lunches(session: AsyncSession, stage: Stage) -> list[str]:
    """Count, as simulated, who came to every lunch of the kitchens of the plan before today.

    All school years that the calendar knows are told. Days on which somebody counted stay as counted; nothing is
    announced, prepared or weighed. Each row says that it is simulated, and so does every forecast that learns from it.

    Returns:
        What was told, in French, a line each; nothing before the first day of class.
    """
    calendar = await school_calendar(session, ADMINISTRATION)
    first, last = min(span.first_day for span in calendar.years), today() - timedelta(days=1)
    served = await service_days_by_uai(session, ADMINISTRATION, first, last, uais=[each.uai for each in stage.kitchens])
    # Pure computing, seconds of it: beside the event loop.
    rows = await asyncio.to_thread(lambda: list(_rows(stage.kitchens, calendar, served)))
    for start in range(0, len(rows), BATCH):
        some = inserting(session, ServiceCovers).values(rows[start : start + BATCH])
        await session.execute(some.on_conflict_do_nothing())
    if not rows:
        return []
    days = [day.day for each in served.values() for day in each]
    return [
        f"Effectifs passés (simulés) : {len(rows)} déjeuners de {len(stage.kitchens)} cuisines, "
        f"du {min(days):%d/%m/%Y} au {max(days):%d/%m/%Y}. Les prévisions s'en servent et le disent."
    ]


def _rows(
    kitchens: Sequence[Kitchen], calendar: SchoolCalendar, served: Mapping[str, Sequence[ServiceDay]]
) -> Iterator[Row]:
    draws = Draws(SEED)
    years = [SchoolYearDrawn(span.label, calendar.class_days(span), span.last_day, draws) for span in calendar.years]
    for kitchen in kitchens:
        planned = {each.day: each.covers for each in served[kitchen.uai]}
        if not planned:
            continue
        diners = Diners(kitchen.uai, max(planned.values()), draws)
        for year in years:
            for lunch in diners.lunches(year):
                if lunch.day in planned and lunch.served:
                    yield _row(kitchen, lunch.day, lunch.served * planned[lunch.day] // diners.planned)


def _row(kitchen: Kitchen, day: date, came: int) -> Row:
    return {
        "kitchen_id": kitchen.id,
        "day": day,
        "service": Service.LUNCH,
        "served": max(1, came),
        "confirmed": False,
        "simulated": True,
        "made_by": ADMINISTRATION.actor,
    }
