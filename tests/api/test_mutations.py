"""Starting, cancelling and publishing plans: once per key, and refused by name."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from catering.planning.models import PlanRun, PlanScenario, RunStatus
from catering.recipes.models import Ingredient
from tests.api.conftest import CHEF, Client
from tests.api.dataset import BREAD, uai
from tests.api.operations import operations

OPERATIONS = operations()
START = OPERATIONS["administrator/StartPlan"]
CANCEL = OPERATIONS["administrator/CancelPlan"]
PUBLISH = OPERATIONS["administrator/PublishPlan"]
SCENARIO = {"schoolYear": "2026-27", "kitchens": [uai(0), uai(1)], "weeks": 3, "seed": 5, "timeLimitSeconds": 90}


async def start(client: Client, scenario: dict[str, Any] = SCENARIO, key: str = "a-key-of-one") -> Any:
    return (await client.data(START, scenario=scenario, idempotencyKey=key))["startPlan"]


async def count(client: Client, table: Any) -> int:
    async with client.database.reading() as session:
        return int((await session.scalars(select(func.count()).select_from(table))).one())


async def test_a_plan_is_queued_as_asked(client: Client) -> None:
    started = await start(client)
    assert started["__typename"] == "PlanStarted"
    assert (started["run"]["status"], started["run"]["scenario"]["kitchenCount"]) == ("QUEUED", 2)
    assert started["run"]["scenario"]["lastDay"] == "2026-09-18"
    async with client.database.reading() as session:
        run = (await session.scalars(select(PlanRun).where(PlanRun.id == int(started["run"]["id"])))).one()
    assert (run.status, run.seed, run.time_limit_seconds) == (RunStatus.QUEUED, 5, 90)


async def test_the_same_key_gives_the_same_run(client: Client) -> None:
    first = await start(client)
    again = await start(client)
    assert again["run"]["id"] == first["run"]["id"]
    assert await count(client, PlanRun) == 3


async def test_taps_at_the_same_moment_start_one_plan(client: Client) -> None:
    answers = await asyncio.gather(*(start(client) for _ in range(5)))
    assert len({answer["run"]["id"] for answer in answers}) == 1
    assert await count(client, PlanRun) == 3


async def test_another_request_with_the_same_key_is_refused(client: Client) -> None:
    await start(client)
    refused = await start(client, {**SCENARIO, "weeks": 2})
    assert refused["__typename"] == "KeyRefused"
    assert "a déjà servi" in refused["message"]
    assert await count(client, PlanRun) == 3


async def test_a_refused_plan_leaves_its_key_free(client: Client) -> None:
    assert (await start(client, {**SCENARIO, "schoolYear": "1999-00"}))["__typename"] == "UnknownSchoolYear"
    assert await count(client, PlanScenario) == 2
    assert (await start(client))["__typename"] == "PlanStarted"


@pytest.mark.parametrize(
    ("changed", "refusal", "says"),
    [
        ({"schoolYear": "1999-00"}, "UnknownSchoolYear", "2026-27"),
        ({"kitchens": ["0629999Z"]}, "UnknownKitchens", "0629999Z"),
        ({"kitchens": None, "kitchenCount": 99}, "TooMany", "3 au plus"),
        ({"weeks": 99}, "TooMany", "au plus"),
        ({"weeks": 0}, "InvalidScenario", "weeks vaut 0"),
        ({"kitchens": None, "kitchenCount": 0}, "InvalidScenario", "kitchenCount vaut 0"),
        ({"kitchens": []}, "InvalidScenario", "kitchens est vide"),
        ({"kitchenCount": 2}, "InvalidScenario", "pas les deux"),
        ({"seed": -1}, "InvalidScenario", "seed vaut -1"),
        ({"timeLimitSeconds": 0}, "InvalidScenario", "timeLimitSeconds vaut 0"),
    ],
)
async def test_what_cannot_be_planned_is_refused_by_name(
    changed: dict[str, Any], refusal: str, says: str, client: Client
) -> None:
    refused = await start(client, {**SCENARIO, **changed})
    assert (refused["__typename"], says in refused["message"]) == (refusal, True), refused


async def test_without_bread_there_is_no_plan(client: Client) -> None:
    async with client.database.unit_of_work() as session:
        await session.execute(delete(Ingredient).where(Ingredient.slug == BREAD))
    refused = await start(client)
    assert refused["__typename"] == "UnknownStaple"
    assert "catering seed" in refused["message"]


@pytest.mark.parametrize("key", ["", "short", "x" * 65])
async def test_a_key_that_is_no_key_is_refused(key: str, client: Client) -> None:
    assert (await start(client, key=key))["__typename"] == "KeyRefused"


async def test_only_the_departement_plans(client: Client) -> None:
    for text, variables in (
        (START, {"scenario": SCENARIO}),
        (CANCEL, {"runId": "1"}),
        (PUBLISH, {"runId": "1"}),
    ):
        found = await client.data(text, viewer=CHEF, idempotencyKey="key-of-a-chef", **variables)
        (answer,) = found.values()
        assert answer["__typename"] == "NotAllowed"
        assert "administration du Département" in answer["message"]


async def test_a_run_that_waits_is_cancelled_at_once(client: Client) -> None:
    run_id = (await start(client))["run"]["id"]
    cancelled = await client.data(CANCEL, runId=run_id, idempotencyKey="key-to-cancel")
    assert cancelled["cancelPlan"] == {
        "__typename": "PlanCancelled",
        "run": {"id": run_id, "status": "CANCELLED"},
    }


async def test_a_run_that_ended_stays_as_it_was(client: Client) -> None:
    ended = await client.data(CANCEL, runId="1", idempotencyKey="key-to-cancel")
    assert ended["cancelPlan"]["run"] == {"id": "1", "status": "DONE"}


async def test_an_unknown_run_is_not_cancelled(client: Client) -> None:
    refused = await client.data(CANCEL, runId="99", idempotencyKey="key-to-cancel")
    assert refused["cancelPlan"]["__typename"] == "UnknownRun"


async def test_a_published_plan_is_the_one_in_use(client: Client) -> None:
    refused = await client.data(PUBLISH, runId="2", idempotencyKey="publish-failed")
    assert refused["publishPlan"]["__typename"] == "NotPublishable"
    done = await client.data(PUBLISH, runId="1", idempotencyKey="publish-the-one")
    assert done["publishPlan"]["run"]["id"] == "1"
    assert (await client.data("{ planInUse { id } }"))["planInUse"] == {"id": "1"}


async def test_what_follows_a_mutation_in_one_document_sees_it(client: Client) -> None:
    text = """mutation M($scenario: StartPlanInput!) {
      one: startPlan(scenario: $scenario, idempotencyKey: "first-key") { ... on PlanStarted { run { id status } } }
      stop: cancelPlan(runId: "3", idempotencyKey: "second-key") { ... on PlanCancelled { run { id status } } }
    }"""
    found = await client.data(text, scenario=SCENARIO)
    assert found == {
        "one": {"run": {"id": "3", "status": "QUEUED"}},
        "stop": {"run": {"id": "3", "status": "CANCELLED"}},
    }
