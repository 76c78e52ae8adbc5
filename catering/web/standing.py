"""How a rule stands, as pages mark it: one of four marks, each with an icon and a word."""

from typing import Any

OK, WATCH, MISSED, UNKNOWN = "ok", "watch", "missed", "unknown"
MARKS = {"SATISFIED": OK, "UNDECIDED": WATCH, "BROKEN": MISSED}
"""Marks of a nutrition criterion."""


def of_share(now: bool | None, later: bool | None = None, *, running: bool = False) -> str:
    """The mark of a share that must be reached by the end of the year.

    Args:
        now: whether it is reached by what was bought so far; None when nothing was.
        later: whether it will be by what is planned; None when nobody knows.
        running: whether the year is not over: what was bought so far then misses nothing yet, as the grid says.
    """
    if now is None:
        return UNKNOWN
    if now and later is not False:
        return OK
    return WATCH if now or later or running else MISSED


def worst(marks: list[str]) -> str:
    """The mark that asks most for attention."""
    return next((each for each in (MISSED, WATCH, UNKNOWN) if each in marks), OK if marks else UNKNOWN)


def counted(marks: list[str]) -> dict[str, int]:
    """How many of each mark."""
    return {each: marks.count(each) for each in (OK, WATCH, MISSED, UNKNOWN)}


def same_rule(ratios: list[Any], rule: str) -> Any:
    """The standing of a rule among others; None when it is not there."""
    return next((each for each in ratios if each["rule"] == rule), None)
