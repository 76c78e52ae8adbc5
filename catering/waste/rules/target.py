"""The fall that the law aims at, against the base year that the kitchen chose (GAS-01)."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from catering.rules import RuleBook, law
from catering.waste.rules.estimate import TENTH

PER_MILLE = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a kitchen stands. ``change``: share of the base, negative when less is wasted; None without a measure."""

    base_year: int
    base: Decimal
    target: Decimal
    change: Decimal | None
    met: bool | None
    legal_base_year: int
    legal_year: int


def target(base_year: int, base: Decimal, measured: Decimal | None, on: date, book: RuleBook | None = None) -> Target:
    """The target in grams per cover, and how far the kitchen is; the legal years are told beside the one chosen."""
    book = book or law()
    aim = (base * (1 - book.parameter("GAS-01", on))).quantize(TENTH, ROUND_HALF_UP)
    change = None if measured is None else ((measured - base) / base).quantize(PER_MILLE, ROUND_HALF_UP)
    return Target(
        base_year,
        base,
        aim,
        change,
        None if measured is None else measured <= aim,
        int(book.parameter("GAS-01-REFERENCE", on)),
        int(book.parameter("GAS-01-ECHEANCE", on)),
    )
