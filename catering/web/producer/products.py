"""Mes produits: what is sold, how much of it in the weeks to come, what its proofs are worth, holidays."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from catering import moment
from catering.web.asked import Asked, BadFields, Fault, gathered
from catering.web.messages import with_message
from catering.web.notices import named, putting_away, with_standing
from catering.web.pages import Action, Page
from catering.web.producer.certificates import lasting
from catering.web.producer.places import PRODUCTS, at
from catering.web.wording import day_of

ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(days=7)
WEEKS = (1, 2, 4, 8, 13, 26)
"""For how many weeks a quantity may be stated at once."""


def weeks(asked: Asked) -> int:
    """For how many weeks a quantity is stated; four by default."""
    value = asked.text("semaines", "4")
    return int(value) if value in map(str, WEEKS) else 4


def last_day(asked: Asked) -> date:
    """The Sunday that ends the weeks shown."""
    return asked.monday() + weeks(asked) * ONE_WEEK - ONE_DAY


def _variables(asked: Asked) -> dict[str, Any]:
    asked.monday()
    return {"id": asked.text("supplier"), "after": asked.text("apres") or None}


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Each product with what it delivers in the weeks shown, each certificate with how long it lasts."""
    supplier, today = answer["supplier"], moment.today()
    first, last = asked.monday(), last_day(asked)
    ended = {each["id"] for each in supplier["certificates"] if day_of(each["validTo"]) < today}
    return {
        "monday": first,
        "last": last,
        "weeks_shown": weeks(asked),
        "choices": {str(number): f"{number} semaine{'s' if number > 1 else ''}" for number in WEEKS},
        "today": today.isoformat(),
        "products": [
            offer
            | {
                "quantities": _within(offer["capacities"], first, last),
                "unproven": offer["certificate"] is not None and offer["certificate"]["id"] in ended,
            }
            for offer in supplier["offers"]["nodes"]
            if offer["validTo"] is None or offer["validTo"] >= today.isoformat()
        ],
        "certificates": with_standing(
            (each | lasting(day_of(each["validTo"]), today) for each in supplier["certificates"]),
            lambda each: named("certificat", each["id"], each["mark"], each["validTo"]),
            answer["noticesPutAway"],
        ),
        "pauses": [each for each in supplier["pauses"] if day_of(each["lastDay"]) >= today],
        "more": supplier["offers"]["pageInfo"],
    }


def _within(capacities: list[Any], first: date, last: date) -> list[Any]:
    """The capacities that hold on some of the days; a gap between them is told by the template as nothing."""
    return [each for each in capacities if day_of(each["validFrom"]) <= last and day_of(each["validTo"]) >= first]


def here(asked: Asked) -> str:
    """The page with the weeks that were shown."""
    return f"{at(PRODUCTS, asked)}?semaine={asked.monday()}&semaines={weeks(asked)}"


def _stated(asked: Asked) -> dict[str, Any]:
    """The quantity of a product; what is wrong with it is told beside the product."""
    offer = asked.text("offre")
    try:
        grams = asked.grams("kg", "Quantité par semaine")
    except BadFields as refusal:
        raise BadFields(*(Fault(f"kg-{offer}", each.message) for each in refusal.faults)) from refusal
    return {
        "offer": offer,
        "firstDay": asked.monday().isoformat(),
        "lastDay": last_day(asked).isoformat(),
        "gramsPerWeek": str(grams),
        "idempotencyKey": asked.text("cle"),
    }


def _ended(asked: Asked) -> dict[str, Any]:
    on = asked.day("fin").isoformat()
    return {"offers": [asked.text("offre")], "lastDay": on, "idempotencyKey": asked.text("cle")}


def _paused(asked: Asked) -> dict[str, Any]:
    read = gathered(
        {
            "firstDay": lambda: asked.needed("du", "Premier jour : dire quand la pause commence.") and asked.day("du"),
            "lastDay": lambda: asked.needed("au", "Dernier jour : dire quand la pause finit.") and asked.day("au"),
            "reason": partial(asked.needed, "motif", "Motif : congés, travaux… les cuisines le liront."),
        }
    )
    days = {name: read[name].isoformat() for name in ("firstDay", "lastDay")}
    return {"supplier": asked.text("supplier"), "idempotencyKey": asked.text("cle")} | read | days


def _resumed(asked: Asked) -> dict[str, Any]:
    return {
        "supplier": asked.text("supplier"),
        "pause": asked.text("pause"),
        "idempotencyKey": asked.text("cle"),
    }


PAGES: tuple[Page, ...] = (
    Page("producer/products", PRODUCTS, "Mes produits", "producer/MyProducts", _variables, "supplier", _shows),
)
ACTIONS: tuple[Action, ...] = (
    putting_away("producer/put_away", f"{PRODUCTS}/ranger", "producer/products", here),
    Action(
        "producer/state_quantity",
        f"{PRODUCTS}/quantite",
        "producer/StateCapacity",
        _stated,
        done="CapacityStated",
        leads=lambda _result, asked: with_message(here(asked), "quantite"),
        page="producer/products",
        blames=dict.fromkeys(("InvalidSupply", "BelowReservations"), "kg-{offre}"),
    ),
    Action(
        "producer/end_product",
        f"{PRODUCTS}/retirer",
        "producer/EndOffers",
        _ended,
        done="OffersEnded",
        leads=lambda _result, asked: with_message(here(asked), "produit-retire"),
        page="producer/products",
    ),
    Action(
        "producer/pause",
        f"{PRODUCTS}/pause",
        "producer/PauseSupplier",
        _paused,
        done="SupplierPaused",
        leads=lambda _result, asked: with_message(here(asked), "pause"),
        page="producer/products",
        blames={"InvalidSupply": "du"},
    ),
    Action(
        "producer/resume",
        f"{PRODUCTS}/reprise",
        "producer/ResumeSupplier",
        _resumed,
        done="SupplierResumed",
        leads=lambda _result, asked: with_message(here(asked), "reprise"),
        page="producer/products",
    ),
)
