"""Keyset pages: a list is read in the order of a key, from behind a cursor that holds the key of the last row seen."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

import strawberry
from sqlalchemy import ColumnElement, Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from catering.graph.errors import BadCursorError, PageSizeError
from catering.graph.request import Request

MOST_ROWS = 100
DEFAULT_ROWS = 20  # legal-number: rows of a page, nothing of the arrêté

Node = TypeVar("Node")
Found = TypeVar("Found")
Columns: TypeAlias = tuple[InstrumentedAttribute[Any], ...]

First: TypeAlias = Annotated[
    int, strawberry.argument(description=f"How many rows, 1 to {MOST_ROWS}; more is refused (PAGE_SIZE).")
]
After: TypeAlias = Annotated[
    str | None,
    strawberry.argument(description="Start behind this cursor: `pageInfo.endCursor` of the page before."),
]


@strawberry.type(description="Where a page ends.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether rows follow.")
    end_cursor: str | None = strawberry.field(
        description="Cursor of the last row, to give as `after`; null for an empty page. Opaque."
    )


@strawberry.type(description="Some rows of a list, in the stable order of the list.")
class Page(Generic[Node]):
    nodes: list[Node] = strawberry.field(description="The rows, at most `first`.")
    page_info: PageInfo = strawberry.field(description="Where the page ends.")


@dataclass(frozen=True, slots=True)
class Slice(Generic[Found]):
    """Rows of one page as the database gave them."""

    rows: Sequence[Found]
    info: PageInfo

    def shown(self, show: Callable[[Found], Node]) -> Page[Node]:
        """The page, each row shown as GraphQL shows it."""
        return Page(nodes=[show(row) for row in self.rows], page_info=self.info)


@dataclass(frozen=True, slots=True)
class Order:
    """The key by which a list is read; together its columns are unique. ``newest_first`` turns the order around."""

    columns: Columns
    newest_first: bool = False

    def limited(self, statement: Select[Found], first: int, after: str | None) -> Select[Found]:
        """At most ``first`` rows behind the cursor, and one more that says whether rows follow.

        Raises:
            PageSizeError: ``first`` is not between 1 and 100.
            BadCursorError: ``after`` is no cursor of this order.
        """
        require_size(first)
        if after is not None:
            statement = statement.where(self._behind(after))
        ordered = [column.desc() if self.newest_first else column.asc() for column in self.columns]
        return statement.order_by(None).order_by(*ordered).limit(first + 1)

    def _behind(self, cursor: str) -> ColumnElement[bool]:
        values = self._values(cursor)
        here = tuple_(*self.columns)
        there = tuple_(*(literal(value, column.type) for value, column in zip(values, self.columns, strict=True)))
        behind: ColumnElement[bool] = here < there if self.newest_first else here > there
        return behind

    def _values(self, cursor: str) -> list[Any]:
        try:
            texts = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
            if not (isinstance(texts, list) and len(texts) == len(self.columns)):
                raise BadCursorError
            return [_parsed(text, column) for text, column in zip(texts, self.columns, strict=True)]
        except (ValueError, binascii.Error, KeyError) as fault:
            raise BadCursorError from fault

    def cursor(self, row: Any) -> str:
        """The cursor of a row: its key, made opaque."""
        texts = [_written(getattr(row, column.key)) for column in self.columns]
        return base64.urlsafe_b64encode(json.dumps(texts).encode()).decode("ascii")

    def slice(self, rows: Sequence[Found], first: int) -> Slice[Found]:
        """The page made of what ``limited`` found."""
        kept = rows[:first]
        return Slice(
            kept, PageInfo(has_next_page=len(rows) > first, end_cursor=self.cursor(kept[-1]) if kept else None)
        )


def require_size(first: int) -> None:
    """Refuse more rows than a page holds.

    Raises:
        PageSizeError: it is not between 1 and 100.
    """
    if not 1 <= first <= MOST_ROWS:
        raise PageSizeError(first, MOST_ROWS)


async def page(
    request: Request,
    statement: Select[Found],
    order: Order,
    show: Callable[[Found], Node],
    first: int,
    after: str | None,
) -> Page[Node]:
    """One page of a list that has no parent in the operation.

    Raises:
        PageSizeError: ``first`` is not between 1 and 100.
        BadCursorError: ``after`` is no cursor of this list.
    """
    rows = await request.objects(order.limited(statement, first, after))
    return order.slice(rows, first).shown(show)


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _parsed(text: Any, column: InstrumentedAttribute[Any]) -> Any:
    if not isinstance(text, str):
        raise BadCursorError
    kind = column.type.python_type
    if issubclass(kind, date):
        return date.fromisoformat(text)
    if kind is int:
        return int(text)
    return Decimal(text) if kind is Decimal else kind(text)
