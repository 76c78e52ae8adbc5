"""Loads that gather what many objects of one operation need into one statement."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute
from strawberry.dataloader import DataLoader

from catering.graph.request import Request

Key = TypeVar("Key")
Value = TypeVar("Value")
RowKind = TypeVar("RowKind")


class Loader(DataLoader[Key, Value], Generic[Key, Value]):
    """A DataLoader of one operation, named after what it returns (``OffersByIngredientId``)."""

    def __init__(self, request: Request) -> None:
        super().__init__(load_fn=self._in_order)
        self.request = request

    def load(self, key: Key) -> Awaitable[Value]:
        """The value of a key.

        Fields that wait for one value share it: when one of them is given up, because a field beside it failed, the
        others still get it. The operation ends after what is under way (``Request.forget``).
        """
        value: Awaitable[Value] = self.request.shared(super().load(key))
        return value

    async def _in_order(self, keys: list[Key]) -> list[Value]:
        found = await self.fetch(keys)
        return [found[key] if key in found else self.missing(key) for key in keys]

    @abstractmethod
    async def fetch(self, keys: list[Key]) -> Mapping[Key, Value]:
        """What is found for these keys, in a number of statements that does not depend on how many they are."""

    def missing(self, key: Key) -> Value:
        """What stands for a key that found nothing.

        Raises:
            LookupError: nothing can stand for it.
        """
        raise LookupError(f"{type(self).__name__} found nothing for {key!r}")


class OneByKey(Loader[Key, RowKind | None], Generic[Key, RowKind]):
    """The one row of ``statement`` whose ``column`` has the key; None when there is none that the viewer may see."""

    @abstractmethod
    def column(self) -> InstrumentedAttribute[Key]:
        """Unique column that holds the key."""

    @abstractmethod
    def statement(self) -> Select[RowKind]:
        """All rows the viewer may read."""

    async def fetch(self, keys: list[Key]) -> Mapping[Key, RowKind | None]:
        """The rows by key."""
        found = await self.request.objects(self.statement().where(self.column().in_(keys)))
        return {getattr(row, self.column().key): row for row in found}

    def missing(self, key: Key) -> RowKind | None:
        """None."""
        del key
        return None


class ManyByKey(Loader[Key, Sequence[RowKind]], Generic[Key, RowKind]):
    """The rows of ``statement``, in its order, whose ``column`` has the key. For lists that stay short by nature."""

    @abstractmethod
    def column(self) -> InstrumentedAttribute[Any]:
        """Column that holds the key."""

    @abstractmethod
    def statement(self) -> Select[RowKind]:
        """All rows the viewer may read, in order."""

    async def fetch(self, keys: list[Key]) -> Mapping[Key, Sequence[RowKind]]:
        """The rows by key."""
        found: dict[Key, list[RowKind]] = defaultdict(list)
        for row in await self.request.objects(self.statement().where(self.column().in_(keys))):
            found[getattr(row, self.column().key)].append(row)
        return found

    def missing(self, key: Key) -> Sequence[RowKind]:
        """No rows."""
        del key
        return ()
