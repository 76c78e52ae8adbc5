"""How a plan's purchases are spread over the farms: figures to plan by, which award nothing (CCP-01)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from statistics import median

LARGEST = 5  # legal-number: farms whose part of the whole is told
PART = Decimal("0.0001")
ZERO = Decimal(0)


class FarmGroup(StrEnum):
    """Farms that stand alike in the order of what they sell."""

    LARGEST = "largest"
    """The five that sell most, none of the smaller half."""
    BETWEEN = "between"
    SMALLER_HALF = "smaller_half"
    """The half that sells least, of those that sell."""
    UNSOLD = "unsold"
    """Those of which the plan buys nothing."""


@dataclass(frozen=True, slots=True)
class FarmSales:
    """What a plan buys from one farm. Amounts in € excl. tax, delivery included.

    ``asked`` = the same goods at the prices of the catalogue now; ``least`` = the smallest delivery, None without any;
    ``minimum`` = what the farm asks of a delivery.
    """

    supplier_id: int
    minimum: Decimal
    grams: int = 0
    amount: Decimal = ZERO
    asked: Decimal = ZERO
    kitchens: int = 0
    deliveries: int = 0
    least: Decimal | None = None


@dataclass(frozen=True, slots=True)
class GroupSales:
    """What a plan buys from the farms of a group."""

    group: FarmGroup
    farms: Sequence[FarmSales]

    @property
    def amount(self) -> Decimal:
        """€ excl. tax, delivery included."""
        return total(self.farms)

    @property
    def deliveries(self) -> int:
        """How many deliveries."""
        return sum(farm.deliveries for farm in self.farms)

    @property
    def minimum(self) -> Decimal:
        """Median of what these farms ask of a delivery, €."""
        return median(farm.minimum for farm in self.farms)


def ranked(farms: Sequence[FarmSales]) -> list[FarmSales]:
    """The farms, those that sell most first."""
    return sorted(farms, key=lambda farm: (-farm.amount, farm.supplier_id))


def total(farms: Sequence[FarmSales]) -> Decimal:
    """What is bought of all of them, €."""
    return sum((farm.amount for farm in farms), ZERO)


def grouped(farms: Sequence[FarmSales]) -> list[GroupSales]:
    """The farms by group, in the order of what they sell; no group is empty."""
    order = ranked(farms)
    selling = [farm for farm in order if farm.amount]
    upper = len(selling) - len(selling) // 2
    most = min(LARGEST, upper)
    parts = {
        FarmGroup.LARGEST: selling[:most],
        FarmGroup.BETWEEN: selling[most:upper],
        FarmGroup.SMALLER_HALF: selling[upper:],
        FarmGroup.UNSOLD: order[len(selling) :],
    }
    return [GroupSales(group, of) for group, of in parts.items() if of]


def gini(amounts: Sequence[Decimal]) -> Decimal | None:
    """How unequal amounts are: 0 when all are the same, near 1 when one has everything; None without any amount.

    Half the mean difference of two amounts, divided by their mean; amounts are not negative.
    """
    whole, many = sum(amounts, ZERO), len(amounts)
    if not whole:
        return None
    weighted = sum(((2 * rank - many - 1) * each for rank, each in enumerate(sorted(amounts), start=1)), ZERO)
    return (weighted / (many * whole)).quantize(PART, ROUND_HALF_UP)


def part(amount: Decimal, whole: Decimal) -> Decimal | None:
    """Share of the whole, 0 to 1; None of nothing."""
    return (amount / whole).quantize(PART, ROUND_HALF_UP) if whole else None
