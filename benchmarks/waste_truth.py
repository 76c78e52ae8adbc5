"""What really happens in a simulated year: how much of each dish comes back, who comes, what the scale shows.

`Truth` draws it as the lesson supposes it: a mean, and additions of family, dish and kitchen. `Diners` draws it
otherwise, so that what the loop saves is not the reward of having guessed the world: groups of diners who refuse or eat
up, dishes that tire, trays whose parts hang together, days that are bad as a whole, bins mistaken or not weighed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TypeAlias

import numpy as np

from catering.kitchens.calendar import is_day_off
from catering.waste.rules.families import family_of
from optimizer import Problem

MEAN_SHARE = 0.13
"""Of about 620 g served: 80 g, six tenths of the 135 g of the pilot collèges (REF-PILOTES-62, REF-ASSIETTES)."""
FAMILY_SD, DISH_SD, KITCHEN_SD, CELL_SD, DAY_SD = 0.03, 0.05, 0.02, 0.02, 0.06
LEAST, MOST = 0.01, 0.80
COME, COME_SD, WEEKDAY_SD, DAY_COME_SD = 0.95, 0.015, 0.015, 0.03
"""Share of the announced covers that come: of a kitchen, of its weekdays, of a day (seeds/waste/covers.csv: 0.95)."""
WEIGHED_WEEKDAY = 3
"""Thursdays the bins of each dish are weighed by themselves; on other days the trays are weighed whole."""
Menus: TypeAlias = Mapping[tuple[str, date], Sequence[str]]
Shown: TypeAlias = Iterator[tuple[Mapping[str, int], float]]
"""What the scale shows: grams served of the dishes of a bin, and the share of them that is in it."""


@dataclass
class Truth:
    """What really happens in one simulated year; dishes and kitchens by id."""

    problem: Problem
    served_g: Mapping[str, int]
    seed: int
    shares: Mapping[tuple[str, str], float] = field(init=False)
    comes: Mapping[tuple[str, int], float] = field(init=False)

    def __post_init__(self) -> None:
        draws = np.random.default_rng([self.seed, 1])
        families = {d: family_of(of.slot, of.attributes) for d, of in sorted(self.problem.dishes.items())}
        family = {name: FAMILY_SD * draws.standard_normal() for name in sorted(set(families.values()))}
        dish = {d: family[families[d]] + DISH_SD * draws.standard_normal() for d in sorted(families)}
        kitchen = {k: KITCHEN_SD * draws.standard_normal() for k in sorted(self.problem.kitchens)}
        self.shares = {
            (k, d): float(np.clip(MEAN_SHARE + kitchen[k] + dish[d] + CELL_SD * draws.standard_normal(), LEAST, MOST))
            for k in kitchen
            for d in dish
        }
        self.comes = {
            (k, weekday): COME + COME_SD * level + WEEKDAY_SD * draws.standard_normal()
            for k in kitchen
            for level in [draws.standard_normal()]
            for weekday in range(7)
        }

    def day(self, kitchen: str, on: date) -> np.random.Generator:
        """The same day draws the same luck whatever is on the menu: plans are compared in pairs."""
        place = sorted(self.problem.kitchens).index(kitchen)
        return np.random.default_rng([self.seed, 2, place, on.toordinal()])

    def eating(self, kitchen: str, on: date, announced: int) -> int:
        """Who comes."""
        rate = self.comes[kitchen, on.weekday()] + DAY_COME_SD * self.day(kitchen, on).standard_normal()
        return max(0, round(announced * rate))

    def tray(self, kitchen: str, on: date, dishes: Sequence[str], since: Mapping[str, int]) -> list[float]:
        """Share of each dish of a tray that comes back; ``since`` holds the days since each was served there."""
        del since
        return [self.back(kitchen, on, dish, slot) for slot, dish in enumerate(dishes)]

    def back(self, kitchen: str, on: date, dish: str, slot: int) -> float:
        """Share of a dish that comes back on a day."""
        luck = self.day(kitchen, on).standard_normal(slot + 2)[slot + 1]
        return float(np.clip(self.shares[kitchen, dish] + DAY_SD * luck, 0.0, 1.0))

    def scale(self, kitchen: str, on: date, dishes: Sequence[str], shares: Sequence[float]) -> Shown:
        """The bins of a day: by dish on one weekday, the whole tray on the others."""
        del kitchen
        grams = {dish: self.served_g[dish] for dish in dishes}
        if on.weekday() == WEIGHED_WEEKDAY:
            yield from (({dish: grams[dish]}, share) for dish, share in zip(dishes, shares, strict=True))
        else:
            whole = sum(grams[dish] * share for dish, share in zip(dishes, shares, strict=True))
            yield grams, whole / sum(grams.values())


GROUPS, TRAITS = 4, 3
REFUSED, EATEN_UP = 0.85, 0.04
"""Share that stays on a plate that is refused, and on one that is eaten."""
FREEDOM = 4
"""Degrees of freedom of the traits of dishes: a few are hated, most are not."""
TASTE, BAD_DAY, SUMMER, TIRED, WITHIN = 1.1, 0.35, 0.3, 0.5, 14
"""On the logit of a refusal: of tastes, of a day as a whole, of the warm months, of a dish served two weeks before."""
DRAGS, SPARES = 0.3, 0.3
"""How much a refused main dish drags its side along, and makes the dessert be eaten."""
SKIPPED, MISTAKEN, SCALE_SD, FORGOTTEN = 0.25, 0.08, 0.03, 0.02
"""Days nobody weighs, bins noted for another dish of the tray, error of a scale, tares forgotten."""
TARE_G = 650
STRIKES, TRIPS, ILL = 0.015, 0.04, 0.06
"""Days of strike, days with classes away, pupils ill at the height of winter."""
DRIFT, ISO_WEEKS = 0.004, 53


class Diners(Truth):
    """People, not additions: each kitchen is a mixture of groups, each group refuses a dish or eats it."""

    def __post_init__(self) -> None:
        draws = np.random.default_rng([self.seed, 11])
        self._taste = TASTE * draws.standard_normal((GROUPS, TRAITS)) / math.sqrt(TRAITS)
        self._traits = {d: draws.standard_t(FREEDOM, TRAITS) for d in sorted(self.problem.dishes)}
        self._warm = {d: SUMMER * draws.standard_normal() for d in sorted(self.problem.dishes)}
        self._mix = {k: draws.dirichlet(np.full(GROUPS, 2.0)) for k in sorted(self.problem.kitchens)}
        self._drift = {
            k: np.cumsum(0.004 * draws.standard_normal(4 * ISO_WEEKS)) for k in sorted(self.problem.kitchens)
        }
        self.shares = {(k, d): self._share(k, d, 0.0) for k in self._mix for d in self._traits}
        self.comes = {}

    @cached_property
    def _level(self) -> float:
        """The logit at which the dishes come back as much as MEAN_SHARE in the mean, found by halving."""
        low, high = -8.0, 4.0
        pulls = np.array([self._taste @ traits for traits in self._traits.values()])
        for _ in range(60):
            middle = (low + high) / 2
            refused = float((1 / (1 + np.exp(-(middle + pulls)))).mean())
            if EATEN_UP + (REFUSED - EATEN_UP) * refused < MEAN_SHARE:
                low = middle
            else:
                high = middle
        return (low + high) / 2

    def _share(self, kitchen: str, dish: str, moved: float) -> float:
        """Share of a dish that comes back, its logit moved by the day."""
        refused = 1 / (1 + np.exp(-(self._level + self._taste @ self._traits[dish] + moved)))
        return float(EATEN_UP + (REFUSED - EATEN_UP) * (self._mix[kitchen] @ refused))

    def eating(self, kitchen: str, on: date, announced: int) -> int:
        """Who comes: a level that drifts, winters, strikes of all, classes away, eves of holidays, luck."""
        week = (on.year - 2024) * ISO_WEEKS + on.isocalendar().week
        rate = COME + self._drift[kitchen][week % len(self._drift[kitchen])]
        rate -= ILL * math.exp(-(((on - self._winter(on)).days / 12) ** 2))
        rate -= 0.03 * is_day_off(on + timedelta(days=1))
        everybody = np.random.default_rng([self.seed, 12, on.toordinal()])
        rate *= 1 - everybody.uniform(0.2, 0.5) * (everybody.uniform() < STRIKES)
        own = self.day(kitchen, on)
        away = own.integers(20, 71) * (own.uniform() < TRIPS)
        return int(np.clip(own.binomial(announced, float(np.clip(rate, 0.0, 1.0))) - away, 0, announced))

    def _winter(self, on: date) -> date:
        """The worst day of the winter nearest to a day."""
        year = on.year if on.month < 8 else on.year + 1
        return date(year, 1, 10) + timedelta(days=int(np.random.default_rng([self.seed, 13, year]).integers(0, 45)))

    def tray(self, kitchen: str, on: date, dishes: Sequence[str], since: Mapping[str, int]) -> list[float]:
        """A day good or bad as a whole; a refused main dish takes its side along, and the dessert is eaten instead."""
        place = sorted(self.problem.kitchens).index(kitchen)
        luck = BAD_DAY * np.random.default_rng([self.seed, 15, place, on.toordinal()]).standard_normal()
        warm = max(0.0, math.sin(math.pi * (on.month - 4) / 4)) if 4 <= on.month <= 8 else 0.0
        shares = {
            dish: self._share(
                kitchen, dish, luck + self._warm[dish] * warm + TIRED * (since.get(dish, WITHIN + 1) <= WITHIN)
            )
            for dish in dishes
        }
        slots = {self.problem.dishes[dish].slot: dish for dish in dishes}
        if "main" in slots:
            more = shares[slots["main"]] - MEAN_SHARE
            for slot, pull in (("side", DRAGS), ("dessert", -SPARES)):
                if slot in slots:
                    shares[slots[slot]] += pull * more
        return [float(np.clip(shares[dish], 0.0, 1.0)) for dish in dishes]

    def scale(self, kitchen: str, on: date, dishes: Sequence[str], shares: Sequence[float]) -> Shown:
        """Not every day is weighed, not every bin noted for what is in it, and a scale errs."""
        place = sorted(self.problem.kitchens).index(kitchen)
        draws = np.random.default_rng([self.seed, 14, place, on.toordinal()])
        if draws.uniform() < SKIPPED:
            return
        for grams, share in super().scale(kitchen, on, dishes, shares):
            seen = share * (1 + SCALE_SD * draws.standard_normal())
            seen += draws.uniform(0.0, 1.0) * (draws.uniform() < FORGOTTEN) * TARE_G / 100 / sum(grams.values())
            noted = grams
            if len(grams) == 1 and draws.uniform() < MISTAKEN:
                other = dishes[int(draws.integers(len(dishes)))]
                seen, noted = seen * sum(grams.values()) / self.served_g[other], {other: self.served_g[other]}
            yield noted, float(np.clip(seen, 0.0, 1.0))


TRUTHS: Mapping[str, type[Truth]] = {"additions": Truth, "diners": Diners}


def since_served(menus: Menus) -> dict[tuple[str, date], dict[str, int]]:
    """For each kitchen-day, the days since each of its dishes was served there before."""
    last: dict[tuple[str, str], date] = {}
    found = {}
    for kitchen, day in sorted(menus):
        before = {dish: last.get((kitchen, dish)) for dish in menus[kitchen, day]}
        found[kitchen, day] = {dish: (day - on).days for dish, on in before.items() if on is not None}
        last |= {(kitchen, dish): day for dish in menus[kitchen, day]}
    return found
