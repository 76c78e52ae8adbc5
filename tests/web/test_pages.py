"""Every page over HTTP, as a browser without script sees it."""

import pytest

from catering.people.viewer import Role
from catering.web.registry import PAGES
from tests.people.conftest import Opened, Site, secret_of
from tests.people.test_links import CHEF
from tests.web.conftest import browser_of
from tests.web.examples import EXAMPLES

STRICT = "default-src 'none'"


@pytest.mark.parametrize("name", EXAMPLES)
async def test_a_page_shows_what_it_is_for(name: str, site: Site) -> None:
    example = EXAMPLES[name]
    page = await (await browser_of(site, example.role)).get(example.path)
    assert page.status_code == 200, page.text
    assert [words for words in example.shows if words not in page.text] == []
    assert "&lt;" not in page.text, "a piece of the program is shown as if it were text"
    policy = page.headers["content-security-policy"]
    assert policy.startswith(STRICT)
    assert "unsafe" not in policy
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if not page.public])
async def test_nobody_is_led_to_signing_in_and_back(name: str, site: Site) -> None:
    answer = await site.browser().get(EXAMPLES[name].path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/connexion?suite=/")


async def test_each_role_arrives_on_a_page_of_its_own(site: Site) -> None:
    for role in Role:
        browser = await browser_of(site, role)
        answer = await browser.get("/")
        assert answer.status_code == 303
        assert (await browser.get(answer.headers["location"])).status_code == 200, role


async def test_an_address_that_nothing_answers_is_a_page_with_a_way_back(site: Site) -> None:
    page = await site.browser().get("/rien/de/tel", headers={"accept": "text/html"})
    assert (page.status_code, "Page introuvable" in page.text, 'href="/"' in page.text) == (404, True, True)
    assert (await site.browser().get("/rien/de/tel")).json() == {"detail": "Not Found"}


async def test_the_page_of_another_site_is_refused_with_a_way_back(site: Site) -> None:
    browser = await browser_of(site, Role.CHEF)
    page = await browser.post("/compte/sessions", {"cle": "0f2c8f5e"}, headers={"origin": "https://ailleurs.example"})
    assert (page.status_code, "Accès refusé" in page.text, 'href="/"' in page.text) == (403, True, True)


async def test_a_fault_of_ours_is_a_number_and_a_way_back(opened: Opened) -> None:
    async with opened() as site:
        async with site.database.engine.begin() as connection:
            await connection.exec_driver_sql("ALTER TABLE sessions RENAME TO gone")
        browser = site.browser()
        browser.cookies["__Host-catering"] = "x" * 43
        site.transport.raise_app_exceptions = False  # type: ignore[attr-defined]  # what httpx calls it
        page = await browser.get("/compte")
    assert page.status_code == 500
    assert "enregistrée sous le numéro" in page.text
    assert "gone" not in page.text
    assert 'href="/"' in page.text


async def test_signing_out_leads_nowhere_else_and_ends_the_pages(site: Site) -> None:
    browser = await browser_of(site, Role.CHEF)
    page = await browser.post("/deconnexion", {})
    assert "session sur cet appareil est terminée" in page.text
    assert (await browser.get("/compte")).status_code == 303


async def test_after_signing_in_the_page_that_was_wanted_opens(site: Site) -> None:
    browser = site.browser()
    form = await browser.get("/connexion", params={"suite": "/compte"})
    assert 'name="suite" value="/compte"' in form.text
    await browser.post("/connexion/lien", {"email": CHEF, "suite": "/compte"})
    letter = site.mailbox.letters[-1].get_content()
    assert "&suite=%2Fcompte" in letter
    asked = await browser.get("/connexion/lien", params={"jeton": secret_of(letter), "suite": "/compte"})
    assert 'name="suite" value="/compte"' in asked.text
    answer = await browser.post("/connexion/confirmer", {"jeton": secret_of(letter), "suite": "/compte"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/compte")


@pytest.mark.parametrize("wanted", ["//ailleurs.example", "https://ailleurs.example", "/\\ailleurs.example", "/a\nb"])
async def test_no_address_leads_to_another_site(wanted: str, site: Site) -> None:
    form = await site.browser().get("/connexion", params={"suite": wanted})
    assert 'name="suite" value="/"' in form.text
