"""Signing in by a link: single use, confirmed by a button, and nobody learns who has an account."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from catering.api.identity import COOKIE
from catering.people import rules
from catering.people.models import Account, Session, SignInLink
from catering.people.viewer import Role
from tests.api.dataset_people import NUMBERS, OWN_KITCHEN
from tests.people.conftest import SITE, Opened, Site, secret_of, together

CHEF = f"personne{NUMBERS[Role.CHEF]}@exemple.fr"
STRANGER = "inconnue@exemple.fr"


async def test_a_link_signs_in_whoever_it_was_sent_to(site: Site) -> None:
    browser = await site.signed_in(CHEF.upper())
    assert await browser.who() == {
        "name": "Personne 1", "role": "CHEF", "kitchens": [OWN_KITCHEN], "suppliers": [], "account": "1", "scopes": None
    }  # fmt: skip
    assert "Vous êtes connecté" in (await browser.get("/connexion")).text
    letter = site.mailbox.letters[-1]
    assert (letter["To"], letter["From"]) == (CHEF, "cantines@exemple.fr")
    assert f"{SITE}/connexion/lien?jeton=" in letter.get_content()


async def test_opening_the_link_uses_nothing_and_the_page_loads_nothing(site: Site) -> None:
    secret = await site.link(CHEF)
    for _ in range(3):
        page = await site.browser().get("/connexion/lien", params={"jeton": secret})
    assert page.status_code == 200
    assert secret in page.text
    assert "<script" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'; form-action 'self'")
    assert (page.headers["referrer-policy"], page.headers["cache-control"]) == ("same-origin", "no-store")
    assert (await site.browser().post("/connexion/confirmer", {"jeton": secret})).status_code == 303


async def test_a_page_never_runs_what_a_link_brings(site: Site) -> None:
    page = await site.browser().get("/connexion/lien", params={"jeton": '"><script>alert(1)</script>'})
    assert "<script" not in page.text


async def test_the_cookie_is_for_this_host_over_tls_and_out_of_reach_of_scripts(site: Site) -> None:
    answer = await site.browser().post("/connexion/confirmer", {"jeton": await site.link(CHEF)})
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-catering=")
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "domain" not in cookie


async def test_secrets_are_not_stored(site: Site) -> None:
    secret = await site.link(CHEF)
    browser = site.browser()
    await browser.post("/connexion/confirmer", {"jeton": secret})
    async with site.database.reading() as session:
        links = list(await session.scalars(select(SignInLink.token_sha256)))
        sessions = list(await session.scalars(select(Session.token_sha256)))
    assert rules.sha256(secret) in links
    assert rules.sha256(browser.cookies[COOKIE]) in sessions
    assert {secret, browser.cookies[COOKIE]}.isdisjoint({*links, *sessions})


async def test_a_link_serves_once_even_when_pressed_at_the_same_moment(site: Site) -> None:
    secret = await site.link(CHEF)
    answers = await together(*(site.browser().post("/connexion/confirmer", {"jeton": secret}) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [303] + [400] * 7
    assert "a déjà servi" in next(answer.text for answer in answers if answer.status_code == 400)


@pytest.mark.parametrize("secret", ["", "x", "é" * 43, "A" * 43])
async def test_a_guessed_link_is_refused(site: Site, secret: str) -> None:
    answer = await site.browser().post("/connexion/confirmer", {"jeton": secret})
    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers


async def test_a_link_is_over_after_fifteen_minutes(site: Site) -> None:
    secret = await site.link(CHEF)
    async with site.database.unit_of_work() as session:
        sent = (await session.scalars(select(SignInLink))).one()
        assert sent.expires_at - sent.created_at == timedelta(minutes=15)
        sent.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    assert (await site.browser().post("/connexion/confirmer", {"jeton": secret})).status_code == 400


async def test_the_answer_and_the_work_are_the_same_for_a_stranger(site: Site) -> None:
    known = await site.browser().post("/connexion/lien", {"email": CHEF})
    unknown = await site.browser().post("/connexion/lien", {"email": STRANGER})
    assert (known.status_code, known.text, dict(known.headers)) == (
        unknown.status_code, unknown.text, dict(unknown.headers)
    )  # fmt: skip
    assert [letter["To"] for letter in site.mailbox.letters] == [CHEF]
    async with site.database.reading() as session:
        rows = list(await session.scalars(select(SignInLink).order_by(SignInLink.id)))
    assert [row.account_id for row in rows] == [1, None]
    assert STRANGER not in str([vars(row) for row in rows])


async def test_a_mail_server_that_fails_tells_nothing(site: Site) -> None:
    site.mailbox.refuses = True
    assert (await site.browser().post("/connexion/lien", {"email": CHEF})).status_code == 202


async def test_a_link_never_travels_in_clear_when_encryption_is_asked(opened: Opened) -> None:
    """The mail server of these tests offers no TLS."""
    for security in ("starttls", "tls"):
        async with opened(smtp_security=security) as site:
            assert (await site.browser().post("/connexion/lien", {"email": CHEF})).status_code == 202
            assert site.mailbox.letters == []


async def test_too_many_links_for_one_address_are_refused_known_or_not(site: Site) -> None:
    for email in (CHEF, STRANGER):
        codes = [(await site.browser().post("/connexion/lien", {"email": email})).status_code for _ in range(7)]
        assert codes == [202] * rules.LINKS_PER_ADDRESS + [429] * 2
    assert len(site.mailbox.letters) == rules.LINKS_PER_ADDRESS


async def test_too_many_links_from_one_client_are_refused(site: Site) -> None:
    asked = [f"quelqu-un-{number}@exemple.fr" for number in range(rules.LINKS_PER_CLIENT + 1)]
    codes = [(await site.browser().post("/connexion/lien", {"email": email})).status_code for email in asked]
    assert codes == [202] * rules.LINKS_PER_CLIENT + [429]


async def test_a_quarter_of_an_hour_later_one_may_ask_again(site: Site) -> None:
    for _ in range(rules.LINKS_PER_ADDRESS):
        await site.link(CHEF)
    async with site.database.unit_of_work() as session:
        await session.execute(update(SignInLink).values(created_at=datetime.now(UTC) - rules.COUNTED_OVER))
    assert await site.link(CHEF)


async def test_what_is_over_for_a_day_is_forgotten(site: Site) -> None:
    await site.link(CHEF)
    async with site.database.unit_of_work() as session:
        long_ago = datetime.now(UTC) - timedelta(days=2)
        await session.execute(update(SignInLink).values(created_at=long_ago, expires_at=long_ago))
    await site.link(CHEF)
    async with site.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(SignInLink)) == 1


async def test_a_locked_account_is_sent_nothing_and_its_link_opens_nothing(site: Site) -> None:
    secret = await site.link(CHEF)
    async with site.database.unit_of_work() as session:
        await session.execute(update(Account).where(Account.email == CHEF).values(locked_at=datetime.now(UTC)))
    assert (await site.browser().post("/connexion/confirmer", {"jeton": secret})).status_code == 400
    assert (await site.browser().post("/connexion/lien", {"email": CHEF})).status_code == 202
    assert len(site.mailbox.letters) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://ailleurs.test"},
        {"origin": "null"},
        {"origin": "http://cantines.test"},
        {"origin": "https://cantines.test.ailleurs.test"},
        {"origin": "https://cantines.test:8443"},
    ],
)
@pytest.mark.parametrize("path", ["/connexion/lien", "/connexion/confirmer", "/inscription", "/deconnexion"])
async def test_a_form_of_another_site_is_refused(site: Site, path: str, headers: dict[str, str]) -> None:
    answer = await site.browser().post(path, {"email": CHEF, "jeton": "x"}, headers=headers)
    assert answer.status_code == 403
    assert site.mailbox.letters == []


@pytest.mark.parametrize("path", ["/connexion/lien", "/connexion/confirmer", "/connexion/cle", "/inscription"])
async def test_a_body_that_is_too_large_is_read_no_further(site: Site, path: str) -> None:
    read = 0

    async def endless():  # type: ignore[no-untyped-def]
        nonlocal read
        for _ in range(1_000):
            read += 1
            yield b"x" * 10_000

    answer = await site.http.post(path, content=endless(), headers={"origin": SITE})
    assert answer.status_code == 413
    assert read < 10


@pytest.mark.parametrize("email", ["", "chef", "chef@collège.fr", f"{CHEF}\u200b", f"{CHEF}\r\nBcc: x@exemple.fr"])
async def test_what_is_no_address_is_refused(site: Site, email: str) -> None:
    answer = await site.browser().post("/connexion/lien", {"email": email})
    assert answer.status_code == 400
    assert "dresse" in answer.text


async def test_a_seller_registers_by_confirming_their_address(site: Site) -> None:
    browser = site.browser()
    asked = await browser.post("/inscription", {"email": "Ferme@exemple.fr", "nom": "Paule Caron"})
    assert asked.status_code == 202
    secret = secret_of(site.mailbox.letters[-1].get_content())
    async with site.database.reading() as session:
        assert await session.scalar(select(Account.id).where(Account.email == "ferme@exemple.fr")) is None
    assert (await browser.post("/connexion/confirmer", {"jeton": secret})).status_code == 303
    who = await browser.who()
    assert (who["name"], who["role"], who["suppliers"]) == ("Paule Caron", "PRODUCER", [])
    (made,) = await site.changes("accounts")
    assert (made.actor, made.after) == (
        f"account {who['account']}", {"email": "ferme@exemple.fr", "name": "Paule Caron", "role": "producer"}
    )  # fmt: skip


async def test_registering_again_neither_changes_an_account_nor_tells_of_it(site: Site) -> None:
    known = await site.browser().post("/inscription", {"email": CHEF, "nom": "Quelqu'un d'autre"})
    unknown = await site.browser().post("/inscription", {"email": STRANGER, "nom": "Quelqu'un d'autre"})
    assert known.text == unknown.text
    browser = site.browser()
    secret = secret_of(site.mailbox.letters[0].get_content())
    await browser.post("/connexion/confirmer", {"jeton": secret})
    assert (await browser.who())["name"] == "Personne 1"


async def test_two_links_of_one_registration_make_one_account(site: Site) -> None:
    for _ in range(2):
        await site.browser().post("/inscription", {"email": STRANGER, "nom": "Paule Caron"})
    secrets = [secret_of(letter.get_content()) for letter in site.mailbox.letters]
    answers = await together(*(site.browser().post("/connexion/confirmer", {"jeton": each}) for each in secrets))
    assert sorted(answer.status_code for answer in answers) == [303, 400]


async def test_without_a_mail_server_the_demonstration_writes_the_link_to_its_log(
    opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(smtp_host=None, demo_identity=True) as site:
        await site.browser().post("/connexion/lien", {"email": CHEF})
        secret = secret_of(caplog.text)
        assert (await site.browser().post("/connexion/confirmer", {"jeton": secret})).status_code == 303


async def test_without_a_mail_server_no_link_is_ever_written_to_a_real_log(
    opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(smtp_host=None) as site:
        await site.browser().post("/connexion/lien", {"email": CHEF})
    assert "jeton=" not in caplog.text
    assert "CATERING_SMTP_HOST" in caplog.text
