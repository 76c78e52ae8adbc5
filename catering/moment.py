"""The present moment and the day it is where the collèges are, asked in one place: both can be shown as one likes."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


class Clock:
    """Tells the present; ``fixed`` makes it tell another moment."""

    fixed: datetime | None = None


def now() -> datetime:
    """The present moment, in UTC."""
    return Clock.fixed or datetime.now(UTC)


def paris_day(at: datetime) -> date:
    """The day of an instant where the collèges are."""
    return at.astimezone(PARIS).date()


def today() -> date:
    """The day it is where the collèges are."""
    return paris_day(now())
