"""Gaspillage: what the weighings of a campaign say, day by day and in all; planning and giving up campaigns."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from catering import moment
from catering.web.asked import Asked, gathered
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.standing import MISSED, OK, UNKNOWN, WATCH

PATH = "/cuisine/{uai}/gaspillage"
ENOUGH, PERCENT = 80, 100  # legal-number: percents of the grams that have a figure, below which a total is a least
SAID = {True: "atteinte", False: "pas atteinte", None: "pas encore sûr"}


def _variables(asked: Asked) -> dict[str, Any]:
    """A period, its ends in either order; without one, that of the campaign begun last."""
    ends = sorted(asked.day(name).isoformat() for name in ("du", "au") if asked.optional(name))
    first, last = (ends[0], ends[-1]) if ends else (None, None)
    return {"kitchen": asked.text("uai"), "firstDay": first, "lastDay": last}


def _shows(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """The campaign looked at, if it is one, how it stands, each day, and which campaigns may be given up."""
    result, today = answer["wasteResult"], moment.today().isoformat()
    campaigns = answer["weighingCampaigns"]["nodes"]
    ends = result["firstDay"], result["lastDay"]
    same = [each for each in campaigns if (each["firstDay"], each["lastDay"]) == ends]
    return {
        "campaign": next(iter(same), None),
        "campaigns": [each | {"over": each["lastDay"] < today} for each in campaigns],
        "standing": _standing(result["protocol"]),
        "days": [each | {"said": _said(each)} for each in result["days"]],
        "goal": result["goal"] and result["goal"] | {"said": SAID[result["goal"]["met"]]},
        "today": today,
        "unknown_of": _unknown,
    }


def _unknown(unknown_g: int, edible_g: int) -> str:
    """How much of what was lost has a figure: "none", "part" where too little has for a total, else "all"."""
    if edible_g <= 0 or unknown_g <= 0:
        return "all"
    if unknown_g >= edible_g:
        return "none"
    return "part" if PERCENT * (edible_g - unknown_g) < ENOUGH * edible_g else "all"


def _standing(protocol: Any) -> str:
    if protocol["kept"]:
        return OK
    return MISSED if protocol["over"] else WATCH


def _said(day: Any) -> tuple[str, str]:
    """How a day stands: its mark, and what to do where it does not count."""
    if not day["complete"]:
        return WATCH, "il manque une étape"
    if not day["covers"]:
        return UNKNOWN, "couverts servis à noter"
    return OK, "compte"


def _planned(asked: Asked) -> dict[str, Any]:
    read = gathered(
        {"firstDay": lambda: _day(asked, "premier", "Premier"), "lastDay": lambda: _day(asked, "dernier", "Dernier")}
    )
    note = asked.text("remarque") or None
    return {"kitchen": asked.text("uai"), "note": note, "idempotencyKey": asked.text("cle"), **read}


def _day(asked: Asked, name: str, which: str) -> str:
    asked.needed(name, f"{which} jour : donner une date, par exemple {_example():%d/%m/%Y}.")
    return asked.day(name).isoformat()


def _example() -> date:
    return moment.today()


def _given_up(asked: Asked) -> dict[str, Any]:
    field = f"raison-{asked.text('campagne')}"
    return {
        "campaignId": asked.text("campagne"),
        "why": asked.needed(field, "Dire pourquoi la campagne est abandonnée : la raison est gardée."),
        "idempotencyKey": asked.text("cle"),
    }


def _back(asked: Asked) -> str:
    return PATH.format(uai=asked.text("uai"))


PAGES: tuple[Page, ...] = (
    Page("chef/waste", PATH, "Gaspillage de la cuisine", "chef/WasteResult", _variables, "wasteResult", _shows),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "chef/plan_campaign",
        f"{PATH}/campagnes",
        "chef/PlanCampaign",
        _planned,
        done="CampaignPlanned",
        leads=lambda _result, asked: with_message(_back(asked), "campagne"),
        page="chef/waste",
        blames={"InvalidCampaign": "dernier", "CampaignOverlaps": "premier"},
    ),
    Action(
        "chef/cancel_campaign",
        f"{PATH}/campagnes/{{campagne}}/abandon",
        "chef/CancelCampaign",
        _given_up,
        done="CampaignCancelled",
        leads=lambda _result, asked: with_message(_back(asked), "campagne-abandonnee"),
        page="chef/waste",
        blames={"InvalidCampaign": "raison-{campagne}"},
    ),
)
