"""The present moment and the day it is where the collèges are, asked in one place: both can be shown as one likes."""

from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def shown_at(moment: datetime) -> Iterator[None]:
    """Let everything this process does meanwhile happen at another moment: only where nobody else works in it."""
    before, Clock.fixed = Clock.fixed, moment
    try:
        yield
    finally:
        Clock.fixed = before
