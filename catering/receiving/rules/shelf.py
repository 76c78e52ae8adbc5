"""Pure decisions of the stock: what makes a lot, which lot goes first, what is still usable."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from catering.receiving.vocabulary import ExpiryKind


class OnShelf(Protocol):
    """A lot as these decisions read it."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def date_kind(self) -> ExpiryKind | None:
        """Which date it bears."""

    @property
    def expires_on(self) -> date | None:
        """That date."""

    @property
    def on_hand_g(self) -> int:
        """Grams of it."""


@dataclass(frozen=True, slots=True)
class Remaining:
    """A lot and what is left of it."""

    id: int
    date_kind: ExpiryKind | None
    expires_on: date | None
    on_hand_g: int


@dataclass(frozen=True, slots=True)
class Taking:
    """Grams to take of one lot."""

    lot_id: int
    grams: int


def mark_of(supplier_id: int, lot: str, date_kind: ExpiryKind | None, expires_on: date | None) -> str:
    """The text by which two deliveries are the same lot: same supplier, same number, same date."""
    return f"{supplier_id}|{date_kind or ''}|{expires_on or ''}|{lot}"


def servable(lot: OnShelf, on: date) -> bool:
    """Whether a lot may be served on a day: never past its DLC."""
    return lot.date_kind is not ExpiryKind.USE_BY or lot.expires_on is None or on <= lot.expires_on


def first_expired_first_out(lots: Iterable[OnShelf], grams: int, on: date) -> tuple[Sequence[Taking], int]:
    """Which lots to take so many grams from for a lunch, and the grams that are missing.

    The lot whose date comes first goes first, lots without a date last, the older delivery first among equals; what is
    past its DLC on that day is left out.
    """
    usable = [lot for lot in lots if lot.on_hand_g > 0 and servable(lot, on)]
    takings: list[Taking] = []
    for lot in sorted(usable, key=lambda lot: (lot.expires_on or date.max, lot.id)):
        taken = min(grams, lot.on_hand_g)
        if taken:
            takings.append(Taking(lot.id, taken))
            grams -= taken
    return takings, grams
