"""Signing in through an OpenID Connect provider: it says who somebody is, never what they may."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
from sqlalchemy import select

from catering.people.models import Account
from catering.people.openid import discover
from catering.people.refusals import ProviderRefused
from tests.people.conftest import SITE, Browser, Opened, Site
from tests.people.local_provider import CLIENT, SECRET, LocalProvider, local_provider

LEAVE, BACK = "/connexion/fournisseur", "/connexion/fournisseur/retour"


@pytest.fixture
async def provider() -> AsyncIterator[LocalProvider]:
    async with local_provider() as provider:
        yield provider


def settings_of(provider: LocalProvider, **others: Any) -> dict[str, Any]:
    own = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET, "oidc_acr": "eidas1"}
    return own | others


@pytest.fixture
async def site(opened: Opened, provider: LocalProvider) -> AsyncIterator[Site]:
    async with opened(**settings_of(provider)) as site:
        yield site


async def away(browser: Browser) -> str:
    """Go to the provider and let it vouch; the address it sends the browser back to, without our host."""
    answer = await browser.get(LEAVE)
    assert answer.status_code == 303, answer.text
    async with httpx.AsyncClient(trust_env=False) as outside:
        back = (await outside.get(answer.headers["location"])).headers["location"]
    assert back.startswith(SITE + BACK)
    return back.removeprefix(SITE)


async def sign_in(site: Site) -> tuple[Browser, httpx.Response]:
    browser = site.browser()
    return browser, await browser.get(await away(browser))


def changed(address: str, **parameters: str | None) -> str:
    """An address with some parameters replaced, added, or left out (None)."""
    parts = urlsplit(address)
    kept = dict(parse_qsl(parts.query)) | parameters
    return f"{parts.path}?{urlencode({key: value for key, value in kept.items() if value is not None})}"


async def test_a_verified_address_opens_the_account_it_has(site: Site, provider: LocalProvider) -> None:
    browser, answer = await sign_in(site)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    who = await browser.who()
    assert (who["account"], who["role"]) == ("1", "CHEF")
    async with site.database.reading() as session:
        account = (await session.scalars(select(Account).where(Account.id == 1))).one()
    assert (account.provider_issuer, account.provider_subject) == (provider.issuer, provider.subject)
    (linked,) = await site.changes("accounts")
    assert linked.after == {"provider_issuer": provider.issuer, "provider_subject": provider.subject}


async def test_afterwards_the_person_is_known_whatever_their_address(site: Site, provider: LocalProvider) -> None:
    await sign_in(site)
    provider.claims = {"email": "nouvelle.adresse@exemple.fr"}
    browser, _ = await sign_in(site)
    assert (await browser.who())["account"] == "1"
    assert len(await site.changes("accounts")) == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "inconnue@exemple.fr", "email_verified": True},
        {"email": "personne1@exemple.fr", "email_verified": False},
        {"email": "personne1@exemple.fr", "email_verified": "true"},
        {"email": "personne1@exemple.fr"},
        {"email": "pеrsonne1@exemple.fr", "email_verified": True},
        {"email": ["personne1@exemple.fr"], "email_verified": True},
        {"email_verified": True},
        {},
    ],
)
async def test_nobody_gets_an_account_by_signing_in(
    site: Site, provider: LocalProvider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    browser, answer = await sign_in(site)
    assert (answer.status_code, "Demander un accès" in answer.text) == (400, True)
    assert await browser.who() is None
    assert await site.changes("accounts") == []


async def test_a_second_person_cannot_take_an_account_by_its_address(site: Site, provider: LocalProvider) -> None:
    await sign_in(site)
    provider.subject = "quelqu-un-d-autre"
    browser, answer = await sign_in(site)
    assert answer.status_code == 400
    assert await browser.who() is None


@pytest.mark.parametrize(
    "wrong",
    [
        f"{which} {how}"
        for which in ("id token", "user information")
        for how in (
            "signed by another", "unsigned", "signed with the public key", "of another issuer", "for another client",
            "of another person", "too old",
        )
    ]
    + [
        "id token with another nonce", "id token of a lower level", "id token for several clients",
        "user information in plain", "token refused", "document of another", "access token that no header holds",
    ],
)  # fmt: skip
async def test_a_wrong_answer_of_the_provider_opens_nothing(site: Site, provider: LocalProvider, wrong: str) -> None:
    browser = site.browser()
    back = await away(browser)
    provider.wrong = wrong
    answer = await browser.get(back)
    assert answer.status_code == 400, answer.text
    assert "service de connexion" in answer.text
    assert await browser.who() is None


@pytest.mark.parametrize(
    "parameters",
    [
        {"inconnu": "1"},
        {"access_token": "x"},
        {"state": None},
        {"state": "x" * 43},
        {"code": None},
        {"error": "access_denied"},
        {"iss": "https://ailleurs.test"},
    ],
)
async def test_an_answer_that_is_not_the_one_awaited_opens_nothing(
    site: Site, parameters: dict[str, str | None]
) -> None:
    browser = site.browser()
    answer = await browser.get(changed(await away(browser), **parameters))
    assert answer.status_code == 400
    assert await browser.who() is None


async def test_a_repeated_parameter_is_refused(site: Site) -> None:
    browser = site.browser()
    back = await away(browser)
    assert (await browser.get(f"{back}&code=autre")).status_code == 400


async def test_a_person_who_gives_up_is_told_what_to_do(site: Site) -> None:
    browser = site.browser()
    back = changed(await away(browser), code=None, error="access_denied")
    assert "demander un lien" in (await browser.get(back)).text


async def test_an_answer_serves_once(site: Site) -> None:
    browser = site.browser()
    back = await away(browser)
    cookies = dict(browser.cookies)
    assert (await browser.get(back)).status_code == 303
    again = site.browser()
    again.cookies = cookies
    assert (await again.get(back)).status_code == 400


async def test_an_answer_serves_in_the_browser_that_asked_only(site: Site) -> None:
    """Somebody who is sent another's answer must not find themself in the other's account."""
    back = await away(site.browser())
    for browser in (site.browser(), site.browser()):
        answer = await browser.get(back)
        assert answer.status_code == 400
        await away(browser)


async def test_a_locked_account_is_not_opened(site: Site) -> None:
    administrator = await site.signed_in("personne6@exemple.fr")
    await sign_in(site)
    lock = 'mutation { lockAccount(accountId: "1", idempotencyKey: "lock-them") { __typename } }'
    assert (await administrator.ask(lock))["data"]["lockAccount"]["__typename"] == "AccountLocked"
    browser, answer = await sign_in(site)
    assert answer.status_code == 400
    assert await browser.who() is None


async def test_signing_out_shows_how_to_leave_the_provider_too(site: Site, provider: LocalProvider) -> None:
    browser, _ = await sign_in(site)
    page = (await browser.post("/deconnexion")).text
    url = page.split("<main")[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert url.startswith(f"{provider.issuer}/end?")
    asked = {key: each[0] for key, each in parse_qs(urlsplit(url).query).items()}
    assert asked["id_token_hint"].count(".") == 2
    assert asked["post_logout_redirect_uri"] == f"{SITE}/connexion"
    assert await browser.who() is None


async def test_addresses_may_be_taken_for_verified_by_a_setting(opened: Opened, provider: LocalProvider) -> None:
    provider.claims = {"email": "personne1@exemple.fr"}
    async with opened(**settings_of(provider, oidc_emails_verified=True)) as site:
        browser, _ = await sign_in(site)
        assert (await browser.who())["account"] == "1"
        provider.claims, provider.subject = {"email": "personne2@exemple.fr", "email_verified": False}, "autre"
        assert (await sign_in(site))[1].status_code == 400, "what it says of one address comes first"


async def test_plain_user_information_is_read_when_the_setting_says_so(opened: Opened, provider: LocalProvider) -> None:
    provider.wrong = "user information in plain"
    async with opened(**settings_of(provider, oidc_userinfo="json")) as site:
        browser, _ = await sign_in(site)
        assert (await browser.who())["account"] == "1"


async def test_another_algorithm_than_the_pinned_one_is_refused(opened: Opened, provider: LocalProvider) -> None:
    async with opened(**settings_of(provider, oidc_algorithm="ES256")) as site:
        assert (await sign_in(site))[1].status_code == 400


async def test_without_a_provider_the_page_names_none_and_the_way_is_closed(opened: Opened) -> None:
    async with opened() as site:
        assert "ProConnect" not in (await site.browser().get("/connexion")).text
        assert (await site.browser().get(LEAVE)).status_code == 400


async def test_with_a_provider_the_page_leads_to_it(site: Site) -> None:
    assert 'href="/connexion/fournisseur"' in (await site.browser().get("/connexion")).text


async def test_a_provider_that_is_silent_breaks_nothing(opened: Opened) -> None:
    silent = LocalProvider(issuer="http://127.0.0.1:9")
    async with opened(**settings_of(silent)) as site:
        answer = await site.browser().get(LEAVE)
        assert (answer.status_code, "demander un lien" in answer.text) == (400, True)


@pytest.mark.parametrize("issuer", ["http://proconnect.test", "ftp://127.0.0.1", "file:///etc"])
async def test_a_provider_that_others_can_overhear_is_not_asked(issuer: str) -> None:
    async with httpx.AsyncClient() as http:
        with pytest.raises(ProviderRefused):
            await discover(http, issuer)
