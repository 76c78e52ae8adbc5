"""Bilan EGAlim: a civil year to declare, its check list and figures, what was declared and what changed since."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from catering import moment
from catering.web.asked import Asked, BadFields, Fault, gathered
from catering.web.messages import with_message
from catering.web.nutrition import importing, purchases, registers, restaurants
from catering.web.nutrition.figures import field_in_words
from catering.web.nutrition.grid import FIRST_YEAR, named
from catering.web.nutrition.purchases import may_sign
from catering.web.pages import Action, Page

INDEX = "/nutrition/bilans"
PATH = "/cuisine/{uai}/bilan"
FORMS = {"simple": "SIMPLE", "detaille": "DETAILED"}
ROWS, LINES = 50, 20  # legal-number: rows shown at once
READ = "lu-"
"""A box of the check list is named by this and the id of its point."""
SHARES = {
    "quality": "Durables et de qualité", "bio": "Bio", "meat_and_fish": "Viandes et poissons de qualité",
    "pat": "Projet alimentaire territorial",
}  # fmt: skip


def _year(asked: Asked) -> int:
    """The civil year asked for; by default the last one that is over."""
    if not asked.optional("annee"):
        return moment.today().year - 1
    return asked.whole("annee", "Année", least=FIRST_YEAR, most=moment.today().year + 1)


def _form(asked: Asked) -> str:
    form = asked.text("forme")
    return form if form in FORMS else "simple"


def _variables(asked: Asked) -> dict[str, Any]:
    compared = asked.query.get("comparer", "")
    return {
        "kitchen": asked.text("uai"),
        "year": _year(asked),
        "form": FORMS[_form(asked)],
        "version": int(compared) if compared.isascii() and compared.isdigit() and len(compared) < 10 else None,
        "first": LINES,
        "after": asked.query.get("apres") or None,
    }


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Figures in words, the check list in two, and the addresses of the other form, versions and files."""
    found, year, form = answer["declarationFile"], _year(asked), _form(asked)
    path = PATH.format_map(asked.path)
    here = {"annee": str(year), "forme": form}
    return {
        "file": found,
        "year": year,
        "form": form,
        "path": path,
        "here": f"{path}?{urlencode(here)}",
        "blocking": [each for each in found["checks"] if each["level"] == "BLOCKING"],
        "open": [each for each in found["checks"] if each["level"] == "OPEN"],
        "shares": [_share(each) for each in found["shares"]],
        "signs": may_sign(asked.viewer),
        "without_siret": any(each["id"] == "DEC-02" for each in found["checks"]),
        "cured_at": _cured_at(asked),
        "restaurants": restaurants.written(found["parts"]),
        "in_words": field_in_words,
        "read": {name.removeprefix(READ) for name in asked.form if name.startswith(READ)},
        "compared": asked.query.get("comparer", ""),
    }


def _share(each: Any) -> Mapping[str, Any]:
    """A share in words; of territorial projects nothing is known while nobody told who is under one."""
    untold = each["figure"] == "pat" and each["sharePct"] is None
    return {"title": SHARES[each["figure"]], "share": each["sharePct"], "untold": untold}


def _cured_at(asked: Asked) -> dict[str, str]:
    """The page where a point of the check list is mended."""
    uai, year = asked.text("uai"), _year(asked)
    abroad = f"{registers.ABROAD}?{urlencode({'annee': year, 'cuisine': uai})}"
    of_year = urlencode({"cuisine": uai, "du": f"{year}-01-01", "au": f"{year}-12-31"})
    bought = f"{purchases.PATH}?{of_year}"
    return {
        "DEC-03": importing.PATH,
        "DEC-04": bought,
        "DEC-12": importing.PATH,
        "DEC-15": bought,
        "DEC-16": bought,
        "DEC-20": abroad,
        "DEC-23": registers.PROJECTS,
        "DEC-24": abroad,
    }


def _declare(asked: Asked) -> dict[str, Any]:
    read = gathered(
        {
            "year": lambda: _year(asked),
            "reason": lambda: asked.needed("motif", "Dire pourquoi cette année est déclarée ou corrigée."),
            "base": lambda: asked.whole("version", "Version lue"),
        }
    )
    return {
        "year": {
            "kitchen": asked.text("uai"),
            "year": read["year"],
            "form": FORMS[_form(asked)],
            "baseVersion": read["base"],
            "reason": read["reason"],
            "acknowledged": sorted(name.removeprefix(READ) for name in asked.form if name.startswith(READ)),
        },
        "idempotencyKey": asked.text("cle"),
    }


def _declared(_made: Any, asked: Asked) -> str:
    here = urlencode({"annee": str(_year(asked)), "forme": _form(asked)})
    return with_message(f"{PATH.format_map(asked.path)}?{here}", "annee-declaree")


def _register(asked: Asked) -> dict[str, Any]:
    number = asked.text("cantine")
    if number and not (number.isascii() and number.isdigit()):
        raise BadFields(Fault("cantine", "Numéro sur ma-cantine : écrire un nombre entier, par exemple 4210."))
    return {
        "uai": asked.text("uai"),
        "siret": asked.needed("siret", "Écrire le SIRET : 14 chiffres."),
        "cantineId": number or None,
        "idempotencyKey": asked.text("cle"),
    }


def _registered(_made: Any, asked: Asked) -> str:
    here = urlencode({"annee": str(_year(asked)), "forme": _form(asked)})
    return with_message(f"{PATH.format_map(asked.path)}?{here}", "siret")


def _index_variables(asked: Asked) -> dict[str, Any]:
    return {
        "year": _year(asked),
        "epci": asked.text("epci") or None,
        "first": ROWS,
        "after": asked.text("apres") or None,
    }


def _index_shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The rows, and the address of those that follow."""
    year, page = _year(asked), answer["kitchens"]["pageInfo"]
    filters = {"annee": str(year)} | ({"epci": asked.text("epci")} if asked.optional("epci") else {})
    following = {**filters, "apres": page["endCursor"] or ""}
    return {
        "year": year,
        "epci": asked.text("epci"),
        "places": named(answer["intercommunalities"]),
        "kitchens": answer["kitchens"]["nodes"],
        "following": f"{INDEX}?{urlencode(following)}" if page["hasNextPage"] else None,
    }


PAGES: tuple[Page, ...] = (
    Page(
        "nutrition/declarations", INDEX, "Bilans", "nutrition/DeclarationsOfYear", _index_variables, None, _index_shows
    ),
    Page(
        "nutrition/declaration",
        PATH,
        "Bilan EGAlim",
        "nutrition/DeclarationFile",
        _variables,
        "declarationFile",
        _shows,
    ),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "nutrition/declare_year",
        PATH,
        "nutrition/DeclareYear",
        _declare,
        "YearDeclared",
        _declared,
        "nutrition/declaration",
        blames={"NotAcknowledged": "lus", "InvalidDeclaration": "motif"},
    ),
    Action(
        "nutrition/register_canteen",
        f"{PATH}/siret",
        "nutrition/RegisterCanteen",
        _register,
        "CanteenRegistered",
        _registered,
        "nutrition/declaration",
        blames={"CanteenRefused": "siret"},
    ),
)
