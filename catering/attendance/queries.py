"""What a viewer may read of events and forecasts: a buyer those of their kitchens, who controls all."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Select, func, select

from catering.attendance.models import AttendanceEvent, CoversForecast
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.people.viewer import Viewer


def events_visible_to(viewer: Viewer) -> Select[AttendanceEvent]:
    """Events of the kitchens a viewer may read, withdrawn ones among them; they are the business of no seller."""
    own = kitchens_visible_to(viewer).with_only_columns(Kitchen.id)
    return select(AttendanceEvent).where(AttendanceEvent.kitchen_id.in_(own))


def forecasts_visible_to(viewer: Viewer) -> Select[CoversForecast]:
    """Forecasts of the kitchens a viewer may read."""
    own = kitchens_visible_to(viewer).with_only_columns(Kitchen.id)
    return select(CoversForecast).where(CoversForecast.kitchen_id.in_(own))


def standing_events(viewer: Viewer, first: date, last: date) -> Select[AttendanceEvent]:
    """Events not withdrawn that have a day from ``first`` to ``last``."""
    return events_visible_to(viewer).where(
        AttendanceEvent.withdrawn_at.is_(None), AttendanceEvent.first_day <= last, AttendanceEvent.last_day >= first
    )


def latest_forecasts(viewer: Viewer, kitchen_ids: Collection[int], first: date, last: date) -> Select[CoversForecast]:
    """Of each day from ``first`` to ``last``, the forecast made last, in order of kitchen and day."""
    newest = (
        forecasts_visible_to(viewer)
        .with_only_columns(
            CoversForecast.kitchen_id, CoversForecast.day, func.max(CoversForecast.made_on).label("made_on")
        )
        .where(CoversForecast.kitchen_id.in_(kitchen_ids), CoversForecast.day.between(first, last))
        .group_by(CoversForecast.kitchen_id, CoversForecast.day)
        .subquery()
    )
    same = (
        (CoversForecast.kitchen_id == newest.c.kitchen_id)
        & (CoversForecast.day == newest.c.day)
        & (CoversForecast.made_on == newest.c.made_on)
    )
    found = forecasts_visible_to(viewer).join(newest, same)
    return found.order_by(CoversForecast.kitchen_id, CoversForecast.day)
