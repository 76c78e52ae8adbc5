"""From who calls to the context of each of their operations."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from starlette.exceptions import WebSocketException
from starlette.requests import HTTPConnection
from starlette.status import WS_1008_POLICY_VIOLATION
from strawberry.extensions import SchemaExtension
from strawberry.fastapi import BaseContext

from catering.api.identity import credentials_of, identify
from catering.api.origin import ForeignOrigin
from catering.api.rates import Rate
from catering.db import Database
from catering.graph.request import Request
from catering.people.viewer import Viewer
from catering.settings import Settings


@dataclass
class Caller(BaseContext):
    """Who calls, over HTTP, over a websocket or in process: lives as long as the connection.

    ``viewer`` None is somebody who is not signed in: every field that reads data refuses them. A connection from
    outside is asked at each operation who it is (``identify``): a session that ends, or an account that is locked, ends
    a websocket's rights too.
    """

    database: Database
    viewer: Viewer | None
    config: Settings
    identify: Callable[[], Awaitable[Viewer | None]] | None = None
    rate: Rate | None = None
    """How often an identity may ask; None within the server itself."""
    stored_only: bool = False
    """Whether nothing but the stored operations may be asked (``catering.api.stored``)."""

    def __post_init__(self) -> None:
        super().__init__()

    async def present(self) -> Viewer | None:
        """Who it is at this moment."""
        return self.viewer if self.identify is None else await self.identify()

    def count(self, viewer: Viewer | None) -> None:
        """Take one of the requests that a viewer may make in a minute; who is not signed in is counted by address.

        Raises:
            catering.api.rates.TooManyRequestsError: there is none left.
        """
        if self.rate is not None and viewer is not None:
            self.rate.take(viewer.actor)


def caller(connection: HTTPConnection) -> Caller:
    """Who is at the other end of a connection.

    Raises:
        WebSocketException, catering.api.origin.ForeignOrigin: the page of another site asks.
    """
    database, config = connection.app.state.database, connection.app.state.config
    try:
        credentials = credentials_of(connection, config)
    except ForeignOrigin as refusal:
        if connection.scope["type"] == "websocket":
            raise WebSocketException(WS_1008_POLICY_VIOLATION) from refusal
        raise
    rate = getattr(connection.app.state, "rate", None)
    stored_only = config.stored_only and not config.demo_identity and credentials.token is None
    return Caller(database, None, config, partial(identify, database, credentials), rate, stored_only)


class OneRequestPerOperation(SchemaExtension):
    """Gives each operation its own read and loaders: a websocket carries many operations of one caller."""

    async def on_operation(self) -> AsyncIterator[None]:
        """Open and close what the operation needs."""
        by = self.execution_context.context
        if not isinstance(by, Caller):
            raise TypeError("execute the schema with a Caller as context")
        viewer = await by.present()
        by.count(viewer)
        request = Request(by.database, viewer, by.config, by.present)
        self.execution_context.context = request
        try:
            yield
        finally:
            await request.close()
