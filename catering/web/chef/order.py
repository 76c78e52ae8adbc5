"""One order: what was ordered, what the supplier answered, agree to a change or cancel."""

from collections.abc import Mapping
from typing import Any

from catering import moment
from catering.orders.replay import TO_DELIVER
from catering.orders.vocabulary import OrderState
from catering.web.asked import Asked
from catering.web.chef.reception import AWAITED
from catering.web.messages import with_message
from catering.web.pages import Action, Page

PATH = "/cuisine/{uai}/commandes/{order}"
CANCELLABLE = frozenset({OrderState.SENT, OrderState.CHANGE_PROPOSED, OrderState.ACCEPTED, OrderState.PARTLY_ACCEPTED})
"""States in which a kitchen may still cancel, or ask its supplier to."""


def _variables(asked: Asked) -> dict[str, Any]:
    return {"id": asked.text("order")}


def _shows(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """The change proposed line by line, and what can still be done."""
    order = answer["order"]
    proposed = order["proposedChange"]
    packs = {each["position"]: each["packs"] for each in proposed["packs"]} if proposed else {}
    lines = [line | {"proposed": packs.get(line["position"])} for line in order["lines"]]
    names = {line["position"]: line["product"] for line in order["lines"]}
    return {
        "lines": lines,
        "names": names,
        "receivable": order["state"] in {state.name for state in AWAITED},
        "cancellable": order["state"] in {each.name for each in CANCELLABLE}
        and (order["cancelAskedAt"] is None or order["unanswered"]),
        "missing": order["state"] in {state.name for state in TO_DELIVER}
        and order["day"] <= moment.today().isoformat(),
    }


def _answered(asked: Asked) -> dict[str, Any]:
    return {
        "orderId": asked.text("order"),
        "seen": asked.whole("vu", "Proposition lue"),
        "agreed": asked.needed("reponse", "Choisir d'accepter ou de refuser le changement.") == "oui",
        "idempotencyKey": asked.text("cle"),
    }


def _cancelled(asked: Asked) -> dict[str, Any]:
    reason = asked.needed("motif", "Motif : dire pourquoi la commande est annulée, le fournisseur le lira.")
    return {"orderId": asked.text("order"), "reason": reason, "idempotencyKey": asked.text("cle")}


def _missed(asked: Asked) -> dict[str, Any]:
    reason = asked.needed("absence", "Motif : dire ce qui s'est passé, le fournisseur le lira.")
    return {"orderId": asked.text("order"), "reason": reason, "idempotencyKey": asked.text("cle")}


def _here(asked: Asked) -> str:
    return PATH.format(uai=asked.text("uai"), order=asked.text("order"))


PAGES: tuple[Page, ...] = (Page("chef/order", PATH, "Commande", "chef/OrderStory", _variables, "order", _shows),)
ACTIONS: tuple[Action, ...] = (
    Action(
        "chef/answer_change",
        f"{PATH}/reponse",
        "chef/AnswerChange",
        _answered,
        done="OrderMoved",
        leads=lambda _result, asked: with_message(_here(asked), "repondu"),
        page="chef/order",
    ),
    Action(
        "chef/cancel_order",
        f"{PATH}/annuler",
        "chef/CancelOrder",
        _cancelled,
        done="OrderMoved",
        leads=lambda _result, asked: with_message(_here(asked), "annulation"),
        page="chef/order",
        blames={"InvalidReason": "motif"},
    ),
    Action(
        "chef/report_not_delivered",
        f"{PATH}/non-livree",
        "chef/ReportNotDelivered",
        _missed,
        done="OrderMoved",
        leads=lambda _result, asked: with_message(_here(asked), "non-livree"),
        page="chef/order",
        blames={"InvalidReason": "absence"},
    ),
)
