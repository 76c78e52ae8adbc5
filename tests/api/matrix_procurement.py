"""The rows of the matrix for consultations, sealed offers, contracts and thresholds.

Every registered supplier reads every consultation that was published, wherever the collège is (CCP-41): hence
``shows_places``, and SHOWN to sellers for another's. That the losers of an award learn the name of its winner is held
by ``test_procurement.py``; here the winner of what is one's own is oneself.
"""

from collections.abc import Callable
from typing import Any

from catering.people.viewer import Role
from tests.api.dataset_procurement import AWARDED, CLOSED, DRAFT, OPEN, OPENED, QUESTION, SHIFT, tender_number
from tests.api.dataset_purchases import FIRST_PROOF
from tests.api.matrix import OTHER, Entry, Of, Outcome, Subject
from tests.api.operations import VARIABLES
from tests.api.operations_procurement import CONTRACT, NEED

SHOWN, FREE, NOTHING, DONE, REFUSED = Outcome
CONTROLS = {"nutrition": SHOWN, "departement": SHOWN, "auditor": SHOWN}
EVERYBODY = {"buyers": FREE, "sellers": FREE, "nutrition": FREE, "departement": FREE, "auditor": FREE}
OWN_BUYING = {"buyers": (DONE, REFUSED)}
OWN_SELLING = {"sellers": (DONE, REFUSED)}


class Signed(Entry):
    """What the gestionnaire of a kitchen does, and its chef does not."""

    def cells(self, role: Role) -> tuple[Outcome, Outcome]:
        """As the entry says, but for the chef."""
        return (REFUSED, REFUSED) if role is Role.CHEF else Entry.cells(self, role)


def numbered(subject: Subject, number: int) -> int:
    """The consultation or question of the subject's kitchen: those of the first and of the second go in parallel."""
    return number + (SHIFT if subject.kitchen == OTHER.kitchen else 0)


def of_kitchen(operation: str, number: int, *, tender: bool = False) -> Callable[[Subject], dict[str, Any]]:
    """The variables of an operation about a consultation of the subject's kitchen, perhaps about an offer to it."""

    def asks(subject: Subject) -> dict[str, Any]:
        which = numbered(subject, number)
        named = {"tenderId": str(tender_number(which, 1))} if tender else {}
        return VARIABLES[operation] | {"consultationId": str(which)} | named

    return asks


def answering(subject: Subject) -> dict[str, Any]:
    """An answer to the question that waits for the subject's kitchen."""
    asked = of_kitchen("chef/AnswerQuestion", OPEN)(subject)
    return asked | {"questionId": str(numbered(subject, QUESTION))}


def need(subject: Subject) -> dict[str, Any]:
    """A need of one's own kitchen, part of which the subject's would pay."""
    (lot,) = NEED["lots"]
    first, second = lot["lines"]
    lots = [lot | {"lines": [first, second | {"kitchen": subject.kitchen}]}]
    return VARIABLES["chef/DescribeConsultation"] | {"need": NEED | {"lots": lots}}


def contract(subject: Subject) -> dict[str, Any]:
    """A contract of one's own kitchen on which the subject's may order."""
    signed = CONTRACT | {"members": [subject.kitchen], "number": f"M-{subject.kitchen}"}
    return VARIABLES["chef/RecordContract"] | {"contract": signed}


def signed(operation: str) -> Callable[[Subject], dict[str, Any]]:
    """The variables of an operation about the contract of the subject's kitchen, the lines of which are its own."""

    def asks(subject: Subject) -> dict[str, Any]:
        other = SHIFT if subject.kitchen == OTHER.kitchen else 0
        return VARIABLES[operation] | {"contractId": str(1 + other)}

    return asks


def judged(subject: Subject) -> dict[str, Any]:
    """How a lot of the contract of the subject's kitchen was judged, with a proof that the subject sent."""
    asked = signed("chef/StateLotQuality")(subject)
    return asked | {"quality": asked["quality"] | {"document": str(FIRST_PROOF + subject.account)}}


def amendment(subject: Subject) -> dict[str, Any]:
    """An avenant that changes the maximum of the contract of the subject's kitchen."""
    asked = signed("chef/AmendContract")(subject)
    return asked | {"amendment": asked["amendment"] | {"prices": []}}


def consultation(own: int, other: int) -> Callable[[Subject], dict[str, Any]]:
    """One consultation of the first kitchen, and one of the second."""
    return lambda subject: {"id": str(other + SHIFT if subject == OTHER else own)}


def selling(operation: str) -> Callable[[Subject], dict[str, Any]]:
    """The variables of an operation, in the name of the subject's supplier."""
    return lambda subject: VARIABLES[operation] | {"supplier": subject.supplier}


CELLS = {
    "administrator/ThresholdAlerts": Entry(Of.KITCHEN, buyers=SHOWN, sellers=NOTHING, **CONTROLS),
    "administrator/RecordIndexValues": Entry(departement=DONE),
    "chef/AwardCriteria": Entry(**EVERYBODY),
    "chef/PurchaseNeeds": Entry(
        Of.KITCHEN, lambda subject: VARIABLES["chef/PurchaseNeeds"] | {"kitchen": subject.kitchen},
        buyers=(SHOWN, NOTHING), sellers=NOTHING, **CONTROLS,
    ),
    "chef/Contracts": Entry(
        # A seller reads the contracts it holds, by producer/MyContracts: it has no kitchen to name.
        Of.KITCHEN, lambda subject: VARIABLES["chef/Contracts"] | {"kitchen": subject.kitchen},
        buyers=(SHOWN, NOTHING), sellers=NOTHING, **CONTROLS,
    ),
    "chef/Consultations": Entry(Of.KITCHEN, buyers=SHOWN, sellers=SHOWN, shows_places=True, **CONTROLS),
    "chef/Consultation": Entry(
        # One's own is sealed, the other opened.
        Of.KITCHEN, consultation(OPEN, OPENED), buyers=(SHOWN, NOTHING), sellers=SHOWN, shows_places=True, **CONTROLS,
    ),
    "chef/DescribeConsultation": Entry(Of.KITCHEN, need, **OWN_BUYING),
    "chef/PublishConsultation": Signed(Of.KITCHEN, of_kitchen("chef/PublishConsultation", DRAFT), **OWN_BUYING),
    "chef/AnswerQuestion": Signed(Of.KITCHEN, answering, **OWN_BUYING),
    "chef/OpenTenders": Signed(Of.KITCHEN, of_kitchen("chef/OpenTenders", CLOSED), **OWN_BUYING),
    "chef/SetAsideTender": Signed(Of.KITCHEN, of_kitchen("chef/SetAsideTender", OPENED, tender=True), **OWN_BUYING),
    "chef/AwardConsultation": Signed(
        Of.KITCHEN, of_kitchen("chef/AwardConsultation", OPENED, tender=True), **OWN_BUYING
    ),
    "chef/CloseConsultation": Signed(Of.KITCHEN, of_kitchen("chef/CloseConsultation", OPEN), **OWN_BUYING),
    "chef/RecordContract": Signed(Of.KITCHEN, contract, departement=DONE, **OWN_BUYING),
    "chef/AmendContract": Signed(Of.KITCHEN, amendment, departement=DONE, **OWN_BUYING),
    # With a proof of one's own only: the second is of the other buyer.
    "chef/StateLotQuality": Signed(Of.KITCHEN, judged, departement=(DONE, REFUSED), **OWN_BUYING),
    "chef/TerminateContract": Signed(Of.KITCHEN, signed("chef/TerminateContract"), departement=DONE, **OWN_BUYING),
    "producer/MyContracts": Entry(Of.SUPPLIER, buyers=SHOWN, sellers=SHOWN, shows_places=True, **CONTROLS),
    "producer/OpenConsultations": Entry(Of.KITCHEN, buyers=SHOWN, sellers=SHOWN, shows_places=True, **CONTROLS),
    "producer/ConsultationToAnswer": Entry(
        # Sealed: nobody but its supplier reads an offer. Awarded to who alone answered: the others learn nothing of it.
        Of.SUPPLIER, consultation(OPEN, AWARDED), buyers=NOTHING, sellers=(SHOWN, NOTHING), nutrition=(NOTHING, SHOWN),
        departement=(NOTHING, SHOWN), auditor=(NOTHING, SHOWN), shows_places=True,
    ),
    "producer/AskQuestion": Entry(Of.SUPPLIER, selling("producer/AskQuestion"), **OWN_SELLING),
    "producer/SubmitTender": Entry(Of.SUPPLIER, selling("producer/SubmitTender"), **OWN_SELLING),
    "producer/WithdrawTender": Entry(Of.SUPPLIER, selling("producer/WithdrawTender"), **OWN_SELLING),
}  # fmt: skip
