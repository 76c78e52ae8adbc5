"""Réceptionner: the deliveries that are awaited, and one of them checked in line by line, with one hand."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from catering import moment
from catering.orders.vocabulary import OrderState
from catering.web.asked import Asked, BadFields, Fault, gathered
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.wording import number

PATH = "/cuisine/{uai}/receptions"
MOST_ROWS = 100
MOST_PACKS = 1_000_000
PHOTO = "photo-"
"""Begins the names of the fields of the photos; then the line."""
LATER = "PLUS_TARD"
"""A line that did not come yet: nothing is noted of it."""
AWAITED = (
    OrderState.SENT,
    OrderState.ACCEPTED,
    OrderState.PARTLY_ACCEPTED,
    OrderState.PREPARED,
    OrderState.SHIPPED,
    OrderState.PARTLY_RECEIVED,
)


def _awaited(asked: Asked) -> dict[str, Any]:
    return {"uai": asked.text("uai"), "states": [state.name for state in AWAITED], "first": MOST_ROWS}


def _by_time(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """Deliveries that are due, and those to come, the next one first."""
    today = moment.today().isoformat()
    orders = sorted(answer["kitchen"]["orders"]["nodes"], key=lambda order: (order["day"], order["number"]))
    return {
        "due": [order for order in orders if order["day"] <= today],
        "coming": [order for order in orders if order["day"] > today],
        "today": today,
        "more": answer["kitchen"]["orders"]["pageInfo"]["hasNextPage"],
    }


def _to_check(asked: Asked) -> dict[str, Any]:
    return {"orderId": asked.text("order"), "kitchen": asked.text("uai"), "on": moment.today().isoformat()}


def _lines(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Lines that still await something, with the packs left to come; and those noted in what was just refused, so that
    nothing of it is lost."""
    order = answer["order"]
    left = [line | {"left": _left(line)} for line in order["lines"]]
    noted = [lot for reception in order["receptions"] for lot in reception["lines"] if not lot["corrected"]]
    tolerated = {each["category"]: each["celsius"] for each in answer["kitchen"]["temperatureTolerances"]}
    shown = [line for line in left if line["left"] > 0 or _noted(line, asked)]
    return {"open": [line | {"limit": _limit(line, tolerated)} for line in shown], "noted": noted}


def _noted(line: Any, asked: Asked) -> bool:
    return f"decision-{line['position']}" in asked.form


def _limit(line: Any, tolerated: Mapping[str, str]) -> str:
    """The temperature of a line, of the law or of its producer where that one rules, and what the kitchen's plan
    tolerates beyond it, in words; "" for none."""
    law = line["temperatureLimit"]
    if law is None or (law["celsius"] is None and not law["statedByProducer"]):
        return ""
    if law["celsius"] is None:
        return "limite : celle de l'étiquette du producteur"
    beyond = Decimal(tolerated.get(law["category"], "0"))
    more = f", {number(beyond)} °C de plus avec réserve" if beyond else ""
    whose = " (dite par le producteur)" if law["statedByProducer"] else ""
    return f"limite{whose} : au {'moins' if law['atLeast'] else 'plus'} {number(law['celsius'])} °C{more}"


def _left(line: Any) -> int:
    received = int(line["receivedG"] or 0)
    return max(0, -(-(int(line["grams"]) - received) // int(line["packG"])))


def _received(asked: Asked) -> dict[str, Any]:
    """The lots noted. Every line is read before anything is refused, so that all faults are told at once."""
    positions = [name.removeprefix("decision-") for name in asked.form if name.startswith("decision-")]
    here = [each for each in positions if asked.text(f"decision-{each}") != LATER]
    noted = list(gathered({each: partial(_lot, asked, each) for each in here}).values())
    if not noted:
        raise BadFields(Fault(None, "Rien n'est noté : dire d'au moins une ligne si elle est acceptée ou refusée."))
    at = asked.noted_at(since=_sent(asked))
    return {
        "reception": {
            "orderId": asked.text("order"),
            "day": moment.paris_day(at).isoformat(),
            "notedAt": at.isoformat(),
            "lines": noted,
            "complete": asked.optional("complet"),
            "deliveryNote": asked.text("bon") or None,
        },
        "idempotencyKey": asked.text("cle"),
    }


def _sent(asked: Asked) -> datetime | None:
    """When the order was sent, as its page said: no reception is noted before it."""
    try:
        return datetime.fromisoformat(asked.text("envoyee"))
    except ValueError:
        return None


def _after(_result: Any, asked: Asked) -> str:
    page = PATH.format(uai=asked.text("uai"))
    return with_message(page, "recu-heure") if asked.clock_wrong(since=_sent(asked)) else with_message(page, "recu")


def _kept_packs(asked: Asked, position: str, label: str, delivered: int) -> int:
    """Packs kept of those that came.

    Raises:
        BadFields: they contradict the packs that came, or the decision.
    """
    name, decision = f"gardes-{position}", asked.text(f"decision-{position}")
    kept = asked.whole(name, f"{label}, colis acceptés", most=MOST_PACKS)
    if kept > delivered:
        says = f"pas plus que les {delivered} reçus. Corriger ce nombre, ou celui des colis reçus"
    elif decision == "ACCEPTED" and kept != delivered:
        says = f"{kept} sur {delivered} reçus. Choisir « Avec réserve » et un motif, ou laisser ce champ vide"
    elif decision == "REFUSED" and kept:
        says = f"tout est refusé, {kept} gardés. Choisir « Avec réserve », ou laisser ce champ vide"
    elif decision == "RESERVED" and not kept:
        says = "aucun. Choisir « Refusé », ou écrire combien de colis sont gardés"
    else:
        return kept
    raise BadFields(Fault(name, f"{label}, colis acceptés : {says}."))


def _lot(asked: Asked, position: str) -> dict[str, Any]:
    if not (position.isascii() and position.isdigit()):
        raise BadFields(Fault(None, "Ligne inconnue : recharger la page, puis recommencer."))
    decision, label = asked.text(f"decision-{position}"), _named(asked, position)
    reason = asked.text(f"motif-{position}") or None
    if decision != "ACCEPTED" and reason is None:
        raise BadFields(Fault(f"motif-{position}", f"{label} : dire pourquoi elle est refusée ou réservée."))
    lot: dict[str, Any] = {
        "position": int(position),
        "decision": decision,
        "deliveredPacks": asked.whole(f"colis-{position}", f"{label}, colis reçus", most=MOST_PACKS),
        "lot": asked.text(f"lot-{position}"),
        "reason": reason if decision != "ACCEPTED" else None,
        "comment": asked.text(f"remarque-{position}") or None,
        "alreadyPacks": _known(asked, position),
        "photoId": asked.text(f"{PHOTO}{position}") or None,
    }
    if asked.optional(f"gardes-{position}"):
        lot["acceptedPacks"] = _kept_packs(asked, position, label, lot["deliveredPacks"])
    if asked.optional(f"poids-garde-{position}"):
        lot["acceptedG"] = asked.grams(f"poids-garde-{position}", f"{label}, poids gardé")
    if asked.optional(f"poids-{position}"):
        lot["deliveredG"] = asked.grams(f"poids-{position}", f"{label}, poids")
    if asked.optional(f"celsius-{position}"):
        lot["celsius"] = str(asked.decimal(f"celsius-{position}", f"{label}, température"))
    if asked.optional(f"limite-{position}"):
        lot["statedLimit"] = str(asked.decimal(f"limite-{position}", f"{label}, limite de l'étiquette"))
    if asked.optional(f"date-{position}"):
        lot["expiresOn"] = asked.day(f"date-{position}").isoformat()
        lot["dateKind"] = asked.text(f"nature-{position}") or "USE_BY"
    return lot


def _named(asked: Asked, position: str) -> str:
    """The product of a line, as its page shows it: lines have no number there."""
    product = asked.text(f"produit-{position}")
    return f"« {product} »" if product else f"Ligne {position}"


def _known(asked: Asked, position: str) -> int:
    """Packs that were checked in when the page was read: somebody else may have noted more since."""
    name = f"deja-{position}"
    return asked.whole(name, _named(asked, position), most=MOST_PACKS) if asked.optional(name) else 0


PAGES: tuple[Page, ...] = (
    Page("chef/receptions", PATH, "Réceptionner", "chef/KitchenOrders", _awaited, "kitchen", _by_time),
    Page(
        "chef/reception",
        PATH + "/{order}",
        "Contrôler une livraison",
        "chef/DeliveryToCheck",
        _to_check,
        "order",
        _lines,
    ),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "chef/receive",
        PATH + "/{order}",
        "chef/ReceiveDelivery",
        _received,
        done="DeliveryReceived",
        leads=_after,
        page="chef/reception",
        pictures=PHOTO,
    ),
)
