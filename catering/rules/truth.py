"""Three-valued truth: a figure that nobody knows makes an answer unknown, never false (Kleene's strong logic)."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum


class Truth(Enum):
    """``TRUE``, ``FALSE`` or ``UNKNOWN``; combine with ``&``, ``|`` and ``~``.

    ``bool(truth)`` raises: whoever needs a yes or no must say what unknown means there (see ``possibly``).
    """

    FALSE = "false"
    UNKNOWN = "unknown"
    TRUE = "true"

    @classmethod
    def of(cls, answer: bool | None) -> Truth:
        """The truth of a plain answer, ``None`` being unknown."""
        if answer is None:
            return cls.UNKNOWN
        return cls.TRUE if answer else cls.FALSE

    def __and__(self, other: Truth) -> Truth:
        if Truth.FALSE in (self, other):
            return Truth.FALSE
        return Truth.TRUE if self is other is Truth.TRUE else Truth.UNKNOWN

    def __or__(self, other: Truth) -> Truth:
        if Truth.TRUE in (self, other):
            return Truth.TRUE
        return Truth.FALSE if self is other is Truth.FALSE else Truth.UNKNOWN

    def __invert__(self) -> Truth:
        return {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE}.get(self, Truth.UNKNOWN)

    def __bool__(self) -> bool:
        raise TypeError("A three-valued answer is no plain yes or no: use `is Truth.TRUE` or `.possibly`.")

    @property
    def possibly(self) -> bool:
        """True unless the answer is known to be false: the unfavourable reading of a maximum."""
        return self is not Truth.FALSE


def above(value: Decimal | None, limit: Decimal | None) -> Truth:
    """``value > limit``, unknown when either is unknown."""
    return Truth.UNKNOWN if value is None or limit is None else Truth.of(value > limit)


def at_least(value: Decimal | None, limit: Decimal | None) -> Truth:
    """``value >= limit``, unknown when either is unknown."""
    return Truth.UNKNOWN if value is None or limit is None else Truth.of(value >= limit)


def below(value: Decimal | None, limit: Decimal | None) -> Truth:
    """``value < limit``, unknown when either is unknown."""
    return above(limit, value)
