"""The rows of the matrix for what sellers keep: their sheet, their proofs, their offers, their price lists.

Where an operation names both a supplier and a row of it, the supplier is one's own and the row the subject's: whoever
sells must not reach another's row in their own name. ``test_market.py`` names another's supplier too.
"""

from collections.abc import Callable
from typing import Any

from catering.people.viewer import Role
from tests.api.dataset_market import CSV, HUB_SHIFT, PDF, PNG, SELLERS
from tests.api.dataset_people import NUMBERS
from tests.api.matrix import Entry, Of, Outcome, Subject
from tests.api.operations import MONDAY, VARIABLES

SHOWN, _OPEN, NOTHING, DONE, REFUSED = Outcome
CONTROLS = {"nutrition": SHOWN, "departement": SHOWN, "auditor": SHOWN}
OWN_ROWS = {"sellers": (DONE, REFUSED)}
READ_BY_BUYERS = {"buyers": SHOWN, "sellers": (SHOWN, NOTHING), **CONTROLS}


def with_(operation: str, change: Callable[[Subject], dict[str, Any]]) -> Callable[[Subject], dict[str, Any]]:
    """The variables of an operation, some of them the subject's."""
    return lambda subject: VARIABLES[f"producer/{operation}"] | change(subject)


def supplier(subject: Subject) -> dict[str, Any]:
    """The subject's supplier."""
    return {"supplier": subject.supplier}


def row(name: str) -> Callable[[Subject], dict[str, Any]]:
    """A permit or a pause of the subject: it has the number of its supplier."""
    return lambda subject: {name: str(next(number for number, slug in SELLERS.items() if slug == subject.supplier))}


def certificate_of(subject: Subject) -> str:
    """The certificate of the subject: it has the number of its supplier."""
    return f"certificat_{next(number for number, slug in SELLERS.items() if slug == subject.supplier) - 1:02d}"


def offer_of(subject: Subject) -> str:
    """An offer of the subject."""
    return f"vente_{subject.supplier}_00"


def offer(subject: Subject) -> dict[str, Any]:
    """The subject's offer, where an operation is about one."""
    return {"offer": offer_of(subject)}


def sent(subject: Subject, document: int) -> str:
    """A document that the subject sent, for nobody may use what another sent."""
    return str(document + (HUB_SHIFT if subject.account == NUMBERS[Role.HUB] else 0))


def proven(operation: str, name: str) -> Callable[[Subject], dict[str, Any]]:
    """The subject's supplier, and a proof that the subject sent."""
    given = VARIABLES[f"producer/{operation}"][name]
    return lambda subject: supplier(subject) | {name: given | {"document": sent(subject, PDF)}}


def illustrated(subject: Subject) -> dict[str, Any]:
    """The subject's offer, and what the subject sent to show with it."""
    return offer(subject) | {"photos": [sent(subject, PNG)], "allergenDocument": sent(subject, PDF)}


def priced(operation: str) -> Callable[[Subject], dict[str, Any]]:
    """Prices of the subject's offer."""
    (given,) = VARIABLES[f"producer/{operation}"]["prices"]
    return lambda subject: {"prices": [given | offer(subject)]}


def price_list(subject: Subject) -> dict[str, Any]:
    """A price list of the subject."""
    return {"priceList": f"{subject.supplier}__tarif_1"}


def withdrawn(subject: Subject) -> dict[str, Any]:
    """A certificate of the subject, named with whose it is: the administration has none of its own."""
    return supplier(subject) | {"certificate": certificate_of(subject)}


def ended_permit(subject: Subject) -> dict[str, Any]:
    """A permit of the subject, named with whose it is; the administration says why."""
    return supplier(subject) | row("permit")(subject) | {"reason": "Suspendu par la DDPP"}


CHANGES: dict[str, Callable[[Subject], dict[str, Any]]] = {
    "StateSupplierTerms": supplier,
    "AddCertificate": proven("AddCertificate", "certificate"),
    "AddHygienePermit": proven("AddHygienePermit", "permit"),
    "PauseSupplier": supplier,
    "ResumeSupplier": row("pause"),
    "ListOffers": supplier,
    "ChangeOffers": lambda subject: {"changes": [{"id": offer_of(subject), "priceEurPerPack": "9.75"}]},
    "ImportOffers": lambda subject: supplier(subject) | {"document": sent(subject, CSV)},
    "EndOffers": lambda subject: {"offers": [offer_of(subject)]},
    "AttachToOffer": illustrated,
    "StateCapacity": offer,
    "StateCapacities": lambda subject: {
        "capacities": [VARIABLES["producer/StateCapacities"]["capacities"][0] | {"offer": offer_of(subject)}]
    },
    "StateAvailability": offer,
    "FillWeeks": offer,
}
"""What changes a supplier's rows, and what of the subject each names."""
OF_KITCHENS: dict[str, Callable[[Subject], dict[str, Any]]] = {
    "OpenPriceList": priced("OpenPriceList"),
    "AddPrices": lambda subject: price_list(subject) | priced("AddPrices")(subject),
    "EndPriceList": price_list,
}
"""The same, where the seller is told the kitchens that pay its prices."""

CELLS = {
    "chef/OffersNearby": Entry(
        # Who sells chooses no kitchen to buy for.
        Of.SUPPLIER, lambda subject: VARIABLES["chef/OffersNearby"] | {"uai": subject.kitchen, "week": MONDAY},
        buyers=(SHOWN, REFUSED), **CONTROLS,
    ),
    "producer/SupplierSheet": Entry(
        Of.SUPPLIER, with_("SupplierSheet", lambda subject: {"id": subject.supplier}), shows_places=True,
        **READ_BY_BUYERS,
    ),
    "producer/OfferSheet": Entry(
        Of.SUPPLIER, with_("OfferSheet", lambda subject: {"id": offer_of(subject)}), **READ_BY_BUYERS
    ),
    "producer/RegisterSupplier": Entry(sellers=DONE, departement=DONE),
    "producer/EndHygienePermit": Entry(
        # The State tells the administration too.
        Of.SUPPLIER, with_("EndHygienePermit", ended_permit), **OWN_ROWS, departement=DONE
    ),
    "producer/EndCertificate": Entry(
        # A certifier tells the administration too.
        Of.SUPPLIER, with_("EndCertificate", withdrawn), **OWN_ROWS, departement=DONE
    ),
    **{
        f"producer/{name}": Entry(Of.SUPPLIER, with_(name, change), **OWN_ROWS) for name, change in CHANGES.items()
    },
    **{
        f"producer/{name}": Entry(Of.SUPPLIER, with_(name, change), shows_places=True, **OWN_ROWS)
        for name, change in OF_KITCHENS.items()
    },
}  # fmt: skip
