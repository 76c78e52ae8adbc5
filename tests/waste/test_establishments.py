"""An establishment of care known by its FINESS: registered, weighed, diagnosed, exported, forecast; never planned."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from catering.attendance.forecasting import forecast_all
from catering.db import Database
from catering.graph.request import Request
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import colleges
from catering.menus.models import MenuDish, MenuSource, NutritionResult
from catering.menus.standings import refresh
from catering.papers.reading import campaigns_of, diagnostic_of
from catering.papers.waste import waste_declarations, waste_diagnostic
from catering.people.models import ChangeEvent
from catering.people.viewer import Role, Viewer
from catering.planning import refusals as planning_refusals
from catering.planning.service import ScenarioWish, describe_scenario
from catering.recipes.models import Dish
from catering.seeding.loading import load
from catering.settings import Settings, seeds_folder
from catering.waste import refusals
from catering.waste.models import WasteSite
from catering.waste.service.counting import count, plan_campaign
from catering.waste.service.diagnosing import Action, Draft, Finding, write
from catering.waste.service.registering import Establishment, register
from catering.waste.service.stating import SiteStatement, state
from catering.waste.service.weighing import record
from catering.waste.vocabulary import ActionKind, KitchenKind, Part, Service, Stage, WasteCause
from tests.waste.world import CHEF, MANAGER, MONDAY, TODAY, entry, rows

FINESS = "620103440"
OFFICE = Viewer("Département", Role.DEPARTEMENT)
COOK = Viewer("Cuisine des Tilleuls", Role.CHEF, kitchens=frozenset({FINESS}))
HOME = Establishment(
    FINESS, "EHPAD des Tilleuls", KitchenKind.EHPAD, "2 rue des Tilleuls", "62000", "62041", "CU d'Arras", 80,
    Decimal("2.60"),
)  # fmt: skip
WEEK = [MONDAY - timedelta(days=7) + timedelta(days=each) for each in range(7)]
MEALS = (Service.BREAKFAST, Service.LUNCH, Service.DINNER)


async def registered(database: Database, given: Establishment = HOME, viewer: Viewer = OFFICE) -> Kitchen:
    async with database.unit_of_work() as session:
        return await register(session, viewer, given)


async def weighed(database: Database) -> None:
    """Seven days in a row, Sunday with them, every meal, 20 g edible of plates a cover and nothing else."""
    async with database.unit_of_work() as session:
        await plan_campaign(session, COOK, FINESS, WEEK[0], WEEK[-1])
        for day in WEEK:
            for meal in MEALS:
                await count(session, COOK, FINESS, day, meal, served=80)
            bins: list[Any] = [
                entry(f"{day}-{meal.value}-{stage.value}", day=day, service=meal, stage=stage, part=Part.EDIBLE,
                      gross_g=2_100 if stage is Stage.PLATES else 500)
                for meal in MEALS
                for stage in (Stage.PLATES, Stage.UNSERVED)
            ]  # fmt: skip
            bins.append(entry(f"{day}-prep", day=day, stage=Stage.PREPARATION, part=Part.EDIBLE, gross_g=500))
            await record(session, COOK, FINESS, bins)


async def test_it_weighs_by_the_protocol_of_care_and_is_exported_by_its_finess(any_world: Database) -> None:
    await registered(any_world)
    await weighed(any_world)
    request = Request(any_world, COOK, Settings())
    try:
        found = await campaigns_of(request, FINESS, 2026)
    finally:
        await request.forget()
    assert found is not None
    header, row = waste_declarations(found).decode().splitlines()
    told = dict(zip(header.split(","), row.split(","), strict=True))
    assert told["finess"] == FINESS
    assert "uai" not in told
    assert (told["meal_count"], told["leftovers_edible_mass"]) == (str(7 * 3 * 80), "33.60")
    assert "7 jours" in told["protocole"]


async def test_it_has_a_diagnostic_on_paper(any_world: Database) -> None:
    await registered(any_world)
    async with any_world.unit_of_work() as session:
        draft = Draft(
            0, TODAY, "Gouvernante", "Cuisine, soins", "Les soupes reviennent.",
            [Finding(WasteCause.PORTION_TOO_LARGE, "Bols trop grands")],
            [Action(ActionKind.PORTIONS, "Petits bols", "Cuisine", date(2026, 12, 1))],
        )  # fmt: skip
        await write(session, COOK, FINESS, draft)
    request = Request(any_world, COOK, Settings())
    try:
        facts = await diagnostic_of(request, FINESS, None)
    finally:
        await request.forget()
    assert facts is not None
    assert facts.kind is KitchenKind.EHPAD
    assert waste_diagnostic(facts).startswith(b"%PDF")
    assert (facts.kitchen.known_by, facts.kitchen.commune) == ("FINESS", "Arras")


async def test_it_is_forecast_on_every_day_and_planned_on_none(any_world: Database) -> None:
    await registered(any_world)
    await weighed(any_world)
    async with any_world.reading() as session:
        made = await forecast_all(session, OFFICE, TODAY)
        home = (await session.scalars(select(Kitchen.id).where(Kitchen.uai == FINESS))).one()
        assert {row["day"].weekday() for row in made if row["kitchen_id"] == home} == set(range(7))  # type: ignore[attr-defined]
        assert FINESS not in set(await session.scalars(colleges(OFFICE).with_only_columns(Kitchen.uai)))
    with pytest.raises(planning_refusals.UnknownKitchens):
        async with any_world.unit_of_work() as session:
            await describe_scenario(session, OFFICE, ScenarioWish("2026-27", [FINESS]))


async def test_registering_again_corrects_and_keeps_what_it_states(any_world: Database) -> None:
    await registered(any_world)
    async with any_world.unit_of_work() as session:
        await state(session, COOK, FINESS, SiteStatement(KitchenKind.SOCIAL, meals_per_day=240))
    again = await registered(any_world, replace(HOME, name="EHPAD Les Tilleuls", residents=82))
    assert (again.name, again.pupils) == ("EHPAD Les Tilleuls", 82)
    await registered(any_world, replace(HOME, name="EHPAD Les Tilleuls", residents=82))
    events = await rows(any_world, ChangeEvent, ChangeEvent.subject == "kitchens")
    assert [(each.before or {}).get("pupils") for each in events] == [None, 80], "the third changed nothing"
    async with any_world.reading() as session:
        site = (await session.scalars(select(WasteSite).where(WasteSite.kitchen_id == again.id))).one()
    assert (site.kind, site.meals_per_day) == (KitchenKind.SOCIAL, 240)


async def test_two_who_register_it_at_once_make_one(any_world: Database) -> None:
    await asyncio.gather(*(registered(any_world) for _ in range(4)))
    assert len(await rows(any_world, Kitchen, Kitchen.uai == FINESS)) == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"finess": "620103441"}, "FINESS"),
        ({"finess": "62010344"}, "FINESS"),
        ({"finess": "0620000A"}, "FINESS"),
        ({"kind": KitchenKind.COLLEGE}, "UAI"),
        ({"postcode": "6200"}, "cinq chiffres"),
        ({"insee": "62000"}, "code INSEE"),
        ({"epci": "CU d'Aras"}, "CU d'Arras"),
        ({"residents": 0}, "1 à 5000"),
        ({"residents": -3}, "1 à 5000"),
        ({"budget_eur_per_meal": Decimal("0")}, "plus de 0"),
        ({"budget_eur_per_meal": Decimal("NaN")}, "plus de 0"),
        ({"name": "   "}, "Le nom"),
        ({"address": "x" * 201}, "L'adresse"),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_kept(world: Database, wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(refusals.InvalidStatement, match=told):
        await registered(world, replace(HOME, **wrong))
    assert len(await rows(world, Kitchen)) == 2


@pytest.mark.parametrize("viewer", [CHEF, MANAGER, COOK], ids=lambda each: each.role.value)
async def test_only_the_departement_registers(world: Database, viewer: Viewer) -> None:
    with pytest.raises(refusals.MayNotRegister, match="administration du Département"):
        await registered(world, viewer=viewer)


async def test_it_never_becomes_a_college(world: Database) -> None:
    await registered(world)
    with pytest.raises(refusals.InvalidStatement, match="FINESS"):
        async with world.unit_of_work() as session:
            await state(session, COOK, FINESS, SiteStatement(KitchenKind.COLLEGE))


async def test_loading_the_seeds_again_leaves_it(demo: Database) -> None:
    await registered(demo, replace(HOME, epci="Communauté urbaine d'Arras"))
    assert (await load(demo, seeds_folder())).changes == 0
    (row,) = await rows(demo, Kitchen, Kitchen.uai == FINESS)
    assert (row.name, row.made_by) == ("EHPAD des Tilleuls", OFFICE.actor)


async def test_its_menus_are_not_held_against_the_criteria_of_schools(any_world: Database) -> None:
    """The same dish on the same day: found in the sheet of the collège, not in that of the place of care."""
    home = await registered(any_world)
    async with any_world.unit_of_work() as session:
        college = await session.scalar(select(Kitchen).where(Kitchen.id != home.id).order_by(Kitchen.id).limit(1))
        dish = await session.scalar(select(Dish).order_by(Dish.id).limit(1))
        assert college is not None
        assert dish is not None
        session.add_all(
            MenuDish(
                kitchen_id=kitchen.id, day=MONDAY, slot=dish.slot, rank=1, dish_id=dish.id, covers=80,
                source=MenuSource.KITCHEN,
            )
            for kitchen in (home, college)
        )  # fmt: skip
        await session.flush()
        await refresh(session, [home.id, college.id], [MONDAY])
        judged = set(await session.scalars(select(NutritionResult.kitchen_id)))
    assert judged == {college.id}
