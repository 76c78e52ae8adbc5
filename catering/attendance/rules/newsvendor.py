"""How many covers to prepare: as many as balance the cost of a missing meal against that of one too many.

The newsvendor: one more cover is worth cooking as long as the chance that it is eaten, times what its absence would
cost, is more than the chance that it is not, times what it wastes: the quantile ``missing ÷ (missing + wasted)``.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

HIGHEST = Decimal("0.99")
"""Beyond, no history of a few hundred days tells anything."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Euros of one meal too few and of one too many, both above 0."""

    missing: Decimal
    wasted: Decimal

    @property
    def level(self) -> Decimal:
        """Probability with which the covers prepared are enough; at most 0.99."""
        return min(HIGHEST, (self.missing / (self.missing + self.wasted)).quantize(Decimal("0.0001")))


def prepare(quantile: Callable[[float], float], costs: Costs, absent: int = 0) -> int:
    """Covers to prepare.

    Args:
        quantile: covers that are enough with a probability, of an ordinary day.
        costs: of one too few and one too many.
        absent: covers known to be away, below 0 for guests.
    """
    return max(0, math.ceil(quantile(float(costs.level)) - absent))


def expected_cost(served: list[int], prepared: int, costs: Costs) -> Decimal:
    """Mean euros lost a day over days of this many covers served."""
    lost = sum(costs.missing * max(0, one - prepared) + costs.wasted * max(0, prepared - one) for one in served)
    return Decimal(lost) / len(served)
