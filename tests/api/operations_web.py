"""Variables of the operations made for pages, with which each is executed in the tests."""

from typing import Any

from tests.api.dataset import uai
from tests.api.operations_waste import SURPLUS

KITCHEN = {"uai": uai(0)}
SUPPLIER = {"id": "ferme_01"}
WEEK = {"monday": "2026-09-07", "friday": "2026-09-11"}
VARIABLES: dict[str, dict[str, Any]] = {
    "chef/MyWeek": {**KITCHEN, **WEEK, "year": 2026},
    "chef/BinsOfDay": {**KITCHEN, "day": "2026-09-07"},
    "chef/CoversOfWeek": {**KITCHEN, "monday": "2026-09-07", "sunday": "2026-09-13"},
    "chef/SurplusToJudge": {
        "kitchen": uai(0),
        "surplus": SURPLUS,
        "on": "2026-09-02",
        "described": True,
        "from": "2026-09-02",
        "to": "2026-09-08",
    },
    "chef/OffersToAdd": {**KITCHEN, "week": "2026-09-14", "first": 100},
    "chef/NewConsultation": {
        "kitchen": uai(0),
        "day": "2026-09-14",
        "firstWeek": "2026-09-07",
        "lastWeek": "2026-09-14",
        "family": "FRUITS_ET_LEGUMES",
        "first": 100,
    },
    "producer/ToPrepare": {**SUPPLIER, "firstDay": "2026-09-01", "lastDay": "2026-09-21", "waiting": ["SENT"]},
    "producer/MyCertificates": {**SUPPLIER},
    "producer/MyProducts": {**SUPPLIER},
    "producer/NewProduct": {
        **SUPPLIER,
        "family": "FRUITS_ET_LEGUMES",
        "first": 100,
        "like": "vente_ferme_01_00",
        "copied": True,
    },
    "producer/ComingNeeds": {
        **SUPPLIER,
        "firstWeek": "2026-09-07",
        "lastWeek": "2026-09-14",
        "firstDay": "2026-09-01",
        "lastDay": "2026-09-14",
        "first": 100,
    },
    "producer/WhyNot": {**SUPPLIER, "firstWeek": "2026-09-07", "weeks": 2},
    "producer/Billing": {**SUPPLIER, "week": "2026-09-07", "received": ["RECEIVED"], "asked": "ASKED"},
    "producer/DayToPrepare": {**SUPPLIER, "day": "2026-09-07"},
    "administrator/Plans": {"first": 100},
    "administrator/PlanChoices": {},
    "administrator/PlanNow": {"runId": "1"},
    "administrator/PlanSheet": {"runId": "1"},
    "administrator/PlanFairness": {"runId": "1"},
    "administrator/PlanSuppositions": {"runId": "1"},
    "administrator/PlanSupposition": {"id": "1"},
    "administrator/SupposeChange": {
        "supposition": {
            "runId": "1",
            "name": "Sans la ferme 1",
            "changes": [{"kind": "SUPPLIER_STOPS", "of": "ferme_01"}, {"kind": "COVERS", "percent": "8"}],
        },
        "idempotencyKey": "0f2c8f5e-suppose",
    },
    "administrator/ComparePlans": {"runId": "2"},
    "administrator/PlanMap": {},
    "nutrition/KitchenSheet": {**KITCHEN, "year": 2026, "firstDay": "2026-01-01", "lastDay": "2026-12-31"},
    "nutrition/TwentyMeals": {**KITCHEN, "schoolYear": "2026-27", "rule": "VEG-01", "open": True},
    "nutrition/PurchasesWithProof": {"first": 100},
    "nutrition/RateWithProof": {**KITCHEN, "rule": "EGA-01", "year": 2026, "first": 100},
    "nutrition/PurchaseImports": {"first": 100},
    "nutrition/PatSupplies": {"words": "ferme", "search": True, "first": 100},
    "nutrition/ThirdCountryPurchases": {"year": 2026},
    "nutrition/StateProteinPlan": {
        "kitchen": uai(0),
        "firstDay": "2026-09-01",
        "lastDay": "2029-08-31",
        "idempotencyKey": "0f2c8f5e-plan-proteines",
    },
    "nutrition/StateThirdCountryReason": {
        "product": "Bananes de Saint-Domingue",
        "year": 2026,
        "reason": "Aucune offre de bananes de l'Union cette année.",
        "idempotencyKey": "0f2c8f5e-abroad",
    },
    "nutrition/JudgedLots": {"first": 100},
    "nutrition/RateAhead": {**KITCHEN, "rule": "EGA-01", "rules": ["EGA-01"], "year": 2026},
    "nutrition/DeclarationsOfYear": {"year": 2025, "first": 100},
    "public/DinersColleges": {},
    "public/DinersMonth": {**KITCHEN, "day": "2026-09-15"},
}
