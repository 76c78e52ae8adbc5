"""What a viewer may read of events and forecasts: a buyer those of their kitchens, who controls all."""

from datetime import date

from sqlalchemy import Select, select

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


def forecasts(viewer: Viewer, *, made_on: date) -> Select[CoversForecast]:
    """Visible forecasts made on one day."""
    return forecasts_visible_to(viewer).where(CoversForecast.made_on == made_on)
