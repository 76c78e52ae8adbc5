"""Variables of the operations made for pages, with which each is executed in the tests."""

from typing import Any

from tests.api.dataset import uai

KITCHEN = {"uai": uai(0)}
WEEK = {"monday": "2026-09-07", "friday": "2026-09-11"}
VARIABLES: dict[str, dict[str, Any]] = {
    "chef/MyWeek": {**KITCHEN, **WEEK, "year": 2026},
    "chef/BinsOfDay": {**KITCHEN, "day": "2026-09-07"},
    "chef/CoversOfWeek": {**KITCHEN, **WEEK},
    "administrator/Plans": {"first": 100},
    "administrator/PlanChoices": {},
    "administrator/PlanNow": {"runId": "1"},
    "administrator/PlanSheet": {"runId": "1"},
    "administrator/ComparePlans": {"runId": "2"},
    "administrator/PlanMap": {},
    "public/DinersMonth": {**KITCHEN, "day": "2026-09-15"},
}
