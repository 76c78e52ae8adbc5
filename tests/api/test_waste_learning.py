"""What was learnt, through the API: a lesson, what it proposes, who decides, and what changed since."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from catering.people.viewer import Role, Viewer
from catering.waste.models import DishInKitchenLesson, DishLesson, WasteLesson
from tests.api.conftest import CHEF, Client
from tests.api.dataset import MOMENT, uai
from tests.api.operations import VARIABLES, operations

OPERATIONS = operations()
NUTRITION = Viewer("Nutrition", Role.NUTRITION_MANAGER)


async def asked(client: Client, name: str, viewer: Viewer = NUTRITION, **given: Any) -> Any:
    return await client.data(OPERATIONS[name], viewer=viewer, **(VARIABLES[name] | given))


async def weighed_since(client: Client) -> None:
    """A lesson of days that all had the 110 g of September, in which the second kitchen weighed the dish too."""
    async with client.database.unit_of_work() as session:
        lesson = WasteLesson(
            id=2, first_day=date(2026, 9, 2), last_day=date(2026, 9, 30), last_weighing_id=0, model="pooling/2",
            rows=40, left_out=0, eur_per_kg=Decimal(6), variances={}, made_at=MOMENT, made_by="test",
        )  # fmt: skip
        session.add(lesson)
        await session.flush()
        session.add_all(
            [
                DishLesson(
                    lesson_id=2, dish_id=1, family="starter.other", share=Decimal("0.35"), error=Decimal("0.04"),
                    weight=Decimal("0.8"), alone=12, together=0, served_g=110, best_rank=1, worst_rank=1, ranked=1,
                ),
                DishInKitchenLesson(lesson_id=2, kitchen_id=2, dish_id=1, effect=Decimal("0.01")),
            ]
        )  # fmt: skip


async def test_a_dish_without_enough_weighings_says_so_and_has_no_rank(client: Client) -> None:
    told = (await asked(client, "nutrition/WasteLesson", CHEF))["wasteLesson"]
    assert (told["dishCount"], told["judged"], told["rows"], told["leftOut"]) == (3, 2, 40, 2)
    standings = [(each["standing"], each["bestRank"], each["worstRank"]) for each in told["dishes"]]
    assert standings == [("KNOWN", 1, 2), ("KNOWN", 1, 2), ("NOT_ENOUGH", None, None)]
    assert (told["dishes"][0]["score"], told["dishes"][0]["low"], told["dishes"][0]["high"]) == ("65.0", "57.2", "72.8")
    assert [row["value"] for row in told["chart"]["rows"]] == ["65.0", "65.0"], "the picture shows who may be judged"


async def test_a_proposal_takes_what_surely_comes_back_within_the_grammage_and_one_step(client: Client) -> None:
    told = await asked(client, "nutrition/PortionProposals")
    found = {each["dish"]["id"]: each for each in told["portionProposals"]}
    assert "starter_00" not in found, "110 g were decided since: what came back was of 120"
    await weighed_since(client)
    told = await asked(client, "nutrition/PortionProposals")
    found = {each["dish"]["id"]: each for each in told["portionProposals"]}
    first = found["starter_00"]
    assert (first["servedG"], first["proposedG"]) == (110, 94), "110 g decided before; 15 % less at most"
    assert (first["leastG"], first["mostG"], first["grammage"]) == (80, 100, "salade_composee")
    assert first["grammageName"] == "Salade composée à base de crudités"
    assert (first["savedLowG"], first["savedHighG"]) == ("5.6", "16.0")
    assert first["boughtG"] > 0
    for each in found.values():
        assert each["leastG"] <= each["proposedG"] <= each["mostG"]
        assert each["proposedG"] < each["servedG"]
    assert [each["servedG"] for each in told["portionChanges"]] == [110]


async def test_before_and_after_counts_what_was_weighed_on_both_sides(client: Client) -> None:
    told = (await asked(client, "nutrition/PortionComparison", on="2026-09-08", days=200))["portionComparison"]
    sides = [(told[side]["kitchens"], told[side]["weighings"]) for side in ("before", "after")]
    assert (sides, told["kitchens"]) == ([(3, 4), (2, 2)], 2), (
        "bins of days whose menu has another starter are none of it"
    )
    own = (await asked(client, "nutrition/PortionComparison", CHEF, on="2026-09-08", days=200))["portionComparison"]
    assert (own["kitchens"], own["before"]["weighings"], own["after"]["weighings"]) == (1, 1, 1)
    assert (own["low"], own["sure"]) == (None, False), "one weighing has no interval"
    assert own["chart"]["svg"].startswith("<svg")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"servedG": 90}, "Donner de 150 à 180 g servis"),
        ({"validFrom": "2026-09-01"}, "un jour à venir"),
        ({"dish": "dairy_00"}, "aucun grammage"),
    ],
)
async def test_a_portion_that_cannot_be_is_refused_by_name(client: Client, change: dict[str, Any], said: str) -> None:
    told = (await asked(client, "nutrition/DecidePortion", **change))["decidePortion"]
    assert told["__typename"] == "InvalidPortion"
    assert said in told["message"]


async def test_a_decision_sent_twice_is_one(client: Client) -> None:
    told = [(await asked(client, "nutrition/DecidePortion"))["decidePortion"] for _ in range(2)]
    assert told[0] == told[1]
    assert told[0]["change"]["evidence"].startswith("Bilan 1 du 2026-03-01")
    changes = (await asked(client, "nutrition/PortionProposals"))["portionChanges"]
    assert [each["servedG"] for each in changes] == [150, 110]


async def test_the_fiche_of_a_kitchen_follows_its_portion_from_its_day(client: Client) -> None:
    """Of 120 g by the fiche, 110 everywhere from 2 September, 94 in the second collège from 1 October."""
    given = {"dish": "starter_00", "servedG": 94, "kitchen": uai(1)}
    told = (await asked(client, "nutrition/DecidePortion", **given))["decidePortion"]
    assert "n'a pas encore été pesée" in told["message"]
    await weighed_since(client)
    await asked(client, "nutrition/DecidePortion", **given | {"idempotencyKey": "0f2c8f5e-once-weighed"})
    for kitchen, on, served, grams in (
        (uai(0), "2026-09-01", 120, [80, 40]),
        (uai(0), "2026-10-01", 110, [73, 37]),
        (uai(1), "2026-09-30", 110, [73, 37]),
        (uai(1), "2026-10-01", 94, [63, 31]),
    ):
        sheet = (await asked(client, "public/DishSheet", id="starter_00", on=on, kitchen=kitchen))["dish"]
        there = sheet["servedIn"]
        assert (sheet["servedG"], there["servedG"]) == (120, served)
        assert [line["grams"] for line in there["lines"]] == grams
        parts = sum(grams)
        assert there["facts"]["co2eKg"] == str((Decimal("0.5") * parts / 1000).quantize(Decimal("0.0001")))
    own = (await asked(client, "public/DishSheet", CHEF, id="starter_00", on="2026-10-01", kitchen=uai(1)))["dish"]
    assert own["servedIn"] is None, "another kitchen's portion is not a chef's to read"


async def test_a_chef_decides_for_no_other_kitchen(client: Client) -> None:
    for name in ("DrawWasteLesson", "DecidePortion", "TakeBackPortion"):
        (told,) = (await asked(client, f"nutrition/{name}", CHEF)).values()
        assert told["__typename"] == "NotAllowed"


async def test_a_plan_names_a_lesson_that_exists(client: Client) -> None:
    scenario = {"schoolYear": "2026-27", "weeks": 1, "lesson": "99"}
    text, key = OPERATIONS["administrator/StartPlan"], "0f2c8f5e-with-lesson"
    told = (await client.data(text, scenario=scenario, idempotencyKey=key))["startPlan"]
    assert told["__typename"] == "UnknownLesson"
    taken = (await client.data(text, scenario=scenario | {"lesson": "1"}, idempotencyKey=key + "-1"))["startPlan"]
    assert taken["__typename"] == "PlanStarted"


async def test_a_plan_started_for_forecast_covers_says_whose_covers_it_takes(client: Client) -> None:
    for rank, source in enumerate((None, "FORECAST", "CALENDAR")):
        scenario = {"schoolYear": "2026-27", "weeks": 1} | ({} if source is None else {"covers": source})
        given = {"scenario": scenario, "idempotencyKey": f"0f2c8f5e-covers-of-{rank}"}
        told = (await client.data(OPERATIONS["administrator/StartPlan"], **given))["startPlan"]
        run = (await client.data(OPERATIONS["administrator/PlannedCovers"], runId=told["run"]["id"]))["planRun"]
        kept = run["scenario"]
        assert (kept["coversSource"], kept["forecastMadeOn"]) == (source or "CALENDAR", None), (
            "forecasts wait for its run"
        )
