"""Établissements de soins: those known by their FINESS, and the form that registers one or corrects it."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from catering.communes import communes
from catering.spelling import folded
from catering.waste.service.registering import MOST_RESIDENTS
from catering.waste.vocabulary import KitchenKind
from catering.web.asked import Asked, BadFields, Fault, gathered
from catering.web.departement.waste import PATH as WASTE
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.words import WORDS

PATH = f"{WASTE}/etablissements"
ROWS = 50  # legal-number: establishments on a page
FIELDS = {
    "finess": "finess",
    "name": "nom",
    "kind": "genre",
    "address": "adresse",
    "postcode": "code-postal",
    "insee": "commune",
    "epci": "epci",
    "residents": "residents",
    "budgetEurPerMeal": "denrees",
}
"""The field of the form for each one of the operation."""
KINDS = {name: word for name, word in WORDS["KitchenKind"].items() if name != KitchenKind.COLLEGE.name}


def _variables(asked: Asked) -> dict[str, Any]:
    return {"finess": asked.text("corriger"), "first": ROWS, "after": asked.text("apres") or None}


def _shows(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """The establishments, what is corrected as the form shows it, and what may be chosen."""
    found = answer["wasteFile"]
    corrected = found if found and found["kitchen"]["finess"] else None
    blank = dict.fromkeys(("finess", "name", "address", "postcode", "commune", "epci", "pupils"), "")
    return {
        "found": answer["establishments"]["nodes"],
        "following": answer["establishments"]["pageInfo"],
        "corrects": corrected is not None,
        "was": corrected["kitchen"] if corrected else blank,
        "kind": corrected["site"]["kind"] if corrected and corrected["site"] else "",
        "kinds": KINDS,
        "places": {name: name for name in answer["intercommunalities"]},
        "communes": sorted(each.name for each in communes().values()),
        "most": MOST_RESIDENTS,
        "path": PATH,
    }


@cache
def _by_name() -> Mapping[str, str]:
    """INSEE code by name, whatever its capitals and accents."""
    return {folded(each.name): each.insee for each in communes().values()}


def _insee(asked: Asked) -> str:
    """The code of a commune that is typed by its name, or by the code itself.

    Raises:
        BadFields: the Pas-de-Calais has none of this name; near ones are named.
    """
    typed = asked.needed("commune", "Commune : écrire son nom.")
    if typed.upper() in communes():
        return typed.upper()
    name = folded(typed)
    if name in _by_name():
        return _by_name()[name]
    near = [communes()[_by_name()[each]].name for each in get_close_matches(name, _by_name())]
    hint = f"Vouliez-vous dire {' ou '.join(near)} ?" if near else "Écrire son nom en entier."
    raise BadFields(Fault("commune", f"« {typed} » n'est pas une commune du Pas-de-Calais. {hint}"))


def _registered(asked: Asked) -> dict[str, Any]:
    """The establishment, all faults told at once."""
    read = gathered(
        {
            "finess": lambda: "".join(asked.needed("finess", "FINESS : l'écrire, neuf chiffres.").split()),
            "name": lambda: asked.needed("nom", "Nom : l'écrire."),
            "kind": lambda: asked.word("genre", KitchenKind, "Genre : en choisir un.").name,
            "address": lambda: asked.needed("adresse", "Adresse : écrire la rue et le numéro."),
            "postcode": lambda: "".join(asked.needed("code-postal", "Code postal : l'écrire.").split()),
            "insee": lambda: _insee(asked),
            "epci": lambda: asked.needed("epci", "Intercommunalité : en choisir une."),
            "residents": lambda: asked.whole("residents", "Résidents", least=1, most=MOST_RESIDENTS),
            "budgetEurPerMeal": lambda: f"{asked.decimal('denrees', 'Denrées par repas'):f}",
        }
    )
    return {"establishment": read, "idempotencyKey": asked.text("cle")}


def _leads(_result: Any, asked: Asked) -> str:
    return with_message(PATH, "finess-corrige") if asked.optional("corriger") else with_message(PATH, "finess")


PAGES: tuple[Page, ...] = (
    Page(
        "departement/establishments",
        PATH,
        "Établissements de soins",
        "administrator/Establishments",
        _variables,
        shows=_shows,
    ),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "departement/register_establishment",
        PATH,
        "administrator/RegisterEstablishment",
        _registered,
        done="EstablishmentRegistered",
        leads=_leads,
        page="departement/establishments",
        columns=FIELDS,
    ),
)
