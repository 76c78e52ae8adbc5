"""Pages of waste over HTTP: bins corrected with a trace, days asked about, campaigns, diagnostic, duties, portions."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from catering.attendance.models import AttendanceEvent
from catering.moment import Clock
from catering.people.viewer import Role
from catering.planning.models import PlanRun, ScenarioLesson
from catering.waste.models import ServiceCovers, WasteDiagnostic, WasteSite, Weighing
from catering.waste.refusals import ConfirmationNeeded
from catering.waste.rules.figures import Doubt
from catering.waste.vocabulary import KitchenKind, Service
from catering.web.chef.waste import _unknown
from catering.web.spoken import spoken
from catering.web.wording import kilos
from tests.api.dataset import MOMENT, uai
from tests.people.conftest import Browser, Site
from tests.web.conftest import browser_of

KITCHEN = f"/cuisine/{uai(0)}"
WASTE = f"{KITCHEN}/gaspillage"
DAY = "2026-09-01"
BIN = {"cle": "w5-cle-0001", "bac": "w5-bac-0001", "jour": DAY, "etape": "PLATES", "part": "UNSORTED", "poids": "3,2"}
CORRECT = re.compile(r"corriger=(\d+)#correction")


async def chef(site: Site) -> Browser:
    """The chef's browser."""
    return await browser_of(site, Role.CHEF)


async def weighed(browser: Browser) -> str:
    """The number of a bin that was just weighed."""
    assert (await browser.post(f"{KITCHEN}/pesee", BIN)).status_code == 303
    (number,) = CORRECT.findall((await browser.get(f"{KITCHEN}/pesee?jour={DAY}")).text)
    return str(number)


async def test_a_mistyped_bin_is_replaced_and_the_first_one_stays_readable(site: Site) -> None:
    browser = await chef(site)
    number = await weighed(browser)
    form = (await browser.get(f"{KITCHEN}/pesee?jour={DAY}&corriger={number}")).text
    assert 'value="3,2"' in form
    action = f"{KITCHEN}/pesee/{number}/correction"
    given = BIN | {"cle": "w5-cle-0002", "bac": "w5-bac-0002", "poids": "lourd", "quoi": "remplacer", "famille": "SIDE"}
    refused = await browser.post(action, given)
    assert (refused.status_code, 'value="lourd"' in refused.text) == (422, True)
    assert 'href="#champ-pourquoi"' in refused.text
    done = await browser.post(action, given | {"poids": "2,3", "pourquoi": "chiffres inversés"})
    assert done.headers["location"] == f"{KITCHEN}/pesee?jour={DAY}&fait=pesee-corrigee"
    page = (await browser.get(f"{KITCHEN}/pesee?jour={DAY}")).text
    assert "2,3\u00a0kg en 1 pesée" in page
    assert "Pesées annulées (1)" in page
    assert "chiffres inversés" in page
    assert "<td>Accompagnements</td>" in page
    async with site.database.reading() as session:
        assert sorted(await session.scalars(select(Weighing.net_g).where(Weighing.day == MOMENT.date()))) == [
            -3_200, 2_300, 3_200,
        ]  # fmt: skip


async def test_a_bin_forgotten_is_weighed_for_its_own_day(site: Site) -> None:
    browser = await chef(site)
    page = (await browser.get(f"{KITCHEN}/pesee")).text
    chooser = page[page.index("Un autre jour") :]
    assert re.search(rf'method="get" action="{KITCHEN}/pesee".*?name="jour" type="date"', chooser, re.DOTALL)
    before = (await browser.get(f"{KITCHEN}/pesee?jour=2026-08-31")).text
    assert 'type="hidden" name="jour" value="2026-08-31"' in before
    assert "lundi 31 août" in before


async def test_a_bin_that_never_was_is_taken_back_alone(site: Site) -> None:
    browser = await chef(site)
    number = await weighed(browser)
    taken = {"cle": "w5-cle-0003", "jour": DAY, "quoi": "annuler", "pourquoi": "noté deux fois"}
    done = await browser.post(f"{KITCHEN}/pesee/{number}/correction", taken)
    assert done.status_code == 303
    assert "encore pesé" in (await browser.get(f"{KITCHEN}/pesee?jour={DAY}")).text


async def test_a_page_left_open_overnight_asks_of_which_day_the_bin_is(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await chef(site)
    monkeypatch.setattr(Clock, "fixed", MOMENT + timedelta(days=1))
    # The session of the browser ended with its day: a new one, and the page of the day before.
    late = await chef(site)
    asked = await late.post(f"{KITCHEN}/pesee", BIN | {"ouvert": DAY})
    assert asked.status_code == 422
    assert 'href="#champ-jour_sur"' in asked.text
    assert "ouverte depuis le mardi 1 septembre" in asked.text.replace("1er", "1")
    assert 'value="3,2"' in asked.text
    async with site.database.reading() as session:
        key = select(func.count()).select_from(Weighing).where(Weighing.entry_key == BIN["bac"])
        assert (await session.scalar(key)) == 0, "nothing is written to yesterday in silence"
    said = await late.post(f"{KITCHEN}/pesee", BIN | {"ouvert": DAY, "jour_sur": DAY})
    assert said.headers["location"] == f"{KITCHEN}/pesee?jour={DAY}&fait=pese"
    # A day that somebody chose on purpose is not asked about.
    chosen = BIN | {"cle": "w5-cle-0004", "bac": "w5-bac-0004", "ouvert": "2026-09-02"}
    assert (await late.post(f"{KITCHEN}/pesee", chosen)).status_code == 303
    del browser


async def test_an_event_is_announced_doubted_and_withdrawn(site: Site) -> None:
    browser, action = await chef(site), f"{KITCHEN}/effectifs/evenements"
    trip = {
        "cle": "w5-cle-0005", "genre": "TRIP", "ev_du": "2026-09-07", "sens": "moins", "ecart": "45",
        "remarque": "Musée",
    }  # fmt: skip
    wrong = await browser.post(action, trip | {"genre": "", "ecart": "beaucoup"})
    assert 'href="#champ-genre"' in wrong.text
    assert 'value="beaucoup"' in wrong.text
    doubt = await browser.post(action, trip)
    assert (doubt.status_code, 'name="ev_confirme"' in doubt.text) == (422, True), "another trip stands on that day"
    done = await browser.post(action, trip | {"cle": "w5-cle-0006", "ev_confirme": "oui"})
    assert done.headers["location"] == f"{KITCHEN}/effectifs?semaine=2026-09-07&fait=evenement"
    assert "45 couverts de moins par jour" in (await browser.get(f"{KITCHEN}/effectifs?semaine=2026-09-07")).text
    async with site.database.reading() as session:
        number = await session.scalar(select(AttendanceEvent.id).where(AttendanceEvent.note == "Musée"))
    gone = await browser.post(f"{action}/{number}/retrait", {"cle": "w5-cle-0007", "semaine": "2026-09-07"})
    assert "fait=evenement-retire" in gone.headers["location"]
    assert "45 couverts de moins par jour" not in (await browser.get(f"{KITCHEN}/effectifs?semaine=2026-09-07")).text


async def test_a_campaign_is_opened_shown_and_given_up_with_a_reason(site: Site) -> None:
    browser, action = await chef(site), f"{WASTE}/campagnes"
    short = {"cle": "w5-cle-0008", "premier": "2026-10-05", "dernier": "2026-10-06"}
    refused = await browser.post(action, short)
    assert 'href="#champ-dernier"' in refused.text
    assert 'value="2026-10-06"' in refused.text
    done = await browser.post(action, short | {"cle": "w5-cle-0009", "dernier": "2026-10-13"})
    assert done.headers["location"] == f"{WASTE}?fait=campagne"
    over = await browser.post(action, {"cle": "w5-cle-0027", "premier": "2026-10-12", "dernier": "2026-11-03"})
    assert 'href="#champ-premier"' in over.text
    page = (await browser.get(WASTE)).text
    found = re.search(r'action="[^"]*/campagnes/(\d+)/abandon"', page)
    assert found is not None
    unsaid = await browser.post(f"{action}/{found[1]}/abandon", {"cle": "w5-cle-0010"})
    assert f'href="#champ-raison-{found[1]}"' in unsaid.text
    gone = await browser.post(f"{action}/{found[1]}/abandon", {"cle": "w5-cle-0011", f"raison-{found[1]}": "grève"})
    assert gone.headers["location"] == f"{WASTE}?fait=campagne-abandonnee"


async def test_the_page_of_waste_opens_on_the_campaign_begun_last(site: Site) -> None:
    page = (await (await chef(site)).get(WASTE)).text
    assert (await (await chef(site)).get(f"/papers/kitchens/{uai(0)}/waste-2026.csv")).status_code == 200
    assert "Campagne du lundi 2 mars 2026 au lundi 9 mars 2026" in page
    assert "jour=2026-03-03" in page, "the day can be weighed from there"
    page = (await (await chef(site)).get(f"{WASTE}?du=2026-09-01&au=2026-09-08")).text
    assert "hors campagne" in page
    assert "Personne n'a pesé" not in page, "days weighed one by one are no campaign that failed"


async def test_the_diagnostic_gets_its_next_version_and_faults_stand_at_their_row(site: Site) -> None:
    browser, action = await chef(site), f"{WASTE}/diagnostic"
    typed = {
        "cle": "w5-cle-0012", "depuis": "1", "ecrit_le": DAY, "pilote": "Gestionnaire", "equipe": "Chef",
        "situation": "On jette moins.", "pesees": "2026-03-02/2026-03-09", "constat-1": "Épinards", "cause-1": "",
        "sorte-1": "TRAINING", "action-1": "Cuire moins longtemps", "qui-1": "Chef", "echeance-1": "2026-10-01",
        "avancement-1": "PLANNED",
    }  # fmt: skip
    refused = await browser.post(action, typed)
    assert 'href="#champ-cause-1"' in refused.text
    assert 'value="Cuire moins longtemps"' in refused.text
    done = await browser.post(action, typed | {"cause-1": "DISLIKED"})
    assert done.headers["location"] == f"{action}?fait=diagnostic"
    page = (await browser.get(action)).text
    assert "Version 2" in page
    assert "waste-diagnostic.pdf?version=2" in page
    assert "Garder la version 2" not in (await browser.get(f"{action}?version=1")).text, "only the latest is written on"
    stale = await browser.post(action, typed | {"cause-1": "DISLIKED", "cle": "w5-cle-0013"})
    assert "La version 2 a été écrite" in stale.text
    async with site.database.reading() as session:
        assert await session.scalar(select(func.max(WasteDiagnostic.version))) == 2


async def test_duties_agreements_and_collections_are_stated_on_one_page(site: Site) -> None:
    browser, page = await chef(site), f"{WASTE}/obligations"
    ehpad = {"cle": "w5-cle-0014", "genre": "EHPAD", "repas_an": "90000", "annee_base": "2019"}
    half = await browser.post(f"{page}/etablissement", ehpad)
    assert (half.status_code, 'value="90000"' in half.text) == (422, True), "a base year goes with its grams"
    assert (
        "fait=etablissement"
        in (
            await browser.post(f"{page}/etablissement", ehpad | {"grammes_base": "120,5", "cle": "w5-cle-0015"})
        ).headers["location"]
    )
    assert "Petit déjeuner, Déjeuner, Dîner" in re.sub(r"\s+", " ", (await browser.get(page)).text)
    unsigned = {"cle": "w5-cle-0016", "association": "Restos", "proposee_le": "2026-08-01", "signee_le": "2026-07-01"}
    assert 'value="Restos"' in (await browser.post(f"{page}/conventions", unsigned)).text
    signed = unsigned | {"signee_le": "2026-08-10", "habilitation": "CCAS", "cle": "w5-cle-0017"}
    assert "fait=convention" in (await browser.post(f"{page}/conventions", signed)).headers["location"]
    oil = {
        "cle": "w5-cle-0018", "bac": "w5-note-0018", "flux": "BIOWASTE", "filiere": "BIOFUEL", "parti_le": DAY,
        "quantite": "42,5", "collecteur": "Verte",
    }  # fmt: skip
    assert 'href="#champ-quantite"' in (await browser.post(f"{page}/collectes", oil)).text
    kept = await browser.post(f"{page}/collectes", oil | {"filiere": "METHANISATION", "cle": "w5-cle-0019"})
    assert "fait=collecte" in kept.headers["location"]
    shown = (await browser.get(page)).text
    assert "42,5\u00a0kg" in shown
    number = max(map(int, re.findall(r"/collectes/(\d+)/annulation", shown)))
    gone = await browser.post(f"{page}/collectes/{number}/annulation", {"cle": "w5-cle-0020"})
    assert "fait=collecte-annulee" in gone.headers["location"]
    assert "42,5\u00a0kg annulés" in (await browser.get(page)).text


async def test_a_place_of_care_counts_and_weighs_every_meal_of_every_day(site: Site) -> None:
    async with site.database.unit_of_work() as session:
        (await session.get_one(WasteSite, 1)).kind = KitchenKind.EHPAD
    browser = await chef(site)
    page = (await browser.get(f"{KITCHEN}/effectifs?semaine=2026-08-24")).text
    assert "Dimanche 30 août" in page, "people eat on Sundays, and in the holidays of the schools"
    assert "Petit déjeuner" in page
    dinner = {
        "cle": "w5-cle-0021", "jour": "2026-08-30", "semaine": "2026-08-24", "service": "DINNER", "suite": "-DINNER",
        "servis": "60",
    }  # fmt: skip
    assert (await browser.post(f"{KITCHEN}/effectifs", dinner)).status_code == 303
    wrong = await browser.post(f"{KITCHEN}/effectifs", dinner | {"servis": "soixante", "cle": "w5-cle-0022"})
    assert 'href="#champ-servis-2026-08-30-DINNER"' in wrong.text
    bins = BIN | {"jour": "2026-08-30", "service": "DINNER"}
    done = await browser.post(f"{KITCHEN}/pesee", bins)
    assert done.headers["location"] == f"{KITCHEN}/pesee?jour=2026-08-30&service=DINNER&fait=pese"
    page = (await browser.get(done.headers["location"])).text
    assert "Quel repas" in page
    assert 'value="DINNER" checked' in page
    async with site.database.reading() as session:
        of_dinner = select(ServiceCovers.served).where(ServiceCovers.service == Service.DINNER)
        assert list(await session.scalars(of_dinner)) == [60]


async def test_a_simulated_count_is_told_and_never_sent_back_as_a_count(site: Site) -> None:
    async with site.database.unit_of_work() as session:
        session.add(
            ServiceCovers(
                kitchen_id=1, day=date(2026, 8, 31) + timedelta(days=1), service=Service.LUNCH, served=287,
                simulated=True, made_by="Démonstration",
            )
        )  # fmt: skip
    browser = await chef(site)
    page = (await browser.get(f"{KITCHEN}/effectifs?semaine=2026-08-31")).text
    assert "Servis : 287, chiffre simulé pour la démonstration" in page
    assert 'value="287"' not in page, "the form would send it as a count"
    counted = {"cle": "w5-cle-0031", "jour": DAY, "semaine": "2026-08-31", "service": "LUNCH", "suite": ""}
    assert (await browser.post(f"{KITCHEN}/effectifs", counted | {"servis": "281"})).status_code == 303
    page = (await browser.get(f"{KITCHEN}/effectifs?semaine=2026-08-31")).text
    assert "simulé" not in page
    assert 'value="281"' in page


async def test_a_surplus_that_cannot_be_is_told_and_kept(site: Site) -> None:
    browser = await chef(site)
    assert "conseil" not in (await browser.get(f"{WASTE}/excedents")).text
    wrong = (await browser.get(f"{WASTE}/excedents?quoi=HOT_DISH&expose=oui&refroidi_en=vite&fabrique=2026-09-01")).text
    assert 'href="#champ-etiquete"' in wrong
    assert 'value="vite"' in wrong
    late = (
        f"{WASTE}/excedents?quoi=HOT_DISH&expose=oui&etiquete=oui&fabrique=2026-09-05&servi=2026-09-01&pour=2026-09-06"
    )
    assert "ces jours se suivent" in (await browser.get(late)).text
    given = late.replace("2026-09-05", "2026-09-01").replace("2026-09-06", "2026-09-02")
    assert '<h2 id="conseil">Jeter</h2>' in (await browser.get(given)).text


async def test_at_the_end_of_the_service_a_dish_is_to_be_cooled_not_thrown_away(site: Site) -> None:
    """What the page proposes by itself: asked today, of today's dish, for the next service, nothing noted yet."""
    browser = await chef(site)
    asked = f"{WASTE}/excedents?quoi=HOT_DISH&expose=non&etiquete=oui&fabrique={DAY}&servi={DAY}"
    form = (await browser.get(f"{WASTE}/excedents")).text
    assert re.search(r'<input[^>]*name="pour"[^>]*value="2026-09-03"', form), "nobody is served on a Wednesday"
    for held in ("", "&chaud_a=65"):
        page = (await browser.get(f"{asked}&pour=2026-09-03{held}")).text
        assert '<h2 id="conseil">Mettre au froid maintenant</h2>' in page
        assert "Peser ce qui est jeté" not in page
        assert "à faire" in page
        assert "D'ici là, la cuisine sert : jeudi 3 septembre 2026, vendredi 4 septembre 2026." in page
    cold = f"{asked}&pour=2026-09-03&refroidi_en=300&refroidi_a=20&garde_a=3"
    for kind in ("HOT_DISH", "COOKED_COLD", "COLD_DISH"):
        page = (await browser.get(cold.replace("HOT_DISH", kind))).text
        assert '<h2 id="conseil">Jeter</h2>' in page, kind


async def test_a_portion_out_of_its_grammage_is_refused_in_its_row(site: Site) -> None:
    browser = await browser_of(site, Role.NUTRITION_MANAGER)
    done = await browser.post(
        "/nutrition/portions/changements/1/retour",
        {"cle": "w5-cle-0023", "fin-1": "2026-09-20", "pourquoi-1": "trop peu"},
    )
    assert done.headers["location"] == "/nutrition/portions?fait=portion-rendue"
    unsaid = await browser.post("/nutrition/portions/changements/1/retour", {"cle": "w5-cle-0024", "fin-1": ""})
    assert unsaid.status_code == 422
    refused = await browser.post(
        "/nutrition/portions/main_00/decision",
        {"cle": "w5-cle-0025", "grammes-main_00": "1", "des-main_00": "2026-10-01", "raison-main_00": "essai"},
    )
    assert refused.status_code == 422
    lesson = await browser.post("/nutrition/pesees", {"cle": "w5-cle-0026", "du": "2026-08-01", "au": "2025-08-01"})
    assert (lesson.status_code, 'href="#champ-du"' in lesson.text) == (422, True)


def test_a_refusal_is_told_in_words_of_the_page() -> None:
    doubt = Doubt(Decimal("859.5"), Decimal(500), 100)
    told = spoken(str(ConfirmationNeeded("Pesée « 7e59354ef5e8c8788b03ba4ca396f48f »", doubt)))
    assert told.startswith("Cette pesée : la journée passerait à 859,5 g")
    assert "cocher la case sous ce message" in told
    for word in ("confirmed", "7e59", "renvoyer"):
        assert word not in told
    assert "firstDay" not in spoken("La période ne convient pas : lastDay suit firstDay, de 400 jours au plus.")
    assert spoken("Vérifier la date.") == "Vérifier la date."


async def test_peser_says_what_not_to_weigh_and_proposes_the_last_tare(site: Site) -> None:
    browser = await chef(site)
    form = (await browser.get(f"{KITCHEN}/pesee?jour={DAY}")).text
    assert "Ne pas peser les boissons" in form
    assert "plats témoins" in form
    await browser.post(f"{KITCHEN}/pesee", BIN | {"tare": "1,2"})
    form = (await browser.get(f"{KITCHEN}/pesee?jour={DAY}")).text
    assert re.search(r'<input[^>]*name="tare"[^>]*value="1,2"', form)
    assert "reprise du bac précédent" in form


@pytest.mark.parametrize(
    ("unknown", "edible", "said"), [(0, 0, "all"), (0, 9, "all"), (9, 9, "none"), (160, 216, "part"), (1, 100, "all")]
)
def test_what_has_no_price_is_unknown_or_at_least(unknown: int, edible: int, said: str) -> None:
    assert _unknown(unknown, edible) == said


@pytest.mark.parametrize(
    ("grams", "said"),
    [
        (806_591, "806,6"),
        (1_069_949, "1\u00a0069,9"),
        (1_069_950, "1\u00a0070"),
        (999, "0,999"),
        (40, "0,04"),
        (0, "0"),
    ],
)
def test_a_sum_of_weighings_is_told_to_a_tenth_and_little_to_the_gram(grams: int, said: str) -> None:
    """One rounding in a column: 806,591 beside 1 069,9 would read as two kinds of figure."""
    assert kilos(grams) == f"{said}\u00a0kg"


async def test_food_lost_without_a_menu_is_worth_nobody_knows_what(site: Site) -> None:
    """A bin of a day without a menu or a dish: never « 0,00 € », never « 0 kg »."""
    browser = await chef(site)
    await weighed(browser)
    page = (await browser.get(f"{WASTE}?du={DAY}&au={DAY}")).text
    tile = page[page.index("Denrées perdues") :][:300]
    assert "0,00" not in tile
    assert "hors campagne" in page


async def test_a_plan_follows_the_lesson_that_was_chosen_on_the_page(site: Site) -> None:
    browser = await browser_of(site, Role.DEPARTEMENT)
    form = (await browser.get("/departement/plans/nouveau")).text
    (number,) = re.findall(r'name="bilan" value="(\d+)" checked', form)
    asked = {"annee": "2026-27", "cuisines": "nombre", "combien": "1", "semaines": "1", "couverts": "CALENDAR"}
    wrong = await browser.post("/departement/plans/nouveau", asked | {"cle": "w5b-cle-01", "bilan": "999"})
    assert wrong.status_code == 422
    assert 'href="#champ-bilan"' in wrong.text
    for rank, (chosen, lesson) in enumerate({number: int(number), "non": None}.items()):
        done = await browser.post("/departement/plans/nouveau", asked | {"cle": f"w5b-cle-1{rank}", "bilan": chosen})
        assert done.status_code == 303, done.text
        run = re.findall(r"/plans/(\d+)", done.headers["location"])[0]
        async with site.database.reading() as session:
            scenario = await session.scalar(select(PlanRun.scenario_id).where(PlanRun.id == int(run)))
            kept = await session.scalar(select(ScenarioLesson.lesson_id).where(ScenarioLesson.scenario_id == scenario))
        assert kept == lesson
