"""The figures of the law that weighings are held to, asked by date."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from catering.rules import RuleBook, law
from catering.waste.rules.estimate import TENTH
from catering.waste.vocabulary import KitchenKind

CARE = frozenset({KitchenKind.EHPAD, KitchenKind.SOCIAL})
"""Kinds that weigh by the protocol of health and social care."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """How long a campaign lasts at least: days of service, or days in a row for who serves every day."""

    rule: str
    days: int
    every_day: bool


def protocol(kind: KitchenKind, on: date, book: RuleBook | None = None) -> Protocol:
    """The protocol of a kind of kitchen (GAS-10)."""
    care = kind in CARE
    rule = "GAS-10-SOINS" if care else "GAS-10"
    return Protocol(rule, int((book or law()).parameter(rule, on)), every_day=care)


def inedible_share(on: date, book: RuleBook | None = None) -> Decimal:
    """Share of unsorted waste of the service that counts as not edible (GAS-12)."""
    return _of_law(on) if book is None else book.parameter("GAS-12", on)


@cache
def _of_law(on: date) -> Decimal:
    """The same by the law of the platform, which never changes while it runs: asked of each bin of a year."""
    return law().parameter("GAS-12", on)


@dataclass(frozen=True, slots=True)
class TooMany:
    """Covers far above those that the calendar has for such a day."""

    covers: int
    usual: int
    limit: int


def too_many(day: date, covers: int, usual: int | None, book: RuleBook | None = None) -> TooMany | None:
    """Whether covers ask for a confirmation: a choice of the platform (GAS-SOL-COUVERTS). None without a calendar."""
    if not usual:
        return None
    limit = int((book or law()).parameter("GAS-SOL-COUVERTS", day) * usual)
    return TooMany(covers, usual, limit) if covers > limit else None


@dataclass(frozen=True, slots=True)
class DishDoubt:
    """A dish of which more came back on plates than its covers were served, grams."""

    edible_g: int
    served_g: int
    covers: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """Edible grams per cover of a day above the limit, and the covers they are divided by."""

    per_cover: Decimal
    limit: Decimal
    covers: int


def doubt(day: date, edible_g: int, covers: int | None, book: RuleBook | None = None) -> Doubt | None:
    """Whether a day asks for a confirmation: a choice of the platform (GAS-SOL-CONFIRMER). None without covers."""
    limit = (book or law()).parameter("GAS-SOL-CONFIRMER", day)
    if not covers or edible_g <= limit * covers:
        return None
    return Doubt((Decimal(edible_g) / covers).quantize(TENTH, ROUND_HALF_UP), limit, covers)
