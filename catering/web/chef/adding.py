"""Ajouter au panier: search what the plan did not choose, and add some of it."""

from collections.abc import Mapping
from typing import Any

from catering.web.asked import Asked, BadFields, Fault
from catering.web.chef.basket import MOST_PACKS, PATH, here, place, week
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.words import WORDS

ADD = f"{PATH}/ajouter"
MOST_LETTERS = 60  # legal-number: letters of a search


def _family(asked: Asked) -> str | None:
    family = asked.text("famille")
    return family if family in WORDS["Family"] else None


def _variables(asked: Asked) -> dict[str, Any]:
    return {
        "uai": asked.text("uai"),
        "week": week(asked).isoformat(),
        "family": _family(asked),
        "words": asked.text("mots")[:MOST_LETTERS] or None,
        "after": asked.text("apres") or None,
    }


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The offers found, and the search that found them."""
    return {
        "monday": week(asked),
        "back": here(asked),
        "family": _family(asked) or "",
        "sought": asked.text("mots")[:MOST_LETTERS],
        "found": answer["offers"]["nodes"],
        "more": answer["offers"]["pageInfo"],
    }


def _added(asked: Asked) -> dict[str, Any]:
    """The packs typed, on the best day that can still be met; what is wrong with them is told at their offer."""
    offer = asked.text("offre")
    try:
        packs = asked.whole("colis", "Quantité", least=1, most=MOST_PACKS)
    except BadFields as refusal:
        raise BadFields(*(Fault(f"colis-{offer}", each.message) for each in refusal.faults)) from refusal
    return {"basket": place(asked), "offer": offer, "packs": packs, "idempotencyKey": asked.text("cle")}


OFFER_FAULTS = dict.fromkeys(
    ("NotEnough", "NotADeliveryDay", "NotForSale", "TooFar", "NotProven", "BadQuantity"), "colis-{offre}"
)
PAGES: tuple[Page, ...] = (
    Page("chef/adding", ADD, "Ajouter au panier", "chef/OffersToAdd", _variables, "kitchen", _shows),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "chef/add_line",
        ADD,
        "chef/PutBasketLine",
        _added,
        done="BasketSaved",
        leads=lambda _result, asked: with_message(here(asked), "ligne-ajoutee"),
        page="chef/adding",
        blames=OFFER_FAULTS,
    ),
)
