"""Waste per dish: what was weighed by itself at service, against the covers of the days on which it was.

Several kitchens may be put together; a kitchen-day is then what is drawn. Learning reads these rows (``dish_days``).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from catering.rules import RuleBook
from catering.waste.rules.breakdown import mass_by
from catering.waste.rules.estimate import DayRatio, Estimate, per_cover
from catering.waste.rules.mass import Mass, Weighed, added
from catering.waste.rules.result import Counted
from catering.waste.vocabulary import Service, Stage

AT_SERVICE = frozenset({Stage.UNSERVED, Stage.PLATES})
"""Trimmings say nothing of how a dish was liked, nor of how much of it was cooked."""


class WeighedDish(Weighed, Protocol):
    """A weighing of one kitchen, maybe of one dish."""

    @property
    def kitchen_id(self) -> int: ...
    @property
    def dish_id(self) -> int | None: ...


class CountedThere(Counted, Protocol):
    """Covers of one service of one kitchen."""

    @property
    def kitchen_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class DishDay:
    """One dish, one service of one kitchen. ``covers`` None: nobody counted who ate."""

    kitchen_id: int
    day: date
    service: Service
    dish_id: int
    mass: Mass
    covers: int | None


@dataclass(frozen=True, slots=True)
class DishWaste:
    """One dish over the days on which it was weighed; the estimate leaves out days without covers."""

    dish_id: int
    mass: Mass
    days: int
    per_cover: Estimate | None


def dish_days(
    rows: Iterable[WeighedDish], covers: Iterable[CountedThere], book: RuleBook | None = None
) -> list[DishDay]:
    """One row per dish weighed at a service, in order of kitchen, day and dish."""
    served = {(each.kitchen_id, each.day, each.service): each.served for each in covers}
    named: dict[int, list[WeighedDish]] = defaultdict(list)
    for row in rows:
        if row.stage in AT_SERVICE and row.dish_id is not None:
            named[row.kitchen_id].append(row)
    found = [
        DishDay(kitchen, day, service, dish, mass, served.get((kitchen, day, service)))
        for kitchen, some in named.items()
        for (day, service, dish), mass in mass_by(some, _dish_of_service, book).items()
    ]
    return sorted(found, key=lambda each: (each.kitchen_id, each.day, list(Service).index(each.service), each.dish_id))


def _dish_of_service(row: WeighedDish) -> tuple[date, Service, int]:
    assert row.dish_id is not None, "only weighings of a dish come here"
    return row.day, row.service, row.dish_id


def by_dish(
    rows: Iterable[WeighedDish], covers: Iterable[CountedThere], book: RuleBook | None = None
) -> list[DishWaste]:
    """Each dish over all its days, the heaviest per cover first, those without a figure last."""
    by_id: dict[int, list[DishDay]] = defaultdict(list)
    for each in dish_days(rows, covers, book):
        by_id[each.dish_id].append(each)
    return sorted((_dish(dish, some) for dish, some in by_id.items()), key=_heaviest_first)


def _dish(dish_id: int, some: Sequence[DishDay]) -> DishWaste:
    """Days are what is drawn, or kitchens where several weighed it: days of one kitchen are alike (decision 0070)."""
    several = len({each.kitchen_id for each in some if each.covers}) > 1
    drawn: dict[object, list[DishDay]] = defaultdict(list)
    for each in some:
        if each.covers:
            drawn[each.kitchen_id if several else (each.day, each.service)].append(each)
    ratios = [
        DayRatio(sum(each.mass.edible_g for each in days), sum(each.covers or 0 for each in days))
        for days in drawn.values()
    ]
    return DishWaste(dish_id, added(each.mass for each in some), len(some), per_cover(ratios))


def _heaviest_first(each: DishWaste) -> tuple[bool, float, int]:
    return each.per_cover is None, -float(each.per_cover.value) if each.per_cover else 0.0, each.dish_id
