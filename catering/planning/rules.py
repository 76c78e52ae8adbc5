"""Pure decisions of planning: for how long a label counts."""

from datetime import date


def overlap(first: tuple[date, date | None], second: tuple[date, date | None]) -> tuple[date, date] | None:
    """Days common to two spans (both ends included, None = without end); None when there is none.

    Raises:
        ValueError: neither span ends.
    """
    start = max(first[0], second[0])
    ends = [end for _, end in (first, second) if end is not None]
    if not ends:
        raise ValueError("neither span ends")
    end = min(ends)
    return (start, end) if start <= end else None
