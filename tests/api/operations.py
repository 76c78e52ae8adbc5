"""The stored operations and variables with which each is executed in the tests."""

from typing import Any

from catering.settings import contract_folder
from tests.api.dataset import MONDAYS, uai

MONDAY = MONDAYS[0].isoformat()
NEXT_MONDAY = MONDAYS[1].isoformat()
RUN = {"runId": "1"}
BASKET = {"kitchen": uai(0), "week": NEXT_MONDAY, "version": 1}
FARM = "ferme_01"
VARIABLES: dict[str, dict[str, Any]] = {
    "administrator/StartPlan": {
        "scenario": {"schoolYear": "2026-27", "weeks": 2},
        "idempotencyKey": "0f2c8f5e-start",
    },
    "administrator/CancelPlan": {"runId": "1", "idempotencyKey": "0f2c8f5e-cancel"},
    "administrator/PublishPlan": {"runId": "1", "idempotencyKey": "0f2c8f5e-publish"},
    "administrator/PlanProgress": RUN,
    "administrator/PlanOverview": {"first": 100},
    "chef/Dishes": {"first": 100, "attribute": "vegetarian", "on": MONDAY},
    "chef/KitchenWeek": {"uai": uai(0), "monday": MONDAY},
    "chef/Kitchens": {"first": 100},
    "chef/ServiceCalendar": {"uai": uai(0), "firstDay": "2026-09-01", "lastDay": "2026-09-30"},
    "administrator/FirstLook": {"uai": uai(0), "monday": MONDAY},
    "nutrition/IngredientNeeds": {**RUN, "first": 100, "perKitchen": True},
    "nutrition/Ingredients": {"first": 100},
    "nutrition/KitchenRatios": {**RUN, "first": 100},
    "nutrition/RuleResults": {**RUN, "first": 100},
    "producer/Market": {"first": 100, "week": MONDAY},
    "producer/SupplierSourcing": {"id": "ferme_01", "first": 100},
    "producer/Suppliers": {"first": 100},
    "producer/UpcomingNeeds": {"id": "ferme_01", "first": 100},
    "chef/Basket": {"uai": uai(0), "week": NEXT_MONDAY},
    "chef/Substitutes": {"uai": uai(0), "week": NEXT_MONDAY, "offer": "offre_000", "day": NEXT_MONDAY},
    "chef/FillBasket": {"basket": BASKET, "idempotencyKey": "0f2c8f5e-fill"},
    "chef/PutBasketLine": {"basket": BASKET, "offer": "offre_001", "packs": 7, "idempotencyKey": "0f2c8f5e-put"},
    "chef/RemoveBasketLine": {
        "basket": BASKET,
        "offer": "offre_001",
        "day": NEXT_MONDAY,
        "idempotencyKey": "0f2c8f5e-remove",
    },
    "chef/SubstituteLine": {
        "basket": BASKET,
        "offer": "offre_005",
        "day": NEXT_MONDAY,
        "by": "offre_bis",
        "idempotencyKey": "0f2c8f5e-substitute",
    },
    "chef/SendBasket": {"basket": BASKET, "idempotencyKey": "0f2c8f5e-send"},
    "chef/KitchenOrders": {"uai": uai(0), "week": MONDAY, "first": 100},
    "chef/OrderStory": {"id": "3"},
    "chef/CancelOrder": {"orderId": "1", "reason": "Grève", "idempotencyKey": "0f2c8f5e-cancel-order"},
    "chef/AnswerChange": {"orderId": "3", "agreed": True, "idempotencyKey": "0f2c8f5e-answer-change"},
    "chef/StandingOrders": {"uai": uai(0)},
    "chef/StartStandingOrder": {
        "standingOrder": {
            "kitchen": uai(0),
            "offer": "offre_000",
            "packs": 2,
            "weekdays": ["MONDAY", "THURSDAY"],
            "firstDay": MONDAY,
            "lastDay": "2027-06-30",
        },
        "idempotencyKey": "0f2c8f5e-standing",
    },
    "chef/StopStandingOrder": {"standingOrderId": "1", "idempotencyKey": "0f2c8f5e-stop-standing"},
    "producer/SupplierOrders": {"id": FARM, "day": MONDAY, "first": 100},
    "producer/HarvestList": {"id": FARM, "firstDay": MONDAY, "lastDay": NEXT_MONDAY},
    "producer/PackingList": {"id": FARM, "day": MONDAY},
    "producer/TourSheet": {"suppliers": [FARM], "day": MONDAY},
    "producer/AcceptOrder": {
        "orderId": "1",
        "packs": [{"position": 1, "packs": 6}],
        "idempotencyKey": "0f2c8f5e-accept",
    },
    "producer/RefuseOrder": {"orderId": "1", "reason": "Gel", "idempotencyKey": "0f2c8f5e-refuse"},
    "producer/ProposeChange": {
        "orderId": "1",
        "packs": [],
        "day": "2026-09-10",
        "reason": "Pluie",
        "idempotencyKey": "0f2c8f5e-propose",
    },
    "producer/PrepareOrder": {"orderId": "2", "idempotencyKey": "0f2c8f5e-prepare"},
    "producer/ShipOrder": {"orderId": "2", "idempotencyKey": "0f2c8f5e-ship"},
    "producer/AnswerCancel": {"orderId": "4", "agreed": True, "idempotencyKey": "0f2c8f5e-answer-cancel"},
    "producer/ReportFailure": {
        "supplier": FARM,
        "day": MONDAY,
        "reason": "Inondation",
        "idempotencyKey": "0f2c8f5e-failure",
    },
    "public/DishSheet": {"id": "main_00", "on": MONDAY},
}
STREAMED = {"administrator/PlanProgress"}


def operations() -> dict[str, str]:
    """Text of each stored operation, by persona and name."""
    folder = contract_folder() / "operations"
    return {
        path.relative_to(folder).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.glob("*/*.graphql"))
    }
