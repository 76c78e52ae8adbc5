"""Values that GraphQL lacks, and how those with room for mischief are read: only what a column can hold gets in."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

BigInt = NewType("BigInt", int)
"""A whole number that may pass 2³¹: grams of a school year."""
LARGEST_WHOLE = 2**63 - 1  # legal-number: width of a database column
"""What the widest column of whole numbers holds."""
MOST_WHOLE_DIGITS = 10
MOST_DECIMALS = 6
"""Digits before and behind the mark of a decimal: amounts below ten billion, at the scale of the finest column."""
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Days are counted from, weeks and years ahead and back: near the ends of the calendar there is nowhere to go."""
LONGEST_ECHO = 40

WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
DECIMAL = re.compile(rf"[+-]?[0-9]{{1,{MOST_WHOLE_DIGITS}}}(\.[0-9]+)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.,]+(Z|[+-][0-9]{2}:?[0-9]{2})")


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"BigInt attend un nombre entier, écrit comme une suite de chiffres, non {_echo(value)}.")
    # The size first: Python refuses by an error of its own to write or read thousands of digits.
    if isinstance(value, str) and WHOLE.fullmatch(value):
        value = int(value)
    if isinstance(value, str) or not -LARGEST_WHOLE <= value <= LARGEST_WHOLE:
        raise ValueError(
            f"BigInt attend un nombre entier en chiffres de 0 à 9, d'au plus {LARGEST_WHOLE}, non {_echo(value)}."
        )
    return value


def _exact(value: object) -> Decimal:
    wanted = f"{MOST_WHOLE_DIGITS} chiffres au plus avant la marque décimale et {MOST_DECIMALS} après (ex. 12.50)"
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"Decimal attend un nombre, non {_echo(value)}.")
    if isinstance(value, int) and abs(value) >= 10**MOST_WHOLE_DIGITS:
        raise ValueError(f"Decimal attend {wanted}, non {_echo(value)}.")
    # A float of JSON is told by its shortest form, which is what the client wrote.
    text = f"{Decimal(str(value)):f}" if isinstance(value, float) else str(value)
    if not DECIMAL.fullmatch(text):
        raise ValueError(f"Decimal attend {wanted}, non {_echo(value)}.")
    exact = Decimal(text)
    if exact != round(exact, MOST_DECIMALS):
        raise ValueError(f"Decimal attend {wanted}, non {_echo(value)}.")
    return exact


def _day(value: object) -> date:
    if isinstance(value, str) and DAY.fullmatch(value) and FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
        try:
            return date.fromisoformat(value)
        except ValueError as fault:
            raise ValueError(f"Date : {_echo(value)} n'est pas un jour du calendrier.") from fault
    raise ValueError(
        f"Date attend un jour écrit comme 2026-09-01, entre {FIRST_YEAR} et {LAST_YEAR}, non {_echo(value)}."
    )


def _instant(value: object) -> datetime:
    if isinstance(value, str) and INSTANT.fullmatch(value) and FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
        try:
            return datetime.fromisoformat(value)
        except ValueError as fault:
            raise ValueError(f"DateTime : {_echo(value)} n'est pas un instant du calendrier.") from fault
    raise ValueError(
        "DateTime attend un instant et son fuseau, écrit comme 2026-09-01T08:30:00+02:00, entre "
        f"{FIRST_YEAR} et {LAST_YEAR}, non {_echo(value)}."
    )


def _echo(value: object) -> str:
    """What was given, short; an enormous whole number is not written out."""
    if isinstance(value, int) and abs(value) > LARGEST_WHOLE:
        return "un nombre bien plus grand"
    text = str(value)
    return f"« {text[:LONGEST_ECHO]}{'…' if len(text) > LONGEST_ECHO else ''} »"


SCALARS: Mapping[object, ScalarDefinition] = {
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A whole number that may pass 2³¹ (grams of a year), written as a string of digits; within ±2⁶³.",
        serialize=str,
        parse_value=_whole,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description=f"An exact decimal as a string, e.g. `12.50`: at most {MOST_WHOLE_DIGITS} digits before and "
        f"{MOST_DECIMALS} behind the mark; no exponent, no infinity.",
        serialize=str,
        parse_value=_exact,
    ),
    date: strawberry.scalar(
        name="Date",
        description=f"A day as `2026-09-01`, in the years {FIRST_YEAR} to {LAST_YEAR}.",
        serialize=date.isoformat,
        parse_value=_day,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description=f"An instant with its zone as `2026-09-01T08:30:00+02:00`, in the years {FIRST_YEAR} to "
        f"{LAST_YEAR}.",
        serialize=datetime.isoformat,
        parse_value=_instant,
    ),
}


@strawberry.enum(description="A day of the week.")
class Weekday(Enum):
    """Numbered as ``date.weekday()``."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6
