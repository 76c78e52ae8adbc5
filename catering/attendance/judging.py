"""Judge the forecast on a file: a week ahead and the day before, without and with the announcement of the day."""

import json
import sys
from pathlib import Path

from rich.console import Console

from catering.attendance import report
from catering.attendance.reading import read_attendance
from catering.attendance.refusals import TooShort
from catering.attendance.rules.backtest import WARM_UP, Backtest, backtest
from catering.attendance.rules.history import Series

LEADS = (7, 1)
"""Days ahead: when producers are ordered from, and when the kitchen starts to cook."""


def judge(places: list[Series]) -> list[Backtest]:
    """All backtests of a history.

    Raises:
        TooShort: it is shorter than the warm-up.
    """
    # Without the announcements of all days the two kinds of test would not judge the same days.
    whole = all(each.announced for place in places for each in place.past)
    kinds = (False, True) if whole else (False,)
    found = [backtest(places, lead=lead, announcing=kind) for lead in LEADS for kind in kinds]
    if None in found:
        raise TooShort(WARM_UP.days)
    return [each for each in found if each is not None]


def show(file: Path, console: Console, *, as_json: bool) -> None:
    """Judge a file and print the result.

    Raises:
        catering.refusal.Refusal: the file is at fault, or its history too short.
    """
    found = judge(read_attendance(file))
    if as_json:
        sys.stdout.write(json.dumps(report.as_json(found), ensure_ascii=False, indent=1) + "\n")
        return
    for table in report.tables(found):
        console.print(table)
