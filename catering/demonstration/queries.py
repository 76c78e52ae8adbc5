"""What has been told of the demonstration's trade already."""

from sqlalchemy import Select, false, select

from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer

SUBJECT = "demonstration"
"""Subject of the trace that says that the trade of a school year was told; its key is the school year."""


def told_visible_to(viewer: Viewer) -> Select[ChangeEvent]:
    """Traces of what was told: for who sees everything."""
    statement = select(ChangeEvent).where(ChangeEvent.subject == SUBJECT)
    return statement if viewer.sees_everything else statement.where(false())


def told(viewer: Viewer, school_year: str) -> Select[ChangeEvent]:
    """The trace of one school year: none or one row."""
    return told_visible_to(viewer).where(ChangeEvent.key == school_year)
