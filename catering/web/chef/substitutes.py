"""What could replace a line of a basket, with what each would change."""

from collections.abc import Mapping
from typing import Any

from catering.web.asked import Asked
from catering.web.chef.basket import PATH, here, place, week
from catering.web.messages import with_message
from catering.web.pages import Action, Page


def _variables(asked: Asked) -> dict[str, Any]:
    return {
        "uai": asked.text("uai"),
        "week": week(asked).isoformat(),
        "offer": asked.needed("offre", "Choisir une ligne du panier."),
        "day": asked.day("jour").isoformat(),
    }


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    return {"line": answer["kitchen"]["basket"]["line"], "back": here(asked), "monday": week(asked)}


def _replaced(asked: Asked) -> dict[str, Any]:
    return {
        "basket": place(asked),
        "offer": asked.text("offre"),
        "day": asked.day("jour").isoformat(),
        "by": asked.text("par"),
        "idempotencyKey": asked.text("cle"),
    }


PAGES: tuple[Page, ...] = (
    Page(
        "chef/substitutes",
        f"{PATH}/substituts",
        "Remplacer un produit",
        "chef/Substitutes",
        _variables,
        "kitchen",
        _shows,
    ),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "chef/substitute_line",
        f"{PATH}/substituts",
        "chef/SubstituteLine",
        _replaced,
        done="BasketSaved",
        leads=lambda _result, asked: with_message(here(asked), "ligne-remplacee"),
        page="chef/substitutes",
    ),
)
