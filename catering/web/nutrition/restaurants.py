"""Restaurants that a central kitchen serves: one a line, as a list is kept, each with its meals of the year."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from catering import moment
from catering.web.asked import Asked, BadFields, Fault
from catering.web.messages import with_message
from catering.web.nutrition.grid import FIRST_YEAR
from catering.web.pages import Action

PATH = "/cuisine/{uai}/bilan"
FIELD = "restaurants"
BETWEEN = ";"
LEAST, MOST = 3, 4
"""Cells of a line: SIRET, name, meals, and the number on ma-cantine when it is known."""
LONGEST = 9
"""Digits of a number of meals, and fewer."""


def written(parts: Sequence[Mapping[str, Any]]) -> str:
    """The restaurants of a bilan as the field holds them."""
    return "\n".join(
        f"{BETWEEN} ".join(
            [each["siret"], each["name"], str(each["yearlyMeals"]), *([each["cantineId"]] if each["cantineId"] else [])]
        )
        for each in parts
    )


def _read(asked: Asked) -> list[dict[str, Any]]:
    """All lines that are not empty; every fault is told.

    Raises:
        BadFields: a line is none.
    """
    lines = [line.strip() for line in asked.form.get(FIELD, [""])[-1].splitlines()]
    found: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for number, line in enumerate(lines, start=1):
        if line:
            try:
                found.append(_restaurant(number, [cell.strip() for cell in line.split(BETWEEN)]))
            except BadFields as bad:
                faults += bad.faults
    if faults:
        raise BadFields(*faults)
    return found


def _restaurant(number: int, cells: Sequence[str]) -> dict[str, Any]:
    if not LEAST <= len(cells) <= MOST:
        raise BadFields(Fault(FIELD, f"Ligne {number} : écrire SIRET ; nom ; repas de l'année, entre points-virgules."))
    siret, name, meals, *more = cells
    meals = "".join(meals.split())
    if not (meals.isascii() and meals.isdigit() and len(meals) < LONGEST):
        raise BadFields(Fault(FIELD, f"Ligne {number} : les repas de l'année sont un entier, par exemple 42000."))
    return {
        "siret": "".join(siret.split()), "name": name, "yearlyMeals": int(meals),
        "cantineId": (more[0] or None) if more else None,
    }  # fmt: skip


def _year(asked: Asked) -> int:
    return asked.whole("annee", "Année", least=FIRST_YEAR, most=moment.today().year + 1)


def _state(asked: Asked) -> dict[str, Any]:
    return {
        "kitchen": asked.text("uai"),
        "year": _year(asked),
        "restaurants": _read(asked),
        "idempotencyKey": asked.text("cle"),
    }


def _stated(_made: Any, asked: Asked) -> str:
    here = urlencode({"annee": _year(asked), "forme": asked.text("forme") or "simple"})
    return with_message(f"{PATH.format_map(asked.path)}?{here}", "restaurants")


ACTIONS: tuple[Action, ...] = (
    Action(
        "nutrition/state_satellites",
        f"{PATH}/restaurants",
        "nutrition/StateSatellites",
        _state,
        "SatellitesStated",
        _stated,
        "nutrition/declaration",
        blames={"InvalidDeclaration": FIELD},
    ),
)
