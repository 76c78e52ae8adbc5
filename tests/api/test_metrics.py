"""A watchman with the token reads what the process counts; nobody else does, and no figure names anybody."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from catering.api.metrics import BOUNDS, METRICS, Metrics
from catering.app import create_app
from catering.settings import Settings
from tests.api.dataset import uai

TOKEN = "0123456789abcdef0123"
WATCHMAN = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
async def http(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[httpx.AsyncClient]:
    """The application with the token that a test gives."""
    given: dict[str, Any] = {"metrics_token": getattr(request, "param", TOKEN)}
    config = Settings(database_url=f"sqlite+aiosqlite:///{tmp_path}/x.db", jobs="worker", **given)
    app = create_app(config)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            yield client


async def test_who_has_the_token_reads_what_was_answered(http: httpx.AsyncClient) -> None:
    for _ in range(3):
        assert (await http.get("/health")).status_code == 200
    answer = await http.get(METRICS, headers=WATCHMAN)
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert 'catering_requests_total{method="GET",route="/health",status="200"} 3' in lines
    assert 'catering_request_seconds_count{route="/health"} 3' in lines
    assert 'catering_request_seconds_bucket{route="/health",le="+Inf"} 3' in lines
    assert "catering_requests_under_way 1" in lines, "the one that asks"
    assert float(next(line for line in lines if line.startswith("process_cpu_seconds_total ")).split()[1]) > 0


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer 0123456789abcdef0124"}, {"authorization": TOKEN}])
async def test_nobody_else_reads_them(http: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await http.get(METRICS, headers=headers)
    assert answer.status_code == 401
    assert "catering_requests_total" not in answer.text


@pytest.mark.parametrize("http", [None], indirect=True)
async def test_without_token_in_the_settings_there_is_nothing_to_read(http: httpx.AsyncClient) -> None:
    assert (await http.get(METRICS, headers={"authorization": "Bearer None"})).status_code == 404


async def test_no_figure_names_who_or_what_was_asked(http: httpx.AsyncClient) -> None:
    await http.get(f"/cuisine/{uai(0)}/semaine?semaine=2026-09-07")
    await http.get("/invente/par/quelqu-un")
    await http.request("INVENTED", "/health")
    told = (await http.get(METRICS, headers=WATCHMAN)).text
    assert 'route="/cuisine/{uai}/semaine"' in told
    assert 'route="none",status="404"' in told
    assert 'method="other"' in told
    assert [word for word in (uai(0), "invente", "2026-09-07", "INVENTED") if word in told] == []


def test_a_weak_token_is_refused() -> None:
    with pytest.raises(ValidationError, match="16"):
        Settings(metrics_token="secret")


def test_steps_of_the_histogram_add_up() -> None:
    metrics = Metrics()
    for seconds in (0.05, 0.051, 0.2, 99):
        metrics.note("GET", "/", 200, seconds)
    steps = [line for line in metrics.lines() if "_bucket" in line]
    assert [int(line.split()[-1]) for line in steps] == [1, 2, 3, 3, 3, 3, 3, 3, 3, 4]
    assert len(steps) == len(BOUNDS) + 1
