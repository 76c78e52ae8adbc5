"""The progress of a run, as the client that follows it sees it."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from catering.api import Caller, progress, schema
from catering.people.viewer import Viewer
from catering.planning.models import PlanRun, RunStatus
from catering.settings import Settings
from tests.api.conftest import ADMINISTRATOR, CHEF, GESTIONNAIRE, Client
from tests.api.dataset import MOMENT
from tests.api.dataset_people import NUMBERS
from tests.api.dataset_purchases import FIRST_FILE
from tests.api.operations import operations

FOLLOW = operations()["administrator/PlanProgress"]
IMPORT, IMPORTING = operations()["nutrition/ImportPurchases"], operations()["nutrition/ImportProgress"]


async def follow(client: Client, run_id: str, viewer: Viewer | None = ADMINISTRATOR) -> Any:
    caller = Caller(client.database, viewer, Settings())
    return await schema.subscribe(FOLLOW, variable_values={"runId": run_id}, context_value=caller)


async def change(client: Client, run_id: int, **values: Any) -> None:
    async with client.database.unit_of_work() as session:
        await session.execute(update(PlanRun).where(PlanRun.id == run_id).values(**values))


@pytest.fixture
async def running(client: Client, monkeypatch: pytest.MonkeyPatch) -> int:
    """A run that works."""
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LOOKS", 0.01)
    run = PlanRun(
        id=9, scenario_id=1, status=RunStatus.RUNNING, time_limit_seconds=Decimal(60), seed=1, queued_at=MOMENT,
        phase="Menus", total_steps=4,
    )  # fmt: skip
    async with client.database.unit_of_work() as session:
        session.add(run)
    return 9


async def test_each_change_is_told_once_until_the_run_ends(client: Client, running: int) -> None:
    told: list[Any] = []

    async def listen() -> None:
        async for result in await follow(client, str(running)):
            assert result.errors is None
            told.append(result.data["planProgress"])

    async def at_most(count: int) -> None:
        while len(told) < count:
            await asyncio.sleep(0.005)

    listening = asyncio.create_task(listen())
    await at_most(1)
    await asyncio.sleep(0.05)
    assert len(told) == 1, "what has not changed is not told again"
    await change(client, running, done_steps=2, best_cost=Decimal(200), lower_bound=Decimal(150))
    await at_most(2)
    await change(
        client, running, status=RunStatus.DONE, cost=Decimal(190), best_cost=Decimal(190), ended_at=MOMENT, done_steps=4
    )
    await asyncio.wait_for(listening, 5)
    assert [(each["status"], each["doneSteps"]) for each in told] == [("RUNNING", 0), ("RUNNING", 2), ("DONE", 4)]
    assert told[0]["gap"] is None
    assert (told[1]["bestCostEur"], told[1]["lowerBoundEur"], told[1]["gap"]) == ("200.00", "150.00", "0.250000")


async def test_of_a_run_that_ended_only_the_end_is_told(client: Client) -> None:
    (result,) = [each async for each in await follow(client, "2")]
    assert result.data["planProgress"]["status"] == "FAILED"
    assert result.data["planProgress"]["error"] == "Aucun plan"


@pytest.mark.parametrize(
    ("run_id", "viewer", "code"),
    [
        ("99", ADMINISTRATOR, "BAD_ARGUMENT"),
        ("abc", ADMINISTRATOR, "BAD_ARGUMENT"),
        ("2", CHEF, "BAD_ARGUMENT"),
        ("1", None, "SIGN_IN_REQUIRED"),
    ],
    ids=["unknown", "no number", "not published", "nobody"],
)
async def test_a_run_that_may_not_be_followed(run_id: str, viewer: Viewer | None, code: str, client: Client) -> None:
    (result,) = [each async for each in await follow(client, run_id, viewer)]
    assert [error.extensions["code"] for error in result.errors] == [code]


async def test_a_client_that_leaves_frees_the_database(client: Client, running: int) -> None:
    stream = await follow(client, str(running))
    await anext(stream)
    await stream.aclose()
    assert client.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


async def told_of_import(client: Client, document: str, viewer: Viewer | None = GESTIONNAIRE) -> list[Any]:
    caller = Caller(client.database, viewer, Settings())
    stream = await schema.subscribe(IMPORTING, variable_values={"document": document}, context_value=caller)
    return [each async for each in stream]


async def test_an_import_is_followed_by_who_sent_the_file(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LOOKS", 0.001)
    document = str(FIRST_FILE + NUMBERS[GESTIONNAIRE.role])
    listening = asyncio.create_task(told_of_import(client, document))
    await asyncio.sleep(0.01)
    answer = await client.data(IMPORT, GESTIONNAIRE, document=document, idempotencyKey="followed-import")
    assert answer["importPurchases"]["lines"] == 1
    steps = [each.data["importProgress"] for each in await asyncio.wait_for(listening, 20)]
    assert steps[0] == {"phase": "En attente", "done": 0, "total": 0, "ended": False}
    assert steps[-1] == {"phase": "Enregistrement des achats", "done": 1, "total": 1, "ended": True}
    assert [each["ended"] for each in steps[:-1]] == [False] * (len(steps) - 1)


async def test_of_an_import_that_nobody_does_nothing_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LOOKS", 0.001)
    monkeypatch.setattr(progress, "LOOKS_BEFORE_IT_BEGINS", 3)
    document = str(FIRST_FILE + NUMBERS[GESTIONNAIRE.role])
    await client.data(IMPORT, GESTIONNAIRE, document=document, idempotencyKey="followed-import")
    # Of another's file nobody learns how far it is.
    for viewer in (ADMINISTRATOR, CHEF):
        (step,) = await told_of_import(client, document, viewer)
        assert step.data["importProgress"]["phase"] == "En attente"
    (refused,) = await told_of_import(client, document, None)
    assert [error.extensions["code"] for error in refused.errors] == ["SIGN_IN_REQUIRED"]
    (bad,) = await told_of_import(client, "abc")
    assert [error.extensions["code"] for error in bad.errors] == ["BAD_ARGUMENT"]


async def test_an_import_that_is_refused_ends_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LOOKS", 0.001)
    await client.data(IMPORT, GESTIONNAIRE, document="99999", idempotencyKey="refused-import")
    assert [each.data["importProgress"]["ended"] for each in await told_of_import(client, "99999")] == [False, True]


@pytest.mark.parametrize("later", [None, CHEF], ids=["signed out", "other rights"])
async def test_what_is_followed_is_closed_when_its_session_ends(
    later: Viewer | None, client: Client, running: int
) -> None:
    here = [ADMINISTRATOR]

    async def present() -> Viewer | None:
        return here[0] if here else later

    caller = Caller(client.database, None, Settings(), present)
    stream: Any = await schema.subscribe(FOLLOW, variable_values={"runId": str(running)}, context_value=caller)
    assert (await anext(stream)).data["planProgress"]["status"] == "RUNNING"
    here.clear()
    ended = await asyncio.wait_for(anext(stream), 5)
    assert [(each.extensions or {}).get("code") for each in ended.errors] == ["SIGN_IN_REQUIRED"]
    with pytest.raises(StopAsyncIteration):
        await anext(stream)
