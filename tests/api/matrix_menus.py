"""The rows of the matrix for menus and the nutrition check; the page for diners is open to everybody."""

from collections.abc import Mapping
from typing import Any

from tests.api.dataset_menus import MENU_FILES
from tests.api.matrix import Entry, Of, Outcome, Subject
from tests.api.matrix_orders import OF_BUYERS, OWN_BUYING, with_
from tests.api.matrix_procurement import Signed
from tests.api.matrix_purchases import REGISTRARS

SHOWN = Outcome.SHOWN
EVERYBODY = {"buyers": SHOWN, "sellers": SHOWN, "nutrition": SHOWN, "departement": SHOWN, "auditor": SHOWN}


def uai(subject: Subject) -> dict[str, Any]:
    """The subject's kitchen."""
    return {"uai": subject.kitchen}


def kitchen(subject: Subject) -> dict[str, Any]:
    """The same, of a change."""
    return {"kitchen": subject.kitchen}


def sent(subject: Subject) -> dict[str, Any]:
    """The same, and the file that the subject sent."""
    return {"kitchen": subject.kitchen, "document": str(MENU_FILES + subject.account)}


CELLS: Mapping[str, Entry] = {
    **{
        name: Entry(Of.KITCHEN, with_(name, uai), **OF_BUYERS)
        for name in ("chef/MenuRegister", "nutrition/NutritionCheck")
    },
    **{
        name: Entry(Of.KITCHEN, with_(name, kitchen), **OWN_BUYING)
        for name in ("chef/ChangeMenu", "chef/RecordServed", "chef/SwapDish")
    },
    "chef/SwapCandidates": Entry(Of.KITCHEN, with_("chef/SwapCandidates", kitchen), **OF_BUYERS),
    "chef/ImportMenus": Entry(Of.KITCHEN, with_("chef/ImportMenus", sent), **OWN_BUYING),
    "nutrition/StateProteinPlan": Signed(Of.KITCHEN, with_("nutrition/StateProteinPlan", kitchen), **REGISTRARS),
    "nutrition/NutritionGrid": Entry(
        Of.KITCHEN, buyers=SHOWN, sellers=Outcome.NOTHING, nutrition=SHOWN, departement=SHOWN, auditor=SHOWN
    ),
    "public/DinersWeek": Entry(Of.KITCHEN, with_("public/DinersWeek", uai), public=True, **EVERYBODY),
}
