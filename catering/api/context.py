"""From who calls to the context of each of their operations."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from strawberry.extensions import SchemaExtension
from strawberry.fastapi import BaseContext

from catering.db import Database
from catering.graph.request import Request
from catering.people.viewer import Viewer, demo_viewer
from catering.settings import Settings


@dataclass
class Caller(BaseContext):
    """Who calls, over HTTP, over a websocket or in process: lives as long as the connection.

    ``viewer`` None is somebody who is not signed in: every field that reads data refuses them.
    """

    database: Database
    viewer: Viewer | None
    config: Settings

    def __post_init__(self) -> None:
        super().__init__()


def caller(connection: HTTPConnection) -> Caller:
    """Who is at the other end of a connection."""
    state = connection.app.state
    config: Settings = state.config
    return Caller(state.database, demo_viewer() if config.demo_identity else None, config)


class OneRequestPerOperation(SchemaExtension):
    """Gives each operation its own read and loaders: a websocket carries many operations of one caller."""

    async def on_operation(self) -> AsyncIterator[None]:
        """Open and close what the operation needs."""
        by = self.execution_context.context
        if not isinstance(by, Caller):
            raise TypeError("execute the schema with a Caller as context")
        request = Request(by.database, by.viewer, by.config)
        self.execution_context.context = request
        try:
            yield
        finally:
            await request.forget()
