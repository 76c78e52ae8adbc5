"""A need bought by consultation over HTTP, without JavaScript: described, published, answered, opened, decided."""

import re
from datetime import timedelta
from decimal import Decimal

import httpx
from sqlalchemy import select, update

from catering import moment
from catering.people.viewer import Role
from catering.procurement.models import Consultation, ConsultationAward
from catering.procurement.vocabulary import ConsultationStatus
from tests.api.dataset import uai
from tests.people.conftest import Browser, Site
from tests.web.conftest import browser_of
from tests.web.test_forms import fields

LIST = f"/cuisine/{uai(0)}/consultations"
NEW = f"{LIST}/nouvelle"
ASKED = f"{NEW}?famille=FRUITS_ET_LEGUMES&du=2099-02-02&au=2099-04-24"
TYPED = {
    "titre": "Légumes racines", "livraison": "Le lundi avant 9 h, porte de la cuisine", "lot-montant-1": "900",
    "ingredient-0": "ingredient_02", "produit-0": "Carottes ou équivalent", "kg-0": "250",
}  # fmt: skip
REASON = "Elle est la mieux classée selon les critères publiés."


async def buyer(site: Site) -> Browser:
    """The gestionnaire, who signs for the collège."""
    return await browser_of(site, Role.GESTIONNAIRE)


def untouched(shown: str) -> dict[str, str]:
    """Fields of the form of a need as shown, nothing ticked; the form above it only chooses family and days."""
    form = f'action="{NEW}"' + shown.rsplit(f'action="{NEW}"', 1)[1]
    return {name: value for name, value in fields(form, NEW).items() if not name.startswith("pris-")}


async def described(site: Site, **changed: str) -> httpx.Response:
    """The form of a new need, sent as shown with some fields typed."""
    browser = await buyer(site)
    return await browser.post(NEW, untouched((await browser.get(ASKED)).text) | TYPED | changed)


def number_of(answer: httpx.Response) -> int:
    found = re.search(r"/consultations/(\d+)\?fait=besoin", answer.headers["location"])
    assert found is not None
    return int(found[1])


async def pressed(site: Site, number: int, way: str, **given: str) -> httpx.Response:
    """A form of the page of a consultation."""
    browser = await buyer(site)
    key = {"cle": f"0f2c8f5e-{way}-{number}"}
    return await browser.post(f"{LIST}/{number}/{way}", key | given)


async def published(site: Site) -> int:
    """A need that suppliers read."""
    number = number_of(await described(site))
    answer = await pressed(site, number, "publier", limite="2099-01-15", heure="12:00")
    assert answer.headers["location"] == f"{LIST}/{number}?fait=publiee"
    return number


async def over(site: Site, number: int) -> None:
    """The deadline has passed."""
    async with site.database.unit_of_work() as session:
        past = moment.now() - timedelta(hours=1)
        await session.execute(
            update(Consultation)
            .where(Consultation.id == number)
            .values(published_at=past - timedelta(days=9), deadline=past)
        )


async def test_what_cannot_be_used_is_told_beside_its_field_and_the_rest_is_kept(site: Site) -> None:
    answer = await described(site, **{"kg-0": "beaucoup", "poids-price": "70"})
    assert answer.status_code == 422
    assert 'href="#champ-kg-0"' in answer.text
    assert "Les poids font 130 % ensemble" in answer.text
    assert 'value="Légumes racines"' in answer.text
    assert 'value="Carottes ou équivalent"' in answer.text


async def test_a_place_is_refused_by_the_law_and_what_was_typed_is_kept(site: Site) -> None:
    answer = await described(site, titre="Légumes du Pas-de-Calais")
    assert (answer.status_code, "CCP-01" in answer.text) == (422, True)
    assert 'value="Légumes du Pas-de-Calais"' in answer.text


async def test_nothing_asked_is_no_need(site: Site) -> None:
    answer = await described(site, **{"ingredient-0": "", "produit-0": "", "kg-0": ""})
    assert (answer.status_code, "Aucun produit n&#39;est demandé" in answer.text) == (422, True)


async def test_what_the_plan_buys_is_proposed_and_only_what_is_ticked_is_asked(site: Site) -> None:
    page = f"{NEW}?famille=FRUITS_ET_LEGUMES&du=2026-09-07&au=2026-09-18"
    browser = await buyer(site)
    shown = (await browser.get(page)).text
    assert "plan : " in shown
    given = untouched(shown) | {"titre": "Légumes", "livraison": "Le lundi", "lot-montant-1": "900"}
    refused = await browser.post(NEW, given)
    assert "Aucun produit n&#39;est demandé" in refused.text, "lines of the plan count when they are ticked"
    unread = await browser.post(NEW, given | {"pris-0": "oui", "kg-0": "x"})
    assert 'href="#champ-kg-0"' in unread.text


async def test_from_the_need_to_the_decision(site: Site) -> None:
    number = await published(site)
    page = f"{LIST}/{number}"
    early = await pressed(site, number, "ouvrir")
    assert early.status_code == 422, "sealed until the deadline"
    farm = await browser_of(site, Role.PRODUCER)
    answering = f"/fournisseur/ferme_01/consultations/{number}"
    asked = await farm.post(f"{answering}/question", {"cle": "0f2c8f5e-q", "question": "Quelle heure le lundi ?"})
    assert asked.headers["location"].endswith("fait=question")
    form = fields((await farm.get(answering)).text, f"{answering}/offre")
    prices = {name: "1,10" for name in form if name.startswith("prix-")}
    facts = {"critere-freshness": "10", "critere-organic_or_siqo": "0"}
    sealed = await farm.post(f"{answering}/offre", form | prices | facts)
    assert sealed.headers["location"].endswith("fait=offre-scellee")
    told = (await (await buyer(site)).get(page)).text
    assert ("1,10" in told, "Répondre à tous" in told) == (False, True)
    question = re.search(r'name="question" value="(\d+)"', told)
    assert question is not None
    answered = await pressed(
        site, number, "reponse", question=question[1], **{f"reponse-{question[1]}": "Avant neuf heures."}
    )
    assert answered.headers["location"] == f"{page}?fait=question-repondue"
    await over(site, number)
    assert "Ouvrir toutes les offres" in (await (await buyer(site)).get(page)).text
    opened = await pressed(site, number, "ouvrir")
    assert opened.headers["location"] == f"{page}?fait=offres-ouvertes"
    compared = (await (await buyer(site)).get(page)).text
    assert ("1,10" in compared, "Retenir cette offre" in compared) == (True, True)
    tender = re.search(r'name="offre" value="(\d+)"', compared)
    assert tender is not None
    short = await pressed(site, number, "attribuer", offre=tender[1], **{f"choix-{tender[1]}": "Bien."})
    assert (short.status_code, f'href="#champ-choix-{tender[1]}"' in short.text) == (422, True)
    awarded = await pressed(site, number, "attribuer", offre=tender[1], **{f"choix-{tender[1]}": REASON})
    assert awarded.headers["location"] == f"{page}?fait=attribuee"
    async with site.database.reading() as session:
        status = await session.scalar(select(Consultation.status).where(Consultation.id == number))
        assert status is ConsultationStatus.AWARDED
        of_it = select(ConsultationAward.amount).where(ConsultationAward.consultation_id == number)
        assert (await session.scalars(of_it)).one() == Decimal("275.00")
    done = (await (await buyer(site)).get(page)).text
    assert ("attribué à Ferme 1" in done, "offre scellée" in done) == (True, True)


async def test_a_need_is_closed_with_a_written_reason(site: Site) -> None:
    number = await published(site)
    bare = await pressed(site, number, "clore", lot="tous", abandon="Non.")
    assert (bare.status_code, 'href="#champ-abandon"' in bare.text) == (422, True)
    closed = await pressed(site, number, "clore", lot="tous", abandon="Le collège ferme pour travaux, besoin disparu.")
    assert closed.headers["location"] == f"{LIST}/{number}?fait=sans-suite"


async def test_an_offer_is_set_aside_for_a_cause_of_the_code(site: Site) -> None:
    shown = (await (await buyer(site)).get(f"{LIST}/4")).text
    tender = re.search(r'name="offre" value="(\d+)"', shown)
    assert tender is not None
    of = {"offre": tender[1]}
    bare = await pressed(site, 4, "ecarter", **of, **{f"ecart-{tender[1]}": "Le fromage n'est pas au lait cru."})
    assert f'href="#champ-cause-{tender[1]}"' in bare.text
    done = await pressed(
        site, 4, "ecarter", **of,
        **{f"cause-{tender[1]}": "IRREGULAR", f"ecart-{tender[1]}": "Le produit livré n'est pas celui demandé."},
    )  # fmt: skip
    assert done.headers["location"] == f"{LIST}/4?fait=offre-ecartee"
    assert "irrégulière" in (await (await buyer(site)).get(f"{LIST}/4")).text


async def test_who_cooks_drafts_and_who_signs_publishes(site: Site) -> None:
    number = number_of(await described(site))
    chef = await browser_of(site, Role.CHEF)
    refused = await chef.post(f"{LIST}/{number}/publier", {"cle": "0f2c8f5e-chef", "limite": "2099-01-15"})
    assert refused.status_code == 422
    reader = (await (await browser_of(site, Role.AUDITOR)).get(f"{LIST}/{number}")).text
    assert ("Publier la consultation" in reader, "n'y envoie rien" in reader) == (False, True)
