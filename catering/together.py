"""Several selects in one round trip: each room asks its own question and gets its own rows back."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Label, Select, cast, literal, null, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

Slot: TypeAlias = tuple[str, int]
"""A column of the union: a type, as text, and its rank among those of that type."""


async def read_together(session: AsyncSession, statements: Sequence[Select[Any]]) -> list[list[tuple[Any, ...]]]:
    """The rows of each statement, as that statement alone would give them, in no order.

    One UNION ALL reads them all: every statement puts its columns into slots of their type and leaves the slots of the
    others empty, so that no room has to know what another one reads. Locks and limits cannot be asked for here.

    Args:
        session: of the caller's transaction.
        statements: of plain columns, not of entities; those that join say from where (``select_from``).
    """
    if not statements:
        return []
    columns = [list(statement.selected_columns) for statement in statements]
    places = [_places([column.type for column in each]) for each in columns]
    kinds = {
        slot: column.type
        for each, of in zip(columns, places, strict=True)
        for slot, column in zip(of, each, strict=True)
    }
    parts = []
    for rank, (statement, mine) in enumerate(zip(statements, map(dict, map(zip, places, columns)), strict=True)):
        slots = [_filled(mine.get(slot), kind, name) for name, (slot, kind) in enumerate(kinds.items())]
        which = literal(rank).label("which")
        parts.append(statement.order_by(None).with_only_columns(which, *slots))
    order = {slot: column for column, slot in enumerate(kinds, start=1)}
    picks = [[order[slot] for slot in of] for of in places]
    found: list[list[tuple[Any, ...]]] = [[] for _ in statements]
    for row in await session.execute(parts[0] if len(parts) == 1 else union_all(*parts)):
        found[row[0]].append(tuple(row[column] for column in picks[row[0]]))
    return found


def _places(kinds: Sequence[TypeEngine[Any]]) -> list[Slot]:
    """The slot of each column of one statement."""
    taken: Counter[str] = Counter()
    found = []
    for kind in kinds:
        name = _named(kind)
        found.append((name, taken[name]))
        taken[name] += 1
    return found


@lru_cache(maxsize=512)  # legal-number: more types than the tables have
def _named(kind: TypeEngine[Any]) -> str:
    return repr(kind)


def _filled(column: ColumnElement[Any] | None, kind: TypeEngine[Any], name: int) -> Label[Any]:
    # Empty slots say their type too: PostgreSQL would take them for text.
    return (cast(null(), kind) if column is None else column).label(f"slot_{name}")
