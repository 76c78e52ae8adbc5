"""From bins to what may be learnt: which dishes came back, and what share of what was served (decision 0096).

Only plates teach how a dish is liked: what was never served tells of covers, and is the forecast's business. A bin
named after a dish is that dish; one named after a family is the only dish of that component on the menu; where no bin
of the service is named, all of it is the whole tray. What is left is counted, never guessed: a dish that was not on
the menu, or of which more came back than was served, is a slip and teaches nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from catering.recipes.vocabulary import Slot
from catering.rules import RuleBook
from catering.waste.rules.breakdown import mass_by
from catering.waste.rules.dishes import CountedThere, WeighedDish
from catering.waste.rules.pooling import Returned
from catering.waste.rules.worth import SLOTS
from catering.waste.vocabulary import FoodGroup, Service, Stage

Service_ = tuple[int, date, Service]


class Bin(WeighedDish, Protocol):
    """A weighing, maybe of a dish or a family of food."""

    @property
    def food_group(self) -> FoodGroup | None: ...


@dataclass(frozen=True, slots=True)
class OnMenu:
    """A dish of a kitchen's day: what a cover of it weighs, and how many were served where somebody said so."""

    dish_id: int
    slot: Slot
    served_g: int
    served_covers: int | None = None


Menus = Mapping[tuple[int, date], Sequence[OnMenu]]
"""Dishes of each kitchen-day, of lunch."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What can be learnt from, the kitchen and day of each row beside it, and how many bins cannot be used."""

    rows: Sequence[Returned]
    days: Sequence[tuple[int, date]]
    left_out: int


def observed(
    bins: Iterable[Bin],
    covers: Iterable[CountedThere],
    menus: Menus,
    served_g: Mapping[int, int],
    book: RuleBook | None = None,
) -> Observed:
    """What came back of dishes and trays.

    Args:
        bins: weighings of any kitchens, opposite rows among them.
        covers: of the same services.
        menus: of the same days; a day without a menu teaches only by bins named after a dish.
        served_g: grams of a cover of every dish, in these kitchens on these days.
        book: of the law, that of the platform by default.
    """
    ate = {(each.kitchen_id, each.day, each.service): each.served for each in covers}
    by_service: dict[Service_, list[Bin]] = defaultdict(list)
    for each in bins:
        if each.stage is Stage.PLATES:
            by_service[each.kitchen_id, each.day, each.service].append(each)
    rows: list[Returned] = []
    days: list[tuple[int, date]] = []
    left_out = 0
    for key in sorted(by_service, key=lambda key: (key[0], key[1], key[2].value)):
        kitchen, day, service = key
        menu = menus.get((kitchen, day), ()) if service is Service.LUNCH else ()
        found, lost = _of_service(by_service[key], kitchen, ate.get(key), menu, served_g, book)
        rows += found
        days += [(kitchen, day)] * len(found)
        left_out += lost
    return Observed(rows, days, left_out)


def _of_service(
    bins: Sequence[Bin],
    kitchen: int,
    covers: int | None,
    menu: Sequence[OnMenu],
    served_g: Mapping[int, int],
    book: RuleBook | None,
) -> tuple[list[Returned], int]:
    grams = mass_by(bins, lambda each: _named(each, menu), book)
    if not covers:
        return [], len(grams)
    named = {dish: mass for dish, mass in grams.items() if dish is not None and dish in served_g}
    if named:
        alone = [
            Returned(kitchen, {dish: served_g[dish]}, mass.edible_g / many / served_g[dish])
            for dish, mass in sorted(named.items())
            if (many := takers(dish, menu, covers)) and mass.edible_g <= many * served_g[dish]
        ]
        return alone, len(grams) - len(alone)
    tray = _tray(menu)
    whole = grams.get(None)
    if whole is None or tray is None or any(each.food_group is not None for each in bins):
        return [], len(grams)
    share = whole.edible_g / covers / sum(tray.values())
    return ([], len(grams)) if share > 1 else ([Returned(kitchen, tray, share)], 0)


def takers(dish_id: int, menu: Iterable[OnMenu], covers: int) -> int | None:
    """Who had a dish: everybody, or of several choices those who are known to have taken it.

    None: nobody said, or the menu is known and does not have it. Without a menu everybody had it.
    """
    by_dish = {each.dish_id: each for each in menu}
    if dish_id not in by_dish:
        return None if by_dish else covers
    alike = [each for each in by_dish.values() if each.slot is by_dish[dish_id].slot]
    return covers if len(alike) == 1 else by_dish[dish_id].served_covers


def _named(each: Bin, menu: Sequence[OnMenu]) -> int | None:
    """The dish of a bin; None where nobody named it, or several dishes answer to the name."""
    if each.dish_id is not None:
        return each.dish_id
    slot = None if each.food_group is None else SLOTS.get(each.food_group)
    of_slot = [dish.dish_id for dish in menu if dish.slot is slot]
    return of_slot[0] if len(of_slot) == 1 else None


def _tray(menu: Sequence[OnMenu]) -> dict[int, int] | None:
    """The only dish of every component; None where a component has a choice, or there is no menu."""
    slots = [dish.slot for dish in menu]
    if not menu or len(set(slots)) < len(slots):
        return None
    return {dish.dish_id: dish.served_g for dish in menu}
