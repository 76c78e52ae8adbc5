"""The web application: one database per process, opened and closed with it."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from sqlalchemy import text
from starlette.middleware.gzip import GZipMiddleware

from catering.api import (
    MOST_BYTES,
    PATH,
    LimitBodies,
    declaration_router,
    document_router,
    grid_router,
    ledger_router,
    menu_router,
    paper_router,
    router,
)  # fmt: skip
from catering.api.metrics import Measure, Metrics, metrics_router
from catering.api.rates import LimitAddresses, Rate
from catering.db import Database
from catering.orders.telling import tell_until
from catering.outbox.delivery import deliver_until
from catering.people.mail import can_send
from catering.planning.jobs import work_through_queue
from catering.planning.machines import solver_at
from catering.routines.daily import DAILY
from catering.routines.running import do_until
from catering.settings import Settings, settings
from catering.sight import EVERYTHING, NOTHING
from catering.web import add_pages

SMALL = 1_000
"""Bytes of an answer that is not worth compressing."""

PATIENCE_SECONDS = 2.0
"""How long a worker that is asked to stop is waited for: longer than any look at the queue."""


@asynccontextmanager
async def _beside(database: Database, config: Settings) -> AsyncIterator[None]:
    """What this process does beside answering, for as long as it lives.

    It writes letters about orders and delivers all letters, when they can leave; with the setting `jobs=in_process` it
    runs queued plans and does what is done every day.
    """
    stop = asyncio.Event()
    worker = routines = None
    if config.jobs == "in_process":
        routines = asyncio.create_task(do_until(stop, database, DAILY))
        queue = work_through_queue(database, solver=solver_at(config.plan_scheduler), stop=stop)
        worker = asyncio.create_task(queue)
    letters = [deliver_until(stop, database, config), tell_until(stop, database)] if can_send(config) else []
    posting = [asyncio.create_task(each) for each in letters]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*posting)
        for each in (worker, routines):
            if each is not None:
                await _end(each)


async def _end(worker: "asyncio.Task[None]") -> None:
    """Wait for a worker that was asked to stop; a plan under way is given up, for it may take minutes."""
    await asyncio.wait([worker], timeout=PATIENCE_SECONDS)
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
        app.state.rate = Rate(config.rate_per_identity)
        app.state.database = Database(config.database_url, NOTHING)
        async with _beside(app.state.database.seeing(EVERYTHING), config):
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
    app.include_router(document_router())
    app.include_router(paper_router())
    app.include_router(menu_router())
    app.include_router(ledger_router())
    app.include_router(declaration_router())
    app.include_router(grid_router())
    metrics = Metrics()
    app.include_router(metrics_router(metrics, config))
    app.add_middleware(LimitBodies, path=PATH, most=MOST_BYTES)
    add_pages(app)
    app.add_middleware(GZipMiddleware, minimum_size=SMALL)
    app.add_middleware(LimitAddresses, config=config)
    app.add_middleware(Measure, metrics=metrics)
    return app
