"""Grammages of annexe II: what a portion of a ready product must weigh (NUT-P1)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from catering.rules.book import RuleBook, law


def accepted_grams(portion: str, on: date, book: RuleBook | None = None) -> tuple[Decimal, Decimal]:
    """Lightest and heaviest accepted portion in grams: the annexe widened by its tolerance.

    A recommended grammage (dish cooked on site) has no tolerance. Raises KeyError for an unknown portion id.
    """
    book = book or law()
    stated = book.tables.portions[portion]
    slack = book.parameter("NUT-P1", on) if stated.mandatory else Decimal(0)
    return stated.min_g * (1 - slack), stated.max_g * (1 + slack)


def recommended_grams(portion: str, on: date, book: RuleBook | None = None) -> tuple[Decimal, Decimal]:
    """Lightest and heaviest portion of a dish cooked on site (NUT-P2): the grammage as it is written, no tolerance.

    Raises:
        KeyError: an unknown portion id.
        catering.rules.UnknownRuleError: no grammage was in force on that date.
    """
    book = book or law()
    book.parameter("NUT-P1", on)
    stated = book.tables.portions[portion]
    return Decimal(stated.min_g), Decimal(stated.max_g)


def portion_name(portion: str, book: RuleBook | None = None) -> str:
    """What the table of grammages calls a portion, in French.

    Raises:
        KeyError: an unknown portion id.
    """
    return (book or law()).tables.portions[portion].product
