"""The rows of the matrix for the operations made for pages."""

from collections.abc import Mapping

from tests.api.matrix import Entry, Of, Outcome
from tests.api.matrix_cells import EVERYBODY as OPEN_TO_ALL
from tests.api.matrix_market import READ_BY_BUYERS, offer_of
from tests.api.matrix_menus import EVERYBODY, uai
from tests.api.matrix_orders import CONTROLS, OF_BUYERS, OF_SELLERS, supplier, with_
from tests.api.matrix_receiving import kitchen
from tests.api.operations import MONDAY, VARIABLES

SHOWN, _OPEN, NOTHING, _DONE, REFUSED = Outcome
CELLS: Mapping[str, Entry] = {
    **{
        name: Entry(Of.KITCHEN, with_(name, uai), **OF_BUYERS)
        for name in ("chef/MyWeek", "chef/BinsOfDay", "chef/CoversOfWeek")
    },
    "chef/SurplusToJudge": Entry(Of.KITCHEN, with_("chef/SurplusToJudge", kitchen("kitchen")), **OF_BUYERS),
    **{
        name: Entry(Of.KITCHEN, with_(name, uai), **OF_BUYERS)
        for name in (
            "nutrition/KitchenSheet",
            "nutrition/TwentyMeals",
            "nutrition/RateWithProof",
            "nutrition/RateAhead",
        )
    },
    "chef/OffersToAdd": Entry(
        # Who sells chooses no kitchen to buy for.
        Of.SUPPLIER,
        lambda subject: VARIABLES["chef/OffersToAdd"] | {"uai": subject.kitchen, "week": MONDAY},
        buyers=(SHOWN, REFUSED),
        **CONTROLS,
    ),
    "chef/NewConsultation": Entry(
        Of.KITCHEN,
        lambda subject: VARIABLES["chef/NewConsultation"] | {"kitchen": subject.kitchen},
        buyers=(SHOWN, NOTHING),
        sellers=NOTHING,
        **CONTROLS,
    ),
    "nutrition/DeclarationsOfYear": Entry(Of.KITCHEN, buyers=SHOWN, sellers=NOTHING, **CONTROLS),
    "nutrition/PurchasesWithProof": Entry(Of.KITCHEN, buyers=SHOWN, sellers=NOTHING, **CONTROLS),
    **{
        name: Entry(Of.SUPPLIER, with_(name, supplier), shows_places=True, **OF_SELLERS)
        for name in ("producer/ToPrepare", "producer/DayToPrepare", "producer/Billing", "producer/ComingNeeds")
    },
    "producer/WhyNot": Entry(
        Of.SUPPLIER, with_("producer/WhyNot", supplier), buyers=NOTHING, sellers=(SHOWN, NOTHING), **CONTROLS
    ),
    "producer/MyCertificates": Entry(Of.SUPPLIER, with_("producer/MyCertificates", supplier), **READ_BY_BUYERS),
    "producer/MyProducts": Entry(Of.SUPPLIER, with_("producer/MyProducts", supplier), **READ_BY_BUYERS),
    "producer/NewProduct": Entry(
        Of.SUPPLIER,
        with_("producer/NewProduct", lambda subject: supplier(subject) | {"like": offer_of(subject)}),
        **READ_BY_BUYERS,
    ),
    "administrator/Plans": Entry(**OPEN_TO_ALL),
    # Who sells reads the school years, and no lesson from weighings.
    "administrator/PlanChoices": Entry(**OPEN_TO_ALL | {"sellers": NOTHING}),
    "administrator/PlanNow": Entry(**OPEN_TO_ALL),
    "administrator/PlanSheet": Entry(Of.KITCHEN, buyers=SHOWN, sellers=NOTHING, **CONTROLS),
    # The part of one farm is told by those of all the others: neither who buys nor who sells reads any.
    "administrator/PlanFairness": Entry(Of.SUPPLIER, buyers=NOTHING, sellers=NOTHING, **CONTROLS),
    "administrator/PlanSuppositions": Entry(**OPEN_TO_ALL),
    "administrator/PlanSupposition": Entry(Of.KITCHEN, buyers=NOTHING, sellers=NOTHING, **CONTROLS),
    "administrator/SupposeChange": Entry(departement=_DONE),
    "administrator/ComparePlans": Entry(asks=lambda _: {"runId": "1"}, **OPEN_TO_ALL),
    "administrator/PlanMap": Entry(Of.SUPPLIER, buyers=SHOWN, sellers=SHOWN, shows_places=True, **CONTROLS),
    "public/DinersColleges": Entry(Of.KITCHEN, public=True, shows_places=True, **EVERYBODY),
    "public/DinersMonth": Entry(Of.KITCHEN, with_("public/DinersMonth", uai), public=True, **EVERYBODY),
}
