"""What is asked of a purchase from outside the European Union and Economic Area: a written reason (EGA-51)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict

from catering.rules.book import LAW_FOLDER
from catering.rules.shapes import Confidence, Dated
from catering.rules.tables import dated_rows
from catering.rules.zones import THIRD_COUNTRY

RULE = "EGA-51"
TABLE = Path("origin") / "third_country.csv"
COLUMNS = ("treatment", "valid_from", "valid_to", "source", "confidence", "note")
BLOCKING = "blocking"


class Period(Dated):
    """How a purchase of some days that has no reason is treated.

    ``warning``: it is told, and the year may be declared once that was read. ``blocking``: the year may not be.
    """

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    treatment: Literal["warning", "blocking"]
    confidence: Confidence


@cache
def periods(folder: Path = LAW_FOLDER) -> Sequence[Period]:
    """The periods in which a reason is asked for, in order. Raises RuleFileError."""
    # One key for all rows: two treatments of one day would contradict each other.
    rows = dated_rows(folder, TABLE, Period, COLUMNS, lambda _: RULE).get(RULE, ())
    return sorted(rows, key=lambda row: row.valid_from)


def treatment(zone: str, bought: date, folder: Path = LAW_FOLDER) -> str | None:
    """``warning`` or ``blocking`` of what comes from a zone (``zone_of``); None when no reason is asked."""
    if zone != THIRD_COUNTRY:
        return None
    return next((row.treatment for row in periods(folder) if row.in_force(bought)), None)
