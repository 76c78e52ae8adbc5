"""Where an LP ended, taken out of one HiGHS model and given to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import highspy

_STATUS = tuple(highspy.HighsBasisStatus.__members__.values())
_NUMBER = {status: int(status) for status in _STATUS}
_OF_NUMBER = {int(status): status for status in _STATUS}


@dataclass(frozen=True, slots=True)
class Basis:
    """Status of each column and row, as HiGHS numbers them; small, and fit to travel between processes."""

    columns: bytes
    rows: bytes

    @classmethod
    def of(cls, highs: Any) -> Self:
        """That of the last run of a model (`Highs`)."""
        found = highs.getBasis()
        return cls(bytes(map(_NUMBER.__getitem__, found.col_status)), bytes(map(_NUMBER.__getitem__, found.row_status)))

    def give(self, highs: Any) -> None:
        """Let the next run of a model of the same columns and rows begin here."""
        made = highspy.HighsBasis()
        made.col_status = list(map(_OF_NUMBER.__getitem__, self.columns))
        made.row_status = list(map(_OF_NUMBER.__getitem__, self.rows))
        made.valid = True
        highs.setBasis(made)
