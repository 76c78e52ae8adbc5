"""What a browser may ask: the stored operations and nothing else; what a program may: anything within the limits."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from catering.api.stored import faults_of_stored, is_stored
from tests.api.operations import operations
from tests.api.test_http import heard, served, subscribe
from tests.people.conftest import WHO, Opened, Site
from tests.people.conftest import opened as opened
from tests.people.conftest import small_file as small_file
from tests.people.test_tokens import CHEF, CREATE, ask, code

TEXTS = operations()
MINE = TEXTS["account/MyAccount"]


@pytest.fixture
async def site(opened: Opened) -> AsyncIterator[Site]:
    """The application as it is installed."""
    async with opened(stored_only=True) as site:
        yield site


async def test_a_browser_runs_stored_operations_only(site: Site) -> None:
    browser = await site.signed_in(CHEF)
    assert "errors" not in await browser.ask(MINE)
    assert code(await browser.ask(WHO)) == "NOT_STORED"
    assert code(await browser.ask("{ __schema { types { name } } }")) == "NOT_STORED"
    assert code(await browser.ask(f"{MINE}\nquery Another {{ viewer {{ name }} }}")) == "NOT_STORED"


async def test_who_is_not_signed_in_runs_stored_operations_only(site: Site) -> None:
    answer = await site.http.post("/graphql", json={"query": WHO}, headers={"origin": "https://cantines.test"})
    assert code(answer.json()) == "NOT_STORED"


async def test_a_program_with_a_token_asks_what_it_likes(opened: Opened, site: Site) -> None:
    browser = await site.signed_in(CHEF)
    wanted = {"name": "Logiciel", "scopes": ["READ"], "days": 30}
    made = (await browser.ask(CREATE, token=wanted, idempotencyKey="one-of-a-kind"))["data"]["createApiToken"]
    assert (await ask(site, made["secret"], WHO))["data"]["viewer"]["role"] == "CHEF"


async def test_a_token_that_opens_nothing_reads_nothing(site: Site) -> None:
    """Whoever makes one up is nobody, and nobody reads what is not public."""
    assert code(await ask(site, "x" * 43, "{ kitchens { nodes { uai } } }")) == "SIGN_IN_REQUIRED"


async def test_the_demonstration_answers_whatever_is_asked(opened: Opened) -> None:
    async with opened(stored_only=True, demo_identity=True, public_url=None) as site:
        headers = {"host": "127.0.0.1:8000"}
        answer = await site.http.post("/graphql", json={"query": "{ viewer { role } }"}, headers=headers)
        assert "NOT_STORED" not in answer.text


async def test_a_websocket_of_a_browser_follows_stored_subscriptions_only(tmp_path: Path, small_file: Path) -> None:
    async with served(tmp_path, small_file, demo_identity=False, stored_only=True) as web, web.socket() as socket:
        await subscribe(socket, "1", {"query": "subscription { planProgress(run: 1) { phase } }"})
        told = await heard(socket)
        assert "NOT_STORED" in str(told)


def test_what_graphql_ignores_makes_no_other_operation() -> None:
    assert is_stored(MINE)
    assert is_stored(f"# pour moi\n{MINE.replace(' ', '  ')},,")
    assert not is_stored(MINE.replace("query MyAccount", "query Autre"))
    assert not is_stored("{")
    assert not is_stored(None)


def test_what_is_stored_fits_the_schema() -> None:
    assert list(faults_of_stored()) == []
    assert all(is_stored(text) for text in TEXTS.values())
