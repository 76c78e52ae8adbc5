"""At which terms an offer enters a kitchen-week, what makes them so, and the proof: the week bought again at them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from optimizer.explaining.ground import (
    Ground,
    KitchenWeek,
    with_ample_rivals,
    with_capacity,
    with_offer,
    with_supplier,
)
from optimizer.explaining.search import PRICE_STEP, entry_minimum, entry_price, entry_quantity
from optimizer.explaining.trial import Terms, Trial
from optimizer.problem import NON_EGALIM, Problem

ZERO = Decimal(0)


@dataclass(frozen=True)
class Effects:
    """What moves the price of entry (€ per kg), each found by solving without it; None = none.

    ``minimum`` = what it would be higher without the minimum of a delivery; ``label`` = what it is higher because the
    label counts; ``certificate`` = what it would be higher if the certificate covered the week; ``scarcity`` = what it
    is higher because what others sell is limited.
    """

    minimum: Decimal | None = None
    label: Decimal | None = None
    certificate: Decimal | None = None
    scarcity: Decimal | None = None


@dataclass(frozen=True)
class Entry:
    """One offer in the kitchen-week where it is nearest to entering; prices in € per kg, delivery apart.

    ``enters_now`` = it enters at its present terms when the week is bought again; else ``enters_at`` = the price,
    ``minimum`` = the minimum of a delivery (€), ``quantity_kg`` = the quantity on sale at which it enters, each with
    the other terms as they are; None = none does. ``enters_unbound_at`` = the price at which it would enter if the
    supplier had no minimum, where no price is enough with it. ``grams`` = what the kitchen-week then buys of it.
    ``rivals`` = other suppliers that have the ingredient on sale there.
    """

    place: KitchenWeek
    offer: str
    price: Decimal
    delivery: Decimal
    comes_anyway: bool
    rivals: int
    enters_now: bool
    enters_at: Decimal | None = None
    enters_unbound_at: Decimal | None = None
    minimum: Decimal | None = None
    quantity_kg: int | None = None
    grams: int = 0
    effects: Effects = Effects()

    @property
    def cut(self) -> Decimal | None:
        """€ per kg by which the price would have to fall; None where no price makes it enter."""
        return None if self.enters_at is None else self.price - self.enters_at

    def nearer_than(self, other: Entry) -> bool:
        """Whether it takes less to enter here."""
        return self._far() < other._far()

    def _far(self) -> tuple[bool, bool, Decimal, bool, bool]:
        cut = self.cut
        return (not self.enters_now, cut is None, cut or ZERO, self.minimum is None, self.quantity_kg is None)


def entry_at(ground: Ground, trial: Trial) -> Entry:
    """At which terms the offer enters the kitchen-week; its effects are not looked into yet."""
    terms = trial.terms
    place = trial.kitchen, trial.week
    of = trial.problem
    entry = Entry(
        place,
        trial.offer,
        terms.price,
        of.deliveries[trial.supplier, trial.kitchen].delivery_eur_per_kg,
        trial.comes_anyway,
        _rivals(ground.problem, trial),
        enters_now=trial.enters(terms),
    )
    if entry.enters_now:
        return replace(entry, grams=_grams(trial, terms))
    return replace(
        entry,
        enters_at=entry_price(trial, terms),
        minimum=None if trial.comes_anyway else entry_minimum(trial, terms),
        quantity_kg=entry_quantity(trial, terms),
    )


def explained(ground: Ground, trial: Trial, entry: Entry) -> Entry:
    """The entry found by a trial with what makes its price, and without any figure that solving afresh does not
    confirm."""
    if entry.enters_now:
        return entry
    at = entry.enters_at
    sure = replace(
        entry,
        enters_at=at if at is not None and _price_confirmed(ground, entry, trial.problem, at) else None,
        minimum=entry.minimum if _minimum_confirmed(ground, entry, trial) else None,
        quantity_kg=entry.quantity_kg if _quantity_confirmed(ground, entry, trial) else None,
    )
    if sure.enters_at is None:
        return sure if trial.comes_anyway else replace(sure, enters_unbound_at=_unbound(ground, sure, trial))
    grams = _grams(trial, replace(trial.terms, price=sure.enters_at))
    return replace(sure, grams=grams, effects=_effects(ground, sure, trial))


def _price_confirmed(ground: Ground, entry: Entry, alone: Problem, at: Decimal) -> bool:
    """It enters at the price, and not after half of the cut (a cut of one step has no half)."""

    def enters(price: Decimal) -> bool:
        changed = with_offer(alone, replace(alone.offers[entry.offer], price_eur_per_kg=price))
        return _enters_whole(ground, entry, changed)

    half = (entry.price + at) / 2
    return enters(at) and (entry.price - at <= PRICE_STEP or not enters(half))


def _unbound(ground: Ground, entry: Entry, trial: Trial) -> Decimal | None:
    """The price of entry without a minimum, confirmed as the others are; None where there is none below the present."""
    at = entry_price(trial, replace(trial.terms, least=ZERO))
    of = trial.problem.suppliers[trial.supplier]
    free = with_supplier(trial.problem, replace(of, min_drop_eur=ZERO))
    return at if at is not None and _price_confirmed(ground, entry, free, at) else None


def _minimum_confirmed(ground: Ground, entry: Entry, trial: Trial) -> bool:
    if entry.minimum is None:
        return False
    of = trial.problem.suppliers[trial.supplier]

    def enters(least: Decimal) -> bool:
        return _enters_whole(ground, entry, with_supplier(trial.problem, replace(of, min_drop_eur=least)))

    return enters(entry.minimum) and not enters((entry.minimum + of.min_drop_eur) / 2)


def _quantity_confirmed(ground: Ground, entry: Entry, trial: Trial) -> bool:
    if entry.quantity_kg is None:
        return False
    others = ground.taken(entry.place).get(entry.offer, 0)
    grams = entry.quantity_kg * 1000

    def enters(grams: int) -> bool:
        return _enters_whole(ground, entry, with_capacity(trial.problem, entry.offer, trial.week, grams + others))

    return enters(grams) and not enters((grams + int(trial.terms.most_kg * 1000)) // 2)


def _enters_whole(ground: Ground, entry: Entry, alone: Problem) -> bool:
    """Whether it enters a kitchen-week that is built anew, and stays in whole grams with its drop worth its minimum."""
    trial = Trial(ground, entry.place, entry.offer, alone)
    return trial.on_sale and trial.enters(trial.terms) and trial.holds_whole(trial.terms)


def _effects(ground: Ground, entry: Entry, trial: Trial) -> Effects:
    at, terms = entry.enters_at, trial.terms
    assert at is not None
    whole = trial.problem
    least = None if trial.comes_anyway or not terms.least else _other(trial, replace(terms, least=ZERO))
    bare = None if terms.bucket == NON_EGALIM else _other(trial, replace(terms, bucket=NON_EGALIM))
    own = whole.offers[entry.offer].bucket
    proven = None if terms.bucket == own else _other(trial, replace(terms, bucket=own))
    ample = Trial(ground, entry.place, entry.offer, with_ample_rivals(whole, trial.supplier))
    free = _other(ample, ample.terms)
    return Effects(
        minimum=_told(least, at),
        label=_told(at, bare),
        certificate=_told(proven, at),
        scarcity=_told(at, free),
    )


def _told(higher: Decimal | None, lower: Decimal | None) -> Decimal | None:
    """The difference where there is one; other goods of the supplier may make it none, or turn it round."""
    return None if higher is None or lower is None or higher <= lower else higher - lower


def _other(trial: Trial, terms: Terms) -> Decimal | None:
    """The price of entry at other terms; the present price where it enters at once."""
    return terms.price if trial.enters(terms) else entry_price(trial, terms)


def _grams(trial: Trial, terms: Terms) -> int:
    return int(trial.at(terms).kg * 1000)


def _rivals(whole: Problem, trial: Trial) -> int:
    ingredient = whole.offers[trial.offer].ingredient
    return len(
        {
            of.supplier
            for of in whole.offers_by_ingredient[ingredient]
            if of.supplier != trial.supplier
            and whole.reaches(of.id, trial.kitchen)
            and whole.capacity(of.id, trial.week) != 0
        }
    )
