"""The web application: one database per process, opened and closed with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import text

from catering.db import Database
from catering.settings import Settings, settings


def create_app(config: Settings | None = None) -> FastAPI:
    """The application of one process.

    Args:
        config: settings to run with; those of the environment by default.
    """
    config = config or settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.database = Database(config.database_url)
        try:
            yield
        finally:
            await app.state.database.dispose()

    app = FastAPI(title="Restauration des collèges du Pas-de-Calais", lifespan=lifespan, openapi_url=None)

    @app.get("/health")
    async def health() -> dict[str, str]:
        """Whether the server answers and reaches its database."""
        async with app.state.database.reading() as session:
            await session.execute(text("SELECT 1"))
        return {"status": "ok"}

    return app
