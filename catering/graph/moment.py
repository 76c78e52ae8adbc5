"""The present moment, asked in one place: whatever depends on it is shown at any moment one likes."""

from datetime import UTC, datetime


class Clock:
    """Tells the present; ``fixed`` makes it tell another moment."""

    fixed: datetime | None = None


def now() -> datetime:
    """The present moment, in UTC."""
    return Clock.fixed or datetime.now(UTC)
