"""Agréments: the approvals and dérogations of suppliers, and ending one that the State has withdrawn."""

from collections.abc import Mapping
from typing import Any

from catering import moment
from catering.web.asked import Asked
from catering.web.messages import with_message
from catering.web.pages import Action, Page

PATH = "/departement/agrements"
ROWS = 20  # legal-number: suppliers on a page


def _variables(asked: Asked) -> dict[str, Any]:
    return {"words": asked.text("mots") or None, "first": ROWS}


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The suppliers with their permits, those in force first, and what was searched."""
    today = moment.today().isoformat()
    found = [each | {"permits": _by_end(each["permits"], today)} for each in answer["suppliers"]["nodes"]]
    more = answer["suppliers"]["pageInfo"]["hasNextPage"]
    return {"suppliers": found, "words": asked.text("mots"), "more": more, "rows": ROWS, "today": today}


def _by_end(permits: Any, today: str) -> list[Any]:
    known = [each | {"over": each["validTo"] is not None and each["validTo"] < today} for each in permits]
    return sorted(known, key=lambda each: (each["over"], each["validFrom"], each["id"]))


def _ended(asked: Asked) -> dict[str, Any]:
    permit = asked.text("agrement")
    last, why = f"dernier-{permit}", f"motif-{permit}"
    asked.needed(last, "Dernier jour : le recopier de la décision.")
    return {
        "supplier": asked.text("fournisseur"),
        "permit": permit,
        "lastDay": asked.day(last).isoformat(),
        "reason": asked.needed(why, "Motif : dire pourquoi il prend fin, comme la décision le dit."),
        "idempotencyKey": asked.text("cle"),
    }


def _leads(result: Any, _asked: Asked) -> str:
    if result["orders"]:
        return with_message(PATH, "agrement-commandes")
    return with_message(PATH, "agrement-termine")


PAGES: tuple[Page, ...] = (
    Page("departement/permits", PATH, "Agréments et dérogations", "administrator/Permits", _variables, shows=_shows),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "departement/end_permit",
        PATH,
        "producer/EndHygienePermit",
        _ended,
        done="HygienePermitEnded",
        leads=_leads,
        page="departement/permits",
        blames={"InvalidPermit": "motif-{agrement}"},
    ),
)
