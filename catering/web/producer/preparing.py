"""À préparer: what waits for an answer, what to harvest for each delivery day, then what goes to each kitchen."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from catering import moment
from catering.orders.vocabulary import OrderState
from catering.web.asked import Asked
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.producer.places import PREPARE, at

AHEAD = timedelta(days=20)  # legal-number: three weeks of a list on a screen
"""How far ahead the list goes: three weeks."""
WAITING = (OrderState.SENT,)
"""Orders that their supplier has to answer."""
DAY = PREPARE + "/{day}"
PREPARABLE = frozenset({OrderState.ACCEPTED.name, OrderState.PARTLY_ACCEPTED.name})
TO_SHIP = PREPARABLE | {OrderState.PREPARED.name}
GONE = frozenset(state.name for state in OrderState if not state.stands)


def _coming(asked: Asked) -> dict[str, Any]:
    today = moment.today()
    return {
        "id": asked.text("supplier"),
        "firstDay": today.isoformat(),
        "lastDay": (today + AHEAD).isoformat(),
        "waiting": [state.name for state in WAITING],
        "after": asked.text("apres") or None,
    }


def _by_day(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """The harvest of each delivery day; what must be answered first comes first."""
    supplier = answer["supplier"]
    days = groupby(sorted(supplier["harvest"], key=itemgetter("day")), key=itemgetter("day"))
    return {
        "days": [(day, list(lines)) for day, lines in days],
        "waiting": sorted(supplier["orders"]["nodes"], key=itemgetter("day", "number")),
        "more": supplier["orders"]["pageInfo"],
    }


def _of_day(asked: Asked) -> dict[str, Any]:
    return {
        "id": asked.text("supplier"),
        "day": asked.day("day").isoformat(),
        "after": asked.text("apres") or None,
    }


def _by_kitchen(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The orders that stand, kitchen by kitchen, each with what can be done next."""
    orders = answer["supplier"]["orders"]
    standing = [order for order in orders["nodes"] if order["state"] not in GONE]
    return {
        "day": asked.day("day"),
        "orders": sorted(standing, key=lambda order: (order["place"]["name"], order["number"])),
        "preparable": PREPARABLE,
        "to_ship": TO_SHIP,
        "more": orders["pageInfo"],
    }


def _moved(asked: Asked) -> dict[str, Any]:
    return {"orderId": asked.text("commande"), "idempotencyKey": asked.text("cle")}


PAGES: tuple[Page, ...] = (
    Page("producer/to_prepare", PREPARE, "À préparer", "producer/ToPrepare", _coming, "supplier", _by_day),
    Page("producer/day", DAY, "Préparer une livraison", "producer/DayToPrepare", _of_day, "supplier", _by_kitchen),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "producer/prepare",
        f"{DAY}/prete",
        "producer/PrepareOrder",
        _moved,
        done="OrderMoved",
        leads=lambda _result, asked: with_message(at(DAY, asked), "preparee"),
        page="producer/day",
    ),
    Action(
        "producer/ship",
        f"{DAY}/partie",
        "producer/ShipOrder",
        _moved,
        done="OrderMoved",
        leads=lambda _result, asked: with_message(at(DAY, asked), "partie"),
        page="producer/day",
    ),
)
