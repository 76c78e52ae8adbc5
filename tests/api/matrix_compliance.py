"""The rows of the matrix for the grid of compliance: a kitchen reads its own row, who controls all of them."""

from tests.api.matrix import Entry, Of, Outcome
from tests.api.matrix_orders import OF_BUYERS, with_
from tests.api.matrix_receiving import kitchen

SHOWN, NOTHING = Outcome.SHOWN, Outcome.NOTHING
WHOLE = {"buyers": SHOWN, "sellers": NOTHING, "nutrition": SHOWN, "departement": SHOWN, "auditor": SHOWN}

CELLS: dict[str, Entry] = {
    **{name: Entry(Of.KITCHEN, **WHOLE) for name in ("nutrition/ComplianceGrid", "nutrition/ComplianceAlerts")},
    "nutrition/RatePurchases": Entry(Of.KITCHEN, with_("nutrition/RatePurchases", kitchen("uai")), **OF_BUYERS),
}
