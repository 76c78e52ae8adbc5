"""The web application: one database per process, opened and closed with it."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from sqlalchemy import text

from catering.api import (
    MOST_BYTES,
    PATH,
    LimitBodies,
    document_router,
    ledger_router,
    menu_router,
    paper_router,
    router,
    sign_in,
)  # fmt: skip
from catering.db import Database
from catering.outbox.delivery import deliver_until
from catering.people.mail import can_send
from catering.planning.jobs import work_through_queue
from catering.planning.machines import solver_at
from catering.refusal import Refusal
from catering.settings import Settings, settings


@asynccontextmanager
async def _beside(database: Database, config: Settings) -> AsyncIterator[None]:
    """What this process does beside answering, for as long as it lives.

    It delivers letters, when they can leave; with the setting `jobs=in_process` it runs queued plans.
    """
    stop = asyncio.Event()
    worker = None
    if config.jobs == "in_process":
        worker = asyncio.create_task(work_through_queue(database, solver=solver_at(config.plan_scheduler)))
    letters = asyncio.create_task(deliver_until(stop, database, config)) if can_send(config) else None
    try:
        yield
    finally:
        stop.set()
        if letters is not None:
            await letters
        if worker is not None:
            worker.cancel()
            with suppress(asyncio.CancelledError):
                await worker


def keep_for_good() -> None:
    """Tell the garbage collector to leave alone what a server holds from its start on: law, tables, schema.

    It would go through all of it again in the middle of answers. Only for a process that serves until it ends.
    """
    gc.collect()
    gc.freeze()


def create_app(config: Settings | None = None) -> FastAPI:
    """The application of one process.

    Args:
        config: settings to run with; those of the environment by default.
    """
    config = config or settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.config = config
        app.state.database = Database(config.database_url)
        async with _beside(app.state.database, config):
            yield
        await app.state.database.dispose()

    app = FastAPI(title="Restauration des collèges du Pas-de-Calais", lifespan=lifespan, openapi_url=None)

    @app.get("/health")
    async def health() -> dict[str, str]:
        """Whether the server answers and reaches its database."""
        async with app.state.database.reading() as session:
            await session.execute(text("SELECT 1"))
        return {"status": "ok"}

    app.include_router(router())
    app.include_router(sign_in.router())
    app.include_router(document_router())
    app.include_router(paper_router())
    app.include_router(menu_router())
    app.include_router(ledger_router())
    app.add_middleware(LimitBodies, path=PATH, most=MOST_BYTES)
    app.add_exception_handler(Refusal, sign_in.refused)
    return app
