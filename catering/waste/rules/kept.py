"""Whether weighings keep to the protocol of their kind of kitchen (GAS-10), and which days lack."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from catering.rules import RuleBook
from catering.waste.rules.figures import CARE, protocol
from catering.waste.rules.result import Result
from catering.waste.vocabulary import KitchenKind, Service

ONE_DAY = timedelta(days=1)
EVERY = frozenset({Service.BREAKFAST, Service.LUNCH, Service.DINNER})
"""Services of a place of care that did not say which it has."""


@dataclass(frozen=True, slots=True)
class ProtocolKept:
    """Days that count against those that the protocol asks for.

    ``days``: complete and counted, of a place of care those in a row; ``missing``: days of service of the period, up to
    the day asked, on which nobody weighed anything; None: the calendar of these days is not known. ``over``: the
    period has ended.
    """

    rule: str
    days: int
    asked: int
    missing: Sequence[date] | None
    over: bool

    @property
    def kept(self) -> bool:
        """Whether it may be called a campaign: enough days, and it is over."""
        return self.over and self.days >= self.asked

    @property
    def told(self) -> str:
        """In French, what is kept or lacks."""
        stands = "tenu" if self.kept else "en cours" if not self.over else "pas tenu"
        return f"Protocole ({self.rule}) {stands} : {self.days} jours complets et comptés sur {self.asked} demandés."


def services_of(kind: KitchenKind, stated: Collection[Service] | None) -> frozenset[Service]:
    """Services that each day must have weighed: those stated, all main ones of a place of care, none of a collège."""
    if stated:
        return frozenset(stated)
    return EVERY if kind in CARE else frozenset()


def protocol_kept(
    kind: KitchenKind,
    found: Result,
    served: Collection[date] | None,
    last: date,
    on: date,
    book: RuleBook | None = None,
) -> ProtocolKept:
    """How a period stands to the protocol.

    Args:
        kind: of kitchen.
        found: what was weighed of it.
        served: its days of service; None when the calendar is not known.
        last: its last day.
        on: the day asked; what is to come does not lack yet.
        book: of the law, that of the platform by default.
    """
    asked = protocol(kind, last, book)
    usable = sorted(day.day for day in found.usable)
    days = _in_a_row(usable) if asked.every_day else len(usable)
    weighed = {day.day for day in found.days}
    missing = None if served is None else sorted(day for day in served if day not in weighed and day <= on)
    return ProtocolKept(asked.rule, days, asked.days, missing, last < on)


def _in_a_row(days: Sequence[date]) -> int:
    """Length of the longest run of days that follow each other."""
    best = run = 0
    for rank, day in enumerate(days):
        run = run + 1 if rank and day - days[rank - 1] == ONE_DAY else 1
        best = max(best, run)
    return best
