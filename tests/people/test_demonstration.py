"""The identities of the demonstration: real accounts that open only while the setting is on."""

import pytest

from catering.people.demonstration import PERSONAS
from catering.people.viewer import BUYS, SELLS, Role, demo_viewer
from catering.settings import Settings
from tests.people.conftest import SITE, WHO, Opened, Site

HOLD = {"demo_identity": True}


async def become(site: Site, word: str):  # type: ignore[no-untyped-def]
    browser = site.browser()
    return browser, await browser.post("/demonstration", {"identite": word})


def test_the_demonstration_is_closed_by_default() -> None:
    assert Settings.model_fields["demo_identity"].default is False


def test_there_is_somebody_of_every_role() -> None:
    assert {persona.role for persona in PERSONAS.values()} == set(Role)


async def test_without_a_choice_one_is_the_administration(opened: Opened) -> None:
    async with opened(**HOLD) as site:
        who = await site.browser().who()
        assert (who["name"], who["role"], who["account"]) == (demo_viewer().name, "DEPARTEMENT", None)


@pytest.mark.parametrize("word", PERSONAS)
async def test_a_visitor_becomes_whom_they_choose(opened: Opened, word: str) -> None:
    async with opened(**HOLD) as site:
        browser, answer = await become(site, word)
        assert answer.status_code == 303, answer.text
        who = await browser.who()
        role = PERSONAS[word].role
        assert (who["name"], who["role"]) == (PERSONAS[word].name, role.name)
        assert len(who["kitchens"]) == {Role.CHEF: 1, Role.GESTIONNAIRE: 2}.get(role, 0)
        assert bool(who["kitchens"]) == (role in BUYS)
        assert not who["suppliers"] or role in SELLS
        if word == Role.PRODUCER.value:
            assert who["suppliers"] == ["ferme_01"]
        again, _ = await become(site, word)
        assert (await again.who())["account"] == who["account"]


async def test_people_of_one_role_look_after_different_places(opened: Opened) -> None:
    async with opened(**HOLD) as site:
        kitchens = [(await (await become(site, word))[0].who())["kitchens"] for word in ("chef", "chef-2", "chef-3")]
        assert len({uai for own in kitchens for uai in own}) == len(kitchens)


async def test_when_the_setting_goes_off_nobody_is_left_inside(opened: Opened) -> None:
    async with opened(**HOLD) as site:
        browser, _ = await become(site, "departement")
        kept = dict(browser.cookies)
    async with opened() as site:
        browser = site.browser()
        assert await browser.who() is None
        browser.cookies = kept
        assert await browser.who() is None
        assert "démonstration" not in (await browser.get("/connexion")).text.lower()


async def test_no_link_opens_an_account_of_the_demonstration(opened: Opened) -> None:
    async with opened(**HOLD) as site:
        await become(site, "departement")
    async with opened() as site:
        await site.browser().post("/connexion/lien", {"email": PERSONAS["departement"].email})
        assert site.mailbox.letters == []


async def test_whoever_was_signed_out_is_nobody_and_not_the_administration(opened: Opened) -> None:
    async with opened(**HOLD) as site:
        browser, _ = await become(site, "chef")
        kept = dict(browser.cookies)
        await browser.post("/deconnexion")
        browser.cookies = kept
        assert await browser.who() is None


@pytest.mark.parametrize("word", ["", "roi", "Chef"])
async def test_nobody_else_can_be_chosen(opened: Opened, word: str) -> None:
    async with opened(**HOLD) as site:
        answer = (await become(site, word))[1]
        assert (answer.status_code, "nutrition_manager" in answer.text) == (400, True)


async def test_without_the_setting_nobody_can_be_chosen(site: Site) -> None:
    assert (await become(site, "chef"))[1].status_code == 400


async def test_a_form_of_another_site_chooses_nobody(opened: Opened) -> None:
    async with opened(**HOLD) as site:
        answer = await site.browser().post("/demonstration", {"identite": "chef"}, headers={"origin": "https://x.test"})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("host", "open_"),
    [
        ("localhost:8000", True),
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("192.168.1.20", True),
        ("cantines.test", True),
        ("rebond.attaquant.test", False),
        ("cantines.test.attaquant.test", False),
        ("", False),
    ],
)
async def test_a_page_that_rebinds_its_name_to_this_machine_finds_nobody(
    opened: Opened, host: str, open_: bool
) -> None:
    async with opened(**HOLD) as site:
        headers = {"host": host, "origin": SITE}
        answer = await site.http.post("/graphql", json={"query": WHO}, headers=headers)
        assert (answer.json()["data"] is not None) == open_
