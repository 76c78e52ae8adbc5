"""Tokens of kitchen software: shown once, narrower than their account, over within a year."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from catering.api.schema import ASKED
from catering.people.models import Account, ApiToken
from catering.people.viewer import Scope
from tests.api.operations import VARIABLES, operations
from tests.people.conftest import WHO, Browser, Site

CREATE = operations()["account/CreateApiToken"]
REVOKE = operations()["account/RevokeApiToken"]
START = operations()["administrator/StartPlan"]
CHEF, ADMINISTRATOR = "personne1@exemple.fr", "personne6@exemple.fr"


async def create(browser: Browser, key: str = "one-of-a-kind", **changed: Any) -> Any:
    wanted = {"name": "Logiciel", "scopes": ["READ"], "days": 30} | changed
    return (await browser.ask(CREATE, token=wanted, idempotencyKey=key))["data"]["createApiToken"]


async def ask(site: Site, bearer: str, text: str, /, **variables: Any) -> Any:
    """What a program that brings a token is answered: it has no origin and no cookie."""
    headers = {"authorization": f"Bearer {bearer}"}
    answer = await site.http.post("/graphql", json={"query": text, "variables": variables}, headers=headers)
    return answer.json()


def code(answer: Any) -> str:
    return str(answer["errors"][0]["extensions"]["code"])


async def test_a_program_acts_for_its_account(site: Site) -> None:
    made = await create(await site.signed_in(CHEF))
    who = (await ask(site, made["secret"], WHO))["data"]["viewer"]
    assert (who["account"], who["role"], who["kitchens"], who["scopes"]) == ("1", "CHEF", ["0620000A"], ["READ"])
    async with site.database.reading() as session:
        row = (await session.scalars(select(ApiToken).where(ApiToken.id == int(made["token"]["id"])))).one()
    assert row.last_used_at is not None
    assert made["secret"] not in str(vars(row))
    assert made["secret"].startswith(row.prefix)
    (traced,) = await site.changes("api_tokens")
    assert traced.actor == "account 1"
    assert made["secret"] not in str(traced.after)


async def test_the_same_key_again_makes_no_second_token_and_tells_no_secret(site: Site) -> None:
    browser = await site.signed_in(CHEF)
    first, again = await create(browser), await create(browser)
    assert (again["token"]["id"], again["secret"]) == (first["token"]["id"], None)


async def test_a_scope_allows_no_more_than_it_says(site: Site) -> None:
    browser = await site.signed_in(ADMINISTRATOR)
    reads = (await create(browser))["secret"]
    plans = (await create(browser, "another-one", scopes=["PLANS_WRITE"]))["secret"]
    assert code(await ask(site, reads, START, **VARIABLES["administrator/StartPlan"])) == "SCOPE_REQUIRED"
    assert code(await ask(site, plans, WHO)) == "SCOPE_REQUIRED"
    started = await ask(site, plans, START, **VARIABLES["administrator/StartPlan"])
    assert started["data"]["startPlan"]["__typename"] == "PlanStarted"


async def test_who_weighs_by_a_program_announces_no_strike(site: Site) -> None:
    browser = await site.signed_in(CHEF)
    weighs = (await create(browser, "weighing", scopes=["WASTE_WRITE"]))["secret"]
    says = (await create(browser, "attendance", scopes=["ATTENDANCE_WRITE"]))["secret"]
    text, given = operations()["chef/WithdrawAttendanceEvent"], VARIABLES["chef/WithdrawAttendanceEvent"]
    assert code(await ask(site, weighs, text, **given)) == "SCOPE_REQUIRED"
    assert "errors" not in await ask(site, says, text, **given)


@pytest.mark.parametrize("name", ["ApproveInvoice", "RejectInvoice", "EnterInvoice", "MatchInvoice"])
async def test_the_tablet_that_notes_deliveries_pays_nothing(site: Site, name: str) -> None:
    browser = await site.signed_in(CHEF)
    tablet = (await create(browser, "tablet-of-a-kitchen", scopes=["RECEPTIONS_WRITE", "ORDERS_WRITE"]))["secret"]
    books = (await create(browser, "books-of-a-buyer", scopes=["INVOICES_WRITE"]))["secret"]
    text, given = operations()[f"chef/{name}"], VARIABLES[f"chef/{name}"]
    assert code(await ask(site, tablet, text, **given)) == "SCOPE_REQUIRED"
    assert "errors" not in await ask(site, books, text, **given)


@pytest.mark.parametrize(
    "name", ["PublishConsultation", "OpenTenders", "SetAsideTender", "AwardConsultation", "CloseConsultation"]
)
async def test_what_a_buyer_signs_is_done_in_person(site: Site, name: str) -> None:
    every = [scope.name for scope in Scope]
    token = (await create(await site.signed_in(CHEF), scopes=every))["secret"]
    assert code(await ask(site, token, operations()[f"chef/{name}"], **VARIABLES[f"chef/{name}"])) == "SCOPE_REQUIRED"


async def test_a_scope_allows_no_more_than_the_role(site: Site) -> None:
    token = (await create(await site.signed_in(CHEF), scopes=[scope.name for scope in Scope]))["secret"]
    refused = await ask(site, token, START, **VARIABLES["administrator/StartPlan"])
    assert refused["data"]["startPlan"]["__typename"] == "NotAllowed"


@pytest.mark.parametrize(
    "name", [name for name in operations() if name.startswith("account/") or name.endswith(("Account", "Access"))]
)
async def test_no_token_changes_an_account(site: Site, name: str) -> None:
    every = [scope.name for scope in Scope]
    token = (await create(await site.signed_in(ADMINISTRATOR), scopes=every))["secret"]
    answer = await ask(site, token, operations()[name], **VARIABLES[name])
    if "\nmutation " in operations()[name]:
        assert code(answer) == "SCOPE_REQUIRED"
    else:
        assert "errors" not in answer


async def test_a_token_registers_no_passkey(site: Site) -> None:
    token = (await create(await site.signed_in(CHEF)))["secret"]
    answer = await site.http.post("/compte/cles/options", json={}, headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["refusal"]) == (401, "InPersonOnly")


async def test_a_revoked_token_opens_nothing_and_stays_revoked(site: Site) -> None:
    browser = await site.signed_in(CHEF)
    made = await create(browser)
    for key in ("revoke-once", "revoke-twice"):
        revoked = await browser.ask(REVOKE, tokenId=made["token"]["id"], idempotencyKey=key)
        assert revoked["data"]["revokeApiToken"]["__typename"] == "ApiTokenRevoked"
    assert code(await ask(site, made["secret"], WHO)) == "SIGN_IN_REQUIRED"
    assert [each.after for each in await site.changes("api_tokens")][1:] == [{"revoked": True}]


async def test_the_departement_revokes_anybodys_token(site: Site) -> None:
    made = await create(await site.signed_in(CHEF))
    administrator = await site.signed_in(ADMINISTRATOR)
    await administrator.ask(REVOKE, tokenId=made["token"]["id"], idempotencyKey="revoke-once")
    assert code(await ask(site, made["secret"], WHO)) == "SIGN_IN_REQUIRED"


async def test_a_token_that_a_lock_ended_stays_ended_when_the_account_opens_again(site: Site) -> None:
    made = await create(await site.signed_in(CHEF))
    administrator = await site.signed_in(ADMINISTRATOR)
    for operation in ("lockAccount", "unlockAccount"):
        asked = f'mutation {{ {operation}(accountId: "1", idempotencyKey: "{operation}-1") {{ __typename }} }}'
        assert "Account" in (await administrator.ask(asked))["data"][operation]["__typename"]
    assert code(await ask(site, made["secret"], WHO)) == "SIGN_IN_REQUIRED"


async def test_a_token_ends_by_itself_and_with_its_account(site: Site) -> None:
    made = await create(await site.signed_in(CHEF))
    now = datetime.now(UTC)
    over = {"created_at": now - timedelta(days=30), "expires_at": now - timedelta(seconds=1)}
    async with site.database.unit_of_work() as session:
        await session.execute(update(ApiToken).where(ApiToken.id == int(made["token"]["id"])).values(over))
    assert code(await ask(site, made["secret"], WHO)) == "SIGN_IN_REQUIRED"
    second = await create(await site.signed_in(CHEF), "another-one")
    async with site.database.unit_of_work() as session:
        await session.execute(update(Account).where(Account.id == 1).values(locked_at=datetime.now(UTC)))
    assert code(await ask(site, second["secret"], WHO)) == "SIGN_IN_REQUIRED"


@pytest.mark.parametrize(
    ("changed", "refusal", "says"),
    [
        ({"days": 367}, "BadToken", "1 à 366"),
        ({"days": 0}, "BadToken", "1 à 366"),
        ({"scopes": []}, "BadToken", "au moins un droit"),
        ({"name": "Log\u200biciel"}, "BadName", "U+200B"),
        ({"name": ""}, "BadName", "1 à 60"),
    ],
)
async def test_what_is_no_token_is_refused(site: Site, changed: dict[str, Any], refusal: str, says: str) -> None:
    refused = await create(await site.signed_in(CHEF), **changed)
    assert (refused["__typename"], says in refused["message"]) == (refusal, True)


async def test_an_account_has_twenty_tokens_at_most(site: Site) -> None:
    browser = await site.signed_in(CHEF)
    made = [await create(browser, f"token-number-{number}") for number in range(20)]
    assert [each["__typename"] for each in made] == ["ApiTokenCreated"] * 19 + ["BadToken"], "one in the data set"


@pytest.mark.parametrize("token", ["", "x", "cat_00000001_" + "A" * 43, "é", "A" * 5_000])
async def test_a_guessed_token_is_nobody_even_beside_a_good_cookie(site: Site, token: str) -> None:
    browser = await site.signed_in(CHEF)
    headers = {key.encode(): value.encode() for key, value in browser.headers().items()}
    headers[b"authorization"] = f"Bearer {token}".encode()
    answer = await site.http.post("/graphql", json={"query": WHO}, headers=headers)
    assert code(answer.json()) == "SIGN_IN_REQUIRED"


def test_every_mutation_says_what_a_token_needs() -> None:
    rooms = {f"{room.__module__.split('.')[-1]}.{room.__name__}": scope for scope, room in ASKED}
    assert rooms["planning.Mutation"] is Scope.PLANS_WRITE
    assert rooms["receiving.Invoicing"] is Scope.INVOICES_WRITE
    in_person = {name for name, scope in rooms.items() if scope is None}
    signed = {"people.Mutation", "declarations.Mutation", "procurement.Decisions"}
    assert in_person == signed, "accounts, and what is signed, are for people in person"
