"""Column types shared by several rooms: closed vocabularies and small sets of numbers."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Dialect, Enum, Integer, TypeDecorator, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

Word = TypeVar("Word", bound=StrEnum)


def one_of(words: type[Word]) -> Enum:
    """A text column that takes only the values of ``words``, held by a CHECK on every database."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=words.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class NumberSet(TypeDecorator[frozenset[int]]):
    """A set of whole numbers between ``low`` and ``high``, stored as the bits of one integer.

    Months and weekdays are sets of at most 12: one integer is compared, indexed and checked more simply than a table.
    """

    impl = Integer
    cache_ok = True

    def __init__(self, low: int, high: int) -> None:
        super().__init__()
        self.low = low
        self.high = high

    def bits(self, numbers: Iterable[int]) -> int:
        """The stored integer.

        Raises:
            ValueError: a number lies outside ``low`` … ``high``.
        """
        total = 0
        for number in numbers:
            if not self.low <= number <= self.high:
                raise ValueError(f"{number} is not between {self.low} and {self.high}")
            total |= 1 << (number - self.low)
        return total

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> int | None:
        """The set as an integer."""
        del dialect
        return None if value is None else self.bits(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> frozenset[int] | None:
        """The integer as a set."""
        del dialect
        if value is None:
            return None
        return frozenset(number for number in range(self.low, self.high + 1) if value >> (number - self.low) & 1)


MONTHS = NumberSet(1, 12)
WEEKDAYS = NumberSet(0, 6)
"""Weekdays are numbered as ``date.weekday()``: Monday is 0."""


def holds(column: "InstrumentedAttribute[frozenset[int]]", number: int) -> ColumnElement[bool]:
    """Whether a ``NumberSet`` column contains ``number``, as a condition of SQL."""
    kind: Any = column.type
    return type_coerce(column, Integer).bitwise_and(kind.bits([number])) != 0
