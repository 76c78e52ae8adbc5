"""Which portions might be smaller, by how much, and what that would save (decision 0098)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from catering.recipes.portions import PortionBounds
from catering.rules import RuleBook, law

WHOLE, TENTH = Decimal(1), Decimal("0.1")  # legal-number: grams are shown to a tenth
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class PortionEffect:
    """What a smaller portion saves per cover. ``bought_g``: raw grams no longer bought.

    Of the grams taken away, ``least_g`` no longer come back if all eat a smaller share alike, ``most_g`` if those who
    left food are those who get less; it lies between both.
    """

    cut_g: int
    bought_g: int
    least_g: Decimal
    most_g: Decimal


def smallest_step(served_g: int, on: date, book: RuleBook | None = None) -> int:
    """Smallest portion that one decision may come to (GAS-PORTION-PAS), whole grams."""
    step = (book or law()).parameter("GAS-PORTION-PAS", on)
    return int((served_g * (1 - step)).to_integral_value(ROUND_CEILING))


def proposed_g(
    served_g: int, low_share: Decimal, bounds: PortionBounds, on: date, book: RuleBook | None = None
) -> int | None:
    """Portion without what surely comes back (the low end of its interval); None where that is no smaller portion.

    Never outside of the grammage, and never more than one step down.
    """
    wanted = int((served_g * (1 - low_share)).quantize(WHOLE, ROUND_HALF_UP))
    target = max(wanted, bounds.least, smallest_step(served_g, on, book))
    return target if target < served_g and bounds.holds(target) else None


def effect_of(served_g: int, target_g: int, raw: Sequence[tuple[int, int]], share: Decimal) -> PortionEffect:
    """What a portion of ``target_g`` saves against ``served_g``.

    Args:
        served_g: grams of a cover today.
        target_g: grams of a cover then.
        raw: grams of each ingredient bought for a cover, today and then.
        share: of the portion that comes back today.
    """
    cut = served_g - target_g
    back = share * served_g
    return PortionEffect(
        cut,
        sum(before - after for before, after in raw),
        (share * cut).quantize(TENTH, ROUND_HALF_UP),
        min(Decimal(cut), max(back, NOTHING)).quantize(TENTH, ROUND_HALF_UP),
    )
