"""The rows of the matrix for declarations; the display is open to everybody.

A year is declared by who signs for it: the gestionnaire for their own, who controls for all, nobody else.
"""

from typing import Any

from tests.api.dataset_declarations import EVERY_POINT, YEAR
from tests.api.dataset_purchases import SIRETS
from tests.api.matrix import OTHER, Entry, Of, Outcome, Subject
from tests.api.matrix_menus import EVERYBODY, uai
from tests.api.matrix_orders import OF_BUYERS, with_
from tests.api.matrix_procurement import CONTROLS, OWN_BUYING, Signed, signed
from tests.api.matrix_purchases import REGISTRARS
from tests.api.matrix_receiving import kitchen

SHOWN, _OPEN, NOTHING, DONE, _REFUSED = Outcome


def declared(subject: Subject) -> dict[str, Any]:
    """The year of the subject, after what it declared of it."""
    return {
        "year": {
            "kitchen": subject.kitchen, "year": YEAR, "form": "DETAILED", "baseVersion": int(subject != OTHER),
            "reason": "Un achat oublié", "acknowledged": EVERY_POINT,
        }
    }  # fmt: skip


def served(subject: Subject) -> dict[str, Any]:
    """A restaurant of the subject."""
    restaurant = {"siret": SIRETS[subject == OTHER], "name": "Sur place", "yearlyMeals": 40_000}
    return {"kitchen": subject.kitchen, "restaurants": [restaurant]}


CELLS: dict[str, Entry] = {
    "chef/ContractOrigins": Entry(Of.KITCHEN, with_("chef/ContractOrigins", kitchen("kitchen")), **OF_BUYERS),
    "chef/EssentialData": Entry(
        # A seller reads those of the contracts it holds.
        Of.KITCHEN,
        lambda subject: {"contract": signed("chef/StateEssentialData")(subject)["contractId"]},
        buyers=(SHOWN, NOTHING),
        sellers=(SHOWN, NOTHING),
        shows_places=True,
        **CONTROLS,
    ),
    "chef/StateEssentialData": Signed(Of.KITCHEN, signed("chef/StateEssentialData"), departement=DONE, **OWN_BUYING),
    "nutrition/DeclarationFile": Entry(Of.KITCHEN, with_("nutrition/DeclarationFile", kitchen("kitchen")), **OF_BUYERS),
    "nutrition/DeclareYear": Signed(Of.KITCHEN, with_("nutrition/DeclareYear", declared), **REGISTRARS),
    "nutrition/StateSatellites": Signed(Of.KITCHEN, with_("nutrition/StateSatellites", served), **REGISTRARS),
    "public/EgalimDisplay": Entry(Of.KITCHEN, with_("public/EgalimDisplay", uai), public=True, **EVERYBODY),
}
