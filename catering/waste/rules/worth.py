"""What lost food was worth: euros of ingredients and kg CO2e, by the dish weighed, its family, or the lunch of the day.

Only edible grams are a loss. A gram of a dish is worth what its cover costs over what its cover weighs as served;
grams whose dish, family or menu has no known figure are told apart as unknown, never taken for zero.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from catering.recipes.vocabulary import Slot
from catering.rules import RuleBook
from catering.waste.rules.breakdown import mass_by
from catering.waste.rules.mass import Weighed
from catering.waste.vocabulary import FoodGroup, Service

CENT = Decimal("0.01")
GRAM_OF_CO2E = Decimal("0.001")
SLOTS: Mapping[FoodGroup, Slot] = {
    FoodGroup.STARTER: Slot.STARTER,
    FoodGroup.MEAT_FISH: Slot.MAIN,
    FoodGroup.SIDE: Slot.SIDE,
    FoodGroup.DAIRY: Slot.DAIRY,
    FoodGroup.DESSERT: Slot.DESSERT,
}
"""Component of the meal in which the food of a family is; bread, sauces and mixtures are in none."""


class WeighedFood(Weighed, Protocol):
    """A weighing with what was on the scale."""

    @property
    def dish_id(self) -> int | None: ...
    @property
    def food_group(self) -> FoodGroup | None: ...


@dataclass(frozen=True, slots=True)
class DishWorth:
    """What one cover of a dish is worth. Euros as lowest and highest offers; None where an ingredient has no figure."""

    slot: Slot
    served_g: int
    eur: tuple[Decimal, Decimal] | None
    co2e_kg: Decimal | None


@dataclass(frozen=True, slots=True)
class Worth:
    """What was lost. ``…_unknown_g``: edible grams that no figure covers; the totals leave them out."""

    eur_low: Decimal
    eur_high: Decimal
    eur_unknown_g: int
    co2e_kg: Decimal
    co2e_unknown_g: int
    edible_g: int


Lunches = Mapping[date, Sequence[int]]
"""Row ids of the dishes of each day's lunch: no menu is kept of other services."""
Per = Callable[[DishWorth], Decimal | None]


def worth(
    rows: Iterable[WeighedFood], lunches: Lunches, dishes: Mapping[int, DishWorth], book: RuleBook | None = None
) -> Worth:
    """What the edible grams of some weighings were worth; rounded once, half-up, at the end."""
    edible = {
        key: mass.edible_g
        for key, mass in mass_by(rows, lambda row: (row.day, row.service, row.dish_id, row.food_group), book).items()
    }
    low, missing = _total(edible, lunches, dishes, lambda dish: dish.eur and dish.eur[0])
    high, _ = _total(edible, lunches, dishes, lambda dish: dish.eur and dish.eur[1])
    co2e, no_co2e = _total(edible, lunches, dishes, lambda dish: dish.co2e_kg)
    return Worth(
        low.quantize(CENT, ROUND_HALF_UP),
        high.quantize(CENT, ROUND_HALF_UP),
        missing,
        co2e.quantize(GRAM_OF_CO2E, ROUND_HALF_UP),
        no_co2e,
        sum(edible.values()),
    )


def _total(
    edible: Mapping[tuple[date, Service, int | None, FoodGroup | None], int],
    lunches: Lunches,
    dishes: Mapping[int, DishWorth],
    per: Per,
) -> tuple[Decimal, int]:
    total, unknown = Decimal(0), 0
    for (day, service, dish_id, group), grams in edible.items():
        menu = lunches.get(day, ()) if service is Service.LUNCH else ()
        price = _per_gram([dishes[each] for each in _behind(dish_id, group, menu, dishes)], per)
        if price is None:
            unknown += grams
        else:
            total += price * grams
    return total, unknown


def _behind(
    dish_id: int | None, group: FoodGroup | None, menu: Sequence[int], dishes: Mapping[int, DishWorth]
) -> list[int]:
    """The dishes that lost food stands for: its own, those of its component on the menu, else the whole menu."""
    if dish_id is not None:
        return [dish_id] if dish_id in dishes else []
    known = [each for each in menu if each in dishes]
    slot = None if group is None else SLOTS.get(group)
    return known if slot is None else [each for each in known if dishes[each].slot is slot]


def _per_gram(some: Sequence[DishWorth], per: Per) -> Decimal | None:
    """Figure of a gram served, all dishes together; None when one of them lacks it or there is none."""
    figures = [per(dish) for dish in some]
    if not figures or None in figures:
        return None
    return sum((each for each in figures if each is not None), Decimal(0)) / sum(dish.served_g for dish in some)
