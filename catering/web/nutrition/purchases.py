"""Achats: what was bought with its proof, by which sign it counts or why not; and the lines behind one EGAlim rate."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from catering import moment
from catering.people.viewer import Viewer
from catering.purchases.importing import IMPORTERS
from catering.web.asked import Asked
from catering.web.nutrition.grid import year_of
from catering.web.pages import Page
from catering.web.standing import of_share, same_rule

PATH = "/achats"
RATE = "/cuisine/{uai}/taux/{rule}"
ROWS = 50
IN_DOUBT = {"refuse": True, "compte": False}
COUNTS = {"compte": True, "autre": False}


def _day(asked: Asked, name: str) -> str | None:
    return asked.day(name).isoformat() if asked.optional(name) else None


def _variables(asked: Asked) -> dict[str, Any]:
    return {
        "kitchen": asked.text("cuisine").upper() or None,
        "firstDay": _day(asked, "du"),
        "lastDay": _day(asked, "au"),
        "inDoubt": IN_DOUBT.get(asked.text("signes")),
        "first": ROWS,
        "after": asked.text("apres") or None,
    }


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The lines, the filters as typed, and the addresses of the next page and of the files."""
    filters = {name: asked.text(name) for name in ("cuisine", "du", "au", "signes") if asked.optional(name)}
    year = asked.day("au").year if asked.optional("au") else asked.day("du").year
    return {
        "lines": answer["purchases"]["nodes"],
        "filters": filters,
        "following": _following(PATH, filters, answer["purchases"]["pageInfo"]),
        "beginning": f"{PATH}?{urlencode(filters)}" if asked.optional("apres") else None,
        "year": year,
        "of_kitchen": f"?{urlencode({'kitchen': asked.text('cuisine').upper()})}" if asked.optional("cuisine") else "",
        "imports": may_sign(asked.viewer),
    }


def may_sign(viewer: Viewer | None) -> bool:
    """Whether somebody imports purchases and declares years."""
    return viewer is not None and viewer.role in IMPORTERS


def _following(path: str, filters: Mapping[str, str], page: Any) -> str | None:
    return f"{path}?{urlencode({**filters, 'apres': page['endCursor']})}" if page["hasNextPage"] else None


def _rate_variables(asked: Asked) -> dict[str, Any]:
    return {
        "uai": asked.text("uai"),
        "rule": asked.text("rule"),
        "year": year_of(asked),
        "counts": COUNTS.get(asked.text("lignes")),
        "first": ROWS,
        "after": asked.text("apres") or None,
    }


def _rate_shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The rate with its mark, and the lines it is made of."""
    path = RATE.format_map(asked.path)
    filters = {"annee": str(year_of(asked))} | ({"lignes": asked.text("lignes")} if asked.optional("lignes") else {})
    rate = same_rule(answer["kitchen"]["egalim"]["ratios"], asked.text("rule")) if answer["kitchen"] else None
    return {
        "lines": answer["ratePurchases"]["nodes"],
        "rate": rate,
        "mark": of_share(rate and rate["holds"], running=year_of(asked) >= moment.today().year),
        "year": year_of(asked),
        "which": asked.text("lignes"),
        "path": path,
        "following": _following(path, filters, answer["ratePurchases"]["pageInfo"]),
        "beginning": f"{path}?{urlencode(filters)}" if asked.optional("apres") else None,
    }


PAGES: tuple[Page, ...] = (
    Page("nutrition/purchases", PATH, "Achats et preuves", "nutrition/PurchasesWithProof", _variables, shows=_shows),
    Page(
        "nutrition/rate", RATE, "Achats d'un taux", "nutrition/RateWithProof", _rate_variables, "kitchen", _rate_shows
    ),
)
