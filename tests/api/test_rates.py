"""Nobody takes the server from the others: each identity and each address may ask so often, and is told when again."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from catering.api.rates import MOST_KEPT, Rate, TooManyRequestsError
from catering.app import create_app
from catering.settings import Settings

ASK = {"query": "{ viewer { name } }"}
SAID = "Trop de demandes"


def test_a_minutes_worth_may_be_asked_at_once_and_comes_back_with_time() -> None:
    rate = Rate(60)
    assert [rate.wait("a", now=0) for _ in range(61)] == [0] * 60 + [1]
    assert rate.wait("b", now=0) == 0, "each has a bucket of their own"
    assert rate.wait("a", now=0.5) == 1, "who is refused is not held longer for asking"
    assert rate.wait("a", now=1.01) == 0
    assert rate.wait("a", now=1.02) == 1
    assert [rate.wait("a", now=10_000) for _ in range(61)] == [0] * 60 + [1], "no more than a minute's worth is saved"


def test_what_is_remembered_is_bounded() -> None:
    rate = Rate(10)
    for number in range(MOST_KEPT + 50):
        rate.wait(str(number), now=0)
    assert len(rate._left) == MOST_KEPT


def test_a_refusal_says_when_again() -> None:
    rate = Rate(10)
    for _ in range(10):
        rate.take("a")
    with pytest.raises(TooManyRequestsError, match="dans 6 s"):
        rate.take("a")


@pytest.fixture
async def served(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[httpx.ASGITransport]:
    """The application, for the demonstration, with the limits that a test gives."""
    config = Settings(
        database_url=f"sqlite+aiosqlite:///{tmp_path}/x.db", jobs="worker", demo_identity=True, **request.param
    )
    app = create_app(config)
    async with app.router.lifespan_context(app):
        yield httpx.ASGITransport(app=app, client=("127.0.0.1", 40_000))


async def asked(served: httpx.ASGITransport, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=served, base_url="http://127.0.0.1:8000") as http:
        return await http.post("/graphql", json=ASK, headers=headers)


@pytest.mark.parametrize("served", [{"rate_per_identity": 10}], indirect=True)
async def test_an_identity_that_asks_too_often_is_told_so_and_the_server_lives(served: httpx.ASGITransport) -> None:
    answers = [(await asked(served)).json() for _ in range(11)]
    assert [answer.get("errors") for answer in answers[:10]] == [None] * 10
    (error,) = answers[10]["errors"]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert SAID in error["message"]


@pytest.mark.parametrize(
    "served", [{"rate_per_address": 10, "trusted_proxies": "127.0.0.1"}], indirect=True, ids=["behind a relay"]
)
async def test_an_address_that_asks_too_often_is_refused_and_another_is_not(served: httpx.ASGITransport) -> None:
    first = {"x-forwarded-for": "192.0.2.1"}
    answers = [await asked(served, **first) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert SAID in answers[10].json()["detail"]
    assert int(answers[10].headers["retry-after"]) >= 1
    assert (await asked(served, **{"x-forwarded-for": "192.0.2.2"})).status_code == 200
    async with httpx.AsyncClient(transport=served, base_url="http://127.0.0.1:8000") as http:
        assert (await http.get("/health", headers=first)).status_code == 200, "a watchman is always answered"
        page = await http.get("/", headers=first | {"accept": "text/html"})
    assert page.status_code == 429
    assert page.text.startswith(SAID)
