"""The price, minimum or quantity at which an offer enters a kitchen-week, each found by solving again and again.

Costs need not fall with a price (a cheaper drop must hold more goods to be worth its minimum), so that a threshold is
looked for between a value at which the offer is seen to enter and one at which it is seen not to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

from optimizer.explaining.trial import Terms, Trial

PRICE_STEP = Decimal("0.05")
"""€ per kg: prices are told to the last step below, never to the cent at which a rival stands."""
MINIMUM_STEP = Decimal(5)
"""€ of a delivery."""
KG_STEP = 1
LOOKED_AT = (Decimal("0.9"), Decimal("0.75"), Decimal("0.5"), Decimal("0.25"))  # legal-number: where to look
"""Parts of the present price at which it is first seen whether the offer enters."""


def entry_price(trial: Trial, terms: Terms) -> Decimal | None:
    """The highest price below the present one, a multiple of the step, at which the offer enters; None = none."""
    top = int((terms.price / PRICE_STEP).to_integral_value(ROUND_CEILING))
    high = top
    for part in LOOKED_AT:
        low = int(top * part)
        if low < 1:
            return None
        if low < high and trial.enters(_priced(terms, low)):
            return PRICE_STEP * _last(lambda n: trial.enters(_priced(terms, n)), low, high)
        high = low
    return None


def entry_minimum(trial: Trial, terms: Terms) -> Decimal | None:
    """The highest minimum of a delivery below the present one at which the offer enters; None = not even without."""
    top = int((terms.least / MINIMUM_STEP).to_integral_value(ROUND_CEILING))
    if not top or not trial.enters(replace(terms, least=Decimal(0))):
        return None
    return MINIMUM_STEP * _last(lambda n: trial.enters(replace(terms, least=MINIMUM_STEP * n)), 0, top)


def entry_quantity(trial: Trial, terms: Terms) -> int | None:
    """The least kg for the kitchen-week, above what is on sale, at which the offer enters; None = no quantity does."""
    need = trial.needs[trial.problem.offers[trial.offer].ingredient] / 1000
    low, high = int(terms.most_kg), int(need) + 1
    if low >= high or not trial.enters(replace(terms, most_kg=need)):
        return None
    return high - _last(lambda n: trial.enters(replace(terms, most_kg=float(high - n))), 0, high - low)


def _priced(terms: Terms, steps: int) -> Terms:
    return replace(terms, price=PRICE_STEP * steps)


def _last(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The last number from ``low``, for which it holds, before one below ``high``, for which it does not."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
