"""What will be left in a kitchen for the menus of a week, ingredient by ingredient: pure arithmetic, in grams.

From today on, day after day: goods leave for the menus of the plan in use, what expires first goes first, and what is
past its date on the day of its use is lost. An order is there for the week it was sent for, whatever the day of its
delivery: it is never left over for a later week before that one has eaten.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

TO_SUNDAY = timedelta(days=6)
EMPTY: Mapping[date, int] = {}


@dataclass(frozen=True, slots=True)
class Batch:
    """Goods that are there from a day on, until the last day on which they may be served (DLC or DDM; None: for long).

    ``to_receive`` are ordered and not received: they are taken after what is on the shelf.
    """

    grams: int
    since: date = date.min
    until: date | None = None
    to_receive: bool = False

    @property
    def turn(self) -> tuple[date, bool]:
        """What goes first."""
        return self.until or date.max, self.to_receive

    def serves(self, day: date) -> bool:
        """Whether a menu of that day can take of it."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class LeftOver:
    """How what is left for a week was counted: ``left_g`` is stock + to receive - used - expired - kept."""

    stock_g: int
    """On the shelves now."""
    to_receive_g: int
    """Ordered for earlier weeks, delivered from today on and not received yet."""
    used_g: int
    """Taken by the menus from today to the Sunday before."""
    expired_g: int
    """Past its DLC or DDM on the day on which it could have been used."""
    kept_g: int
    """Received for later weeks."""
    needed_g: int
    """What the menus of the week itself take, from today on."""
    served_g: int = 0
    """Already taken from the shelves for the menus of the week."""

    @property
    def left_g(self) -> int:
        """What the week may count on; never below zero."""
        return self.stock_g + self.to_receive_g - self.used_g - self.expired_g - self.kept_g


def project(
    batches: Iterable[Batch], uses: Mapping[date, int], monday: date, *, kept_g: int = 0, served_g: int = 0
) -> LeftOver:
    """What is left of one ingredient for the week of a Monday.

    Args:
        batches: on the shelves, and to receive for earlier weeks.
        uses: grams that the menus take by day, of the week itself and of the days from today to it.
        monday: of the week.
        kept_g: received for later weeks.
        served_g: already taken for the week.
    """
    there = sorted(batches, key=lambda batch: batch.turn)
    left = [batch.grams for batch in there]
    sunday = monday + TO_SUNDAY
    used = sum(_take(there, left, day, uses[day]) for day in sorted(uses) if day < monday)
    own = {day: grams for day, grams in uses.items() if monday <= day <= sunday}
    taken = sum(_take(there, left, day, own[day]) for day in sorted(own))
    last = max(own, default=monday)
    usable = taken + sum(grams for batch, grams in zip(there, left, strict=True) if batch.serves(last))
    stock = sum(batch.grams for batch in there if not batch.to_receive)
    coming = sum(batch.grams for batch in there if batch.to_receive)
    return LeftOver(
        stock_g=stock,
        to_receive_g=coming,
        used_g=used,
        expired_g=stock + coming - used - usable,
        kept_g=min(kept_g, usable),
        needed_g=sum(own.values()),
        served_g=served_g,
    )


def _take(there: list[Batch], left: list[int], day: date, grams: int) -> int:
    """Take up to so many grams for a day, in turn; how many were found."""
    missing = grams
    for place, batch in enumerate(there):
        if missing and batch.serves(day):
            taken = min(left[place], missing)
            left[place] -= taken
            missing -= taken
    return grams - missing


@dataclass(frozen=True, slots=True)
class Larder:
    """All that the projection reads of one kitchen and week, by ingredient (row id)."""

    batches: Mapping[int, list[Batch]]
    uses: Mapping[int, Mapping[date, int]]
    kept: Mapping[int, int]
    served: Mapping[int, int]

    def left_overs(self, monday: date) -> dict[int, LeftOver]:
        """What is left of every ingredient that is there, is to come or is needed."""
        wanted = self.batches.keys() | self.uses.keys() | self.served.keys()
        return {
            each: project(
                self.batches.get(each, ()),
                self.uses.get(each, EMPTY),
                monday,
                kept_g=self.kept.get(each, 0),
                served_g=self.served.get(each, 0),
            )
            for each in sorted(wanted)
        }
