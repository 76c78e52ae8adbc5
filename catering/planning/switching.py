"""What must still be bought otherwise for the year to reach its EGAlim rates, at the least extra cost.

Of each ingredient that the published plan still buys, a share may be bought of another offer that counts. The cheapest
set of shares is a linear program, solved exactly: rates in force, needs of the plan, delivered prices of the day.
Weekly capacities, minimum drops and whole packs are not in it: planning again settles them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from catering.market.delivered import CENT, GRAMS_PER_KG
from catering.rules.egalim_year import YearOfPurchases
from optimizer.solver import INFINITY, Model

SHORTFALL_PRICE = 1_000.0
"""€ per € missing: a rate is missed only when nothing can be bought to reach it."""
NOTHING_G = 1
"""Grams below which a change is none: what the solver's tolerance leaves."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An offer that could be bought of an ingredient: € per kilogram at the door, and the rules it counts for."""

    offer_id: int
    ingredient_id: int
    eur_per_kg: Decimal
    counts_for: frozenset[str]


@dataclass(frozen=True, slots=True)
class Switch:
    """So many grams of an ingredient to buy of an offer, instead of what the plan buys."""

    offer_id: int
    ingredient_id: int
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
    """What the plan still buys of one ingredient: grams, €, and of these € how many count for each rule."""

    grams: int
    eur: Decimal
    counted: Mapping[str, Decimal]
    rules: frozenset[str]
    """The rules in whose value it is, counted or not: by its family."""


def cheapest_remedy(year: YearOfPurchases, needs: Mapping[int, Need], choices: Sequence[Choice]) -> Remedy:
    """The cheapest way to reach the rates of a projected year.

    Args:
        year: as projected at 31 December, with what the plan still buys in it.
        needs: what may still change, by ingredient.
        choices: what could be bought instead; those that count for nothing are of no use.
    """
    model = Model("egalim_remedy")
    columns = [_column(model, choice, needs[choice.ingredient_id]) for choice in choices]
    of_ingredient: dict[int, list[int]] = defaultdict(list)
    for choice, column in zip(choices, columns, strict=True):
        of_ingredient[choice.ingredient_id].append(column)
    for ingredient, mine in sorted(of_ingredient.items()):
        model.row(f"need_{ingredient}", mine, [1.0] * len(mine), -INFINITY, 1.0)
    short = {rule: _rate(model, year, rule, needs, choices, columns) for rule in sorted(year.ratios)}
    values = model.solve().values
    switches = tuple(
        switch
        for choice, column in zip(choices, columns, strict=True)
        if (switch := _switch(choice, needs[choice.ingredient_id], float(values[column]))).grams > NOTHING_G
    )
    missing = {rule: to_cent(Decimal(float(values[column]))) for rule, column in short.items()}
    return Remedy(switches, sum((each.extra_eur for each in switches), Decimal(0)), missing)


def _column(model: Model, choice: Choice, need: Need) -> int:
    """The share of an ingredient's need that is bought of an offer."""
    return model.add(
        f"share_{choice.ingredient_id}_{choice.offer_id}", float(_whole(choice, need) - need.eur), 0.0, 1.0
    )


def _rate(
    model: Model,
    year: YearOfPurchases,
    rule: str,
    needs: Mapping[int, Need],
    choices: Sequence[Choice],
    columns: Sequence[int],
) -> int:
    """counted − least share × value, as it stands and as each share changes it, is at least minus what is missing."""
    ratio = year.ratios[rule]
    least = ratio.min_share
    coefs, places = [], []
    for choice, column in zip(choices, columns, strict=True):
        need = needs[choice.ingredient_id]
        if rule not in need.rules:
            continue
        eur = _whole(choice, need)
        counted = (eur if rule in choice.counts_for else Decimal(0)) - need.counted.get(rule, Decimal(0))
        places.append(column)
        coefs.append(float(counted - least * (eur - need.eur)))
    missing = model.add(f"missing_{rule}", SHORTFALL_PRICE)
    stands = float(ratio.numerator - least * ratio.denominator)
    model.row(rule, [*places, missing], [*coefs, 1.0], -stands, INFINITY)
    return missing


def _whole(choice: Choice, need: Need) -> Decimal:
    """€ of the whole need bought of an offer."""
    return choice.eur_per_kg * need.grams / GRAMS_PER_KG


def _switch(choice: Choice, need: Need, share: float) -> Switch:
    grams = round(share * need.grams)
    amount = choice.eur_per_kg * grams / GRAMS_PER_KG
    instead = need.eur * grams / need.grams
    return Switch(choice.offer_id, choice.ingredient_id, grams, to_cent(amount), to_cent(amount - instead))


def to_cent(eur: Decimal) -> Decimal:
    """Rounded half-up to the cent."""
    return eur.quantize(CENT, ROUND_HALF_UP)
