"""Importer des achats: a file in a format of ma-cantine, all of it or nothing, with every fault in a table."""

from collections.abc import Mapping
from typing import Any

from catering.web.asked import Asked
from catering.web.messages import with_message
from catering.web.nutrition import purchases
from catering.web.pages import Action, Page

PATH = f"{purchases.PATH}/importer"
FILE = "fichier"
MOST_SHOWN = 500
"""Faults in the table of the page; a page of more is not read."""
LATEST = 5


def _variables(_asked: Asked) -> dict[str, Any]:
    return {"first": LATEST}


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Who may import, and what the ledger holds last."""
    return {"imports": purchases.may_sign(asked.viewer), "lines": answer["purchases"]["nodes"], "most": MOST_SHOWN}


def _import(asked: Asked) -> dict[str, Any]:
    return {
        "document": asked.text(FILE),
        "idempotencyKey": asked.text("cle"),
        "twinsMeant": asked.text("jumeaux") == "oui",
        "againMeant": asked.text("encore") == "oui",
    }


def _leads(made: Any, _asked: Asked) -> str:
    if made["again"]:
        return with_message(purchases.PATH, "achats-deja")
    return with_message(purchases.PATH, "achats-importes")


PAGES: tuple[Page, ...] = (
    Page("nutrition/import", PATH, "Importer des achats", "nutrition/PurchasesWithProof", _variables, shows=_shows),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "nutrition/import_purchases",
        PATH,
        "nutrition/ImportPurchases",
        _import,
        "PurchasesImported",
        _leads,
        "nutrition/import",
        blames={"PurchasesRefused": FILE, "UnknownFile": FILE, "NoPurchase": FILE, "TableRefused": FILE},
        file=FILE,
    ),
)
