"""The fall that the law aims at, against the base year that the kitchen chose (GAS-01)."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from catering.rules import RuleBook, law
from catering.waste.rules.estimate import TENTH, Estimate

PER_MILLE = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a kitchen stands. ``change``: share of the base, negative when less is wasted; None without a measure.

    ``met`` None: not measured, or nobody can be sure: the interval holds the target, or a single day gives none.
    """

    base_year: int
    base: Decimal
    target: Decimal
    change: Decimal | None
    met: bool | None
    legal_base_year: int
    legal_year: int


def target(base_year: int, base: Decimal, measured: Estimate | None, on: date, book: RuleBook | None = None) -> Target:
    """The target in grams per cover, and how far the kitchen is; the legal years are told beside the one chosen."""
    book = book or law()
    aim = (base * (1 - book.parameter("GAS-01", on))).quantize(TENTH, ROUND_HALF_UP)
    change = None if measured is None else ((measured.value - base) / base).quantize(PER_MILLE, ROUND_HALF_UP)
    return Target(
        base_year,
        base,
        aim,
        change,
        None if measured is None else _met(measured, aim),
        int(book.parameter("GAS-01-REFERENCE", on)),
        int(book.parameter("GAS-01-ECHEANCE", on)),
    )


def _met(measured: Estimate, aim: Decimal) -> bool | None:
    """Sure only where the whole interval is on one side."""
    if measured.low is None or measured.high is None:
        return None
    return True if measured.high <= aim else False if measured.low > aim else None
