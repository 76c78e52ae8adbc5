"""The problem the optimizer gets says what the database says."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import Database
from catering.kitchens.models import Kitchen
from catering.market.models import Capacity, Certificate, Offer, Supplier, SupplierKind
from catering.planning.problem import build_problem
from catering.recipes.models import Dish, DishLine, Ingredient
from catering.rules import planning_rules
from optimizer import Problem
from optimizer.faults import BadFolder
from optimizer.problem import NON_EGALIM
from tests.planning.conftest import KITCHENS, queue

FIRST_DAY = date(2026, 9, 1)
KINDS = ("producer", "hub", "wholesaler")


async def built(database: Database, folder: Path | None = None) -> Problem:
    run = await queue(database)
    async with database.reading() as session:
        return await build_problem(session, run.scenario_id, folder)


async def change(database: Database, *statements: object) -> None:
    async with database.unit_of_work() as session:
        for statement in statements:
            await session.execute(statement)  # type: ignore[call-overload]


@pytest.fixture
async def stored(demo: Database) -> AsyncIterator[AsyncSession]:
    async with demo.reading() as session:
        yield session


def test_the_horizon_is_the_first_five_weeks_of_class(problem: Problem) -> None:
    assert set(problem.kitchens) == set(KITCHENS)
    for kitchen in KITCHENS:
        days = [day.date for day in problem.days(kitchen)]
        assert days[0] == FIRST_DAY
        assert days[-1] == date(2026, 10, 2)
        assert {day.weekday() for day in days} == {0, 1, 3, 4}
        assert len(days) == 19


async def test_covers_and_budget_are_those_of_the_kitchen(problem: Problem, stored: AsyncSession) -> None:
    for uai in KITCHENS:
        kitchen = (await stored.scalars(select(Kitchen).where(Kitchen.uai == uai))).one()
        assert problem.kitchens[uai].budget_eur_per_meal == kitchen.budget_eur_per_meal
        assert problem.meals == sum(day.covers for of in KITCHENS for day in problem.days(of)) > 0


async def test_every_recipe_is_in_with_its_grams(problem: Problem, stored: AsyncSession) -> None:
    lines = select(Dish.slug, Ingredient.slug, DishLine.grams).join(Dish.lines).join(DishLine.ingredient)
    recipes: dict[str, dict[str, int]] = {}
    for dish, ingredient, grams in await stored.execute(lines):
        recipes.setdefault(dish, {})[ingredient] = grams
    assert {dish: dict(of.ingredients) for dish, of in problem.dishes.items()} == recipes


def test_local_are_the_farms_and_hubs_of_the_departement_and_no_wholesaler(problem: Problem) -> None:
    local = {kind: {each.local for each in problem.suppliers.values() if each.kind == kind} for kind in KINDS}
    assert local == {"producer": {True}, "hub": {True}, "wholesaler": {False}}


async def test_a_producer_of_another_departement_is_not_local(demo: Database) -> None:
    elsewhere = Supplier.kind == SupplierKind.HUB
    await change(demo, update(Supplier).where(elsewhere).values(insee="59350"))
    problem = await built(demo)
    assert {each.local for each in problem.suppliers.values() if each.kind == "hub"} == {False}


async def test_prices_are_per_kg_and_suppliers_stay_within_their_reach(problem: Problem, stored: AsyncSession) -> None:
    rows = {row.slug: row for row in await stored.scalars(select(Offer))}
    reach = {row.slug: row.max_km for row in await stored.scalars(select(Supplier))}
    for slug, offer in problem.offers.items():
        exact = rows[slug].price_eur_per_pack * 1000 / rows[slug].pack_g
        assert abs(offer.price_eur_per_kg - exact) <= Decimal("0.00005")
    for (supplier, _), delivery in problem.deliveries.items():
        assert delivery.distance_km <= (reach[supplier] or 10_000)
    assert any(reach[slug] for slug in reach if slug not in problem.suppliers), "some farm is too far for both"


def test_every_meal_takes_bread(problem: Problem) -> None:
    assert problem.every_meal == {"pain": 50}


def test_the_rules_are_those_in_force_on_the_first_day(problem: Problem) -> None:
    assert [rule.id for rule in problem.rules] == [rule["id"] for rule in planning_rules(FIRST_DAY)]
    assert {"NUT-01", "NUT-15", "VEG-01", "EGA-01", "HOUSE-06"} <= {rule.id for rule in problem.rules}


def test_attributes_come_from_the_recipe(problem: Problem) -> None:
    dish = next(of for of in problem.dishes.values() if of.slot == "main" and "fish_ge70_pl_ge2" in of.attributes)
    families = {problem.ingredients[ingredient].family for ingredient in dish.ingredients}
    assert "PRODUITS_DE_LA_MER" in families
    assert "vegetarian" not in dish.attributes


async def test_a_label_counts_while_both_certificate_and_law_hold(demo: Database) -> None:
    """CE2 leaves EGAlim on 31 December 2026; a certificate that runs longer does not carry it further."""
    async with demo.reading() as session:
        offer = (await session.scalars(select(Offer).where(Offer.label == "BIO").limit(1))).one()
    ends = date(2027, 6, 30)
    await change(
        demo,
        update(Offer).where(Offer.id == offer.id).values(label="CE2"),
        update(Certificate)
        .where(Certificate.id == offer.certificate_id)
        .values(label="CE2", valid_from=date(2026, 1, 1), valid_to=ends),
        delete(Capacity).where(Capacity.offer_id == offer.id),
    )
    async with demo.unit_of_work() as session:
        session.add(Capacity(offer_id=offer.id, valid_from=date(2026, 1, 1), valid_to=ends, grams_per_week=None))
        supplier = await session.get_one(Supplier, offer.supplier_id)
        supplier.max_km = None
    found = (await built(demo)).offers[offer.slug]
    assert (found.bucket, found.label_from, found.label_to) == ("EGALIM_AUTRES", date(2026, 1, 1), date(2026, 12, 31))


async def test_a_private_label_never_counts(demo: Database) -> None:
    async with demo.reading() as session:
        offer = (await session.scalars(select(Offer).where(Offer.label == "BIO").limit(1))).one()
    await change(
        demo,
        update(Offer).where(Offer.id == offer.id).values(label="MSC"),
        update(Supplier).where(Supplier.id == offer.supplier_id).values(max_km=None),
        delete(Capacity).where(Capacity.offer_id == offer.id),
    )
    async with demo.unit_of_work() as session:
        session.add(Capacity(offer_id=offer.id, valid_from=FIRST_DAY, valid_to=date(2027, 7, 1), grams_per_week=1000))
    found = (await built(demo)).offers[offer.slug]
    assert (found.label, found.bucket, found.label_from) == ("MSC", NON_EGALIM, None)


async def test_the_problem_is_what_its_folder_says(demo: Database, tmp_path: Path) -> None:
    problem = await built(demo, tmp_path / "problem")
    again = Problem.from_folder(tmp_path / "problem")
    assert again == problem
    assert again.sha256 == problem.sha256


async def test_a_catalogue_without_any_dessert_is_refused_by_name(demo: Database) -> None:
    desserts = select(Dish.id).where(Dish.slot == "dessert").scalar_subquery()
    await change(
        demo, delete(DishLine).where(DishLine.dish_id.in_(desserts)), delete(Dish).where(Dish.slot == "dessert")
    )
    with pytest.raises(BadFolder, match="dessert"):
        await built(demo)
