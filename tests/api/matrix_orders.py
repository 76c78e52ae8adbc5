"""The rows of the matrix for baskets, orders, standing orders, and the harvest, packing and tour lists.

A kitchen and a farm order of each other: one's own order is of the first kitchen to the second farm, another's of the
second kitchen to the first farm. Who sells is told where each of its orders goes: hence ``shows_places``.
"""

from collections.abc import Callable
from typing import Any

from tests.api.dataset_orders import (
    ACCEPTED,
    CANCEL_ASKED,
    CHANGE_PROPOSED,
    OTHER_SHIFT,
    OTHER_STANDING,
    OWN_STANDING,
    SENT,
)
from tests.api.matrix import OTHER, Entry, Of, Outcome, Subject
from tests.api.operations import BASKET, VARIABLES

Asks = Callable[[Subject], dict[str, Any]]
SHOWN, _OPEN, NOTHING, DONE, REFUSED = Outcome
CONTROLS = {"nutrition": SHOWN, "departement": SHOWN, "auditor": SHOWN}
OF_BUYERS = {"buyers": (SHOWN, NOTHING), "sellers": NOTHING, **CONTROLS}
"""What a kitchen reads, and no seller."""
OF_SELLERS = {"buyers": SHOWN, "sellers": (SHOWN, NOTHING), **CONTROLS}
"""What a supplier reads; a kitchen reads its own part of it, of any supplier."""
OWN_BUYING, OWN_SELLING = {"buyers": (DONE, REFUSED)}, {"sellers": (DONE, REFUSED)}
KG_PER_PACK = 5
OFFERS = {f"offre_{number:03d}": 1 + number // 6 for number in range(12)}
"""What is in the baskets, and whose it is."""


def with_(operation: str, change: Asks) -> Asks:
    """The variables of an operation, some of them the subject's."""
    return lambda subject: VARIABLES[operation] | change(subject)


def number_of(subject: Subject, number: int) -> str:
    """The order of the subject that goes in parallel with one of the first kitchen."""
    return str(number + (OTHER_SHIFT if subject == OTHER else 0))


def order(name: str, number: int) -> Asks:
    """An order of the subject."""
    return lambda subject: {name: number_of(subject, number)}


def kitchen(subject: Subject) -> dict[str, Any]:
    """The subject's kitchen."""
    return {"uai": subject.kitchen}


def supplier(subject: Subject) -> dict[str, Any]:
    """The subject's supplier."""
    return {"id": subject.supplier}


def basket(subject: Subject) -> dict[str, Any]:
    """The basket of the subject's kitchen."""
    return {"basket": BASKET | {"kitchen": subject.kitchen}}


def replaced(subject: Subject) -> dict[str, Any]:
    """A line that an offer of the subject's supplier could replace."""
    return kitchen(subject) | {"offer": "offre_006" if subject == OTHER else "offre_000"}


def standing(subject: Subject) -> dict[str, Any]:
    """A standing order to make, for the subject's kitchen."""
    given = VARIABLES["chef/StartStandingOrder"]["standingOrder"]
    return {"standingOrder": given | {"kitchen": subject.kitchen}}


def stopped(subject: Subject) -> dict[str, Any]:
    """A standing order of the subject's kitchen."""
    return {"standingOrderId": str(OTHER_STANDING if subject == OTHER else OWN_STANDING)}


BUYING: dict[str, Asks] = {
    "FillBasket": basket,
    "PutBasketLine": basket,
    "RemoveBasketLine": basket,
    "SubstituteLine": basket,
    "SendBasket": basket,
    "CancelOrder": order("orderId", SENT),
    "ReportNotDelivered": order("orderId", ACCEPTED),
    "AnswerChange": order("orderId", CHANGE_PROPOSED),
    "StartStandingOrder": standing,
    "StopStandingOrder": stopped,
}
"""What those who buy change, and what of the subject each names."""
SELLING: dict[str, Asks] = {
    "AcceptOrder": order("orderId", SENT),
    "RefuseOrder": order("orderId", SENT),
    "ProposeChange": order("orderId", SENT),
    "PrepareOrder": order("orderId", ACCEPTED),
    "ShipOrder": order("orderId", ACCEPTED),
    "AnswerCancel": order("orderId", CANCEL_ASKED),
    "ReportFailure": lambda subject: {"supplier": subject.supplier},
}
"""The same of those who sell."""

CELLS = {
    "chef/Basket": Entry(Of.KITCHEN, with_("chef/Basket", kitchen), **OF_BUYERS),
    "chef/Substitutes": Entry(Of.SUPPLIER, with_("chef/Substitutes", replaced), **OF_BUYERS),
    "chef/KitchenOrders": Entry(
        # Its lines are what tells whose it is, and every kitchen ordered of both farms.
        Of.SUPPLIER, with_("chef/KitchenOrders", kitchen), **OF_BUYERS
    ),
    "chef/OrderStory": Entry(
        Of.KITCHEN, with_("chef/OrderStory", order("id", CHANGE_PROPOSED)), shows_places=True,
        buyers=(SHOWN, NOTHING), sellers=(SHOWN, NOTHING), **CONTROLS,
    ),
    "chef/StandingOrders": Entry(Of.SUPPLIER, with_("chef/StandingOrders", kitchen), **OF_BUYERS),
    "producer/SupplierOrders": Entry(
        Of.SUPPLIER, with_("producer/SupplierOrders", supplier), shows_places=True, **OF_SELLERS
    ),
    "producer/HarvestList": Entry(Of.SUPPLIER, with_("producer/HarvestList", supplier), **OF_SELLERS),
    "producer/PackingList": Entry(
        Of.SUPPLIER, with_("producer/PackingList", supplier), shows_places=True, **OF_SELLERS
    ),
    "producer/TourSheet": Entry(
        Of.SUPPLIER, with_("producer/TourSheet", lambda subject: {"suppliers": [subject.supplier]}), shows_places=True,
        **OF_SELLERS,
    ),
    **{
        f"chef/{name}": Entry(Of.KITCHEN, with_(f"chef/{name}", change), **OWN_BUYING)
        for name, change in BUYING.items()
    },
    **{
        f"producer/{name}": Entry(Of.SUPPLIER, with_(f"producer/{name}", change), **OWN_SELLING)
        for name, change in SELLING.items()
    },
}  # fmt: skip
