"""The rows of the matrix for the purchases ledger and the EGAlim years.

A file is imported by who sent it and signs for its kitchens: the gestionnaire for their own, who controls for all.
"""

from typing import Any

from tests.api.dataset_declarations import FIRST_IMPORT
from tests.api.dataset_purchases import FIRST_FILE, SIRETS
from tests.api.matrix import OTHER, Entry, Of, Outcome, Subject
from tests.api.matrix_orders import OF_BUYERS, with_
from tests.api.matrix_procurement import Signed
from tests.api.matrix_receiving import kitchen
from tests.api.operations import VARIABLES

_SHOWN, _OPEN, _NOTHING, DONE, REFUSED = Outcome
IMPORTERS = {"buyers": (DONE, REFUSED), "nutrition": (DONE, REFUSED), "departement": (DONE, REFUSED)}
"""Their own file; never one that somebody else sent."""
REGISTRARS = {"buyers": (DONE, REFUSED), "nutrition": DONE, "departement": DONE}


def sent(subject: Subject) -> dict[str, Any]:
    """The file that the subject's account sent."""
    return {"document": str(FIRST_FILE + subject.account)}


def registered(subject: Subject) -> dict[str, Any]:
    """The kitchen of the subject, under its SIRET and a number of its own."""
    other = subject == OTHER
    return {"uai": subject.kitchen, "siret": SIRETS[other], "cantineId": str(949 + other)}


def withdrawn(subject: Subject) -> dict[str, Any]:
    """The import that brought purchases to the kitchen of the subject."""
    return {"importId": str(FIRST_IMPORT + 1 + (subject == OTHER))}


def reasoned(subject: Subject) -> dict[str, Any]:
    """What the kitchen of the subject bought from a third country, by the mark that its purchases bear."""
    product = "900002.00" if subject == OTHER else "900001.00"
    return VARIABLES["nutrition/StateThirdCountryReason"] | {"product": product, "kitchen": subject.kitchen}


CELLS: dict[str, Entry] = {
    "nutrition/ThirdCountryPurchases": Entry(
        Of.KITCHEN, with_("nutrition/ThirdCountryPurchases", kitchen("kitchen")), **OF_BUYERS
    ),
    "nutrition/StateThirdCountryReason": Signed(Of.KITCHEN, reasoned, **REGISTRARS),
    # Who buys reads the imports they made: those of the tests were made by who controls.
    "nutrition/PurchaseImports": Entry(buyers=_OPEN, sellers=_OPEN, nutrition=_OPEN, departement=_OPEN, auditor=_OPEN),
    "nutrition/PatSupplies": Entry(
        Of.SUPPLIER, buyers=_SHOWN, sellers=_SHOWN, nutrition=_SHOWN, departement=_SHOWN, auditor=_SHOWN
    ),
    "nutrition/JudgedLots": Entry(Of.KITCHEN, with_("nutrition/JudgedLots", kitchen("kitchen")), **OF_BUYERS),
    **{
        name: Entry(Of.KITCHEN, with_(name, kitchen("uai")), **OF_BUYERS)
        for name in ("chef/EgalimYear", "chef/EgalimOutlook")
    },
    "nutrition/EgalimOfKitchens": Entry(
        Of.KITCHEN, buyers=_SHOWN, sellers=_NOTHING, nutrition=_SHOWN, departement=_SHOWN, auditor=_SHOWN
    ),
    "nutrition/ImportPurchases": Signed(Of.KITCHEN, with_("nutrition/ImportPurchases", sent), **IMPORTERS),
    # Of one's own file only: of another's, as of none, it never begins.
    "nutrition/ImportProgress": Entry(
        **dict.fromkeys(("buyers", "sellers", "nutrition", "departement", "auditor"), _NOTHING)
    ),
    "nutrition/RegisterCanteen": Signed(Of.KITCHEN, with_("nutrition/RegisterCanteen", registered), **REGISTRARS),
    "nutrition/StatePatSupply": Entry(nutrition=DONE, departement=DONE),
    "nutrition/WithdrawImport": Signed(Of.KITCHEN, with_("nutrition/WithdrawImport", withdrawn), **REGISTRARS),
}
