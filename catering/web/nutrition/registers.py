"""What is told beside the purchases: imports taken back, territorial projects, reasons to buy outside Europe."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from catering.people.viewer import Viewer
from catering.purchases.pat import STATE
from catering.web.asked import Asked, gathered
from catering.web.messages import with_message
from catering.web.nutrition import purchases
from catering.web.nutrition.grid import year_of
from catering.web.pages import Action, Page

IMPORTS = f"{purchases.PATH}/imports"
ABROAD = f"{purchases.PATH}/hors-europe"
PROJECTS = "/nutrition/projets-alimentaires"
ROWS = 50
MOST = 100


def may_state(viewer: Viewer | None) -> bool:
    """Whether somebody tells which suppliers are under a territorial project."""
    return viewer is not None and viewer.role in STATE


def _imports_variables(asked: Asked) -> dict[str, Any]:
    return {"first": ROWS, "after": asked.query.get("apres") or None}


def _imports_shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The imports, those that may be taken back, and the address of those before."""
    found, page = answer["purchaseImports"]["nodes"], answer["purchaseImports"]["pageInfo"]
    return {
        "imports": found,
        "standing": {each["id"]: f"{each['id']} · {each['name']}" for each in found if not each["withdrawnAt"]},
        "signs": purchases.may_sign(asked.viewer),
        "following": f"{IMPORTS}?{urlencode({'apres': page['endCursor']})}" if page["hasNextPage"] else None,
    }


def _withdraw(asked: Asked) -> dict[str, Any]:
    read = gathered(
        {
            "importId": lambda: asked.needed("import", "Import : choisir celui à annuler."),
            "reason": lambda: asked.needed("motif", "Motif : dire pourquoi l'import est annulé."),
        }
    )
    return read | {"idempotencyKey": asked.text("cle")}


def _projects_variables(asked: Asked) -> dict[str, Any]:
    words = asked.text("nom")
    return {"words": words or None, "search": bool(words), "first": ROWS, "after": asked.query.get("apres") or None}


def _projects_shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Who is under a project, and the farms and hubs found by their name."""
    page = answer["patSupplies"]["pageInfo"]
    found = answer.get("suppliers") or {"nodes": [], "pageInfo": {"hasNextPage": False}}
    return {
        "supplies": answer["patSupplies"]["nodes"],
        "name": asked.text("nom"),
        "found": {
            each["id"]: f"{each['name']}, {each['commune']}" for each in found["nodes"] if each["kind"] != "WHOLESALER"
        },
        "more": found["pageInfo"]["hasNextPage"],
        "states": may_state(asked.viewer),
        "following": f"{PROJECTS}?{urlencode({'apres': page['endCursor']})}" if page["hasNextPage"] else None,
    }


def _state(asked: Asked) -> dict[str, Any]:
    read = gathered(
        {
            "supplier": lambda: asked.needed("fournisseur", "Fournisseur : le choisir dans la liste."),
            "project": lambda: asked.needed("projet", "Projet : écrire son nom, comme sur son label."),
            "firstDay": lambda: _day(asked, "du", "Premier jour : le recopier de la décision de label."),
            "lastDay": lambda: _day(asked, "au", "Dernier jour : le recopier de la décision de label."),
        }
    )
    return read | {"idempotencyKey": asked.text("cle")}


def _day(asked: Asked, name: str, message: str) -> str:
    asked.needed(name, message)
    return asked.day(name).isoformat()


def _abroad_variables(asked: Asked) -> dict[str, Any]:
    return {"year": year_of(asked), "kitchen": asked.text("cuisine").upper() or None, "first": MOST}


def _abroad_shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The products, and those that may be chosen in the form."""
    found = answer["thirdCountryPurchases"]
    return {
        "abroad": found,
        "products": {each["product"]: each["product"] for each in found["products"]},
        "year": year_of(asked),
        "kitchen": asked.text("cuisine").upper(),
        "signs": purchases.may_sign(asked.viewer),
    }


def _reason(asked: Asked) -> dict[str, Any]:
    read = gathered(
        {
            "product": lambda: asked.needed("produit", "Produit : le choisir dans la liste."),
            "reason": lambda: asked.needed("motif", "Motif : dire pourquoi aucune offre européenne ne suffit."),
            "year": lambda: year_of(asked),
        }
    )
    return read | {"kitchen": asked.text("cuisine").upper() or None, "idempotencyKey": asked.text("cle")}


def _reasoned(_made: Any, asked: Asked) -> str:
    here = {"annee": str(year_of(asked))}
    if asked.optional("cuisine"):
        here["cuisine"] = asked.text("cuisine").upper()
    return with_message(f"{ABROAD}?{urlencode(here)}", "motif")


PAGES: tuple[Page, ...] = (
    Page(
        "nutrition/imports", IMPORTS, "Imports d'achats", "nutrition/PurchaseImports", _imports_variables,
        shows=_imports_shows,
    ),
    Page(
        "nutrition/projects", PROJECTS, "Projets alimentaires territoriaux", "nutrition/PatSupplies",
        _projects_variables, shows=_projects_shows,
    ),
    Page(
        "nutrition/abroad", ABROAD, "Achats hors d'Europe", "nutrition/ThirdCountryPurchases", _abroad_variables,
        shows=_abroad_shows,
    ),
)  # fmt: skip
ACTIONS: tuple[Action, ...] = (
    Action(
        "nutrition/withdraw_import",
        IMPORTS,
        "nutrition/WithdrawImport",
        _withdraw,
        "ImportWithdrawn",
        lambda _made, _asked: with_message(IMPORTS, "import-annule"),
        "nutrition/imports",
        blames={"NotWithdrawn": "motif"},
    ),
    Action(
        "nutrition/state_pat_supply",
        PROJECTS,
        "nutrition/StatePatSupply",
        _state,
        "PatSupplyStated",
        lambda _made, _asked: with_message(PROJECTS, "projet"),
        "nutrition/projects",
        blames={"PatRefused": "fournisseur"},
    ),
    Action(
        "nutrition/state_third_country_reason",
        ABROAD,
        "nutrition/StateThirdCountryReason",
        _reason,
        "ThirdCountryReasonStated",
        _reasoned,
        "nutrition/abroad",
        blames={"ReasonRefused": "motif"},
    ),
)
