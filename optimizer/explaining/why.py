"""Why a supplier's offers are in a plan as they are, month by month, and at which terms they would enter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from optimizer.explaining.entry import Entry, entry_at, explained
from optimizer.explaining.ground import Ground, KitchenWeek
from optimizer.explaining.trial import Trial
from optimizer.problem import NON_EGALIM, Problem
from optimizer.rules import DropCountRule, ValueRatioRule

LOOKED_INTO = 2
"""Kitchen-weeks of an offer and month that are bought again: those where it is nearest to entering."""
FILLER, LABEL = 0.2, 0.7  # legal-number: where to look first
"""Where to look first: what a euro of other goods costs that a drop needs to be worth its minimum, and what a line
that counts for more ratios is worth to who does not."""


class Standing(StrEnum):
    """Where an offer stands in a month of the plan."""

    SOLD_OUT = "sold_out"
    """All that is on sale is bought."""
    RETAINED = "retained"
    NOT_RETAINED = "not_retained"
    NOT_ON_SALE = "not_on_sale"
    """No quantity is stated for any of the weeks: out of season, paused, not valid."""
    NOT_NEEDED = "not_needed"
    """No menu of a kitchen in reach takes the ingredient."""


@dataclass(frozen=True)
class OfferMonth:
    """One offer in one month (its first day), over the weeks of the plan whose Monday it holds.

    ``retained_g`` = what the plan buys; ``on_sale_g`` = what is on sale, None = any quantity; ``needed_g`` = what the
    kitchens in reach need of the ingredient, ``kitchens`` = how many do; ``weeks``, ``weeks_on_sale`` = how many.
    """

    offer: str
    month: date
    standing: Standing
    retained_g: int
    on_sale_g: int | None
    needed_g: int
    kitchens: int
    weeks: int
    weeks_on_sale: int
    weeks_uncertified: int
    """Weeks on sale in which its label does not count: its certificate does not cover them."""
    entry: Entry | None
    """At which terms it would enter, where it is nearest to; None where it is not to be asked, or nothing is found."""


def why(ground: Ground, supplier: str, weeks: Iterable[date]) -> tuple[OfferMonth, ...]:
    """Every offer of a supplier in every month of these weeks (Mondays), in order.

    Figures are found, and confirmed, by buying kitchen-weeks again with everything else as planned.
    """
    market = _Market(ground, supplier)
    return tuple(market.month(offer, month, of) for offer, month, of in market.months(weeks))


def kitchens_looked_into(ground: Ground, supplier: str, weeks: Iterable[date]) -> frozenset[str]:
    """The kitchens whose weeks `why` will buy again: of these it needs what they buy in all weeks of the plan, of the
    others in reach what they buy in the weeks asked about."""
    market = _Market(ground, supplier)
    asked = ((offer, market.asked(offer, of)) for offer, _, of in market.months(weeks))
    return frozenset(kitchen for offer, places in asked for kitchen, _ in market.nearest(offer, places))


class _Market:
    def __init__(self, ground: Ground, supplier: str) -> None:
        self._ground = ground
        self._supplier = supplier
        whole = ground.problem
        self._offers = sorted(of.id for of in whole.offers.values() if of.supplier == supplier)
        self._ingredients = {whole.offers[of].ingredient for of in self._offers}
        self._places: dict[date, list[KitchenWeek]] = defaultdict(list)
        for place in ground.by_week:
            if (supplier, place[0]) in whole.deliveries:
                self._places[place[1]].append(place)
        self._needs = {place: _needs(ground, place, self._ingredients) for of in self._places.values() for place in of}

    def months(self, weeks: Iterable[date]) -> list[tuple[str, date, list[date]]]:
        """Every offer in every month, with the weeks of the month."""
        found: dict[date, list[date]] = defaultdict(list)
        for week in sorted(weeks):
            found[week.replace(day=1)].append(week)
        return [(offer, month, of) for offer in self._offers for month, of in sorted(found.items())]

    def asked(self, offer: str, weeks: Iterable[date]) -> list[KitchenWeek]:
        """Kitchen-weeks in reach that need what is offered, in weeks in which it is on sale."""
        of, ingredient = self._ground.problem, self._ground.problem.offers[offer].ingredient
        open_ = [week for week in weeks if of.capacity(offer, week) != 0]
        return [place for week in open_ for place in self._places[week] if self._needs[place].get(ingredient)]

    def nearest(self, offer: str, places: Sequence[KitchenWeek]) -> list[KitchenWeek]:
        """Those that are looked into: where the offer seems nearest to entering."""
        open_ = [place for place in places if self._received(place)]
        return sorted(open_, key=lambda place: (self._distance(offer, place), place))[:LOOKED_INTO]

    def month(self, offer: str, month: date, weeks: Sequence[date]) -> OfferMonth:
        """How an offer stands in a month."""
        of, ingredient = self._ground.problem, self._ground.problem.offers[offer].ingredient
        open_ = [week for week in weeks if of.capacity(offer, week) != 0]
        capacities = [of.capacity(offer, week) for week in open_]
        places = [place for week in weeks for place in self._places[week] if self._needs[place].get(ingredient)]
        retained = sum(self._ground.sold.get((offer, week), 0) for week in weeks)
        on_sale = None if None in capacities else sum(each or 0 for each in capacities)
        asked = self.asked(offer, weeks)
        standing = _standing(retained, on_sale, bool(open_), bool(asked))
        return OfferMonth(
            offer,
            month,
            standing,
            retained,
            on_sale,
            needed_g=sum(self._needs[place][ingredient] for place in places),
            kitchens=len({kitchen for kitchen, _ in places}),
            weeks=len(weeks),
            weeks_on_sale=len(open_),
            weeks_uncertified=sum(_uncertified(of, offer, week) for week in open_),
            entry=self._entry(offer, asked) if standing is Standing.NOT_RETAINED else None,
        )

    def _entry(self, offer: str, places: Sequence[KitchenWeek]) -> Entry | None:
        """Of the kitchen-weeks where it is nearest to entering, what brings it in where it takes least."""
        found: tuple[Entry, Trial] | None = None
        for place in self.nearest(offer, places):
            trial = Trial(self._ground, place, offer)
            if trial.on_sale:
                entry = entry_at(self._ground, trial)
                found = (entry, trial) if found is None or entry.nearer_than(found[0]) else found
        return None if found is None else explained(self._ground, found[1], found[0])

    def _received(self, place: KitchenWeek) -> bool:
        """Whether the kitchen can receive the supplier in the week, besides those who come."""
        of, coming = self._ground.problem, self._ground.coming(place)
        limits = (of.most_drops(rule, place[0]) for rule in of.rules if isinstance(rule, DropCountRule) and rule.hard)
        return self._supplier in coming or all(most is None or len(coming) < most for most in limits)

    def _distance(self, offer: str, place: KitchenWeek) -> float:
        """Roughly the € per kg that lack: dearer than the dearest line, and the other goods that a drop needs."""
        of, ingredient = self._ground.problem, self._ground.problem.offers[offer].ingredient
        unit = float(of.unit_price(offer, place[0]))
        mine = _counts(of, offer, place[1])
        dearest = max(
            float(line.amount_excl_tax)
            * 1000
            / line.grams
            * (1 if _counts(of, line.offer, place[1]) <= mine else LABEL)
            for line in self._ground.by_week[place]
            if line.ingredient == ingredient and line.offer in of.offers
        )
        kg = self._needs[place][ingredient] / 1000
        comes = self._supplier in self._ground.coming(place)
        least = 0.0 if comes else float(of.suppliers[self._supplier].min_drop_eur)
        return unit - dearest + FILLER * max(0.0, least - kg * unit) / kg


def _needs(ground: Ground, place: KitchenWeek, ingredients: set[str]) -> dict[str, int]:
    return {of: grams for of, grams in ground.need(place).items() if of in ingredients}


def _standing(retained: int, on_sale: int | None, open_: bool, asked: bool) -> Standing:
    if not open_:
        return Standing.NOT_ON_SALE
    if retained:
        return Standing.SOLD_OUT if on_sale is not None and retained >= on_sale else Standing.RETAINED
    return Standing.NOT_RETAINED if asked else Standing.NOT_NEEDED


def _uncertified(problem: Problem, offer: str, week: date) -> bool:
    """Whether the offer counts in a ratio by its label, but not in the week."""
    return problem.offers[offer].bucket != NON_EGALIM and problem.bucket(offer, week) == NON_EGALIM


def _counts(problem: Problem, offer: str, week: date) -> frozenset[str]:
    """Ratio rules that an offer counts for in a week."""
    part = problem.family(offer), problem.bucket(offer, week), problem.seller(offer)
    return frozenset(of.id for of in problem.rules if isinstance(of, ValueRatioRule) and of.in_numerator(*part))
