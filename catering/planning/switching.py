"""What must still be bought otherwise for the year to reach its EGAlim rates, at the least extra cost.

Of what the published plan still buys of an ingredient in a week, a share may be bought of another offer that is still
to be had that week and counts for more rates. The cheapest set of shares is a linear program, solved exactly: rates in
force, needs of the plan, what is left of each offer, delivered prices of the day. Minimum drops and whole packs are not
in it: planning again settles them. For the same reason what would only save money is not in it: the plan, which knows
drops and packs, gave it up.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from catering.market.delivered import CENT, GRAMS_PER_KG
from catering.rules.egalim_year import YearOfPurchases
from optimizer.solver import INFINITY, Model

SHORTFALL_PRICE = 1_000.0
"""€ per € missing: a rate is missed only when nothing can be bought to reach it."""
FEWEST = 1e-6
"""€ per € bought otherwise: of changes that cost the same, the fewest."""
NOTHING_G = 1
"""Grams below which a change is none: what the solver's tolerance leaves."""


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
    """What the plan still buys of one ingredient in a week (by its Monday) that counts for the same rules: grams, €."""

    ingredient_id: int
    week: date
    grams: int
    eur: Decimal
    rules: frozenset[str]
    """The rules in whose value it is, counted or not: by its family."""
    counts_for: frozenset[str] = frozenset()
    """Those for which it counts."""


@dataclass(frozen=True, slots=True)
class _Share:
    """A column: the share of a need that is bought of a choice."""

    choice: Choice
    need: Need
    column: int


def cheapest_remedy(year: YearOfPurchases, needs: Sequence[Need], choices: Sequence[Choice]) -> Remedy:
    """The cheapest way to reach the rates of a projected year: nothing when they are reached.

    A change has goods count for rates for which they do not, and for one rate fewer never; of changes that cost nothing
    more, only what the rates need.

    Args:
        year: as projected at 31 December, with what the plan still buys in it.
        needs: what may still change.
        choices: what could be bought instead.
    """
    if all(ratio.holds is not False for ratio in year.ratios.values()):
        return Remedy((), Decimal(0), dict.fromkeys(sorted(year.ratios), Decimal(0)))
    model = Model("egalim_remedy")
    shares = list(_shares(model, needs, choices))
    _limit(model, needs, shares)
    short = {rule: _rate(model, year, rule, shares) for rule in sorted(year.ratios)}
    values = model.solve().values
    switches = _switches(shares, [float(values[share.column]) for share in shares])
    missing = {rule: to_cent(Decimal(float(values[column]))) for rule, column in short.items()}
    return Remedy(switches, sum((each.extra_eur for each in switches), Decimal(0)), missing)


def _shares(model: Model, needs: Sequence[Need], choices: Sequence[Choice]) -> Iterator[_Share]:
    """The columns: of each need, the offers that count for all that it counts for, and more."""
    of_good: dict[int, list[Choice]] = defaultdict(list)
    for choice in choices:
        of_good[choice.ingredient_id].append(choice)
    for place, need in enumerate(needs):
        for choice in of_good[need.ingredient_id] if need.grams else ():
            if need.week in choice.left_g and need.counts_for < choice.counts_for:
                whole = _whole(choice, need)
                cost = max(float(whole - need.eur), 0.0) + FEWEST * float(whole)
                yield _Share(choice, need, model.add(f"share_{place}_{choice.offer_id}", cost, 0.0, 1.0))


def _limit(model: Model, needs: Sequence[Need], shares: Sequence[_Share]) -> None:
    """No more than the need is bought otherwise, nor more of an offer than is left of it in a week."""
    places = {id(need): place for place, need in enumerate(needs)}
    of_need: dict[int, list[int]] = defaultdict(list)
    of_offer: dict[tuple[int, date], list[_Share]] = defaultdict(list)
    for share in shares:
        of_need[places[id(share.need)]].append(share.column)
        if share.choice.left_g[share.need.week] is not None:
            of_offer[share.choice.offer_id, share.need.week].append(share)
    for place, mine in sorted(of_need.items()):
        model.row(f"need_{place}", mine, [1.0] * len(mine), -INFINITY, 1.0)
    for (offer, week), some in sorted(of_offer.items()):
        left = some[0].choice.left_g[week]
        grams = [float(share.need.grams) for share in some]
        model.row(f"left_{offer}_{week}", [share.column for share in some], grams, -INFINITY, float(left or 0))


def _rate(model: Model, year: YearOfPurchases, rule: str, shares: Sequence[_Share]) -> int:
    """counted − least share × value, as it stands and as each share changes it, is at least minus what is missing."""
    ratio = year.ratios[rule]
    least = ratio.min_share
    coefs, places = [], []
    for share in shares:
        need = share.need
        if rule not in need.rules:
            continue
        eur = _whole(share.choice, need)
        before = need.eur if rule in need.counts_for else Decimal(0)
        counted = (eur if rule in share.choice.counts_for else Decimal(0)) - before
        places.append(share.column)
        coefs.append(float(counted - least * (eur - need.eur)))
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
    weeks = [share.need.week for share, _ in rows]
    amount = choice.eur_per_kg * grams / GRAMS_PER_KG
    instead = sum((share.need.eur * taken / share.need.grams for share, taken in rows), Decimal(0))
    extra = to_cent(amount - instead)
    return Switch(choice.offer_id, choice.ingredient_id, min(weeks), max(weeks), grams, to_cent(amount), extra)


def to_cent(eur: Decimal) -> Decimal:
    """Rounded half-up to the cent; nothing is never less than nothing."""
    return eur.quantize(CENT, ROUND_HALF_UP) + Decimal(0)
