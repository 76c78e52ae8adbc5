"""The contract: what is committed under graphql/ is what the server answers, in a bounded number of statements."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse, validate

from catering.api import schema
from catering.api.print_schema import committed, printed
from tests.api.conftest import Client, asked_by
from tests.api.operations import STREAMED, VARIABLES, operations

OPERATIONS = operations()
MOST_STATEMENTS = 24
WRITES_ALL_BOOKS = {
    "chef/ReceiveDelivery": 40,
    "chef/CorrectReception": 43,
    "chef/ImportMenus": 31,
    # What the plan counts on in the store (0225) is read beside the left-overs.
    "chef/FillBasket": 25,
    "chef/RejectInvoice": 26,
    "producer/IssueInvoice": 26,
    "chef/AmendContract": 26,
    "chef/PublishConsultation": 26,
    "chef/AnswerChange": 26,
    "chef/ReportNotDelivered": 26,
    "producer/ReportFailure": 29,
    "chef/SwapCandidates": 35,
    "chef/SwapDish": 81,
    "producer/WhyNot": 37,
}
"""What is received enters receptions, purchases and their sums, lots, moves, credits, contracts, order and events; an
invoice is matched with all of them; a file of menus is read against catalogue, calendar and register, and its school
year is checked again; an avenant and a consultation pass the thresholds, the latter being sent to
everybody in reach, and what takes the place of goods that do not come passes the
checks of sending, a failed day being closed first (buyers and supplier held, its pause and the trace of it written);
a swap asked first, or an explanation, reads all that the plan was made from (25 statements, once in ten minutes),
then the school year is checked again, by the portions of its kitchen, and the plan's sums follow, one statement per
shape of result: bounds of their own."""
EXECUTED = sorted(set(OPERATIONS) - STREAMED)
LISTS = (
    "administrator/Permits",
    "administrator/PlanFairness",
    "administrator/PlanMap",
    "administrator/PlanSuppositions",
    "administrator/PlanOverview",
    "administrator/PlanSheet",
    "administrator/Plans",
    "administrator/ThresholdAlerts",
    "administrator/WasteView",
    "chef/Basket",
    "chef/Consultation",
    "chef/Consultations",
    "chef/Contracts",
    "chef/Dishes",
    "chef/KitchenOrders",
    "chef/KitchenWeek",
    "chef/KitchenStock",
    "chef/Kitchens",
    "chef/MyWeek",
    "chef/OffersNearby",
    "chef/NewConsultation",
    "chef/OffersToAdd",
    "chef/Invoices",
    "chef/Purchases",
    "chef/Receptions",
    "chef/WeighingCampaigns",
    "chef/Weighings",
    "nutrition/ComplianceAlerts",
    "nutrition/ComplianceGrid",
    "nutrition/DeclarationsOfYear",
    "nutrition/EgalimOfKitchens",
    "nutrition/RatePurchases",
    "nutrition/LotTrace",
    "nutrition/LotsDelivered",
    "nutrition/IngredientNeeds",
    "nutrition/Ingredients",
    "nutrition/KitchenRatios",
    "nutrition/NutritionGrid",
    "administrator/PlannedCovers",
    "nutrition/PurchasesWithProof",
    "nutrition/RateWithProof",
    "nutrition/RuleResults",
    "producer/ComingNeeds",
    "producer/ConsultationToAnswer",
    "producer/DayToPrepare",
    "producer/HarvestList",
    "producer/Market",
    "producer/MyContracts",
    "producer/MyProducts",
    "producer/NewProduct",
    "producer/OfferSheet",
    "producer/OpenConsultations",
    "producer/PackingList",
    "producer/SupplierSheet",
    "producer/SupplierSourcing",
    "producer/Suppliers",
    "producer/ToPrepare",
    "producer/TourSheet",
)
"""Operations whose answer is longer in a larger Département."""


def test_the_committed_schema_is_the_one_served() -> None:
    assert committed().read_text(encoding="utf-8") == printed(), "run `python -m catering.api.print_schema`"


def test_every_operation_is_executed_by_the_tests() -> None:
    assert set(OPERATIONS) == set(VARIABLES)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_valid_and_named_after_its_file(name: str) -> None:
    document = parse(OPERATIONS[name])
    assert validate(schema._schema, document) == []
    (operation,) = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    assert operation.name is not None
    assert operation.name.value == name.split("/")[1]


def leaves(data: Any) -> int:
    """How many values an answer holds."""
    if isinstance(data, dict):
        return sum(leaves(each) for each in data.values())
    if isinstance(data, list):
        return sum(leaves(each) for each in data)
    return data is not None


@pytest.mark.parametrize("name", EXECUTED)
async def test_statements_do_not_grow_with_the_rows(name: str, client: Client, large_client: Client) -> None:
    by = asked_by(name, OPERATIONS[name])
    small = await client(OPERATIONS[name], by, **VARIABLES[name])
    large = await large_client(OPERATIONS[name], by, **VARIABLES[name])
    assert small.errors == large.errors == []
    assert "message" not in str(large.data), "a refusal: nothing was measured"
    assert leaves(small.data) > 0
    assert len(small.statements) == len(large.statements), "\n".join(large.statements)
    assert len(large.statements) <= WRITES_ALL_BOOKS.get(name, MOST_STATEMENTS)


@pytest.mark.parametrize("name", LISTS)
async def test_lists_grow_so_that_the_count_means_something(name: str, client: Client, large_client: Client) -> None:
    small = await client.data(OPERATIONS[name], **VARIABLES[name])
    large = await large_client.data(OPERATIONS[name], **VARIABLES[name])
    assert leaves(large) > leaves(small)
