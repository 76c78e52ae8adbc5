"""A fault of ours leaves the server as a number; what a client can act upon leaves it as it is."""

import logging
import re
from typing import Any

import pytest

from catering.api import schema
from catering.graph.request import Request
from tests.api.conftest import Client

SECRET = "password=hunter2"


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any) -> Any:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(Request, "objects", fail)


async def test_a_fault_is_a_number_for_the_client_and_a_story_in_the_log(
    client: Client, broken: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = await client("{ kitchens { nodes { uai } } }")
    ((code, message),) = answer.errors
    assert code == "INTERNAL"
    assert SECRET not in message
    number = re.search(r"numéro ([0-9a-f]{8})", message)
    assert number is not None
    (record,) = [each for each in caplog.records if number.group(1) in each.getMessage()]
    assert record.exc_info is not None
    assert SECRET in str(record.exc_info[1])


async def test_two_faults_have_two_numbers(client: Client, broken: None) -> None:
    text = "{ kitchens { nodes { uai } } }"
    assert (await client(text)).errors != (await client(text)).errors


async def test_a_fault_in_a_subscription_is_masked_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from catering.api import Caller, progress
    from catering.people.viewer import demo_viewer
    from catering.settings import Settings

    async def fail(*_: Any) -> Any:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(progress, "_read", fail)
    caller = Caller(client.database, demo_viewer(), Settings())
    stream: Any = await schema.subscribe('subscription { planProgress(runId: "1") { phase } }', context_value=caller)
    (result,) = [each async for each in stream]
    assert SECRET not in str(result.errors)
    assert result.errors[0].extensions["code"] == "INTERNAL"


@pytest.mark.parametrize(
    ("text", "variables", "says"),
    [
        ("{ nothing }", {}, "Cannot query field 'nothing'"),
        ("{ kitchens(", {}, "Syntax Error"),
        ("query Q($d: Date) { planInUse(on: $d) { id } }", {"d": "yesterday"}, "yesterday"),
        ('{ planInUse(on: "2026-13-01") { id } }', {}, "2026-13-01"),
    ],
)
async def test_a_mistake_of_the_client_is_told_as_it_is(
    text: str, variables: dict[str, Any], says: str, client: Client
) -> None:
    answer = await client(text, **variables)
    assert says in answer.errors[0][1]
    assert all(code != "INTERNAL" for code, _ in answer.errors)
