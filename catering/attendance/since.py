"""A forecast as it stands with what the kitchen said since: rows never change, and lists of absents come on the eve."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catering.attendance import french
from catering.attendance.models import AttendanceEvent, CoversForecast


@dataclass(frozen=True, slots=True)
class SaidNow:
    """Covers of a forecast with what was said since; ``low`` and ``high`` None where nobody knows how sure it is."""

    expected: int
    low: int | None
    high: int | None
    recommended: int
    reasons: Sequence[str]
    changed: bool


def as_said_now(row: CoversForecast, planned: int | None, events: Iterable[AttendanceEvent]) -> SaidNow:
    """A forecast with the events announced or withdrawn since, and the covers noted since.

    Args:
        row: as it was made.
        planned: covers the kitchen has noted for the day by now; None when it noted none.
        events: of the kitchen, of any days, withdrawn ones among them.
    """
    kept = row.event_ids is not None
    if kept and planned is not None and planned != row.announced:
        return SaidNow(planned, None, None, planned, [french.noted_since(planned), *row.reasons], changed=True)
    of_day = [each for each in events if each.first_day <= row.day <= each.last_day]
    new = [each for each in of_day if each.withdrawn_at is None and not _known(row, each)]
    gone = [each for each in of_day if each.withdrawn_at is not None and _known(row, each)]
    word = row.announced is not None
    reasons = [
        *((french.within if word else french.announced_since)(each.kind, each.difference) for each in new),
        *(french.withdrawn_since(each.kind, each.difference) for each in gone),
    ]
    shift = 0 if word else sum(each.difference for each in new) - sum(each.difference for each in gone)

    def moved(covers: int) -> int:
        return max(0, covers + shift)

    low, high = (None if each is None else moved(each) for each in (row.q10, row.q90))
    told = [*reasons, *row.reasons]
    return SaidNow(moved(row.expected), low, high, moved(row.recommended), told, changed=bool(reasons))


def _known(row: CoversForecast, event: AttendanceEvent) -> bool:
    """Whether the forecast has an event in it; of old ones, by the day on which it was announced or withdrawn."""
    if row.event_ids is not None:
        return event.id in row.event_ids
    before = event.made_at.date() <= row.made_on
    return before and (event.withdrawn_at is None or event.withdrawn_at.date() > row.made_on)
