"""Variables of the stored operations about declarations."""

from typing import Any

from tests.api.dataset import uai
from tests.api.dataset_declarations import EVERY_POINT, YEAR
from tests.api.dataset_purchases import SIRETS

VARIABLES: dict[str, dict[str, Any]] = {
    "nutrition/DeclarationFile": {"kitchen": uai(0), "year": YEAR},
    "nutrition/DeclareYear": {
        "year": {
            "kitchen": uai(0), "year": YEAR, "form": "DETAILED", "baseVersion": 1, "reason": "Un achat oublié",
            "acknowledged": EVERY_POINT,
        },
        "idempotencyKey": "0f2c8f5e-declare",
    },
    "nutrition/StateSatellites": {
        "kitchen": uai(0), "year": YEAR,
        "restaurants": [{"siret": SIRETS[0], "name": "Sur place", "yearlyMeals": 40_000}],
        "idempotencyKey": "0f2c8f5e-satellites",
    },
    "public/EgalimDisplay": {"uai": uai(0), "year": YEAR},
    "chef/EssentialData": {"contract": "1"},
    "chef/StateEssentialData": {
        "contractId": "1",
        "stated": [{"datum": "codeCPV", "value": "15000000"}, {"datum": "marcheInnovant", "value": "non"}],
        "idempotencyKey": "0f2c8f5e-essential",
    },
    "chef/ContractOrigins": {"kitchen": uai(0), "first": 100},
}  # fmt: skip
