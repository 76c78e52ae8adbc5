"""Edible grams shared out by dish, family of food, cause or kitchen: the parts add up to the whole, to the gram."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from catering.rules import RuleBook
from catering.waste.rules.mass import Mass, Weighed, split
from catering.waste.vocabulary import Part, Service, Stage

Key = TypeVar("Key")
Row = TypeVar("Row", bound=Weighed)
Cell = tuple[date, Service, Stage]


def mass_by(rows: Iterable[Row], key: Callable[[Row], Key], book: RuleBook | None = None) -> dict[Key, Mass]:
    """Mass per key. What was not sorted is parted service by service, as in the whole, then shared in proportion."""
    cells: dict[Cell, list[Row]] = defaultdict(list)
    for row in rows:
        cells[row.day, row.service, row.stage].append(row)
    found: dict[Key, Mass] = defaultdict(Mass)
    for (day, _, _), some in cells.items():
        for each, mass in _cell(some, key, day, book).items():
            found[each] += mass
    return dict(found)


def _cell(rows: Sequence[Row], key: Callable[[Row], Key], day: date, book: RuleBook | None) -> Mapping[Key, Mass]:
    grams: dict[Key, dict[Part, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        grams[key(row)][row.part] += row.net_g
    unsorted = {each: parts[Part.UNSORTED] for each, parts in grams.items()}
    inedible = shared(split(sum(unsorted.values()), day, book).inedible_g, unsorted)
    return {
        each: Mass(
            parts[Part.EDIBLE] + unsorted[each] - inedible[each],
            parts[Part.INEDIBLE] + inedible[each],
        )
        for each, parts in grams.items()
    }


def shared(total: int, weights: Mapping[Key, int]) -> dict[Key, int]:
    """A total shared in proportion to weights (0 or more), the grams left over to the largest remainders."""
    whole = sum(weights.values())
    if not whole:
        return dict.fromkeys(weights, 0)
    parts = {each: total * weight // whole for each, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda each: (-(total * weights[each] % whole), str(each)))
    for each in by_remainder[: total - sum(parts.values())]:
        parts[each] += 1
    return parts
