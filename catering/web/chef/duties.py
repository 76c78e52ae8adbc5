"""Obligations, dons, biodéchets: what the law asks of an establishment, what it states, gives and has fetched."""

from collections.abc import Callable, Mapping
from typing import Any

from catering.waste.vocabulary import BiowasteStream, KitchenKind, Service, Treatment
from catering.web.asked import Asked, BadFields, Fault, gathered
from catering.web.chef.waste import PATH as WASTE
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.standing import MISSED, OK, UNKNOWN, WATCH

PATH = f"{WASTE}/obligations"
ROWS = 25
MARKS = {"DONE": OK, "TO_DO": MISSED, "NOT_CONCERNED": UNKNOWN, "UNKNOWN": WATCH}
LAST_YEAR, MOST_MEALS = 2100, 10_000_000  # legal-number: what a field may hold
OIL = BiowasteStream.USED_OIL.name


def _variables(asked: Asked) -> dict[str, Any]:
    return {"kitchen": asked.text("uai"), "first": ROWS, "after": asked.text("suite") or None}


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Duties with their marks, agreements that hold before those that ended, and the meals that are ticked."""
    file = answer["wasteFile"]
    site = file["site"] or {}
    return {
        "duties": [each | {"mark": MARKS[each["state"]]} for each in file["duties"]],
        "agreements": sorted(file["agreements"], key=lambda each: (not each["holds"], each["association"])),
        "site": site,
        "ticked": set(asked.form.get("repas", ()) if "genre" in asked.form else site.get("services") or ()),
        "oil": OIL,
    }


def _stated(asked: Asked) -> dict[str, Any]:
    """The whole statement: a field left empty is unknown."""
    site = gathered(
        {
            "kind": lambda: asked.word("genre", KitchenKind, "Choisir le genre d'établissement.").name,
            "mealsPerDay": lambda: _whole(asked, "repas_jour", "Repas par jour", MOST_MEALS),
            "mealsPerYear": lambda: _whole(asked, "repas_an", "Repas par an", MOST_MEALS),
            "baseYear": lambda: _whole(asked, "annee_base", "Année de référence", LAST_YEAR),
            "baseGPerCover": lambda: (
                str(asked.decimal("grammes_base", "Grammes par couvert")) if asked.optional("grammes_base") else None
            ),
            "biowasteSortedSince": lambda: _day(asked, "trie_depuis"),
            "manyMealsSince": lambda: _day(asked, "seuil_depuis"),
            "oilLPerYear": lambda: _whole(asked, "huile_an", "Huile par an", MOST_MEALS, least=0),
            "services": lambda: [_service(each) for each in asked.form.get("repas", ())] or None,
        }
    )
    site["collector"] = asked.text("collecteur_site") or None
    return {"kitchen": asked.text("uai"), "site": site, "idempotencyKey": asked.text("cle")}


def _service(name: str) -> str:
    if name not in Service.__members__:
        raise BadFields(Fault("repas", "Repas servis : cocher dans la liste."))
    return name


def _whole(asked: Asked, name: str, label: str, most: int, least: int = 1) -> int | None:
    return asked.whole(name, label, least=least, most=most) if asked.optional(name) else None


def _day(asked: Asked, name: str) -> str | None:
    return asked.day(name).isoformat() if asked.optional(name) else None


def _needed_day(asked: Asked, name: str, message: str) -> str:
    asked.needed(name, message)
    return asked.day(name).isoformat()


def _agreed(asked: Asked) -> dict[str, Any]:
    read = gathered(
        {
            "association": lambda: asked.needed("association", "Association : écrire son nom."),
            "proposedOn": lambda: _needed_day(asked, "proposee_le", "Proposée le : donner une date."),
            "signedOn": lambda: _day(asked, "signee_le"),
            "endsOn": lambda: _day(asked, "finit_le"),
        }
    )
    told = {"what": asked.text("donne") or None, "authority": asked.text("habilitation") or None}
    return {"kitchen": asked.text("uai"), **read, **told, "idempotencyKey": asked.text("cle")}


def _collected(asked: Asked) -> dict[str, Any]:
    """What left: bio-waste is typed in kilograms, oil in litres; both are kept in thousandths."""
    readers: dict[str, Callable[[], Any]] = {
        "stream": lambda: asked.word("flux", BiowasteStream, "Choisir ce qui est parti.").name,
        "treatment": lambda: asked.word("filiere", Treatment, "Choisir la filière.").name,
        "day": lambda: _needed_day(asked, "parti_le", "Parti le : donner une date."),
        "quantity": lambda: asked.grams("quantite", "Quantité"),
    }
    told = {"collector": asked.text("collecteur") or None, "slip": asked.text("bordereau") or None}
    collected = {"key": asked.text("bac"), **told, **gathered(readers)}
    return {"kitchen": asked.text("uai"), "collected": collected, "idempotencyKey": asked.text("cle")}


PAGES: tuple[Page, ...] = (
    Page("chef/duties", PATH, "Obligations, dons, biodéchets", "chef/WasteFile", _variables, "wasteFile", _shows),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "chef/state_site",
        f"{PATH}/etablissement",
        "chef/StateWasteSite",
        _stated,
        done="WasteSiteStated",
        leads=lambda _result, asked: with_message(PATH.format(uai=asked.text("uai")), "etablissement"),
        page="chef/duties",
        blames={"InvalidStatement": "genre"},
    ),
    Action(
        "chef/record_donation",
        f"{PATH}/conventions",
        "chef/RecordDonation",
        _agreed,
        done="DonationRecorded",
        leads=lambda _result, asked: with_message(PATH.format(uai=asked.text("uai")), "convention"),
        page="chef/duties",
        blames={"InvalidStatement": "association"},
    ),
    Action(
        "chef/record_biowaste",
        f"{PATH}/collectes",
        "chef/RecordBiowaste",
        _collected,
        done="BiowasteRecorded",
        leads=lambda _result, asked: with_message(PATH.format(uai=asked.text("uai")), "collecte"),
        page="chef/duties",
        blames={"InvalidStatement": "quantite", "EntryKeyUsed": "quantite"},
    ),
    Action(
        "chef/take_back_biowaste",
        f"{PATH}/collectes/{{collecte}}/annulation",
        "chef/TakeBackBiowaste",
        lambda asked: {"noteId": asked.text("collecte"), "idempotencyKey": asked.text("cle")},
        done="BiowasteRecorded",
        leads=lambda _result, asked: with_message(PATH.format(uai=asked.text("uai")), "collecte-annulee"),
        page="chef/duties",
    ),
)
