"""The figures of the law that weighings are held to, asked by date."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from catering.rules import RuleBook, law
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


def unusual_g_per_cover(on: date, book: RuleBook | None = None) -> Decimal:
    """Edible grams per cover above which a weighing asks for a confirmation: a choice of the platform."""
    return (book or law()).parameter("GAS-SOL-CONFIRMER", on)
