"""The rows of the matrix for waste: all of it is the kitchen's, who controls reads it, and no seller does."""

from tests.api.dataset_waste import first_row
from tests.api.matrix import OTHER, Entry, Of, Outcome, Subject
from tests.api.matrix_orders import OF_BUYERS, OWN_BUYING, with_
from tests.api.matrix_receiving import Asks, kitchen, of_others

_SHOWN, OPEN, NOTHING, DONE, _REFUSED = Outcome


def row(name: str) -> Asks:
    """The first row of the subject's kitchen."""

    def asked(subject: Subject) -> dict[str, str]:
        return {name: str(first_row(int(subject == OTHER)))}

    return asked


READING = (
    "chef/ServiceCovers", "chef/WasteResult", "chef/WasteDiagnostic", "chef/WasteFile", "nutrition/WasteDeclaration",
    "chef/CoversForecast",
)  # fmt: skip
WRITING: dict[str, Asks] = {
    "RecordWeighings": kitchen("kitchen"),
    "CorrectWeighing": row("weighingId"),
    "NoteCovers": kitchen("kitchen"),
    "PlanCampaign": kitchen("kitchen"),
    "CancelCampaign": row("campaignId"),
    "WriteWasteDiagnostic": kitchen("kitchen"),
    "StateWasteSite": kitchen("kitchen"),
    "RecordDonation": kitchen("kitchen"),
    "RecordBiowaste": kitchen("kitchen"),
    "TakeBackBiowaste": row("noteId"),
    "AnnounceAttendanceEvent": kitchen("kitchen"),
    "WithdrawAttendanceEvent": row("eventId"),
}
POOLED = {"buyers": OPEN, "sellers": NOTHING, "nutrition": OPEN, "departement": OPEN, "auditor": OPEN}
"""What all kitchens together taught: figures of dishes, of no kitchen."""
FOR_ALL = {"nutrition": DONE, "departement": DONE}

CELLS: dict[str, Entry] = {
    **{name: Entry(Of.KITCHEN, with_(name, kitchen("kitchen")), **OF_BUYERS) for name in READING},
    **{
        name: Entry(Of.KITCHEN, with_(name, of_others(kitchen("kitchen"))), **OF_BUYERS)
        for name in ("chef/Weighings", "chef/WeighingCampaigns")
    },
    **{f"nutrition/{name}": Entry(**POOLED) for name in ("WasteLesson", "PortionProposals", "PortionComparison")},
    **{f"nutrition/{name}": Entry(**FOR_ALL) for name in ("DrawWasteLesson", "DecidePortion", "TakeBackPortion")},
    "administrator/RegisterEstablishment": Entry(departement=DONE),
    # Of care or not, a seller reads no kitchen; the groups of communes are those of the kitchens one reads.
    "administrator/Establishments": Entry(
        Of.KITCHEN, with_("administrator/Establishments", kitchen("finess")), **OF_BUYERS
    ),
    "administrator/WasteView": Entry(Of.KITCHEN, **OF_BUYERS),
    # To whom the kitchen may give stands in it: its own agreements.
    "chef/SurplusAdvice": Entry(Of.KITCHEN, with_("chef/SurplusAdvice", kitchen("kitchen")), **OF_BUYERS),
    **{
        f"chef/{name}": Entry(Of.KITCHEN, with_(f"chef/{name}", change), **OWN_BUYING)
        for name, change in WRITING.items()
    },
}
