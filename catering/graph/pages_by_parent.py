"""Pages of lists that hang on many parents at once, in one statement instead of one per parent."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import Select, literal, select, union_all
from sqlalchemy.orm import aliased

from catering.db import Base
from catering.graph.loading import Loader
from catering.graph.paging import Order, Slice

Found = TypeVar("Found")
Parent = TypeVar("Parent", bound=Hashable)
BRANCH = "branch"
MOST_BRANCHES = 100
"""Parents of one statement; SQLite refuses a union of more than 500."""


@dataclass(frozen=True, slots=True)
class PageKey(Generic[Parent]):
    """Which page of which parent: the parent with whatever filters the list."""

    parent: Parent
    first: int
    after: str | None


class PageByParent(Loader[PageKey[Parent], Slice[Found]], Generic[Parent, Found]):
    """Pages of ``statement(parent)`` in ``order``: a union of one limited select per parent, each on its own index."""

    order: ClassVar[Order]
    table: ClassVar[type[Base] | None] = None
    """The table whose objects the statement selects; None when it selects plain columns."""

    @abstractmethod
    def statement(self, parent: Parent) -> Select[Found]:
        """The rows of one parent that the viewer may read, in any order."""

    async def fetch(self, keys: list[PageKey[Parent]]) -> Mapping[PageKey[Parent], Slice[Found]]:
        """The pages by key.

        Raises:
            PageSizeError: ``first`` is not between 1 and 100.
            BadCursorError: ``after`` is no cursor of this list.
        """
        found: dict[PageKey[Parent], list[Any]] = defaultdict(list)
        for some in _some_at_a_time(keys):
            for row in await self.request.rows(self._union(some)):
                found[some[row[0]]].append(row if self.table is None else row[1])
        return {key: self.order.slice(found[key], key.first) for key in keys}

    def _union(self, keys: Sequence[PageKey[Parent]]) -> Select[Any]:
        branches = []
        for number, key in enumerate(keys):
            limited = self.order.limited(self.statement(key.parent), key.first, key.after).subquery()
            branches.append(select(literal(number).label(BRANCH), *limited.c))
        union = union_all(*branches).subquery()
        columns = [column for column in union.c if column.key != BRANCH]
        shown = columns if self.table is None else [aliased(self.table, union, adapt_on_names=True)]
        key_columns = [union.c[column.key] for column in self.order.columns]
        turned = [column.desc() for column in key_columns] if self.order.newest_first else key_columns
        return select(union.c[BRANCH], *shown).order_by(union.c[BRANCH], *turned)


def _some_at_a_time(keys: Sequence[PageKey[Parent]]) -> Iterator[Sequence[PageKey[Parent]]]:
    return (keys[start : start + MOST_BRANCHES] for start in range(0, len(keys), MOST_BRANCHES))
