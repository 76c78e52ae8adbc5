"""A load is all or nothing, changes only what differs, and leaves a trace of it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from catering.db import Base, Database
from catering.kitchens.models import Kitchen, KitchenClosure, KitchenCovers
from catering.market.models import Capacity, Certificate, Offer, Supplier
from catering.people.models import ChangeEvent
from catering.planning.models import PlanScenario, ScenarioKitchen
from catering.recipes.models import Dish, DishLine, Ingredient
from catering.recipes.vocabulary import Allergen
from catering.seeding import SeedFaultsError, load, report_lines
from catering.tables import all_tables
from catering.waste.models import Weighing
from tests.seeding.small import (
    CAPACITIES,
    CERTIFICATES,
    COVERS,
    INGREDIENTS,
    KITCHENS,
    MAIN_LINES,
    MAINS,
    OFFERS,
    SUPPLIERS,
    WEIGHINGS,
    SeedFolder,
)


async def everything(database: Database) -> dict[str, Sequence[Any]]:
    """Every row of every table."""
    async with database.reading() as session:
        return {
            table.name: (await session.execute(select(table).order_by(*table.primary_key))).all()
            for table in all_tables().sorted_tables
        }


async def events(database: Database) -> list[ChangeEvent]:
    async with database.reading() as session:
        return list(await session.scalars(select(ChangeEvent).order_by(ChangeEvent.id)))


async def test_the_tables_hold_what_the_files_say(database: Database, seeds: SeedFolder) -> None:
    report = await load(database, seeds.path)
    assert {table.name: table.added for table in report.tables} == {
        "school_years": 2,
        "bridges": 1,
        "kitchens": 2,
        "kitchen_covers": 9,
        "kitchen_closures": 1,
        "ingredients": 6,
        "ingredient_allergens": 4,
        "dishes": 5,
        "dish_lines": 8,
        "suppliers": 2,
        "hygiene_permits": 1,
        "certificates": 1,
        "offers": 3,
        "capacities": 4,
        "weighing_campaigns": 1,
        "service_covers": 2,
        "weighings": 2,
    }
    async with database.reading() as session:
        offer = (
            await session.scalars(
                select(Offer)
                .where(Offer.slug == "ferme__carotte__bio")
                .options(selectinload(Offer.capacities), selectinload(Offer.supplier), selectinload(Offer.certificate))
            )
        ).one()
        assert offer.price_eur_per_pack == Decimal("9.2550")
        assert offer.certificate is not None
        assert (offer.supplier.slug, offer.certificate.number) == ("ferme", "FR-BIO-00-1")
        assert offer.supplier.delivery_weekdays == {1, 3}
        assert [(row.valid_from, row.grams_per_week) for row in offer.capacities] == [
            (date(2026, 9, 1), 400_000),
            (date(2027, 1, 1), 150_000),
        ]
        unlimited = await session.scalar(
            select(Capacity.grams_per_week)
            .join(Offer, Offer.id == Capacity.offer_id)
            .where(Offer.slug == "grossiste__boeuf")
        )
        assert unlimited is None


async def test_an_empty_cell_is_unknown_and_never_zero(database: Database, seeds: SeedFolder) -> None:
    seeds.set(INGREDIENTS, 2, calcium_mg="", fat_g="0", animal_flesh="")
    await load(database, seeds.path)
    async with database.reading() as session:
        carrot = (await session.scalars(select(Ingredient).where(Ingredient.slug == "carotte"))).one()
    assert (carrot.calcium_mg, carrot.fat_g, carrot.animal_flesh) == (None, Decimal(0), None)


async def test_the_lines_of_a_dish_keep_the_order_of_the_file(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    async with database.reading() as session:
        dish = (
            await session.scalars(
                select(Dish)
                .where(Dish.slug == "boeuf_carottes")
                .options(selectinload(Dish.lines).selectinload(DishLine.ingredient))
            )
        ).one()
    assert [(line.ingredient.slug, line.grams) for line in dish.lines] == [
        ("boeuf", 100),
        ("carotte", 80),
        ("beurre", 5),
    ]


async def test_a_second_load_changes_nothing(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    before = await everything(database)
    report = await load(database, seeds.path)
    assert report.changes == 0
    assert report["offers"].unchanged == 3
    assert await everything(database) == before
    assert await events(database) == []


async def test_what_people_entered_stays_when_the_files_are_loaded_again(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    async with database.unit_of_work() as session:
        offer = (await session.scalars(select(Offer).where(Offer.slug == "ferme__carotte__bio"))).one()
        columns = [column.name for column in Offer.__table__.columns if column.name not in ("id", "slug", "made_by")]
        mine = Offer(slug="ferme__mine", made_by="account 7", **{name: getattr(offer, name) for name in columns})
        session.add(mine)
        await session.flush()
        session.add(Capacity(offer_id=mine.id, valid_from=date(2027, 1, 1), valid_to=date(2027, 6, 30)))
    before = await everything(database)
    assert (await load(database, seeds.path)).changes == 0
    assert await everything(database) == before


async def test_what_people_weighed_stays_when_the_files_are_loaded_again(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    async with database.unit_of_work() as session:
        row = (await session.scalars(select(Weighing).where(Weighing.entry_key == "demo-0001"))).one()
        names = [
            column.name for column in Weighing.__table__.columns if column.name not in ("id", "entry_key", "made_by")
        ]
        session.add(
            Weighing(entry_key="tablette-1", made_by="account 7", **{name: getattr(row, name) for name in names})
        )
    before = await everything(database)
    assert (await load(database, seeds.path)).changes == 0
    assert await everything(database) == before


async def test_a_weighing_that_somebody_took_back_cannot_vanish(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    async with database.unit_of_work() as session:
        row = (await session.scalars(select(Weighing).where(Weighing.entry_key == "demo-0001"))).one()
        own = ("id", "entry_key", "made_by", "reverses_id")
        same = {each.name: getattr(row, each.name) for each in Weighing.__table__.columns if each.name not in own}
        same |= {name: -same[name] for name in ("gross_g", "tare_g", "net_g")}
        session.add(Weighing(entry_key="-1", made_by="account 7", reverses_id=row.id, **same))
    seeds.keep(WEIGHINGS, lambda each: each["entry_key"] != "demo-0001")
    with pytest.raises(SeedFaultsError, match="weighings s'en servent"):
        await load(database, seeds.path)


async def test_the_words_of_a_product_are_found_without_accents(database: Database, seeds: SeedFolder) -> None:
    seeds.set(OFFERS, 2, product="Bœuf d'Été à l'Échalote")
    await load(database, seeds.path)
    async with database.reading() as session:
        words = await session.scalars(select(Offer.search).where(Offer.slug == "grossiste__carotte"))
    assert words.one() == "boeuf d'ete a l'echalote"


async def test_a_changed_row_keeps_its_number_and_leaves_a_trace(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    before = await everything(database)
    seeds.set(OFFERS, 2, price_eur_per_pack="9.10")
    seeds.set(INGREDIENTS, 2, months="9 10")
    report = await load(database, seeds.path)
    assert (report["offers"].changed, report["offers"].unchanged, report.changes) == (1, 2, 2)
    after = await everything(database)
    assert [row.id for row in after["offers"]] == [row.id for row in before["offers"]]
    assert [(event.subject, event.key, event.before, event.after) for event in await events(database)] == [
        ("ingredients", "carotte", {"months": [1, 2, 3, 9, 10, 11, 12]}, {"months": [9, 10]}),
        ("offers", "grossiste__carotte", {"price_eur_per_pack": "8.9000"}, {"price_eur_per_pack": "9.10"}),
    ]


async def test_a_vanished_row_is_removed_with_what_hangs_on_it_and_named(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    seeds.keep(OFFERS, lambda row: row["supplier"] != "ferme")
    seeds.keep(CAPACITIES, lambda row: not row["offer"].startswith("ferme"))
    seeds.keep(CERTIFICATES, lambda _: False)
    seeds.keep(SUPPLIERS, lambda row: row["id"] != "ferme")
    report = await load(database, seeds.path)
    assert report["suppliers"].gone == ("ferme",)
    assert report["capacities"].gone == ("ferme__carotte__bio 2026-09-01", "ferme__carotte__bio 2027-01-01")
    assert "retirée (offres) : ferme__carotte__bio" in report_lines(report)
    rows = await everything(database)
    assert [len(rows[name]) for name in ("suppliers", "certificates", "offers", "capacities")] == [1, 0, 2, 2]
    gone = [event for event in await events(database) if event.subject == "offers"]
    assert [(event.key, event.after) for event in gone] == [("ferme__carotte__bio", None)]
    assert gone[0].before is not None
    assert gone[0].before["price_eur_per_pack"] == "9.2550"


async def test_a_vanished_allergen_is_removed(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    seeds.set(INGREDIENTS, 7, allergens="gluten")
    report = await load(database, seeds.path)
    assert report["ingredient_allergens"].gone == (f"pates {Allergen.EGGS}",)


async def test_a_row_that_a_plan_uses_cannot_vanish(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    async with database.unit_of_work() as session:
        kitchen = (await session.scalars(select(Kitchen).where(Kitchen.uai == "0620014D"))).one()
        scenario = PlanScenario(
            name="essai",
            school_year="2026-27",
            first_day=date(2026, 9, 1),
            last_day=date(2027, 7, 2),
            created_at=datetime.now(UTC),
            created_by="essai",
        )
        session.add(scenario)
        await session.flush()
        session.add(ScenarioKitchen(scenario_id=scenario.id, kitchen_id=kitchen.id))
    before = await everything(database)
    seeds.keep(KITCHENS, lambda row: row["uai"] != "0620014D")
    seeds.keep(COVERS, lambda row: row["uai"] != "0620014D")
    seeds.keep("kitchens/closures.csv", lambda _: False)
    seeds.keep("calendar/school_years.csv", lambda row: row["school_year"] != "2026-27")
    with pytest.raises(SeedFaultsError) as refused:
        await load(database, seeds.path)
    assert [(fault.file, fault.value) for fault in refused.value.faults] == [
        ("calendar/school_years.csv", "2026-27"),
        (KITCHENS, "0620014D"),
    ]
    assert "plan_scenario_kitchens" in refused.value.faults[1].message
    assert await everything(database) == before


@pytest.mark.parametrize(
    ("file", "line", "cells"),
    [
        (MAIN_LINES, 2, {"ingredient": "nulle_part"}),
        (CAPACITIES, 2, {"valid_from": ""}),
        (MAINS, 2, {"served_g": "-1"}),
    ],
)
async def test_a_folder_with_a_fault_leaves_the_database_as_it_was(
    file: str, line: int, cells: dict[str, str], database: Database, seeds: SeedFolder
) -> None:
    await load(database, seeds.path)
    before = await everything(database)
    seeds.set(OFFERS, 2, price_eur_per_pack="99")
    seeds.set(file, line, **cells)
    with pytest.raises(SeedFaultsError):
        await load(database, seeds.path)
    assert await everything(database) == before


async def test_a_certificate_may_pass_to_another_supplier_with_its_offers(
    database: Database, seeds: SeedFolder
) -> None:
    await load(database, seeds.path)
    seeds.set(CERTIFICATES, 2, supplier="grossiste")
    seeds.set(OFFERS, 3, supplier="grossiste")
    report = await load(database, seeds.path)
    assert (report["certificates"].changed, report["offers"].changed) == (1, 1)


async def test_progress_goes_through_both_phases_to_their_end(database: Database, seeds: SeedFolder) -> None:
    seen: list[tuple[str, int, int]] = []
    await load(database, seeds.path, lambda phase, done, total, note="": seen.append((phase, done, total)))
    assert ("Lecture des tables", 16, 16) in seen
    assert seen[-1] == ("Chargement des tables", 16, 16)
    assert all(done <= total for _, done, total in seen)


async def number(database: Database, model: type[Base]) -> int:
    async with database.reading() as session:
        return (await session.scalars(select(func.min(model.__table__.c.id)))).one()


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (KitchenCovers, {"weekday": 2, "covers": 0}),
        (KitchenCovers, {"weekday": 5, "covers": 10}),
        (DishLine, {"position": 9, "grams": -5}),
        (Capacity, {"valid_from": date(2028, 1, 2), "valid_to": date(2028, 1, 1), "grams_per_week": 5}),
        (Capacity, {"valid_from": date(2028, 1, 1), "valid_to": date(2028, 1, 2), "grams_per_week": 0}),
    ],
)
async def test_the_database_itself_refuses_what_the_loader_refuses(
    model: type[Base], values: dict[str, Any], database: Database, seeds: SeedFolder
) -> None:
    await load(database, seeds.path)
    parents = {"kitchen_id": Kitchen, "dish_id": Dish, "ingredient_id": Ingredient, "offer_id": Offer}
    keys = {column: await number(database, parent) for column, parent in parents.items() if column in model.__table__.c}
    if model is DishLine:
        keys["ingredient_id"] += 1  # an ingredient that the first dish does not contain
    with pytest.raises(IntegrityError, match="ck_"):
        async with database.unit_of_work() as session:
            await session.execute(insert(model).values(**keys, **values))


async def test_the_database_refuses_a_label_without_certificate_and_somebody_elses(
    database: Database, seeds: SeedFolder
) -> None:
    await load(database, seeds.path)
    async with database.reading() as session:
        certificate = (await session.scalars(select(Certificate))).one()
        offer = (await session.scalars(select(Offer).where(Offer.slug == "grossiste__boeuf"))).one()
        supplier = await session.get_one(Supplier, offer.supplier_id)
    assert certificate.supplier_id != supplier.id
    for changes in ({"label": "BIO"}, {"label": "BIO", "certificate_id": certificate.id}):
        with pytest.raises(IntegrityError):
            async with database.unit_of_work() as session:
                mine = await session.get_one(Offer, offer.id)
                for name, value in changes.items():
                    setattr(mine, name, value)


async def test_closures_are_loaded(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    async with database.reading() as session:
        assert [row.day for row in await session.scalars(select(KitchenClosure))] == [date(2026, 11, 12)]
