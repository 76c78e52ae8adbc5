"""The web process answers, reaches its database, and runs the plans that wait when told to."""

import asyncio
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

    async def queue(database: Database, *, solver: Callable[..., Plan]) -> None:
        assert solver is solve, "on this machine, unless a scheduler is named"
        at_work.append(database.url)
        try:
            await asyncio.sleep(60)
        finally:
            at_work.append("stopped")

    monkeypatch.setattr(module, "work_through_queue", queue)
    config = settings_of(tmp_path, jobs=jobs)
    app = create_app(config)
    async with app.router.lifespan_context(app):
        await asyncio.sleep(0.01)
        assert at_work == ([config.database_url] if runs else [])
    assert at_work == ([config.database_url, "stopped"] if runs else [])
