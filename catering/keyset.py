"""Keyset pagination: a page starts after the last key seen, so it costs the same at any depth and skips no row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, literal, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

Row = TypeVar("Row")
Key = Sequence["InstrumentedAttribute[Any]"]


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows in the order of the key, and whether more follow."""

    rows: list[Row]
    has_next: bool


def after(statement: Select[Row], key: Key, last_seen: Sequence[object] | None) -> Select[Row]:
    """The rows of ``statement`` that follow ``last_seen``, in the order of ``key``.

    Args:
        statement: what to page through, without an order of its own.
        key: columns that together name one row, e.g. ``(Dish.name, Dish.slug)``; none may be empty.
        last_seen: values of the key on the last row of the page before; None for the first page.

    Raises:
        ValueError: ``last_seen`` has not one value per column of the key.
    """
    ordered = statement.order_by(*key)
    if last_seen is None:
        return ordered
    if len(last_seen) != len(key):
        raise ValueError(f"a position has {len(key)} values, not {len(last_seen)}")
    return ordered.where(_follows(key, last_seen))


async def page(
    session: AsyncSession,
    statement: Select[Row],
    key: Key,
    *,
    first: int,
    last_seen: Sequence[object] | None = None,
) -> Page[Row]:
    """At most ``first`` rows after ``last_seen``. One row more is asked for, to know whether a page follows.

    Raises:
        ValueError: ``first`` is less than 1, or ``last_seen`` does not fit the key.
    """
    if first < 1:
        raise ValueError(f"a page has at least one row, not {first}")
    found = (await session.scalars(after(statement, key, last_seen).limit(first + 1))).all()
    return Page(list(found[:first]), len(found) > first)


def _follows(key: Key, last_seen: Sequence[object]) -> ColumnElement[bool]:
    if len(key) == 1:
        return key[0] > last_seen[0]
    # Typed by their columns: a bare tuple would send each value as Python's own type.
    return tuple_(*key) > tuple_(*(literal(value, column.type) for column, value in zip(key, last_seen, strict=True)))
