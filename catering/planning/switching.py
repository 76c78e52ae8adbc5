"""What must still be bought otherwise for the year to reach its EGAlim rates, at the least extra cost.

Of each ingredient that the published plan still buys in a week, a share may be bought of another offer that counts and
that is still to be had that week. The cheapest set of shares is a linear program, solved exactly: rates in force, needs
of the plan, what is left of each offer, delivered prices of the day. Minimum drops and whole packs are not in it:
planning again settles them.

Only what a missing rate needs is changed: nothing when every rate holds, nothing that lowers what counts for one, and
no saving for its own sake.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

from catering.market.delivered import CENT, GRAMS_PER_KG
from catering.rules.egalim_year import YearOfPurchases
from optimizer.solver import INFINITY, Model

SHORTFALL_PRICE = 1_000.0
"""€ per € missing: a rate is missed only when nothing can be bought to reach it."""
EFFORT_PRICE = 0.0001
"""€ per € changed: of changes that cost nothing more, the least is made."""
NOTHING_G = 1
"""Grams below which a change is none: what the solver's tolerance leaves."""

Slot: TypeAlias = tuple[int, date]
"""An ingredient in a week, by its Monday."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An offer that could be bought of an ingredient: € per kilogram at the door, and the rules it counts for."""

    offer_id: int
    ingredient_id: int
    eur_per_kg: Decimal
    counts_for: frozenset[str]
    left_g: Mapping[date, int | None]
    """Grams still to be had in each week in which it is sold and proven; None: as much as one likes."""


@dataclass(frozen=True, slots=True)
class Switch:
    """So many grams of an ingredient to buy of an offer, instead of what the plan buys."""

    offer_id: int
    ingredient_id: int
    first_week: date
    last_week: date
    """Mondays between which they are bought."""
    grams: int
    amount_eur: Decimal
    extra_eur: Decimal
    """What it costs more than the plan; negative when it costs less."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to buy otherwise, what it costs more, and what is still missing of each rate, in €."""

    switches: tuple[Switch, ...]
    extra_eur: Decimal
    missing_eur: Mapping[str, Decimal]

    @property
    def reached(self) -> bool:
        """Whether every rate is reached."""
        return not any(self.missing_eur.values())


@dataclass(frozen=True, slots=True)
class Need:
    """What the plan still buys of one ingredient in a week: grams, €, and of these € how many count for each rule."""

    grams: int
    eur: Decimal
    counted: Mapping[str, Decimal]
    rules: frozenset[str]
    """The rules in whose value it is, counted or not: by its family."""


@dataclass(frozen=True, slots=True)
class _Share:
    """A column: the share of the need of a slot that is bought of a choice."""

    choice: Choice
    week: date
    need: Need
    column: int


def cheapest_remedy(year: YearOfPurchases, needs: Mapping[Slot, Need], choices: Sequence[Choice]) -> Remedy:
    """The cheapest way to reach the rates of a projected year.

    Args:
        year: as projected at 31 December, with what the plan still buys in it.
        needs: what may still change, by ingredient and week.
        choices: what could be bought instead; those that count for nothing are of no use.
    """
    missed = [rule for rule, ratio in year.ratios.items() if ratio.holds is False]
    if not missed:
        return Remedy((), Decimal(0), {rule: Decimal(0) for rule in sorted(year.ratios)})
    model = Model("egalim_remedy")
    helping = {rule: year.ratios[rule].min_share for rule in missed}
    shares = list(_shares(model, needs, choices, helping))
    of_slot: dict[Slot, list[int]] = defaultdict(list)
    for share in shares:
        of_slot[share.choice.ingredient_id, share.week].append(share.column)
    for (ingredient, week), mine in sorted(of_slot.items()):
        model.row(f"need_{ingredient}_{week}", mine, [1.0] * len(mine), -INFINITY, 1.0)
    short = {rule: _rate(model, year, rule, shares) for rule in sorted(year.ratios)}
    values = model.solve().values
    switches = _switches(shares, [float(values[share.column]) for share in shares])
    missing = {rule: to_cent(Decimal(float(values[column]))) for rule, column in short.items()}
    return Remedy(switches, sum((each.extra_eur for each in switches), Decimal(0)), missing)


def _shares(
    model: Model, needs: Mapping[Slot, Need], choices: Sequence[Choice], missed: Mapping[str, Decimal]
) -> Iterator[_Share]:
    """The columns, each no larger than what is left of its offer in its week; ``missed``: least shares to reach."""
    for choice in choices:
        for week, left in sorted(choice.left_g.items()):
            need = needs.get((choice.ingredient_id, week))
            if need is None or not need.grams or left == 0 or not _helps(choice, need, missed):
                continue
            most = 1.0 if left is None else min(1.0, left / need.grams)
            name = f"share_{choice.ingredient_id}_{choice.offer_id}_{week}"
            eur = _whole(choice, need)
            # A saving is no reason to change what the plan buys: the plan knows packs, drops and receptions.
            cost = float(max(eur - need.eur, Decimal(0))) + EFFORT_PRICE * float(eur)
            yield _Share(choice, week, need, model.add(name, cost, 0.0, most))


def _helps(choice: Choice, need: Need, missed: Mapping[str, Decimal]) -> bool:
    """Whether a change raises a rate that is missed, and takes nothing from what counts for any."""
    if any(counted and rule not in choice.counts_for for rule, counted in need.counted.items()):
        return False
    return any(_gain(choice, need, rule, least) > 0 for rule, least in missed.items() if rule in need.rules)


def _gain(choice: Choice, need: Need, rule: str, least: Decimal) -> Decimal:
    """€ by which a whole need bought of an offer brings a rate nearer to its least share: counted − least × value."""
    eur = _whole(choice, need)
    counted = (eur if rule in choice.counts_for else Decimal(0)) - need.counted.get(rule, Decimal(0))
    return counted - least * (eur - need.eur)


def _rate(model: Model, year: YearOfPurchases, rule: str, shares: Sequence[_Share]) -> int:
    """counted − least share × value, as it stands and as each share changes it, is at least minus what is missing."""
    ratio = year.ratios[rule]
    least = ratio.min_share
    coefs, places = [], []
    for share in shares:
        need = share.need
        if rule not in need.rules:
            continue
        places.append(share.column)
        coefs.append(float(_gain(share.choice, need, rule, least)))
    missing = model.add(f"missing_{rule}", SHORTFALL_PRICE)
    stands = float(ratio.numerator - least * ratio.denominator)
    model.row(rule, [*places, missing], [*coefs, 1.0], -stands, INFINITY)
    return missing


def _whole(choice: Choice, need: Need) -> Decimal:
    """€ of the whole need bought of an offer."""
    return choice.eur_per_kg * need.grams / GRAMS_PER_KG


def _switches(shares: Sequence[_Share], values: Sequence[float]) -> tuple[Switch, ...]:
    """The weeks of each offer together, rounded once; what the solver's tolerance leaves is no change."""
    bought: dict[int, list[tuple[_Share, int]]] = defaultdict(list)
    for share, value in zip(shares, values, strict=True):
        if (grams := round(value * share.need.grams)) > NOTHING_G:
            bought[share.choice.offer_id].append((share, grams))
    return tuple(_switch(rows) for rows in bought.values())


def _switch(rows: Sequence[tuple[_Share, int]]) -> Switch:
    choice, grams = rows[0][0].choice, sum(grams for _, grams in rows)
    weeks = [share.week for share, _ in rows]
    amount = choice.eur_per_kg * grams / GRAMS_PER_KG
    instead = sum((share.need.eur * taken / share.need.grams for share, taken in rows), Decimal(0))
    extra = to_cent(amount - instead)
    return Switch(choice.offer_id, choice.ingredient_id, min(weeks), max(weeks), grams, to_cent(amount), extra)


def to_cent(eur: Decimal) -> Decimal:
    """Rounded half-up to the cent; nothing is never less than nothing."""
    return eur.quantize(CENT, ROUND_HALF_UP) + Decimal(0)
