"""One GraphQL operation: who asks, one consistent read of the database, and the loaders it shares."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeAlias, TypeVar

import strawberry
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.dataloader import DataLoader

from catering.db import Database
from catering.graph.errors import SignInRequiredError
from catering.people.viewer import Viewer, sight_of
from catering.settings import Settings
from catering.sight import OPEN

Item = TypeVar("Item")
AnyLoader = TypeVar("AnyLoader", bound=DataLoader[Any, Any])


class OperationOver(Exception):  # noqa: N818 - nobody is told: the operation is answered already
    """A read was asked for after its operation had ended."""


class Request:
    """The context of one operation.

    Resolvers run side by side but a session does one thing at a time: reads queue for the one session, so that an
    operation sees one state of the database and takes one connection whatever its size.
    """

    def __init__(
        self,
        database: Database,
        viewer: Viewer | None,
        config: Settings,
        present: Callable[[], Awaitable[Viewer | None]] | None = None,
    ) -> None:
        self.database = database.seeing(sight_of(viewer))
        self.signed_in = viewer
        self.config = config
        self._present = present
        self._turn = asyncio.Lock()
        self._open = AsyncExitStack()
        self._session: AsyncSession | None = None
        self._loaders: dict[Any, Any] = {}
        self._under_way: set[asyncio.Future[Any]] = set()
        self._over = False

    @property
    def viewer(self) -> Viewer:
        """On whose behalf data is read or changed.

        Raises:
            SignInRequiredError: nobody is signed in.
        """
        if self.signed_in is None:
            raise SignInRequiredError
        return self.signed_in

    async def still(self) -> None:
        """Ask again who it is: what goes on being told for minutes ends with the session or the rights it began with.

        Raises:
            SignInRequiredError: they are over, or others.
        """
        if self._present is not None and await self._present() != self.signed_in:
            raise SignInRequiredError

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """The session of this operation, for one read at a time; never nest two."""
        async with self._turn:
            if self._over:
                # A field beside one that failed still asks, and nobody waits for it: a session would stay open.
                raise OperationOver
            if self._session is None:
                self._session = await self._open.enter_async_context(self.database.reading())
            yield self._session

    @asynccontextmanager
    async def frozen(self) -> AsyncIterator["Request"]:
        """The same caller, whose reads all see the database as it was at the first of them, however long they take.

        On PostgreSQL too, where each statement of an ordinary read sees what was committed before it.
        """
        one = Request(self.database, self.signed_in, self.config)
        async with self.database.snapshot() as connection, AsyncSession(connection, expire_on_commit=False) as session:
            one._session = session
            try:
                yield one
            finally:
                await one.forget()

    @asynccontextmanager
    async def of_everybody(self) -> AsyncIterator[AsyncSession]:
        """A session of its own that reads rows of everybody, whose statements say what of them is told.

        For what is open to all (menus, displays), for sums over many (needs in reach), and for what the law judges over
        others' rows (the weekly cap of a permit): a sum from which rows were hidden would be wrong without a word.
        """
        async with self.database.seeing(OPEN).reading() as session:
            yield session

    async def rows(self, statement: Select[*tuple[Any, ...]]) -> Sequence[Any]:
        """Rows of a statement, as named tuples."""
        async with self.reading() as session:
            return (await session.execute(statement)).all()

    async def objects(self, statement: Select[Item]) -> Sequence[Item]:
        """First column of each row of a statement: the objects of ``select(Table)``."""
        async with self.reading() as session:
            return (await session.scalars(statement)).all()

    async def one(self, statement: Select[Item]) -> Item | None:
        """First object of a statement, None when there is none."""
        found = await self.objects(statement.limit(1))
        return found[0] if found else None

    def loader(self, kind: "Callable[[Request], AnyLoader]") -> AnyLoader:
        """The loader of a kind, made once per operation: what one field read, another finds."""
        if kind not in self._loaders:
            self._loaders[kind] = kind(self)
        made: AnyLoader = self._loaders[kind]
        return made

    def shared(self, value: Awaitable[Item]) -> Awaitable[Item]:
        """A value for one of several that wait for it: who gives up waiting takes it from nobody else."""
        future = asyncio.ensure_future(value)
        if future.done():
            return future
        self._under_way.add(future)
        return asyncio.shield(future)

    async def close(self) -> None:
        """End the operation: what still asks for a read of it is given up."""
        self._over = True
        await self.forget()

    async def forget(self) -> None:
        """Drop what was read, e.g. because it has just been changed; the next read sees the present.

        What is still being loaded, though nobody may wait for it any more, is let finish: it holds the session.
        """
        while running := {each for each in self._under_way if not each.done()}:
            await asyncio.wait(running)
        self._under_way.clear()
        async with self._turn:
            self._loaders.clear()
            self._session = None
            await self._open.aclose()


Ask: TypeAlias = strawberry.Info[Request, None]
"""The ``info`` argument of every resolver."""
