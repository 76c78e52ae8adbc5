"""One order as its supplier answers it: accept, with fewer packs if need be, propose a change, refuse."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from catering.orders.vocabulary import OrderState
from catering.web.asked import Asked, gathered
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.producer.places import ORDER, at
from catering.web.producer.preparing import PREPARABLE, TO_SHIP

MOST_PACKS = 1_000_000
PACKS = "colis-"
"""Begins the name of a field that holds the packs of a line; its position follows."""
ANSWERABLE = frozenset({OrderState.SENT.name, OrderState.CHANGE_PROPOSED.name})
AT_PACKS = dict.fromkeys(("BadQuantity", "NothingAccepted"), "colis-1")
AT_DAY = dict.fromkeys(("NotADeliveryDay", "TooLate", "SupplierAway"), "livraison")


def _variables(asked: Asked) -> dict[str, Any]:
    return {"id": asked.text("order")}


def _shows(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """What can be done with it now."""
    order = answer["order"]
    return {
        "answerable": order["state"] in ANSWERABLE,
        "shippable": order["state"] in TO_SHIP,
        "preparable": order["state"] in PREPARABLE,
        "asked_to_cancel": order["cancelAskedAt"] is not None and order["state"] in ANSWERABLE | TO_SHIP,
    }


def _keyed(asked: Asked) -> dict[str, Any]:
    return {"orderId": asked.text("order"), "idempotencyKey": asked.text("cle")}


def _packs(asked: Asked) -> list[dict[str, int]]:
    """The packs typed, line by line; a line whose field is left out stays as it was ordered."""
    names = [name for name in asked.form if name.startswith(PACKS) and name.removeprefix(PACKS).isdecimal()]
    read = {name: partial(asked.whole, name, "Colis", most=MOST_PACKS) for name in names}
    return [{"position": int(name.removeprefix(PACKS)), "packs": packs} for name, packs in gathered(read).items()]


def _accepted(asked: Asked) -> dict[str, Any]:
    return _keyed(asked) | {"packs": _packs(asked)}


def _proposed(asked: Asked) -> dict[str, Any]:
    read = gathered(
        {
            "packs": partial(_packs, asked),
            "reason": partial(asked.needed, "motif", "Motif : dire à la cuisine pourquoi la livraison change."),
            "day": partial(asked.day, "livraison"),
        }
    )
    return _keyed(asked) | read | {"day": read["day"].isoformat()}


def _refused(asked: Asked) -> dict[str, Any]:
    return _keyed(asked) | {"reason": asked.needed("refus", "Motif : dire à la cuisine pourquoi vous ne livrez pas.")}


def _answered(asked: Asked) -> dict[str, Any]:
    agreed = asked.needed("reponse", "Choisir d'accepter ou de refuser l'annulation.") == "oui"
    return _keyed(asked) | {"agreed": agreed}


PAGES: tuple[Page, ...] = (
    Page("producer/order", ORDER, "Répondre à une commande", "chef/OrderStory", _variables, "order", _shows),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "producer/accept",
        f"{ORDER}/accepter",
        "producer/AcceptOrder",
        _accepted,
        done="OrderMoved",
        leads=lambda _result, asked: with_message(at(ORDER, asked), "acceptee"),
        page="producer/order",
        blames=AT_PACKS,
    ),
    Action(
        "producer/propose",
        f"{ORDER}/proposer",
        "producer/ProposeChange",
        _proposed,
        done="OrderMoved",
        leads=lambda _result, asked: with_message(at(ORDER, asked), "changement"),
        page="producer/order",
        blames=AT_PACKS | AT_DAY | {"InvalidReason": "motif"},
    ),
    Action(
        "producer/refuse",
        f"{ORDER}/refuser",
        "producer/RefuseOrder",
        _refused,
        done="OrderMoved",
        leads=lambda _result, asked: with_message(at(ORDER, asked), "refusee"),
        page="producer/order",
        blames={"InvalidReason": "refus"},
    ),
    Action(
        "producer/answer_cancel",
        f"{ORDER}/annulation",
        "producer/AnswerCancel",
        _answered,
        done="OrderMoved",
        leads=lambda _result, asked: with_message(at(ORDER, asked), "annulation-repondue"),
        page="producer/order",
    ),
)
