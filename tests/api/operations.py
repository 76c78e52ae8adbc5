"""The stored operations and variables with which each is executed in the tests."""

from typing import Any

from catering.settings import contract_folder
from tests.api.dataset import MONDAYS, uai

MONDAY = MONDAYS[0].isoformat()
RUN = {"runId": "1"}
VARIABLES: dict[str, dict[str, Any]] = {
    "administrator/StartPlan": {
        "scenario": {"schoolYear": "2026-27", "weeks": 2},
        "idempotencyKey": "0f2c8f5e-start",
    },
    "administrator/CancelPlan": {"runId": "1", "idempotencyKey": "0f2c8f5e-cancel"},
    "administrator/PublishPlan": {"runId": "1", "idempotencyKey": "0f2c8f5e-publish"},
    "administrator/PlanProgress": RUN,
    "administrator/Accounts": {"first": 100},
    "administrator/Account": {"id": "2"},
    "administrator/InviteAccount": {
        "who": {"email": "Nouvelle@exemple.fr", "name": "Nouvelle", "role": "CHEF", "kitchens": [uai(1)]},
        "idempotencyKey": "0f2c8f5e-invite",
    },
    "administrator/LockAccount": {"accountId": "2", "idempotencyKey": "0f2c8f5e-lock"},
    "administrator/UnlockAccount": {"accountId": "2", "idempotencyKey": "0f2c8f5e-unlock"},
    "administrator/GrantAccess": {"accountId": "2", "kitchens": [uai(2)], "idempotencyKey": "0f2c8f5e-grant"},
    "administrator/WithdrawAccess": {"accountId": "2", "kitchens": [uai(0)], "idempotencyKey": "0f2c8f5e-withdraw"},
    "account/MyAccount": {"first": 100},
    "account/CreateApiToken": {
        "token": {"name": "Logiciel de cuisine", "scopes": ["READ", "ORDERS_WRITE"], "days": 90},
        "idempotencyKey": "0f2c8f5e-token",
    },
    "account/RevokeApiToken": {"tokenId": "6", "idempotencyKey": "0f2c8f5e-revoke"},
    "account/RemovePasskey": {"passkeyId": "6", "idempotencyKey": "0f2c8f5e-passkey"},
    "account/CloseSessions": {"idempotencyKey": "0f2c8f5e-close"},
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
