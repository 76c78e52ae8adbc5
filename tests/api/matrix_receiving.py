"""The rows of the matrix for receptions, stock, lots, purchases, invoices and credits.

Stock and purchases are the kitchen's alone. Receptions, invoices and credits are between a kitchen and one supplier:
who sells is told where they come from, hence ``shows_places``, and nothing of what another delivered or billed.
"""

from collections.abc import Callable
from typing import Any

from catering.people.viewer import Role
from tests.api.dataset_orders import ACCEPTED
from tests.api.dataset_receiving import OTHER_TO_BILL, TO_BILL
from tests.api.matrix import OTHER, Entry, Of, Outcome, Subject, own
from tests.api.matrix_orders import CONTROLS, OF_BUYERS, OF_SELLERS, OWN_BUYING, OWN_SELLING, number_of, with_
from tests.api.matrix_procurement import Signed
from tests.api.operations import VARIABLES

Asks = Callable[[Subject], dict[str, Any]]
SHOWN, _OPEN, NOTHING, DONE, REFUSED = Outcome
BETWEEN = {"buyers": SHOWN, "sellers": SHOWN, **CONTROLS}
LINES, LOTS, BILLS, CREDITS, DECLINED = (1, 18), (1, 11), (1, 2), (1, 6), (2, 7)
"""Row ids of reception lines, lots, invoices and requests for credits: one's own, and another's."""


def row(name: str, numbers: tuple[int, int]) -> Asks:
    """A row of the subject."""
    return lambda subject: {name: str(numbers[subject == OTHER])}


def kitchen(name: str) -> Asks:
    """The subject's kitchen."""
    return lambda subject: {name: subject.kitchen}


def supplier(subject: Subject) -> dict[str, Any]:
    """The subject's supplier."""
    return {"supplier": subject.supplier}


def of_others(name: Asks) -> Asks:
    """All there is, then what is another's alone: a condition must not hide that too much can be read without one."""
    return lambda subject: name(subject) if subject == OTHER else {}


def billed(subject: Subject) -> str:
    """An order of the subject that was received and not billed."""
    return str(OTHER_TO_BILL if subject == OTHER else TO_BILL)


def checked(subject: Subject) -> dict[str, Any]:
    """An order of the subject that arrived."""
    return {"orderId": billed(subject), "kitchen": subject.kitchen}


def received(subject: Subject) -> dict[str, Any]:
    """A delivery to the subject's kitchen, to check in."""
    given = VARIABLES["chef/ReceiveDelivery"]["reception"]
    return {"reception": given | {"orderId": number_of(subject, ACCEPTED)}}


def entered(subject: Subject) -> dict[str, Any]:
    """An invoice on paper to the subject's kitchen."""
    given = VARIABLES["chef/EnterInvoice"]["invoice"]
    return {"invoice": given | {"kitchen": subject.kitchen, "number": f"2026-{subject.kitchen}"}}


def handed_over(subject: Subject) -> dict[str, Any]:
    """A lot of the subject, for a kitchen that is not: who buys for one kitchen hands nothing over."""
    to = own(Role.CHEF).kitchen if subject == OTHER else OTHER.kitchen
    return {"lotId": str(LOTS[subject == OTHER]), "toKitchen": to}


BUYING: dict[str, Asks] = {
    "ReceiveDelivery": received,
    "CorrectReception": row("lineId", LINES),
    "UseStock": kitchen("kitchen"),
    "RecordLoss": row("lotId", LOTS),
    "CountStock": row("lotId", LOTS),
    "SetTemperatureTolerance": kitchen("kitchen"),
}
"""What those who buy change, and what of the subject each names."""
SIGNING: dict[str, Asks] = {
    "EnterInvoice": entered,
    "MatchInvoice": row("invoiceId", BILLS),
    "ApproveInvoice": row("invoiceId", BILLS),
    "RejectInvoice": row("invoiceId", BILLS),
}
"""The same of the gestionnaire alone."""
SELLING: dict[str, Asks] = {
    "IssueInvoice": lambda subject: {"orderIds": [billed(subject)]},
    "GrantCredit": row("creditId", CREDITS),
    "DeclineCredit": row("creditId", DECLINED),
}
"""The same of those who sell."""
OF_KITCHENS = {
    "chef/KitchenStock": kitchen("uai"),
    "chef/LotsToTake": kitchen("kitchen"),
    "chef/Purchases": of_others(kitchen("kitchen")),
    "nutrition/LotsServed": kitchen("kitchen"),
}
"""What is the kitchen's alone, and how it is asked for."""
OF_BOTH = {"buyers": (SHOWN, NOTHING), "sellers": (SHOWN, NOTHING), **CONTROLS}
RECALL = {"buyers": SHOWN, "sellers": NOTHING, **CONTROLS}

CELLS: dict[str, Entry] = {
    "chef/DeliveryToCheck": Entry(
        Of.KITCHEN, with_("chef/DeliveryToCheck", checked), shows_places=True, **OF_BOTH
    ),
    **{
        name: Entry(Of.KITCHEN, with_(name, of_others(kitchen("kitchen"))), shows_places=True, **OF_BOTH)
        for name in ("chef/Receptions", "chef/Invoices")
    },
    "chef/CreditRequests": Entry(Of.KITCHEN, shows_places=True, **BETWEEN),
    "producer/SupplierReceptions": Entry(
        Of.SUPPLIER, with_("producer/SupplierReceptions", of_others(supplier)), shows_places=True, **OF_SELLERS
    ),
    "producer/SupplierInvoices": Entry(Of.SUPPLIER, shows_places=True, **BETWEEN),
    "producer/SupplierCredits": Entry(Of.SUPPLIER, shows_places=True, **BETWEEN),
    "nutrition/LotTrace": Entry(Of.SUPPLIER, with_("nutrition/LotTrace", of_others(supplier)), **RECALL),
    "nutrition/LotsDelivered": Entry(Of.SUPPLIER, with_("nutrition/LotsDelivered", supplier), **RECALL),
    **{name: Entry(Of.KITCHEN, with_(name, asked), **OF_BUYERS) for name, asked in OF_KITCHENS.items()},
    **{
        f"chef/{name}": Entry(Of.KITCHEN, with_(f"chef/{name}", change), **OWN_BUYING)
        for name, change in BUYING.items()
    },
    # Who buys for both kitchens hands over: tests/api/test_receiving.py.
    "chef/TransferStock": Entry(Of.KITCHEN, with_("chef/TransferStock", handed_over)),
    **{
        f"chef/{name}": Signed(Of.KITCHEN, with_(f"chef/{name}", change), **OWN_BUYING)
        for name, change in SIGNING.items()
    },
    **{
        f"producer/{name}": Entry(Of.SUPPLIER, with_(f"producer/{name}", change), shows_places=True, **OWN_SELLING)
        for name, change in SELLING.items()
    },
}  # fmt: skip
