"""Carte: kitchens, suppliers and the flows between them, drawn over the communes; nothing comes from elsewhere.

Degrees become pixels by the equirectangular projection at the latitude of the Département: over its 100 km the error
is below a line's width.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from catering.communes import communes
from catering.web.asked import Asked
from catering.web.pages import Action, Page
from catering.web.words import WORDS

PATH = "/departement/carte"
FLOWS = 100
FARMS, ALL = "producteurs", "tous"
SELLERS: Mapping[str, list[str] | None] = {FARMS: ["PRODUCER", "HUB"], "grossistes": ["WHOLESALER"], ALL: None}
SOLD_BY = {FARMS: "Producteurs et plateformes", "grossistes": "Grossistes", ALL: "Tous les fournisseurs"}
WIDTH, HEIGHT, MARGIN = 960, 640, 40
KM_PER_DEGREE = 111.32
LEAST_KM = 20.0  # legal-number: kilometres of a drawing
"""Of a map with a single place: it is not drawn larger than life."""
RULER_KM = 20  # legal-number: kilometres of a drawing
LEAST_LINE, MOST_LINE = 1.0, 6.0
LEAST_DOT, MOST_DOT = 4.0, 10.0
NAME_WIDTH, NAME_HEIGHT, MOST_NAMES = 150, 24, 14  # legal-number: pixels of a drawing
"""Pixels that a name takes, and how many there are at most."""


def _family(asked: Asked) -> str | None:
    family = asked.text("famille")
    return family if family in WORDS["Family"] else None


def _sellers(asked: Asked) -> str:
    """Whose flows are drawn; the territory's by default, which the amounts of wholesalers would hide."""
    sellers = asked.text("vendeurs")
    return sellers if sellers in SELLERS else FARMS


def _variables(asked: Asked) -> dict[str, Any]:
    return {"family": _family(asked), "kinds": SELLERS[_sellers(asked)], "first": FLOWS}


@dataclass(frozen=True, slots=True)
class Frame:
    """From degrees to pixels: the places of the kitchens with a margin."""

    west: float
    north: float
    scale: float
    """Pixels of a kilometre."""
    squeeze: float
    """Kilometres of a degree of longitude."""

    def at(self, place: Any) -> tuple[int, int, bool]:
        """Pixels of a place, and whether it is off the map: it then stands at its edge."""
        x = MARGIN + (float(place["lon"]) - self.west) * self.squeeze * self.scale
        y = MARGIN + (self.north - float(place["lat"])) * KM_PER_DEGREE * self.scale
        inside = min(max(x, MARGIN // 2), WIDTH - MARGIN // 2), min(max(y, MARGIN // 2), HEIGHT - MARGIN // 2)
        return round(inside[0]), round(inside[1]), inside != (x, y)


def frame(places: Sequence[Any]) -> Frame:
    """The frame in which all these places stand, centred."""
    lats = [float(each["lat"]) for each in places]
    lons = [float(each["lon"]) for each in places]
    squeeze = KM_PER_DEGREE * math.cos(math.radians((min(lats) + max(lats)) / 2))
    wide = max((max(lons) - min(lons)) * squeeze, LEAST_KM)
    high = max((max(lats) - min(lats)) * KM_PER_DEGREE, LEAST_KM)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    west = (min(lons) + max(lons)) / 2 - (WIDTH - 2 * MARGIN) / 2 / scale / squeeze
    north = (min(lats) + max(lats)) / 2 + (HEIGHT - 2 * MARGIN) / 2 / scale / KM_PER_DEGREE
    return Frame(west, north, scale, squeeze)


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The drawing: dots, lines, a ruler; and the tables beside it."""
    family, plan = _family(asked), answer["planInUse"]
    shown = {"family": family, "plan": plan, "drawing": None, "width": WIDTH, "height": HEIGHT}
    shown |= {"sellers": _sellers(asked), "sold_by": SOLD_BY}
    if plan is None or not plan["flows"]["places"]:
        return shown
    flows = plan["flows"]
    places = [each for each in flows["places"] if each["place"]]
    suppliers = [each for each in flows["suppliers"] if each["supplier"]]
    return shown | {"drawing": _drawing(flows, places, suppliers), "suppliers": suppliers, "places": places}


def _drawing(flows: Any, places: Sequence[Any], suppliers: Sequence[Any]) -> dict[str, Any]:
    on = frame([each["place"] for each in places])
    dots = _sized(places, LEAST_DOT, MOST_DOT)
    marks = _sized(suppliers, LEAST_DOT, MOST_DOT)
    rows = [each for each in flows["rows"] if each["supplier"] and each["place"]]
    return {
        "lines": [
            {"from": on.at(each["supplier"]), "to": on.at(each["place"]), "width": width, "flow": each}
            for each, width in _sized(rows, LEAST_LINE, MOST_LINE)
        ],
        "kitchens": [{"at": on.at(each["place"]), "size": size, "end": each} for each, size in dots],
        "suppliers": [{"at": on.at(each["supplier"]), "size": size, "end": each} for each, size in marks],
        "ground": _ground(on),
        "names": _names([(on.at(each["place"]), each["place"]["commune"], size) for each, size in dots]),
        "ruler": round(RULER_KM * on.scale),
        "ruler_km": RULER_KM,
        "beyond": sum(on.at(each["supplier"])[2] for each in suppliers),
    }


def _ground(on: Frame) -> str:
    """A dot per commune within the frame, as one path: together they show the shape of the Département.

    Each is told by its step from the one before, which is short where neighbours follow each other.
    """
    dots = [on.at({"lat": each.lat, "lon": each.lon}) for each in communes().values()]
    within = sorted({(x, y) for x, y, beyond in dots if not beyond})
    steps = pairwise([(0, 0), *within])
    return "".join(f"m{x - before} {y - above}h0" for (before, above), (x, y) in steps)


def _names(places: Sequence[tuple[tuple[int, int, bool], str, float]]) -> list[tuple[int, float, str]]:
    """Communes to find one's way by: of the greatest amounts first, those whose names do not touch another."""
    names: list[tuple[int, float, str]] = []
    for (x, y, _), commune, size in places:
        above = y - size - 5
        free = all(abs(x - other) > NAME_WIDTH or abs(above - height) > NAME_HEIGHT for other, height, _ in names)
        if free and commune not in {name for _, _, name in names}:
            names.append((x, above, commune))
    return names[:MOST_NAMES]


def _sized(rows: Sequence[Any], least: float, most: float) -> list[tuple[Any, float]]:
    """Rows with a size whose surface grows with the amount."""
    amounts = [max(float(each["amountEur"]), 0.0) for each in rows]
    top = max(amounts, default=0.0)
    shares = [math.sqrt(each / top) if top else 0.0 for each in amounts]
    return [(each, round(least + (most - least) * share, 1)) for each, share in zip(rows, shares, strict=True)]


PAGES: tuple[Page, ...] = (Page("departement/map", PATH, "Carte", "administrator/PlanMap", _variables, shows=_shows),)
ACTIONS: tuple[Action, ...] = ()
