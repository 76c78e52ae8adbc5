"""Forms over HTTP: what is refused is told beside its field and keeps what was typed; what is done is done once."""

import html
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update

from catering.market.models import Offer
from catering.orders.models import Order
from catering.people.viewer import Role
from catering.receiving.models import CreditRequest, ReceptionLine
from catering.waste.models import Weighing
from catering.web.asked import Asked, BadFields
from tests.api.dataset import MONDAYS, uai
from tests.api.dataset_people import OTHER_KITCHEN
from tests.people.conftest import Browser, Site
from tests.web.conftest import browser_of

KITCHEN = f"/cuisine/{uai(0)}"
BASKET = f"{KITCHEN}/commander"
NEXT_MONDAY, ORDERED_MONDAY = MONDAYS[1].isoformat(), MONDAYS[0].isoformat()
FIELD = re.compile(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"')
BIN = {"cle": "0f2c8f5e-web", "bac": "0f2c8f5e-bac", "jour": "2026-09-01", "etape": "PLATES", "part": "UNSORTED"}


def fields(page: str, action: str) -> dict[str, str]:
    """Fields of the first form of a page that is sent to an address."""
    form = page.split(f'action="{action}"', 1)[1].split("</form>", 1)[0]
    return {name: html.unescape(value) for name, value in FIELD.findall(form)}


async def chef(site: Site) -> Browser:
    """The chef's browser."""
    return await browser_of(site, Role.CHEF)


async def send(browser: Browser, page: str, action: str, changed: Mapping[str, str]) -> httpx.Response:
    """Fill a form of a page and press its button."""
    return await browser.post(action, fields((await browser.get(page)).text, action) | dict(changed))


async def test_a_quantity_that_is_none_is_told_at_its_line_and_kept(site: Site) -> None:
    answer = await send(await chef(site), f"{BASKET}?semaine=2026-09-14", f"{BASKET}/ligne", {"colis": "dix"})
    assert answer.status_code == 422
    assert "écrire un nombre entier" in answer.text
    assert 'href="#champ-colis-offre_000-2026-09-14"' in answer.text
    assert 'value="dix" aria-invalid="true" aria-describedby="faute-colis-offre_000-2026-09-14"' in answer.text
    assert "<title>Erreur : " in answer.text


async def test_a_basket_that_changed_meanwhile_is_not_changed_blindly(site: Site) -> None:
    browser = await chef(site)
    first = await send(browser, f"{BASKET}?semaine=2026-09-14", f"{BASKET}/ligne", {"colis": "7"})
    assert first.headers["location"] == f"{BASKET}?semaine=2026-09-14&fait=ligne"
    stale = await send(browser, f"{BASKET}?semaine=2026-09-14", f"{BASKET}/ligne", {"colis": "8", "version": "1"})
    assert (stale.status_code, "À corriger" in stale.text) == (422, True)


async def test_a_changed_price_is_shown_and_sent_once_it_is_accepted(site: Site) -> None:
    async with site.database.unit_of_work() as session:
        await session.execute(update(Offer).where(Offer.slug == "offre_000").values(price_eur_per_pack=Decimal(11)))
    browser, page, action = await chef(site), f"{BASKET}?semaine=2026-09-14", f"{BASKET}/envoyer"
    shown = (await browser.get(page)).text
    assert "A changé : prix du colis 10,00\u00a0€ → 11,00\u00a0€" in shown
    given = fields(shown, action)
    assert given.pop("accepte") == "oui"
    refused = await browser.post(action, given)
    assert refused.status_code == 422
    assert 'href="#champ-accepte"' in refused.text
    sent = await browser.post(action, given | {"accepte": "oui"})
    assert sent.headers["location"] == f"{KITCHEN}/semaine?semaine=2026-09-14&fait=envoye"
    assert "Les commandes sont parties" in (await browser.get(sent.headers["location"])).text


async def test_a_form_pressed_twice_sends_once(site: Site) -> None:
    async def orders() -> int:
        async with site.database.reading() as session:
            return int((await session.scalars(select(func.count()).select_from(Order))).one())

    browser, action = await chef(site), f"{BASKET}/envoyer"
    given = fields((await browser.get(f"{BASKET}?semaine=2026-09-14")).text, action)
    before = await orders()
    places = [(await browser.post(action, given)).headers["location"] for _ in range(2)]
    assert places[0] == places[1]
    assert await orders() == before + 2


async def test_an_empty_basket_is_filled_with_the_plan_or_says_why_not(site: Site) -> None:
    browser, page = await chef(site), f"{BASKET}?semaine=2026-09-21"
    answer = await send(browser, page, f"{BASKET}/remplir", {})
    assert answer.status_code == 422
    assert "Le panier est vide" in answer.text


async def test_an_offer_replaces_a_line(site: Site) -> None:
    page = f"{BASKET}/substituts?semaine=2026-09-14&offre=offre_000&jour=2026-09-14"
    answer = await send(await chef(site), page, f"{BASKET}/substituts", {})
    assert answer.headers["location"] == f"{BASKET}?semaine=2026-09-14&fait=ligne-remplacee"


async def test_an_unusual_weight_asks_to_be_confirmed_and_everything_typed_stays(site: Site) -> None:
    browser, action = await chef(site), f"{KITCHEN}/pesee"
    heavy = BIN | {"poids": "240", "plat": "main_00"}
    doubtful = await browser.post(action, heavy)
    assert doubtful.status_code == 422
    assert 'name="confirme"' in doubtful.text
    assert 'value="240"' in doubtful.text
    assert 'value="PLATES" checked' in doubtful.text
    assert 'value="main_00" selected' in doubtful.text
    kept = await browser.post(action, heavy | {"confirme": "oui", "cle": "0f2c8f5e-again"})
    assert kept.headers["location"] == f"{action}?jour=2026-09-01&fait=pese"
    async with site.database.reading() as session:
        assert 240_000 in list(await session.scalars(select(Weighing.gross_g)))
    action, counted = f"{KITCHEN}/effectifs", {"cle": "0f2c8f5e-covers-web", "jour": "2026-09-01", "servis": "3"}
    doubtful = await browser.post(action, counted)
    assert doubtful.status_code == 422
    assert 'href="#champ-confirme-2026-09-01"' in doubtful.text
    kept = await browser.post(action, counted | {"confirme": "oui", "cle": "0f2c8f5e-covers-sure"})
    assert "fait=effectifs" in kept.headers["location"]


async def test_all_faults_of_a_form_are_told_at_once(site: Site) -> None:
    answer = await (await chef(site)).post(f"{KITCHEN}/pesee", {**BIN, "etape": "", "part": "", "poids": "lourd"})
    assert "3 points à corriger" in answer.text
    for name in ("etape", "part", "poids"):
        assert f'href="#champ-{name}"' in answer.text
        assert f'id="champ-{name}"' in answer.text


async def test_a_refused_lot_needs_a_reason_and_its_line_is_named(site: Site) -> None:
    browser, action = await chef(site), f"{KITCHEN}/receptions/2"
    given = fields((await browser.get(action)).text, action)
    typed = {"decision-1": "REFUSED", "decision-2": "PLUS_TARD", "decision-3": "PLUS_TARD", "lot-1": "L 2026"}
    answer = await browser.post(action, given | typed)
    assert answer.status_code == 422
    assert 'href="#champ-motif-1"' in answer.text
    assert 'value="L 2026"' in answer.text
    done = await browser.post(action, given | typed | {"motif-1": "QUALITY"})
    assert done.headers["location"] == f"{KITCHEN}/receptions?fait=recu"


async def test_a_change_is_agreed_to_and_an_order_cancelled_with_a_reason(site: Site) -> None:
    browser, page = await chef(site), f"{KITCHEN}/commandes/3"
    agreed = await send(browser, page, f"{page}/reponse", {"reponse": "oui"})
    assert agreed.headers["location"] == f"{page}?fait=repondu"
    shown = (await browser.get(agreed.headers["location"])).text
    assert "Changement accepté" in shown
    assert "propose un changement" not in shown
    silent = await send(browser, page, f"{page}/annuler", {"motif": " "})
    assert (silent.status_code, 'href="#champ-motif"' in silent.text) == (422, True)
    cancelled = await send(browser, page, f"{page}/annuler", {"motif": "Grève"})
    assert cancelled.headers["location"] == f"{page}?fait=annulation"
    assert "« Grève »" in (await browser.get(page)).text


async def test_nothing_noted_is_no_reception(site: Site) -> None:
    answer = await (await chef(site)).post(
        f"{KITCHEN}/receptions/2", {"cle": "0f2c8f5e-web", "decision-1": "PLUS_TARD"}
    )
    assert "Rien n'est noté" in html.unescape(answer.text)


@pytest.mark.parametrize("page", ["semaine", "commander", "receptions", "pesee", "effectifs"])
async def test_the_kitchen_of_somebody_else_is_not_found(page: str, site: Site) -> None:
    answer = await (await chef(site)).get(f"/cuisine/{OTHER_KITCHEN}/{page}")
    assert (answer.status_code, "Page introuvable" in answer.text) == (404, True)


@pytest.mark.parametrize("week", ["hier", "2026-13-01", "0000-00-00", "٢٠٢٦-٠٩-٠٧", "1" * 500])
async def test_a_week_that_is_none_is_refused_in_words(week: str, site: Site) -> None:
    answer = await (await chef(site)).get(f"{KITCHEN}/semaine", params={"semaine": week})
    assert answer.status_code == 400
    assert "Demande refusée" in answer.text


@pytest.mark.parametrize("more", [{}, {"files": {"photo-1": ("a.png", b"", "image/png")}}], ids=["plain", "parts"])
async def test_a_form_of_a_session_that_ended_is_kept_and_sent_once_signed_in(more: Any, site: Site) -> None:
    action, typed = f"{KITCHEN}/pesee", BIN | {"poids": "4,5", "plat": 'un "plat" <b>'}
    answer = await site.browser().post(action, typed, **more)
    assert (answer.status_code, "Votre session est terminée" in answer.text) == (401, True)
    assert fields(answer.text, action) == typed
    assert "<b>" not in answer.text
    del typed["plat"]
    assert (await (await chef(site)).post(action, typed)).headers["location"].endswith("fait=pese")


async def test_a_large_file_is_not_read_of_who_is_not_signed_in(site: Site) -> None:
    answer = await site.browser().post("/achats/importer", files={"fichier": ("a.csv", b"x" * 13_000_000, "text/csv")})
    assert answer.headers["location"].startswith("/connexion?suite=/achats")


async def test_a_product_that_the_plan_did_not_choose_is_added(site: Site) -> None:
    browser, action = await chef(site), f"{BASKET}/ajouter"
    shown = (await browser.get(f"{action}?semaine=2026-09-14")).text
    given = fields(shown[shown.index('<form method="post" action="/cuisine') :], action)
    refused = await browser.post(action, given | {"colis": "deux"})
    assert (refused.status_code, f'href="#champ-colis-{given["offre"]}"' in refused.text) == (422, True)
    added = await browser.post(action, given | {"colis": "2"})
    assert added.headers["location"] == f"{BASKET}?semaine=2026-09-14&fait=ligne-ajoutee"


@pytest.mark.parametrize("name", ["colis", "version"])
@pytest.mark.parametrize("value", ["", "-1", "1.5", "9" * 40, "NaN", "١٢", "1e3", "\x00"])
async def test_hostile_numbers_are_refused_and_break_nothing(name: str, value: str, site: Site) -> None:
    page = f"{BASKET}?semaine=2026-09-14"
    answer = await send(await chef(site), page, f"{BASKET}/ligne", {name: value})
    assert answer.status_code == 422


def asked(**form: str) -> Asked:
    return Asked(None, {}, {}, {name: [value] for name, value in form.items()})


@pytest.mark.parametrize(("typed", "grams"), [("3,25", 3250), ("3.250", 3250), ("1 000", 1_000_000), ("0", 0)])
def test_a_weight_is_read_in_kilograms(typed: str, grams: int) -> None:
    assert asked(poids=typed).grams("poids", "Poids") == grams


@pytest.mark.parametrize("typed", ["", "-1", "0,0005", "1e9", "NaN", "Infinity", "deux", "3,2,5", "٣"])
def test_what_is_no_weight_is_refused(typed: str) -> None:
    with pytest.raises(BadFields, match="Poids"):
        asked(poids=typed).grams("poids", "Poids")


@pytest.mark.parametrize("typed", ["2026-09-07", "07/09/2026", "7/9/2026"])
def test_a_day_is_read_as_people_and_browsers_write_it(typed: str) -> None:
    assert asked(jour=typed).day("jour") == date(2026, 9, 7)


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "07/09/0026", "2026-13-01", "٢٠٢٦-09-01"])
async def test_a_day_of_no_calendar_of_ours_is_refused_and_breaks_nothing(typed: str, site: Site) -> None:
    with pytest.raises(BadFields, match="date"):
        asked(jour=typed).day("jour")
    assert (await (await chef(site)).get(f"{KITCHEN}/effectifs?semaine={typed}")).status_code == 400


@pytest.mark.parametrize("typed", ["1e1", "1_000", "99999999999", "+-1", "３"])
def test_what_the_api_would_not_read_as_a_number_is_refused(typed: str) -> None:
    with pytest.raises(BadFields, match="Température"):
        asked(celsius=typed).decimal("celsius", "Température")


async def test_a_dish_is_swapped_from_the_week_and_one_that_is_ordered_is_not(site: Site) -> None:
    action = f"{KITCHEN}/semaine/remplacer"
    browser, page = await chef(site), f"{action}?jour={NEXT_MONDAY}&composante=MAIN"
    assert (
        f'href="{page}"'.replace("&", "&amp;") in (await browser.get(f"{KITCHEN}/semaine?semaine={NEXT_MONDAY}")).text
    )
    given = fields((await browser.get(page)).text, action)
    done = await browser.post(action, given)
    assert done.headers["location"] == f"{KITCHEN}/semaine?semaine={NEXT_MONDAY}&fait=plat-remplace"
    shown = (await browser.get(done.headers["location"])).text
    assert "Le plat est remplacé" in shown
    stale = await browser.post(action, given | {"cle": "another-press-of-it"})
    assert (stale.status_code, "a changé" in stale.text) == (422, True)
    ordered = await browser.post(action, given | {"jour": ORDERED_MONDAY, "cle": "ordered-by-now"})
    assert (ordered.status_code, "est commandée" in ordered.text) == (422, True)


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)


async def test_packs_that_are_not_kept_are_asked_back_of_the_seller(site: Site) -> None:
    browser, action = await chef(site), f"{KITCHEN}/receptions/2"
    given = fields((await browser.get(action)).text, action) | {
        "decision-1": "RESERVED", "decision-2": "PLUS_TARD", "motif-1": "DAMAGED", "remarque-1": "2 caisses pourries",
        "colis-1": "4", "gardes-1": "2", "celsius-1": "2",
    }  # fmt: skip
    slip = await browser.post(action, given | {"gardes-1": "5"})
    assert (slip.status_code, "pas plus que les 4 reçus" in slip.text) == (422, True)
    assert fields(slip.text, action)["gardes-1"] == "5"
    sent = await browser.post(action, given)
    assert sent.headers["location"] == f"{KITCHEN}/receptions?fait=recu"
    async with site.database.reading() as session:
        noted = (await session.scalars(select(ReceptionLine).order_by(ReceptionLine.id.desc()))).first()
        assert noted is not None
        assert (noted.delivered_packs, noted.accepted_packs) == (4, 2)
        asked = (await session.scalars(select(CreditRequest).where(CreditRequest.reception_line_id == noted.id))).one()
        assert asked.grams == noted.delivered_g - noted.accepted_g == noted.accepted_g


async def test_a_photo_of_a_refused_form_is_kept_and_goes_with_the_reception(site: Site) -> None:
    browser, action = await chef(site), f"{KITCHEN}/receptions/2"
    page = (await browser.get(action)).text
    given = fields(page, action) | {
        "decision-1": "ACCEPTED",
        "decision-2": "PLUS_TARD",
        "celsius-1": "2",
        "colis-1": "x",
    }
    refused = await browser.post(action, given, files={"photo-1": ("photo.png", PIXEL, "image/png")})
    assert refused.status_code == 422
    number = fields(refused.text, action)["photo-1"]
    assert "Une photo est gardée" in refused.text
    sent = await browser.post(action, given | {"colis-1": "10", "photo-1": number}, files={"photo-2": ("", b"", "")})
    assert sent.headers["location"] == f"{KITCHEN}/receptions?fait=recu"
    assert f'href="/documents/{number}"' in (await browser.get(action)).text
    wrong = await browser.post(action, given, files={"photo-1": ("note.csv", b"a;b\n1;2\n", "text/csv")})
    assert 'href="#champ-photo-1"' in wrong.text
