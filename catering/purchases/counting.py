"""How lines of a file count: facts the law asks for, the verdict of each, and sums by establishment and year.

``Count`` is the bridge between files and the engine ``catering.rules.egalim_year``: give it lines, then ask
``tally(year)`` (all establishments) or ``tallies(year)`` (each), and turn a tally into a year with ``year_of``.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from catering.purchases.ledger import LedgerLine
from catering.rules import RuleBook, law
from catering.rules.egalim import Counted, PurchaseLine, count_line
from catering.rules.egalim_tables import Reason, fermier_families, fermier_words
from catering.rules.egalim_year import FAIR_TRADE, Cell, Tally
from catering.spelling import folded

FERMIER, PAT = "FERMIER", "PAT"
MADE_WITH_EGGS = re.compile(r"\b(?:aux|avec(?: des| de l)?|a l|a base d|et(?: aux)?)[ '’]+oeufs?\b")
"""What says of a product that eggs are in it, not that it is eggs."""
MOST_NAMES = 100_000
"""Names of products whose nature is remembered."""


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A sign of a line that does not count, and why."""

    line: int
    sign: str
    reason: Reason


class Sold(NamedTuple):
    """What the mention *fermier* depends on: the nature of the product, None when nobody tells, and direct sale."""

    product: str | None
    direct: bool


@lru_cache(maxsize=MOST_NAMES)
def product_told(name: str, family: str) -> str | None:
    """What a product is for the mention *fermier*, by its family and the first word that tells (EGA-12).

    « Yaourt au lait de chèvre » is a yoghurt, and a brioche « aux œufs fermiers » no egg; the mention is defined for
    nothing of some families. None when nothing tells.
    """
    known, words = fermier_families()[family], fermier_words()
    written = re.findall(r"[a-z]+", MADE_WITH_EGGS.sub(" ", folded(name)))
    told = next((words[form] for word in written for form in (word, word.rstrip("sx")) if form in words), None)
    if told is None:
        return known.otherwise or None
    return told if told in known.defined.split() else "other"


def sold_as(signs: frozenset[str], name: str, family: str, circuit_court: bool, local: bool) -> Sold | None:
    """What the law must know of a product that bears some signs; nothing but for *fermier*."""
    return Sold(product_told(name, family), circuit_court or local) if FERMIER in signs else None


def facts_of(day: date, signs: frozenset[str], sold: Sold | None) -> PurchaseLine:
    """What the law asks of a line of a file to judge its signs, which neither its family nor its amount changes.

    The buyer answers for the signs, as when declaring on ma-cantine.
    """
    return PurchaseLine(
        amount_excl_tax=Decimal(0),
        family="",
        invoiced=day,
        labels=signs,
        product=sold.product if sold else None,
        direct_sale=bool(sold and sold.direct),
        proven=signs,
    )


def cell_of_marks(told: tuple[Any, ...], sign: str) -> Cell:
    """The cell in which a line is summed, by its fields from the family on and the sign it counts by."""
    family, labels, origin, short, local, definition, _ = told
    return Cell(family, sign, not labels.isdisjoint(FAIR_TRADE), origin, short, local, definition == PAT)


class Verdicts(dict[tuple[date, frozenset[str], Sold | None], Counted]):
    """How lines of a day, of some signs and sold alike (``sold_as``) count: nothing else of a line decides."""

    def __init__(self, book: RuleBook | None = None) -> None:
        super().__init__()
        self._book = book or law()

    def __missing__(self, key: tuple[date, frozenset[str], Sold | None]) -> Counted:
        self[key] = counted = count_line(facts_of(*key), self._book)
        return counted


class Count:
    """Sums of lines by establishment, year and cell. Lines alike in all that the law looks at are judged once."""

    def __init__(self, book: RuleBook | None = None) -> None:
        self._verdicts = Verdicts(book)
        self._sums: dict[tuple[str, int, Cell], int] = defaultdict(int)
        self.not_counted: list[NotCounted] = []
        """Signs that give their line no bucket, in order of line."""

    def verdict(self, line: LedgerLine) -> Counted:
        """How a line counts; nothing is summed."""
        return self._verdicts[line[4], line[7], sold_as(line[7], line[2], line[6], line[9], line[10])]

    @staticmethod
    def cell(line: LedgerLine, counted: Counted) -> Cell:
        """The cell in which a line is summed."""
        return cell_of_marks(line[6:], counted.sign)

    def add(self, line: LedgerLine) -> None:
        """Sum a line."""
        counted = self.verdict(line)
        if counted.reasons:
            self.not_counted += [NotCounted(line.number, sign, reason) for sign, reason in counted.reasons]
        self._sums[line.canteen, line.bought_on.year, self.cell(line, counted)] += line.cents

    def add_all(self, lines: Iterable[LedgerLine]) -> None:
        """Sum lines."""
        for line in lines:
            self.add(line)

    @property
    def years(self) -> list[int]:
        """Civil years in which something was bought, the first one first."""
        return sorted({year for _, year, _ in self._sums})

    def canteens(self, year: int) -> list[str]:
        """Establishments that bought in a year, in order."""
        return sorted({canteen for canteen, bought, _ in self._sums if bought == year})

    def tally(self, year: int) -> Tally:
        """Cents by cell of a year, all establishments together."""
        total: dict[Cell, int] = defaultdict(int)
        for (_, bought, cell), cents in self._sums.items():
            if bought == year:
                total[cell] += cents
        return dict(total)

    def tallies(self, year: int) -> dict[str, Tally]:
        """Cents by cell of a year, by establishment."""
        found: dict[str, dict[Cell, int]] = {canteen: {} for canteen in self.canteens(year)}
        for (canteen, bought, cell), cents in self._sums.items():
            if bought == year:
                found[canteen][cell] = cents
        return dict(found)


def year_chosen(count: Count, wished: int | None, today: date) -> int:
    """The civil year to compute: the one wished, else the latest of the lines, else that of today."""
    return wished or (count.years[-1] if count.years else today.year)
