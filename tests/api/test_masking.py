"""A fault of ours leaves the server as a number; what a client can act upon leaves it as it is."""

import logging
import re
from typing import Any

import pytest

from catering.api import schema
from catering.graph.request import Request
from tests.api.conftest import Client
from tests.api.operations import operations

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


BASKET = {"kitchen": "0620004T", "week": "2026-09-07", "version": 1}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"packs": 9999999999}, "packs : 9999999999 est trop grand ou trop petit : un nombre entier va de -2147483648"),
        ({"packs": 1.5}, "packs : un nombre entier est attendu, non 1.5."),
        ({"packs": None}, "packs : valeur manquante : la donner."),
        ({"day": "1850-01-01"}, "day : Date attend un jour écrit comme 2026-09-01, entre 1900 et 2199, non « 1850"),
        ({"basket": BASKET | {"version": 2**40}}, "basket.version : 1099511627776 est trop grand"),
        ({"basket": {"kitchen": "0620004T", "version": 1}}, "basket : le champ week manque."),
        ({"basket": BASKET | {"semaine": 1}}, "basket : champ semaine inconnu."),
        ({"basket": 3}, "basket : un objet, avec ses champs, est attendu."),
        ({"offer": ["x"]}, "offer : un identifiant est attendu, non ['x']."),
    ],
)
async def test_a_variable_that_cannot_be_read_is_told_in_french_beside_its_name(
    changed: dict[str, Any], says: str, client: Client
) -> None:
    text = operations()["chef/PutBasketLine"]
    given = {"basket": BASKET, "offer": "x", "packs": 1, "day": None, "idempotencyKey": "12345678"}
    ((code, message),) = (await client(text, **(given | changed))).errors
    assert code == "BAD_ARGUMENT"
    assert message.startswith(says)
    assert "Expected" not in message
    assert "cannot" not in message


async def test_a_word_that_an_enumeration_lacks_is_told_in_french(client: Client) -> None:
    text = "query Q($s: [OrderState!]) { kitchens { nodes { orders(states: $s) { nodes { number } } } } }"
    ((code, message),) = (await client(text, s=["GONE"])).errors
    assert (code, message) == ("BAD_ARGUMENT", "s[0] : « GONE » n'est pas l'un des mots de OrderState.")
