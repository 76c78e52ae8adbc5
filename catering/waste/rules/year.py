"""What a year's waste costs, and what that money would buy of organic food (L541-15-3)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from catering.waste.rules.estimate import Estimate
from catering.waste.rules.worth import Worth

TENTH, WHOLE, HUNDREDTH = Decimal("0.1"), Decimal(1), Decimal("0.01")  # legal-number: how figures are rounded
GRAMS_PER_KG = 1000
HUNDRED = 100
Range = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Bought:
    """Purchases of a civil year: euros excl. tax, and percents organic and counting for EGAlim (None of nothing)."""

    year: int
    eur: Decimal
    bio: Decimal | None
    egalim: Decimal | None


@dataclass(frozen=True, slots=True)
class YearOfWaste:
    """Weighings carried over to the meals of a year.

    ``kg`` with ``kg_between``, the ends of the interval (None of a single day); ``eur`` at the lowest and highest
    offers, ``unpriced`` the percent of the edible grams that no offer prices and ``eur`` leaves out. ``points``: of the
    purchases of ``bought``, what that money is, percents: how much
    the organic share would rise if it bought organic food.
    """

    meals: int
    kg: Decimal
    kg_between: Range | None
    eur: Range | None
    unpriced: Decimal | None
    bought: Bought | None
    points: Range | None


def year_of_waste(measured: Estimate, worth: Worth, meals: int, bought: Bought | None) -> YearOfWaste:
    """A year at what was measured per cover.

    Args:
        measured: edible grams per cover.
        worth: of what was weighed, the same days.
        meals: of a year.
        bought: purchases of a year that the money is set against; None when none are known.
    """

    def kilograms(grams: Decimal) -> Decimal:
        return (grams * meals / GRAMS_PER_KG).quantize(WHOLE, ROUND_HALF_UP)

    ends = (measured.low, measured.high)
    between = None if ends[0] is None or ends[1] is None else (kilograms(ends[0]), kilograms(ends[1]))
    priced = worth.edible_g - worth.eur_unknown_g
    eur = unpriced = None
    if worth.edible_g:
        unpriced = (Decimal(HUNDRED) * worth.eur_unknown_g / worth.edible_g).quantize(TENTH, ROUND_HALF_UP)
    if priced > 0:
        grams = measured.value * meals
        low, high = ((grams * each / worth.edible_g).quantize(WHOLE, ROUND_HALF_UP) for each in _of(worth))
        eur = (low, high)
    points = None
    if eur is not None and bought is not None and bought.eur > 0:
        low, high = ((HUNDRED * each / bought.eur).quantize(TENTH, ROUND_HALF_UP) for each in eur)
        points = (low, high)
    return YearOfWaste(meals, kilograms(measured.value), between, eur, unpriced, bought, points)


def _of(worth: Worth) -> Range:
    return worth.eur_low, worth.eur_high
