"""Which portions might be smaller, by how much, and what that would save (decision 0098)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from catering.recipes.models import PortionChange
from catering.recipes.portions import PortionBounds
from catering.rules import RuleBook, law

WHOLE, TENTH = Decimal(1), Decimal("0.1")  # legal-number: grams are shown to a tenth
NOTHING = Decimal(0)
ONE_DAY = timedelta(days=1)


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
    served_g: int, measured_g: int, low_share: Decimal, bounds: PortionBounds, on: date, book: RuleBook | None = None
) -> int | None:
    """Portion without what surely comes back (the low end of its interval); None where that is no smaller portion.

    Never outside of the grammage, and never more than one step down. What comes back is a share of ``measured_g``, the
    portion that was weighed: taken off the one served, a cut already made would be made again.
    """
    wanted = int((measured_g * (1 - low_share)).quantize(WHOLE, ROUND_HALF_UP))
    target = max(wanted, bounds.least, smallest_step(served_g, on, book))
    return target if target < served_g and bounds.holds(target) else None


def last_moved(changes: Iterable[PortionChange]) -> date | None:
    """First day of the latest portion among some changes, begun, to come or taken back; None where none ever holds."""
    held = [each for each in changes if each.valid_to is None or each.valid_to >= each.valid_from]
    days = [each.valid_from if each.valid_to is None else each.valid_to + ONE_DAY for each in held]
    return max(days, default=None)


def not_weighed(changes: Iterable[PortionChange], weighed_from: date | None) -> list[PortionChange]:
    """Changes that no weighing has judged: none was learnt from a period that begins with them or later.

    Args:
        changes: of one dish; those that were taken back before they began count for nothing.
        weighed_from: first day of the latest period that says something sure of the dish.
    """
    held = [each for each in changes if each.valid_to is None or each.valid_to >= each.valid_from]
    return [each for each in held if weighed_from is None or each.valid_from > weighed_from]


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
