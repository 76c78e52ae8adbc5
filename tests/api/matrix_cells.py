"""The rows of the matrix for plans, kitchens, recipes and market."""

from tests.api.matrix import Entry, Of, Outcome, Subject
from tests.api.operations import MONDAY

SHOWN, OPEN, NOTHING, DONE, REFUSED = Outcome
CONTROLS = {"nutrition": SHOWN, "departement": SHOWN, "auditor": SHOWN}
EVERYBODY = {"buyers": OPEN, "sellers": OPEN, "nutrition": OPEN, "departement": OPEN, "auditor": OPEN}
DEPARTEMENT_ONLY = {"departement": DONE}


def of_kitchen(subject: Subject) -> dict[str, str]:
    """Variables that ask about a kitchen."""
    return {"uai": subject.kitchen, "monday": MONDAY, "firstDay": MONDAY, "lastDay": MONDAY}


def of_supplier(subject: Subject) -> dict[str, str]:
    """Variables that ask about a supplier."""
    return {"id": subject.supplier}


CELLS = {
    "administrator/StartPlan": Entry(**DEPARTEMENT_ONLY),
    "administrator/CancelPlan": Entry(**DEPARTEMENT_ONLY),
    "administrator/PublishPlan": Entry(**DEPARTEMENT_ONLY),
    "administrator/PlanProgress": Entry(**EVERYBODY),
    "administrator/PlanOverview": Entry(buyers=SHOWN, sellers=SHOWN, **CONTROLS),
    "administrator/FirstLook": Entry(Of.KITCHEN, of_kitchen, buyers=(SHOWN, NOTHING), sellers=NOTHING, **CONTROLS),
    "administrator/PlannedCovers": Entry(Of.KITCHEN, buyers=SHOWN, sellers=NOTHING, **CONTROLS),
    "chef/Dishes": Entry(**EVERYBODY),
    "chef/KitchenWeek": Entry(Of.KITCHEN, of_kitchen, buyers=(SHOWN, NOTHING), sellers=NOTHING, **CONTROLS),
    "chef/Kitchens": Entry(Of.KITCHEN, buyers=SHOWN, sellers=NOTHING, **CONTROLS),
    "chef/ServiceCalendar": Entry(Of.KITCHEN, of_kitchen, buyers=(SHOWN, NOTHING), sellers=NOTHING, **CONTROLS),
    "nutrition/IngredientNeeds": Entry(Of.KITCHEN, buyers=SHOWN, sellers=SHOWN, shows_places=True, **CONTROLS),
    "nutrition/Ingredients": Entry(Of.SUPPLIER, buyers=SHOWN, sellers=SHOWN, **CONTROLS),
    "nutrition/KitchenRatios": Entry(Of.KITCHEN, buyers=SHOWN, sellers=NOTHING, **CONTROLS),
    "nutrition/RuleResults": Entry(Of.KITCHEN, buyers=SHOWN, sellers=NOTHING, **CONTROLS),
    "producer/Market": Entry(
        Of.SUPPLIER, lambda subject: {"supplier": subject.supplier, "first": 100},
        buyers=SHOWN, sellers=(SHOWN, NOTHING), **CONTROLS,
    ),
    "producer/SupplierSourcing": Entry(
        Of.SUPPLIER, of_supplier, buyers=SHOWN, sellers=(SHOWN, NOTHING), shows_places=True, **CONTROLS
    ),
    "administrator/Permits": Entry(Of.SUPPLIER, buyers=SHOWN, sellers=SHOWN, **CONTROLS),
    "producer/Suppliers": Entry(Of.SUPPLIER, buyers=SHOWN, sellers=SHOWN, **CONTROLS),
    "producer/UpcomingNeeds": Entry(Of.SUPPLIER, of_supplier, buyers=SHOWN, sellers=(SHOWN, NOTHING), **CONTROLS),
    "public/DishSheet": Entry(**EVERYBODY),
}  # fmt: skip
