"""Passkeys: registered by who is signed in, then enough to sign in; each challenge serves once."""

import copy
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from catering.people.models import Account, Passkey, PasskeyChallenge
from tests.people.authenticator import Authenticator
from tests.people.conftest import SITE, Browser, Site, together

CHEF = "personne1@exemple.fr"
REMOVE = """mutation($id: ID!) { removePasskey(passkeyId: $id, idempotencyKey: "remove-one") { __typename } }"""


async def options(browser: Browser, path: str) -> Any:
    answer = await browser.post(f"{path}/options", json={})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def registered(browser: Browser, device: Authenticator, name: str = "Tablette") -> Any:
    credential = device.create(await options(browser, "/compte/cles"))
    return await browser.post("/compte/cles", json={"name": name, "credential": credential})


async def sign_in(browser: Browser, device: Authenticator) -> Any:
    return await browser.post(
        "/connexion/cle", json={"credential": device.get(await options(browser, "/connexion/cle"))}
    )


@pytest.fixture
async def device(site: Site) -> Authenticator:
    """A device registered by the chef."""
    made = Authenticator(SITE)
    answer = await registered(await site.signed_in(CHEF), made)
    assert answer.status_code == 201, answer.text
    return made


async def test_a_registered_device_signs_its_owner_in(site: Site, device: Authenticator) -> None:
    browser = site.browser()
    assert (await sign_in(browser, device)).status_code == 204
    assert (await browser.who())["account"] == "1"
    found = await browser.ask("{ ownAccount { passkeys { name lastUsedAt } sessions { nodes { way } } } }")
    own = found["data"]["ownAccount"]
    assert (own["passkeys"][1]["name"], own["passkeys"][1]["lastUsedAt"] is not None) == ("Tablette", True)
    assert own["sessions"]["nodes"][0] == {"way": "PASSKEY"}
    (made,) = await site.changes("passkeys")
    assert (made.actor, made.after) == ("account 1", {"name": "Tablette"})


async def test_the_options_tell_of_no_account(site: Site, device: Authenticator) -> None:
    asked = await options(site.browser(), "/connexion/cle")
    assert asked["rpId"] == "cantines.test"
    assert asked["userVerification"] == "required"
    assert asked.get("allowCredentials", []) == []


async def test_nobody_registers_a_device_without_being_signed_in(site: Site) -> None:
    assert (await site.browser().post("/compte/cles/options", json={})).status_code == 401


async def test_a_challenge_serves_once(site: Site, device: Authenticator) -> None:
    answer = device.get(await options(site.browser(), "/connexion/cle"))
    sent = [site.browser().post("/connexion/cle", json={"credential": answer}) for _ in range(5)]
    answers = await together(*sent)
    assert sorted(each.status_code for each in answers) == [204] + [400] * 4


async def test_a_wrong_answer_spends_the_challenge(site: Site, device: Authenticator) -> None:
    asked = await options(site.browser(), "/connexion/cle")
    forged = Authenticator(SITE, credential_id=device.credential_id)
    assert (await site.browser().post("/connexion/cle", json={"credential": forged.get(asked)})).status_code == 400
    right = await site.browser().post("/connexion/cle", json={"credential": device.get(asked)})
    assert "a déjà servi" in right.json()["message"]


async def test_a_challenge_is_over_after_five_minutes(site: Site, device: Authenticator) -> None:
    answer = device.get(await options(site.browser(), "/connexion/cle"))
    async with site.database.unit_of_work() as session:
        await session.execute(update(PasskeyChallenge).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert (await site.browser().post("/connexion/cle", json={"credential": answer})).status_code == 400


async def test_a_challenge_to_register_does_not_sign_in(site: Site, device: Authenticator) -> None:
    asked = await options(await site.signed_in(CHEF), "/compte/cles")
    assert (await site.browser().post("/connexion/cle", json={"credential": device.get(asked)})).status_code == 400


async def test_a_challenge_of_one_account_registers_no_device_for_another(site: Site) -> None:
    chef, other = await site.signed_in(CHEF), await site.signed_in("personne2@exemple.fr")
    credential = Authenticator(SITE).create(await options(chef, "/compte/cles"))
    answer = await other.post("/compte/cles", json={"name": "Volée", "credential": credential})
    assert answer.status_code == 400


@pytest.mark.parametrize("counter", [0, 1])
async def test_a_copied_device_is_noticed_by_its_counter(site: Site, device: Authenticator, counter: int) -> None:
    copied = copy.copy(device)
    for _ in range(2):
        assert (await sign_in(site.browser(), device)).status_code == 204
    copied.counter = counter
    assert (await sign_in(site.browser(), copied)).status_code == 400
    assert (await sign_in(site.browser(), device)).status_code == 204


async def test_a_device_that_does_not_count_may_sign_in_again(site: Site) -> None:
    device = Authenticator(SITE, counter=None)
    await registered(await site.signed_in(CHEF), device)
    for _ in range(2):
        assert (await sign_in(site.browser(), device)).status_code == 204


@pytest.mark.parametrize(
    "other",
    [{"origin": "https://ailleurs.test"}, {"origin": "http://cantines.test"}, {"verifies": False}],
)
async def test_another_site_or_an_unverified_person_is_refused(
    site: Site, device: Authenticator, other: dict[str, Any]
) -> None:
    elsewhere = Authenticator(**({"origin": SITE} | other), key=device.key, credential_id=device.credential_id)
    assert (await sign_in(site.browser(), elsewhere)).status_code == 400


async def test_a_locked_account_is_not_opened(site: Site, device: Authenticator) -> None:
    async with site.database.unit_of_work() as session:
        await session.execute(update(Account).where(Account.id == 1).values(locked_at=datetime.now(UTC)))
    assert (await sign_in(site.browser(), device)).status_code == 400


async def test_a_device_is_registered_once_and_ten_at_most(site: Site, device: Authenticator) -> None:
    browser = await site.signed_in(CHEF)
    again = await registered(browser, device)
    assert "déjà enregistrée" in again.json()["message"]
    asked_in_time = Authenticator(SITE).create(await options(browser, "/compte/cles"))
    for _ in range(8):
        assert (await registered(browser, Authenticator(SITE))).status_code == 201
    assert "10 clés" in (await browser.post("/compte/cles/options", json={})).json()["message"]
    late = await browser.post("/compte/cles", json={"name": "Tablette", "credential": asked_in_time})
    assert "10 clés" in late.json()["message"]


async def test_a_removed_device_signs_nobody_in(site: Site, device: Authenticator) -> None:
    browser = await site.signed_in(CHEF)
    async with site.database.reading() as session:
        number = await session.scalar(select(Passkey.id).where(Passkey.credential_id == device.credential_id))
    removed = await browser.ask(REMOVE, id=str(number))
    assert removed["data"]["removePasskey"]["__typename"] == "PasskeyRemoved"
    assert (await sign_in(site.browser(), device)).status_code == 400


async def test_a_name_with_a_trick_is_refused(site: Site) -> None:
    answer = await registered(await site.signed_in(CHEF), Authenticator(SITE), name="Tablette\u202e")
    assert answer.json()["refusal"] == "BadName"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "signature"]), value=JSON)
async def test_a_malformed_answer_is_refused_and_never_breaks(
    site: Site, device: Authenticator, place: str, value: Any
) -> None:
    answer = device.get(await options(site.browser(), "/connexion/cle"))
    target = answer if place in answer else answer["response"]
    target[place] = value
    sent = await site.browser().post("/connexion/cle", json={"credential": answer})
    assert sent.status_code in (204, 400), json.dumps(answer)
    assert sent.status_code == 400 or place == "id"
