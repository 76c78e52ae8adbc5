"""The web process answers, reaches its database, and runs the plans that wait when told to."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from catering import app as module
from catering.app import create_app
from catering.db import Database
from catering.settings import Settings
from catering.tables import all_tables
from optimizer import Plan, solve


def settings_of(folder: Path, **others: Any) -> Settings:
    return Settings(database_url=f"sqlite+aiosqlite:///{folder}/app.db", **others)


async def get(app: FastAPI, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://collège.test") as client:
        return await client.get(path)


async def test_the_server_says_it_reaches_its_database(tmp_path: Path) -> None:
    app = create_app(settings_of(tmp_path, jobs="worker"))
    async with app.router.lifespan_context(app):
        answer = await get(app, "/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(("jobs", "runs"), [("in_process", True), ("worker", False)])
async def test_the_setting_says_who_runs_queued_plans(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: str, runs: bool
) -> None:
    at_work: list[str] = []

    async def queue(database: Database, *, solver: Callable[..., Plan], stop: asyncio.Event) -> None:
        assert solver is solve, "on this machine, unless a scheduler is named"
        at_work.append(database.url)
        await stop.wait()
        at_work.append("stopped")

    monkeypatch.setattr(module, "work_through_queue", queue)
    config = settings_of(tmp_path, jobs=jobs)
    app = create_app(config)
    async with app.router.lifespan_context(app):
        await asyncio.sleep(0.01)
        assert at_work == ([config.database_url] if runs else [])
    assert at_work == ([config.database_url, "stopped"] if runs else [])


async def test_a_plan_that_does_not_end_is_given_up_when_the_server_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []

    async def busy(database: Database, *, solver: Callable[..., Plan], stop: asyncio.Event) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("given up")

    monkeypatch.setattr(module, "work_through_queue", busy)
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.01)
    app = create_app(settings_of(tmp_path, jobs="in_process"))
    async with app.router.lifespan_context(app):
        await asyncio.sleep(0.01)
    assert ended == ["given up"]


def test_a_server_that_stops_at_any_moment_leaves_no_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look at the queue that is cut off leaves a connection whose thread finds nobody to answer."""
    cut_off: list[object] = []
    monkeypatch.setattr(threading, "excepthook", cut_off.append)
    config = settings_of(tmp_path, jobs="in_process")

    async def prepare() -> None:
        database = Database(config.database_url)
        async with database.engine.begin() as connection:
            await connection.run_sync(all_tables().create_all)
        await database.dispose()

    async def stop_after(turns: int) -> None:
        app = create_app(config)
        async with app.router.lifespan_context(app):
            for _ in range(turns):
                await asyncio.sleep(0)

    asyncio.run(prepare())
    for turns in range(40):
        before = set(threading.enumerate())
        asyncio.run(stop_after(turns))
        for thread in set(threading.enumerate()) - before:
            thread.join(timeout=10)
            assert not thread.is_alive(), "a connection is still open"
    assert cut_off == []
