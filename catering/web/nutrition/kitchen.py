"""Fiche d'un collège: how one kitchen stands against every rule, what to do about it, and where each figure opens."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from catering import moment
from catering.menus.trays import school_year_of
from catering.web.asked import Asked, gathered
from catering.web.messages import with_message
from catering.web.nutrition.cells import shown
from catering.web.nutrition.grid import KINDS, year_of
from catering.web.nutrition.purchases import may_sign
from catering.web.nutrition.sparkline import sparkline
from catering.web.pages import Action, Page
from catering.web.standing import MISSED, OK, UNKNOWN, counted

PATH = "/cuisine/{uai}/conformite"
ONE_YEAR = timedelta(days=364)
"""Of weighings, back from the last day of the year looked at."""


def _last_day(asked: Asked) -> date:
    return min(moment.today(), date(year_of(asked), 12, 31))


def _variables(asked: Asked) -> dict[str, Any]:
    last = _last_day(asked)
    return {
        "uai": asked.text("uai"),
        "year": year_of(asked),
        "firstDay": (last - ONE_YEAR).isoformat(),
        "lastDay": last.isoformat(),
    }


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The cells by kind, rates with their projection, and what to do, what can still be done first."""
    grid = answer["complianceGrid"]
    titles = {each["rule"]: each["title"] for each in grid["rules"]}
    cells = [_cell(each, titles) for row in grid["rows"] for each in row["cells"]]
    by_kind: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for each in cells:
        by_kind[each["kind"]].append(each)
    menus = [each for each in by_kind["NUTRITION"] if each["unit"] != "DONE"]
    ahead = {each["rule"]: each for each in by_kind["EGALIM_PROJECTED"]}
    return {
        "rests_on": next((row["restsOn"] for row in grid["rows"]), ""),
        "year": year_of(asked),
        "last_day": _last_day(asked),
        "rates": [_rate(each, ahead.get(each["rule"])) for each in by_kind["EGALIM"]],
        "nutrition": sorted(menus, key=lambda each: (each["mark"] == "ok", each["rule"])),
        "marks": counted([each["mark"] for each in menus]),
        "procurement": by_kind["PROCUREMENT"],
        "waste": by_kind["WASTE"],
        "cures": _cures(cells),
        "covers": max((each["covers"] for each in answer["kitchen"]["covers"]), default=0),
        "plan": _plan(answer["kitchen"]["proteinPlan"]),
        "signs": may_sign(asked.viewer),
        "school_year": school_year_of(_last_day(asked)),
    }


def _cell(cell: Any, titles: Mapping[str, str]) -> dict[str, Any]:
    return {**shown(cell), "title": titles[cell["rule"]]}


def _plan(plan: Mapping[str, Any]) -> Mapping[str, Any]:
    """The plan to diversify proteins, with its mark and the word for it."""
    if plan["present"]:
        return {**plan, "mark": OK, "said": "présent"}
    if plan["due"] is None:
        return {**plan, "mark": UNKNOWN, "said": "sans donnée"}
    return {**plan, "mark": MISSED, "said": "absent"} if plan["due"] else {**plan, "mark": OK, "said": "pas dû"}


def _told(asked: Asked) -> dict[str, Any]:
    read: dict[str, Any] = gathered(
        {
            "firstDay": lambda: _day(asked, "adopte", "Adopté le : donner le jour de l'adoption."),
            "lastDay": lambda: _day(asked, "fin", "Jusqu'au : donner le dernier jour du plan."),
        }
    )
    paper = asked.text("fichier") or None
    return read | {"kitchen": asked.text("uai"), "document": paper, "idempotencyKey": asked.text("cle")}


def _day(asked: Asked, name: str, message: str) -> str:
    asked.needed(name, message)
    return asked.day(name).isoformat()


def _rate(rate: Any, end: Any) -> dict[str, Any]:
    return {
        **rate,
        "end": end,
        "spark": sparkline(rate["trendFrom"], rate["trend"], end and end["value"], rate["least"]),
    }


def _cures(cells: Sequence[Any]) -> list[tuple[Any, list[Any]]]:
    """Cells that do not hold, each with what to do; what can be cured the soonest first, what cannot last."""
    found: dict[int, list[Any]] = defaultdict(list)
    for at, cell in enumerate(cells):
        found[at] += cell["cures"]
    said = [(cells[at], cures) for at, cures in found.items() if cures]
    return sorted(said, key=lambda each: (not any(cure["possible"] for cure in each[1]), _soonest(each[1])))


def _soonest(cures: Sequence[Any]) -> str:
    return min((cure["lastDay"] for cure in cures if cure["lastDay"]), default="9999")


PAGES: tuple[Page, ...] = (
    Page("nutrition/kitchen", PATH, "Fiche d'un collège", "nutrition/KitchenSheet", _variables, "kitchen", _shows),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "nutrition/state_protein_plan",
        f"{PATH}/plan-proteines",
        "nutrition/StateProteinPlan",
        _told,
        "ProteinPlanStated",
        lambda _made, asked: with_message(PATH.replace("{uai}", asked.text("uai")), "plan-proteines"),
        "nutrition/kitchen",
        blames={"InvalidProteinPlan": "fin", "UnknownDocument": "fichier", "UnknownMenuKitchen": "adopte"},
        file="fichier",
    ),
)
