"""EGAlim, one civil year: purchases summed into cells, and the totals and ratios of the law (EGA-01 to EGA-10, EGA-21).

One engine for all: lines of a file, rows of the database and sums kept by the database all become a ``Tally``, and
``year_of`` turns a tally into the year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple, TypeAlias

from catering.rules.book import RuleBook, law
from catering.rules.egalim import Counted, PurchaseLine, count_line
from catering.rules.shapes import ValueRatio
from catering.rules.tables import NO_BUCKET

FAIR_TRADE = frozenset({"COMMERCE_EQUITABLE", "BIO_COMMERCE_EQUITABLE"})
CENTS = 100


class Cell(NamedTuple):
    """What the law, the forms and the displays tell apart among purchases of one year.

    ``sign`` is the one a line counts by, empty outside EGAlim; ``origin`` FRANCE, EUROPE, TIERS or unknown (empty).
    """

    family: str
    sign: str
    fair_trade: bool = False
    origin: str = ""
    circuit_court: bool = False
    local: bool = False
    pat: bool = False


Tally: TypeAlias = Mapping[Cell, int]
"""Cents excl. tax of each cell."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A value ratio over a civil year. ``share`` and ``holds`` are None when nothing was bought in the families."""

    rule: str
    numerator: Decimal
    denominator: Decimal
    min_share: Decimal

    @property
    def share(self) -> Decimal | None:
        return self.numerator / self.denominator if self.denominator else None

    @property
    def holds(self) -> bool | None:
        """Exact comparison, without division."""
        return self.numerator >= self.min_share * self.denominator if self.denominator else None

    @property
    def missing(self) -> Decimal:
        """€ excl. tax that must change from uncounted to counted for the ratio to hold; 0 when it holds."""
        return max(self.min_share * self.denominator - self.numerator, Decimal(0))


@dataclass(frozen=True, slots=True)
class YearOfPurchases:
    """Euros excl. tax of a civil year: total, per bucket, fair trade inside a bucket, and the ratios of the law."""

    year: int
    tally: Tally
    by_family: Mapping[tuple[str, str], int]
    """Cents by family and bucket."""
    total: Decimal
    buckets: Mapping[str, Decimal]
    fair_trade: Mapping[str, Decimal]
    ratios: Mapping[str, Ratio] = field(default_factory=dict)


def cell_of(line: PurchaseLine, counted: Counted) -> Cell:
    """The cell in which a line is summed, once it is known how it counts."""
    labels = line.labels
    origin = line.origin or ("FRANCE" if "FRANCE" in labels else "EUROPE" if "EUROPE" in labels else "")
    return Cell(
        line.family,
        counted.sign,
        bool(labels & FAIR_TRADE),
        origin,
        "CIRCUIT_COURT" in labels,
        "LOCAL" in labels,
        "PAT" in labels,
    )


def tally_of(lines: Iterable[PurchaseLine], book: RuleBook | None = None) -> Tally:
    """Lines summed by cell. Raises UnknownRuleError."""
    sums: dict[Cell, int] = defaultdict(int)
    for line in lines:
        sums[cell_of(line, count_line(line, book))] += cents_of(line.amount_excl_tax)
    return dict(sums)


def year_of_purchases(
    lines: Iterable[PurchaseLine],
    year: int,
    *,
    region: str | None = None,
    establishment: str | None = None,
    book: RuleBook | None = None,
) -> YearOfPurchases:
    """Buckets and ratios of the lines invoiced in a civil year (EGA-07, EGA-08); other lines are left out.

    Each line counts by the signs valid on its invoice date. See ``year_of``. Raises UnknownRuleError.
    """
    tally = tally_of((line for line in lines if line.invoiced.year == year), book)
    return year_of(tally, year, region=region, establishment=establishment, book=book)


def year_of(
    tally: Tally,
    year: int,
    *,
    region: str | None = None,
    establishment: str | None = None,
    book: RuleBook | None = None,
) -> YearOfPurchases:
    """Buckets and ratios of a year's purchases; the thresholds are those of the year's last day.

    Args:
        tally: cents by cell.
        year: civil year.
        region: INSEE code of the region, which may have thresholds of its own.
        establishment: ``"state"`` for a restaurant of the State.
        book: the law; the platform's own by default.

    Raises:
        UnknownRuleError: a sign that no row defines, or a threshold that is not in force.
    """
    book = book or law()
    last_day = date(year, 12, 31)
    bucket_of = bucket_by_sign(book, last_day)
    buckets = dict.fromkeys(book.tables.buckets, 0)
    fair = dict.fromkeys(book.tables.buckets, 0)
    by_family: dict[tuple[str, str], int] = defaultdict(int)
    for (family, sign, fair_trade, *_), cents in tally.items():
        bucket = bucket_of(sign)
        by_family[family, bucket] += cents
        buckets[bucket] += cents
        if fair_trade:
            fair[bucket] += cents
    sums = rates_of_tally(tally, year, book)
    ratios = ratios_of(sums, year, region=region, establishment=establishment, book=book)
    total = euros(sum(buckets.values()))
    return YearOfPurchases(year, tally, dict(by_family), total, _euros(buckets), _euros(fair), ratios)


def bucket_by_sign(book: RuleBook, on: date) -> Callable[[str], str]:
    """The bucket of each sign on a day; one whose validity ended keeps its own: its lines counted in their time."""
    known = {"": NO_BUCKET}
    for code, rows in book.tables.labels.items():
        known[code] = next((row for row in rows if row.in_force(on)), rows[-1]).bucket
    return known.__getitem__


def rates_of_cells(year: int, book: RuleBook | None = None) -> Callable[[str, str], Mapping[str, bool]]:
    """For a family and a sign: the rates of a year in whose value such a purchase is, and whether it counts there."""
    return _rates_of_cells(year, book or law())


@lru_cache(maxsize=64)  # legal-number: more years than anybody compares
def _rates_of_cells(year: int, book: RuleBook) -> Callable[[str, str], Mapping[str, bool]]:
    last_day = date(year, 12, 31)
    bucket_of = bucket_by_sign(book, last_day)
    rules = [rule for rule, _ in book.rules(last_day, ("egalim",)) if isinstance(rule, ValueRatio)]

    @cache
    def rates(family: str, sign: str) -> Mapping[str, bool]:
        bucket = bucket_of(sign)
        mine = (rule for rule in rules if rule.families is None or family in rule.families)
        return {rule.id: bucket in rule.buckets for rule in mine}

    return rates


def rates_of_tally(tally: Tally, year: int, book: RuleBook | None = None) -> dict[str, tuple[int, int]]:
    """Cents that count and cents of value of each rate of a year, by rule."""
    rates = rates_of_cells(year, book)
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for cell, cents in tally.items():
        for rule, counts in rates(cell.family, cell.sign).items():
            found[rule][0] += cents if counts else 0
            found[rule][1] += cents
    return {rule: (counted, value) for rule, (counted, value) in found.items()}


def ratios_of(
    sums: Mapping[str, tuple[int, int]],
    year: int,
    *,
    region: str | None = None,
    establishment: str | None = None,
    book: RuleBook | None = None,
) -> dict[str, Ratio]:
    """The rates of a year from cents that count and cents of value by rule, as ``rates_of_cells`` tells them apart.

    The least shares are those of the year's last day. Raises UnknownRuleError.
    """
    found = {}
    for rule, least in _least_shares(book or law(), year, region, establishment):
        counted, value = sums.get(rule, (0, 0))
        found[rule] = Ratio(rule, euros(counted), euros(value), least)
    return found


@lru_cache(maxsize=256)  # legal-number: more years, regions and kinds than anybody compares
def _least_shares(
    book: RuleBook, year: int, region: str | None, establishment: str | None
) -> tuple[tuple[str, Decimal], ...]:
    last_day = date(year, 12, 31)
    return tuple(
        (rule.id, book.parameter(rule.id, last_day, region=region, establishment=establishment))
        for rule, _ in book.rules(last_day, ("egalim",))
        if isinstance(rule, ValueRatio)
    )


def cents_of(amount: Decimal) -> int:
    """Whole cents of an amount in euros. Raises ValueError when it is not rounded to the cent."""
    cents = int(amount * CENTS)
    if cents != amount * CENTS:
        raise ValueError(f"{amount} is not rounded to the cent")
    return cents


def euros(cents: int) -> Decimal:
    """Euros of some cents, to the cent."""
    return Decimal(cents).scaleb(-2)


def _euros(sums: Mapping[str, int]) -> dict[str, Decimal]:
    return {name: euros(cents) for name, cents in sums.items()}
