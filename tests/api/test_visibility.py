"""Who sees what through the API: nobody nothing, a chef their kitchen, a producer their own sales."""

from typing import Any

import pytest
from graphql import GraphQLObjectType, GraphQLScalarType, get_named_type, is_required_argument

from catering.api import schema
from tests.api.conftest import CHEF, PRODUCER, Client
from tests.api.dataset import uai
from tests.api.operations import MONDAY, operations

OPERATIONS = operations()
SURPLUS = f'{{kind: STABLE, madeOn: "{MONDAY}", servedOn: "{MONDAY}", exposed: false, traced: true}}'
SAMPLES = {"Date": f'"{MONDAY}"', "Int": "1", "SurplusInput": SURPLUS, "WasteViewBy": "EPCI", "Slot": "MAIN"}
"""What a required argument is given, by type; the text `1` otherwise."""


def root_fields() -> dict[str, str]:
    """A selection of each field of Query, with whatever its arguments demand."""
    query = schema._schema.query_type
    assert query is not None
    found = {}
    for name, field in query.fields.items():
        needed = {key: get_named_type(each.type) for key, each in field.args.items() if is_required_argument(each)}
        values = {key: SAMPLES.get(kind.name, '"1"') for key, kind in needed.items()}
        given = "(" + ", ".join(f"{key}: {value}" for key, value in values.items()) + ")" if needed else ""
        kind = get_named_type(field.type)
        assert isinstance(kind, GraphQLObjectType | GraphQLScalarType)
        selected = "" if isinstance(kind, GraphQLScalarType) else "{ __typename }"
        found[name] = f"{{ {name}{given} {selected} }}"
    return found


PUBLIC = {"dinersColleges", "dinersWeek", "dinersMonth", "egalimDisplay"}
"""Pages for diners: the matrix says what they may hold."""


@pytest.mark.parametrize("name", sorted(set(root_fields()) - PUBLIC))
async def test_nobody_reads_nothing(name: str, client: Client) -> None:
    answer = await client(root_fields()[name], viewer=None)
    assert [code for code, _ in answer.errors] == ["SIGN_IN_REQUIRED"]
    assert answer.errors[0][1].startswith("Connexion requise")
    assert answer.statements == []


async def test_a_chef_reads_their_kitchen_and_no_other(client: Client) -> None:
    found = await client.data("{ kitchens { nodes { uai } } }", viewer=CHEF)
    assert found["kitchens"]["nodes"] == [{"uai": uai(0)}]
    other = await client.data(OPERATIONS["chef/KitchenWeek"], viewer=CHEF, uai=uai(1), monday=MONDAY)
    assert other == {"kitchen": None}
    own = await client.data(OPERATIONS["chef/KitchenWeek"], viewer=CHEF, uai=uai(0), monday=MONDAY)
    assert len(own["kitchen"]["week"]["days"]) == 4


async def test_a_chef_reads_the_published_plan_only_and_their_part_of_it(client: Client) -> None:
    found = await client.data(OPERATIONS["administrator/PlanOverview"], viewer=CHEF, first=10)
    (run,) = found["planRuns"]["nodes"]
    assert run["id"] == "1"
    assert {each["results"] for each in run["ruleSummary"]} == {1}
    results = await client.data(OPERATIONS["nutrition/RuleResults"], viewer=CHEF, runId="1")
    assert {each["kitchen"]["uai"] for each in results["planRun"]["ruleResults"]["nodes"]} == {uai(0)}
    assert await client.data(OPERATIONS["nutrition/RuleResults"], viewer=CHEF, runId="2") == {"planRun": None}


async def test_a_producer_reads_their_own_deliveries_and_where_they_go(client: Client) -> None:
    found = await client.data(OPERATIONS["producer/SupplierSourcing"], viewer=PRODUCER, id="ferme_01")
    drops = found["supplier"]["drops"]["nodes"]
    assert len(drops) == 6
    assert drops[0]["place"]["commune"] == "Commune 0"
    assert all(line["offer"] is not None for drop in drops for line in drop["lines"])


async def test_a_producer_reads_nothing_of_another_one(client: Client) -> None:
    other = await client.data(OPERATIONS["producer/SupplierSourcing"], viewer=PRODUCER, id="ferme_00")
    assert other == {"supplier": None}
    offers = await client.data(OPERATIONS["producer/Market"], viewer=PRODUCER, first=100)
    assert {each["supplier"]["id"] for each in offers["offers"]["nodes"]} == {"ferme_01"}
    run = 'planRun(id: "1")'
    seen: Any = await client.data(
        f"{{ {run} {{ suppliers {{ nodes {{ supplier {{ id }} }} }} drops {{ nodes {{ supplier {{ id }} }} }} }} }}",
        viewer=PRODUCER,
    )
    named = [each["supplier"] for of in ("suppliers", "drops") for each in seen["planRun"][of]["nodes"]]
    assert {each["id"] for each in named} == {"ferme_01"}


async def test_a_producer_adds_up_their_own_sales_only(client: Client) -> None:
    asked = {"runId": "1", "perWeek": False, "perKitchen": False}
    own = await client.data(OPERATIONS["nutrition/IngredientNeeds"], viewer=PRODUCER, **asked)
    all_sales = await client.data(OPERATIONS["nutrition/IngredientNeeds"], **asked)
    for mine, everybody in zip(own["planRun"]["needs"]["nodes"], all_sales["planRun"]["needs"]["nodes"], strict=True):
        assert int(mine["grams"]) * 2 == int(everybody["grams"])


async def test_a_producer_learns_no_budget(client: Client) -> None:
    found = await client.data("{ kitchens { nodes { budgetEurPerMeal } } }", viewer=PRODUCER)
    assert found["kitchens"]["nodes"] == []
    text = '{ planRun(id: "1") { kitchens { nodes { costEur } } ruleResults { nodes { value } } } }'
    assert await client.data(text, viewer=PRODUCER) == {
        "planRun": {"kitchens": {"nodes": []}, "ruleResults": {"nodes": []}}
    }
