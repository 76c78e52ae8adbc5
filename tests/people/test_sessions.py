"""What a cookie opens, for how long, and for whose pages."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from catering.api.identity import COOKIE
from catering.people import rules
from catering.people.models import Account, AccountKitchen, Session
from tests.people.conftest import SITE, WHO, Opened, Site

CHEF = "personne1@exemple.fr"
KEEPER = "personne6@exemple.fr"
CLOSE = 'mutation { closeSessions(idempotencyKey: "close-them-all") { ... on SessionsClosed { closed } } }'


async def change(site: Site, **values: Any) -> None:
    """Change the chef's sessions."""
    async with site.database.unit_of_work() as session:
        await session.execute(update(Session).where(Session.account_id == 1).values(**values))


async def test_signing_out_ends_the_session_on_the_server(site: Site) -> None:
    browser = await site.signed_in(CHEF)
    kept = dict(browser.cookies)
    assert "session sur cet appareil est terminée" in (await browser.post("/deconnexion")).text
    assert browser.cookies == {}
    browser.cookies = kept
    assert await browser.who() is None


@pytest.mark.parametrize(
    "values",
    [
        {"expires_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"last_seen_at": datetime.now(UTC) - rules.SESSION_SLEEPS - timedelta(seconds=1)},
        {"revoked_at": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
)
async def test_a_session_that_is_over_opens_nothing(site: Site, values: dict[str, Any]) -> None:
    browser = await site.signed_in(CHEF)
    await change(site, **values)
    assert await browser.who() is None


async def test_using_a_session_keeps_it_awake_without_writing_each_time(site: Site) -> None:
    browser = await site.signed_in(CHEF)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    await change(site, last_seen_at=yesterday)
    await browser.who()
    async with site.database.reading() as session:
        statement = select(Session.last_seen_at).where(Session.account_id == 1).order_by(Session.id.desc())
        seen = (await session.scalars(statement)).first()
        assert seen is not None
        assert seen > yesterday
        await browser.who()
        assert (await session.scalars(statement)).first() == seen


async def test_signing_in_again_ends_the_session_the_browser_had(site: Site) -> None:
    browser = await site.signed_in(CHEF)
    first = browser.cookies[COOKIE]
    await browser.post("/connexion/confirmer", {"jeton": await site.link(CHEF)})
    assert browser.cookies[COOKIE] != first
    browser.cookies[COOKIE] = first
    assert await browser.who() is None


async def test_a_session_is_listed_for_three_months_once_it_is_over_then_deleted(site: Site) -> None:
    browser = await site.signed_in(CHEF)
    listed = "{ ownAccount { sessions { nodes { id } } } }"
    before = (await browser.ask(listed))["data"]["ownAccount"]["sessions"]["nodes"]
    async with site.database.unit_of_work() as session:
        long_ago = datetime.now(UTC) - rules.SESSION_KEPT - timedelta(seconds=1)
        await session.execute(update(Session).where(Session.id == 1).values(expires_at=long_ago))
    browser = await site.signed_in(CHEF)
    after = (await browser.ask(listed))["data"]["ownAccount"]["sessions"]["nodes"]
    assert {each["id"] for each in before} - {each["id"] for each in after} == {"1"}


async def test_what_is_withdrawn_or_locked_counts_from_the_next_request_on(site: Site) -> None:
    browser = await site.signed_in(CHEF)
    async with site.database.unit_of_work() as session:
        for row in await session.scalars(select(AccountKitchen).where(AccountKitchen.account_id == 1)):
            await session.delete(row)
    assert (await browser.who())["kitchens"] == []
    async with site.database.unit_of_work() as session:
        await session.execute(update(Account).where(Account.id == 1).values(locked_at=datetime.now(UTC)))
    assert await browser.who() is None


async def test_all_sessions_are_closed_at_once(site: Site) -> None:
    browsers = [await site.signed_in(CHEF) for _ in range(3)]
    other = await site.signed_in("personne2@exemple.fr")
    closed = await browsers[0].ask(CLOSE)
    assert closed["data"]["closeSessions"]["closed"] == 4, "three, and the one of the data set"
    assert [await browser.who() for browser in browsers] == [None] * 3
    assert await other.who() is not None


@pytest.mark.parametrize(
    ("headers", "answered"),
    [
        ({"origin": SITE}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"origin": "https://ailleurs.test"}, False),
        ({"origin": "null"}, False),
        ({"origin": "https://ailleurs.test", "sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({}, False),
    ],
)
async def test_a_cookie_serves_our_own_pages_only(site: Site, headers: dict[str, str], answered: bool) -> None:
    browser = await site.signed_in(CHEF)
    answer = await site.http.post("/graphql", json={"query": WHO}, headers=browser.headers() | headers)
    assert answer.status_code == (200 if answered else 403)
    if not answered:
        assert answer.json()["refusal"] == "ForeignOrigin"


async def test_without_a_cookie_a_program_needs_no_origin_and_is_nobody(site: Site) -> None:
    answer = await site.http.post("/graphql", json={"query": WHO})
    assert answer.json()["errors"][0]["extensions"]["code"] == "SIGN_IN_REQUIRED"


async def test_without_a_configured_address_the_origin_must_be_the_host_asked(opened: Opened) -> None:
    async with opened(public_url=None) as site:
        browser = await site.signed_in(CHEF)
        assert await browser.who() is not None
        headers = browser.headers() | {"origin": "https://ailleurs.test"}
        assert (await site.http.post("/graphql", json={"query": WHO}, headers=headers)).status_code == 403


async def test_links_never_lead_where_a_request_says(opened: Opened) -> None:
    async with opened(public_url=None) as site:
        headers = {"host": "ailleurs.test", "origin": "https://ailleurs.test"}
        await site.http.post("/connexion/lien", data={"email": CHEF}, headers=headers)
        assert "http://127.0.0.1:8000/connexion/lien?" in site.mailbox.letters[-1].get_content()


@pytest.mark.parametrize("cookie", ["", "x", "é", "A" * 43, "A" * 5_000, '"', "%00"])
async def test_a_cookie_that_is_none_of_ours_is_nobody(site: Site, cookie: str) -> None:
    headers = {"cookie": f"{COOKIE}={cookie}".encode(), "origin": SITE.encode()}
    answer = await site.http.post("/graphql", json={"query": WHO}, headers=headers)
    assert answer.json()["errors"][0]["extensions"]["code"] == "SIGN_IN_REQUIRED"


async def test_an_operation_that_is_too_large_is_read_no_further(site: Site) -> None:
    read = 0

    async def endless():  # type: ignore[no-untyped-def]
        nonlocal read
        for _ in range(1_000):
            read += 1
            yield b" " * 1_000_000

    headers = {"content-type": "application/json"}
    answer = await site.http.post("/graphql", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["refusal"]) == (413, "BodyTooLarge")
    assert read < 10


async def test_a_session_that_a_lock_ended_stays_ended_when_the_account_opens_again(site: Site) -> None:
    stolen, administrator = await site.signed_in(CHEF), await site.signed_in(KEEPER)
    for operation in ("lockAccount", "unlockAccount"):
        ask = f'mutation {{ {operation}(accountId: "1", idempotencyKey: "{operation}-1") {{ __typename }} }}'
        assert "Account" in (await administrator.ask(ask))["data"][operation]["__typename"]
    assert await stolen.who() is None
    assert await (await site.signed_in(CHEF)).who() is not None
