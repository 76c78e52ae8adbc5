"""Pages of the nutrition manager over HTTP: files brought in, years declared, and forms shown to who may send them."""

import html
import re

import httpx
import pytest
from sqlalchemy import func, select

from catering.declarations.models import Declaration
from catering.kitchens.models import Kitchen
from catering.people.viewer import Role
from catering.purchases.ledger import FORMATS
from catering.purchases.models import PurchaseLine
from catering.web.nutrition.sparkline import sparkline
from catering.web.standing import of_share
from catering.web.wording import points
from tests.api.dataset import uai
from tests.api.dataset_declarations import EVERY_POINT
from tests.api.dataset_purchases import SIRETS
from tests.people.conftest import Browser, Site
from tests.web.conftest import browser_of
from tests.web.test_forms import fields

IMPORT = "/achats/importer"
YEAR = f"/cuisine/{uai(0)}/bilan"
ALERTED = re.compile(r"<small>([A-Z0-9-]+) · ")
"""The rule of a row of alerts."""
GOOD = f"{SIRETS[0]},Poires,Verger,2026-03-03,14.50,FRUITS_ET_LEGUMES,BIO,FRANCE,OUI,,,"
BAD = "x,,,hier,-1,LEGUMES,,,,,,"


def file_of(*rows: str) -> bytes:
    """A file of purchases as ma-cantine has it."""
    return "\n".join([",".join(FORMATS[0].columns), *rows, ""]).encode()


async def bring(
    browser: Browser, content: bytes, key: str = "0f2c8f5e-web", name: str = "achats.csv"
) -> httpx.Response:
    """Choose a file on the page and press its button."""
    return await browser.post(IMPORT, {"cle": key}, files={"fichier": (name, content, "text/csv")})


def to_declare(page: str) -> dict[str, str]:
    """Fields of the form that declares, which has the address of the one that chooses the year."""
    return fields(page[page.index(f'method="post" action="{YEAR}"') :], YEAR)


async def bought(site: Site) -> int:
    """How many purchase lines there are."""
    async with site.database.reading() as session:
        return int((await session.scalars(select(func.count()).select_from(PurchaseLine))).one())


async def test_a_file_is_imported_once_however_often_it_is_sent(site: Site) -> None:
    browser, before = await browser_of(site, Role.NUTRITION_MANAGER), await bought(site)
    first = await bring(browser, file_of(GOOD))
    assert first.headers["location"] == "/achats?fait=achats-importes"
    assert (await bring(browser, file_of(GOOD))).headers["location"] == "/achats?fait=achats-importes"
    again = await bring(browser, file_of(GOOD), "0f2c8f5e-later")
    assert again.headers["location"] == "/achats?fait=achats-deja"
    assert await bought(site) == before + 1
    assert "Poires" in (await browser.get(f"/achats?cuisine={uai(0)}&du=2026-03-03&au=2026-03-03")).text


async def test_every_fault_of_a_file_stands_in_a_table_and_nothing_is_kept(site: Site) -> None:
    browser, before = await browser_of(site, Role.NUTRITION_MANAGER), await bought(site)
    answer = await bring(browser, file_of(GOOD, BAD))
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    rows = re.findall(r'<tr><th scope="row" class="num">(\d+)</th><td>([^<]+)</td><td>([^<]+)</td>', page)
    assert ("3", "date", "hier") in rows
    assert {column for _, column, _ in rows} == {"siret", "description", "date", "prix_ht", "famille_produits"}
    assert "ACH-07" in page
    assert 'href="#champ-fichier"' in page
    assert await bought(site) == before


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "achats.csv", "Le fichier est vide"),
        (b"\x00\x01\x02", "achats.exe", "n'est ni un PDF"),
        (b"%PDF-1.4 quelque chose", "achats.pdf", "n'est pas un tableau"),
    ],
    ids=["empty", "unknown kind", "no table"],
)
async def test_what_is_no_table_is_refused_beside_its_field(content: bytes, name: str, told: str, site: Site) -> None:
    answer = await bring(await browser_of(site, Role.NUTRITION_MANAGER), content, name=name)
    assert answer.status_code == 422
    assert told in html.unescape(answer.text)
    assert 'id="faute-fichier"' in answer.text


async def test_no_file_chosen_is_told_as_browsers_send_it(site: Site) -> None:
    part = 'Content-Disposition: form-data; name="fichier"; filename=""\r\nContent-Type: application/octet-stream'
    answer = await (await browser_of(site, Role.NUTRITION_MANAGER)).post(
        IMPORT,
        content=f"--bound\r\n{part}\r\n\r\n\r\n--bound--\r\n".encode(),
        headers={"content-type": "multipart/form-data; boundary=bound"},
    )
    assert (answer.status_code, "Choisir le fichier" in answer.text) == (422, True)


async def test_a_plain_form_sent_where_a_file_is_asked_is_refused_in_words(site: Site) -> None:
    answer = await (await browser_of(site, Role.NUTRITION_MANAGER)).post(IMPORT, {"cle": "0f2c8f5e-web"})
    assert (answer.status_code, 'href="#champ-fichier"' in answer.text) == (422, True)


async def test_a_file_from_nobody_or_from_who_only_controls_is_not_imported(site: Site) -> None:
    before = await bought(site)
    nobody = await bring(site.browser(), file_of(GOOD))
    assert (nobody.status_code, 'href="/connexion' in nobody.text) == (401, True)
    refused = await bring(await browser_of(site, Role.AUDITOR), file_of(GOOD))
    assert refused.status_code == 422
    assert "n'envoie rien" in html.unescape(refused.text)
    assert await bought(site) == before


async def test_a_year_is_corrected_once_its_open_points_are_read(site: Site) -> None:
    browser, page = await browser_of(site, Role.NUTRITION_MANAGER), f"{YEAR}?annee=2025"
    given = to_declare((await browser.get(page)).text) | {"motif": "Cabillaud oublié"}
    read = {name: value for name, value in given.items() if not name.startswith("lu-")}
    unread = await browser.post(YEAR, read)
    assert unread.status_code == 422
    assert 'href="#champ-lus"' in unread.text
    assert 'value="Cabillaud oublié"' in unread.text
    made = await browser.post(YEAR, read | {"cle": "0f2c8f5e-read"} | {f"lu-{each}": "oui" for each in EVERY_POINT})
    assert made.headers["location"] == f"{YEAR}?annee=2025&forme=simple&fait=annee-declaree"
    shown = (await browser.get(made.headers["location"])).text
    assert "Version 2" in shown
    assert "rien n&#39;a changé" in shown or "rien n'a changé" in shown
    assert "Cabillaud" in (await browser.get(f"{YEAR}?annee=2025&comparer=1")).text
    async with site.database.reading() as session:
        versions = select(Declaration.version).where(Declaration.year == 2025, Declaration.kitchen_id == 1)
        assert sorted(await session.scalars(versions)) == [1, 2]


async def test_a_declaration_without_a_reason_or_of_a_stale_version_is_refused(site: Site) -> None:
    browser = await browser_of(site, Role.NUTRITION_MANAGER)
    given = to_declare((await browser.get(f"{YEAR}?annee=2025")).text)
    silent = await browser.post(YEAR, given | {"motif": " "})
    assert (silent.status_code, 'href="#champ-motif"' in silent.text) == (422, True)
    stale = await browser.post(YEAR, given | {"motif": "Erreur", "version": "0"})
    assert stale.status_code == 422


async def test_a_kitchen_that_has_no_siret_is_given_one_from_its_page(site: Site) -> None:
    browser, page = await browser_of(site, Role.NUTRITION_MANAGER), f"/cuisine/{uai(2)}/bilan"
    action = f"{page}/siret"
    given = fields((await browser.get(f"{page}?annee=2025")).text, action)
    wrong = await browser.post(action, given | {"siret": "123"})
    assert (wrong.status_code, 'href="#champ-siret"' in wrong.text) == (422, True)
    done = await browser.post(action, given | {"siret": "19620024000030", "cle": "0f2c8f5e-siret"})
    assert done.headers["location"] == f"{page}?annee=2025&forme=simple&fait=siret"


async def test_a_criterion_opens_the_dishes_that_count_and_why(site: Site) -> None:
    browser = await browser_of(site, Role.NUTRITION_MANAGER)
    page = f"/cuisine/{uai(0)}/vingt-repas?annee=2026-27"
    closed = (await browser.get(page)).text
    assert "Plats comptés" not in closed
    (first,) = re.findall(r'href="([^"]*critere=NUT-07)#critere"', closed)
    opened = (await browser.get(html.unescape(first))).text
    assert "Plats comptés" in opened
    assert "Compte : laitage ou dessert" in opened
    unknown = (await browser.get(f"{page}&critere=NUT-99")).text
    assert "Critère inconnu" in unknown


async def test_pages_of_purchases_follow_each_other_without_a_gap(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catering.web.nutrition.purchases.ROWS", 2)
    browser, path = await browser_of(site, Role.NUTRITION_MANAGER), "/achats?du=2025-01-01"
    total = len(re.findall(r"<tr>\s*<td>", (await every_line(browser, path))))
    async with site.database.reading() as session:
        wanted = await session.scalar(
            select(func.count()).select_from(PurchaseLine).where(PurchaseLine.bought_on >= "2025-01-01")
        )
    assert total == wanted


async def every_line(browser: Browser, path: str) -> str:
    """All pages from one on, one after the other."""
    text = (await browser.get(path)).text
    following = re.search(r'href="([^"]+)">Achats suivants', text)
    return text + (await every_line(browser, html.unescape(following[1])) if following else "")


async def test_the_grid_narrows_to_a_rule_and_a_state_and_opens_what_is_behind_a_cell(site: Site) -> None:
    browser, path = await browser_of(site, Role.NUTRITION_MANAGER), "/nutrition/grille?annee=2026"
    whole = (await browser.get(path)).text
    (narrowed,) = re.findall(r'href="([^"]*regle=EGA-02)"', whole)
    one = (await browser.get(html.unescape(narrowed))).text
    assert "Montrer toutes les règles" in one
    assert "taux/EGA-02" in one
    assert "taux/EGA-01" not in one
    nutrition = (await browser.get(f"{path}&regles=NUTRITION")).text
    opened = html.unescape(re.findall(r'<td><a href="([^"#]*vingt-repas[^"#]*)', nutrition)[0])
    assert "Compte : " in (await browser.get(opened)).text
    watched = (await browser.get(f"{path}&regles=NUTRITION&etat=WATCHED")).text.split("<tbody>")[1]
    assert ('class="chip watch"' in watched, 'class="chip ok"' in watched) == (True, False)


def test_a_line_ends_where_the_year_is_projected_and_shows_what_is_asked() -> None:
    trend = ["10", None, None, None, None, "30"]
    drawn = sparkline("2026-01-01", trend, "50", "20")
    assert drawn is not None
    assert drawn["line"] == "M0 17l30 -8"
    assert drawn["ahead"] == "M30 9l36 -8"
    assert drawn["bound"] == 13
    assert sparkline("2026-01-01", trend[:1]) is None
    assert sparkline(None, [], "50", "20") is None


async def test_an_import_is_taken_back_by_a_form_with_its_reason(site: Site) -> None:
    browser = await browser_of(site, Role.NUTRITION_MANAGER)
    await bring(browser, file_of(GOOD))
    page = (await browser.get("/achats/imports")).text
    number = re.findall(r'<option value="(\d+)"', page)[0]
    unsaid = await browser.post("/achats/imports", {"cle": "0f2c8f5e-a", "import": number, "motif": ""})
    assert (unsaid.status_code, "dire pourquoi" in html.unescape(unsaid.text)) == (422, True)
    done = await browser.post("/achats/imports", {"cle": "0f2c8f5e-b", "import": number, "motif": "mauvais SIRET"})
    assert done.headers["location"] == "/achats/imports?fait=import-annule"
    after = html.unescape((await browser.get("/achats/imports")).text)
    assert "« mauvais SIRET »" in after
    assert f'<option value="{number}"' not in after


async def test_a_supplier_of_a_territorial_project_is_found_by_name_and_told(site: Site) -> None:
    browser, path = await browser_of(site, Role.NUTRITION_MANAGER), "/nutrition/projets-alimentaires"
    assert "Ferme 1" in (await browser.get(f"{path}?nom=FERME")).text
    assert "Aucune ferme ni plateforme" in (await browser.get(f"{path}?nom=personne")).text
    given = {"cle": "0f2c8f5e-p", "nom": "ferme", "fournisseur": "ferme_01", "projet": "PAT de l'Artois"}
    undated = await browser.post(path, given)
    assert undated.status_code == 422
    assert html.unescape(undated.text).count("recopier de la décision") >= 2
    done = await browser.post(path, given | {"du": "2026-01-01", "au": "2027-12-31"})
    assert done.headers["location"] == f"{path}?fait=projet"
    assert "PAT de l'Artois" in html.unescape((await browser.get(path)).text)
    assert "Dire un fournisseur" not in (await (await browser_of(site, Role.AUDITOR)).get(path)).text


async def test_a_reason_to_buy_outside_europe_is_written_by_a_form(site: Site) -> None:
    browser, path = await browser_of(site, Role.NUTRITION_MANAGER), "/achats/hors-europe"
    before = html.unescape((await browser.get(f"{path}?annee=2026")).text)
    assert "1 produit sans motif" in before
    given = {"cle": "0f2c8f5e-r", "annee": "2026", "cuisine": "", "produit": "Bananes de Saint-Domingue"}
    done = await browser.post(path, given | {"motif": "Aucune offre de l'Union"})
    assert done.headers["location"] == f"{path}?annee=2026&fait=motif"
    after = html.unescape((await browser.get(f"{path}?annee=2026")).text)
    assert "tous les motifs sont écrits" in after
    assert "« Aucune offre de l'Union »" in after


async def test_how_a_lot_was_judged_is_told_by_who_signs_its_contract(site: Site) -> None:
    browser, path = await browser_of(site, Role.DEPARTEMENT), "/nutrition/lots-juges"
    lot = re.findall(r'<option value="(\d+:\d+)"', (await browser.get(path)).text)[0]
    given = {"cle": "0f2c8f5e-l", "cuisine": "", "lot": lot, "signe": "EXTERNALITES", "poids": "5", "note": "65,5"}
    proof = {"fichier": ("reglement.pdf", b"%PDF-1.7 notes", "application/pdf")}
    light = await browser.post(path, given, files=proof)
    assert (light.status_code, 'href="#champ-poids"' in light.text) == (422, True)
    done = await browser.post(path, given | {"cle": "0f2c8f5e-m", "poids": "20"}, files=proof)
    assert done.headers["location"] == f"{path}?fait=lot-juge"
    assert "critère environnemental 20" in html.unescape((await browser.get(path)).text)
    reader = (await (await browser_of(site, Role.NUTRITION_MANAGER)).get(path)).text
    assert "Dire comment un lot fut jugé" not in reader


async def test_the_points_of_a_bilan_lead_to_the_page_that_mends_them(site: Site) -> None:
    page = html.unescape((await (await browser_of(site, Role.NUTRITION_MANAGER)).get(f"{YEAR}?annee=2025")).text)
    assert 'href="/nutrition/projets-alimentaires"' in page
    assert '<span class="label">Projet alimentaire territorial</span><span class="figure">non renseigné</span>' in page


async def test_the_restaurants_of_a_central_kitchen_are_told_as_a_list(site: Site) -> None:
    browser, path = await browser_of(site, Role.NUTRITION_MANAGER), f"{YEAR}/restaurants"
    given = {"cle": "0f2c8f5e-s", "annee": "2025", "forme": "simple"}
    wrong = await browser.post(path, given | {"restaurants": f"{SIRETS[0]} ; Sur place ; beaucoup\nune ligne"})
    told = html.unescape(wrong.text)
    assert wrong.status_code == 422
    assert "Ligne 1 : les repas de l'année sont un entier" in told
    assert "Ligne 2 : écrire SIRET ; nom" in told
    assert "Sur place ; beaucoup" in told, "what was typed stays"
    good = f"{SIRETS[0]} ; Sur place ; 40 000 ; 949\n\n"
    done = await browser.post(path, given | {"cle": "0f2c8f5e-t", "restaurants": good})
    assert done.headers["location"] == f"{YEAR}?annee=2025&forme=simple&fait=restaurants"
    assert f"{SIRETS[0]}; Sur place; 40000; 949" in html.unescape((await browser.get(f"{YEAR}?annee=2025")).text)


async def test_the_page_behind_a_rate_says_what_the_grid_says(site: Site) -> None:
    """While the year runs a rate that is not reached is watched, not missed."""
    browser = await browser_of(site, Role.NUTRITION_MANAGER)
    grid = html.unescape((await browser.get("/nutrition/grille?annee=2026")).text)
    links = re.findall(r'href="(/cuisine/\w+/taux/EGA-0\d)\?[^"]*"[^>]*>(.*?)</a>', grid, re.S)
    words = {"ok": "tenu", "watch": "à surveiller", "unknown": "rien d'acheté"}
    seen = set()
    for path, cell in links[:6]:
        (mark,) = set(re.findall(r'class="chip (\w+)"', cell)) or {"unknown"}
        page = html.unescape((await browser.get(f"{path}?annee=2026")).text)
        told = page.split('<p class="lead">')[1].split("<form")[0]
        assert f'class="chip {mark}"' in told, path
        assert words[mark] in told
        seen.add(mark)
    assert "watch" in seen


async def test_alerts_narrow_to_a_rule(site: Site) -> None:
    browser, path = await browser_of(site, Role.NUTRITION_MANAGER), "/nutrition/alertes?annee=2026"
    every = html.unescape((await browser.get(path)).text)
    alerted = sorted(set(ALERTED.findall(every)))
    assert len(alerted) > 1
    one = html.unescape((await browser.get(f"{path}&regle={alerted[0]}")).text)
    assert set(ALERTED.findall(one)) == {alerted[0]}
    assert re.search(rf'<option value="{alerted[0]}" selected', one)
    assert (await browser.get(f"{path}&regle=NIMPORTE")).status_code == 200


@pytest.mark.parametrize(
    ("now", "later", "running", "mark"),
    [
        (False, None, True, "watch"),
        (False, None, False, "missed"),
        (True, None, True, "ok"),
        (None, None, True, "unknown"),
    ],
)
def test_what_was_bought_so_far_misses_nothing_while_the_year_runs(
    now: bool | None, later: bool | None, running: bool, mark: str
) -> None:
    assert of_share(now, later, running=running) == mark


def test_a_rate_is_told_to_the_hundredth_as_files_tell_it() -> None:
    assert points("10.97") == "10,97\u00a0%"
    assert points("20.00") == "20\u00a0%"


@pytest.mark.parametrize(
    "path", ["/nutrition/grille?annee=2026", "/nutrition/alertes?annee=2026", "/nutrition/bilans?annee=2025"]
)
async def test_an_intercommunality_is_chosen_not_typed_and_all_stay_in_the_list(path: str, site: Site) -> None:
    async with site.database.unit_of_work() as session:
        (await session.get_one(Kitchen, 1)).epci = "CA d'Ailleurs"
    browser = await browser_of(site, Role.NUTRITION_MANAGER)
    whole = (await browser.get(path)).text
    options = re.findall(r'<option value="([^"]*)"', whole.split('name="epci"')[1].split("</select>")[0])
    assert len(options) > 2
    chosen = (await browser.get(f"{path}&epci=CA d'Ailleurs")).text
    assert chosen.split('name="epci"')[1].split("</select>")[0].count("<option") == len(options)
    assert "Collège 0" in chosen
    assert "Collège 1" not in chosen
