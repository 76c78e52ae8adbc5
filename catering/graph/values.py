"""Values that GraphQL lacks: whole numbers of any size, days of the week."""

from collections.abc import Mapping
from enum import Enum
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

BigInt = NewType("BigInt", int)
"""A whole number that may pass 2³¹: grams of a school year."""


def _whole(value: object) -> int:
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise ValueError(f"BigInt expects a whole number as a string, not {value!r}")
    return int(value)


SCALARS: Mapping[object, ScalarDefinition] = {
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A whole number of any size, written as a string of digits: grams of a year pass 2³¹.",
        serialize=str,
        parse_value=_whole,
    )
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
