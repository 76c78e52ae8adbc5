"""One order as its supplier answers it: accept, with fewer packs if need be, propose a change, refuse."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from catering.moment import today
from catering.orders.replay import MAY_FOLLOW
from catering.orders.vocabulary import OrderEventKind, OrderState
from catering.web.asked import Asked, gathered
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.producer.places import ORDER, at
from catering.web.producer.preparing import TO_SHIP

MOST_PACKS = 1_000_000
PACKS = "colis-"
"""Begins the name of a field that holds the packs of a line; its position follows."""
ACCEPTING = frozenset({OrderEventKind.ACCEPTED, OrderEventKind.CHANGE_AGREED})
"""What was accepted is due, even while a change of it waits for its answer: it is refused no more."""
AT_PACKS = dict.fromkeys(("BadQuantity", "NothingAccepted"), "colis-1")
AT_DAY = dict.fromkeys(("NotADeliveryDay", "TooLate", "SupplierAway"), "livraison")


def _variables(asked: Asked) -> dict[str, Any]:
    return {"id": asked.text("order")}


def _shows(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """What the life of the order lets its supplier do now: nothing else is shown."""
    order = answer["order"]
    state = OrderState[order["state"]]
    happened = {OrderEventKind[event["kind"]] for event in order["events"]}
    return {
        "acceptable": state in MAY_FOLLOW[OrderEventKind.ACCEPTED] and order["day"] >= today().isoformat(),
        "changeable": state in MAY_FOLLOW[OrderEventKind.CHANGE_PROPOSED],
        "refusable": state in MAY_FOLLOW[OrderEventKind.REFUSED] and happened.isdisjoint(ACCEPTING),
        "waiting": state in MAY_FOLLOW[OrderEventKind.REFUSED],
        "shippable": order["state"] in TO_SHIP,
        "asked_to_cancel": order["cancelAskedAt"] is not None and state in MAY_FOLLOW[OrderEventKind.CANCEL_DECLINED],
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
