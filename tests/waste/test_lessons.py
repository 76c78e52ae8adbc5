"""A lesson is drawn from weighings, kept with its trace, and taken by plans; portions are decided and taken back."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError

from catering.db import Database
from catering.menus.models import MenuDish, MenuSource
from catering.people.viewer import Role, Viewer
from catering.recipes.models import PortionChange
from catering.recipes.vocabulary import Slot
from catering.waste import refusals
from catering.waste.models import DishInKitchenLesson, DishLesson, ServiceCovers, WasteLesson, Weighing
from catering.waste.queries_learning import cell_lessons_visible_to, kitchen_lessons_visible_to, lessons_visible_to
from catering.waste.service.learning import dish_book, draw_lesson, observe
from catering.waste.service.portions import Wish, decide, take_back
from catering.waste.service.weighing import record
from catering.waste.vocabulary import Part, Service
from tests.waste.world import CHEF, FARMER, MANAGER, MONDAY, NOW, TODAY, TUESDAY, entry, uai

FIRST, SOON = date(2026, 9, 1), TODAY + timedelta(days=3)
OTHER = Viewer("Autre chef", Role.CHEF, kitchens=frozenset({uai(1)}))
MAIN, STARTER = 2, 1


async def weigh(database: Database, days: int = 4, grams: int = 30) -> None:
    """Both collèges weigh the braised beef by itself on some days, and the whole tray on a day with a menu."""
    async with database.unit_of_work() as session:
        for number, viewer in ((0, CHEF), (1, OTHER)):
            for rank in range(days):
                day = MONDAY - timedelta(days=7 * (rank // 2)) + timedelta(days=rank % 2)
                session.add(ServiceCovers(kitchen_id=number + 1, day=day, service=Service.LUNCH, served=100))
                net = 100 * (grams + rank + number)
                bin_ = entry(
                    f"bac-numero-{rank}-{number}", day=day, part=Part.EDIBLE, gross_g=net + 500, dish="boeuf_braise"
                )
                await record(session, viewer, uai(number), [bin_])


async def drawn(database: Database, first: date = FIRST - timedelta(days=30), last: date = TODAY) -> int:
    async with database.unit_of_work() as session:
        return (await draw_lesson(session, MANAGER, first, last)).id


async def test_a_lesson_is_kept_with_all_that_makes_it_again(any_world: Database) -> None:
    await weigh(any_world)
    number = await drawn(any_world)
    async with any_world.reading() as session:
        lesson = (await session.scalars(select(WasteLesson))).one()
        beef = await session.get_one(DishLesson, {"lesson_id": number, "dish_id": MAIN})
        never = await session.get_one(DishLesson, {"lesson_id": number, "dish_id": STARTER})
        cells = (await session.scalars(select(DishInKitchenLesson))).all()
        latest = (await session.scalars(select(Weighing.id).order_by(Weighing.id.desc()).limit(1))).one()
    assert (lesson.rows, lesson.left_out, lesson.last_weighing_id, lesson.model) == (8, 0, latest, "pooling/2")
    assert lesson.eur_per_kg == 6
    assert Decimal("0.29") < beef.share < Decimal("0.36")
    assert (beef.alone, beef.together, beef.served_g) == (8, 0, 100)
    assert (never.alone, never.weight, never.ranked) == (0, 0, None)
    assert beef.error < never.error
    assert {cell.dish_id for cell in cells} == {MAIN}
    with pytest.raises(IntegrityError, match="only ever added"):
        async with any_world.unit_of_work() as session:
            await session.execute(text("UPDATE dish_lessons SET share = 0"))


async def test_the_same_weighings_give_the_same_lesson_and_a_correction_another(world: Database) -> None:
    await weigh(world)
    one, again = await drawn(world), await drawn(world)
    await weigh_more(world)
    after = await drawn(world)
    async with world.reading() as session:
        shares = [
            (await session.get_one(DishLesson, {"lesson_id": number, "dish_id": MAIN})).share
            for number in (one, again, after)
        ]
    assert shares[0] == shares[1]
    assert shares[2] > shares[0]


async def weigh_more(database: Database) -> None:
    async with database.unit_of_work() as session:
        heavy = entry("lourd-0001", day=MONDAY, part=Part.EDIBLE, gross_g=4_500, dish="boeuf_braise")
        await record(session, CHEF, uai(0), [heavy])


async def test_a_tray_weighed_whole_is_its_menu(world: Database) -> None:
    async with world.unit_of_work() as session:
        for slot, dish in ((Slot.STARTER, STARTER), (Slot.MAIN, MAIN)):
            session.add(
                MenuDish(
                    kitchen_id=1, day=TUESDAY, slot=slot, rank=1, dish_id=dish, covers=100, source=MenuSource.KITCHEN
                )
            )
        session.add(ServiceCovers(kitchen_id=1, day=TUESDAY, service=Service.LUNCH, served=100))
        session.add(ServiceCovers(kitchen_id=1, day=MONDAY, service=Service.LUNCH, served=100))
        await record(session, CHEF, uai(0), [entry("plateau-1", day=TUESDAY, part=Part.EDIBLE, gross_g=4_500)])
        await record(session, CHEF, uai(0), [entry("plateau-2", day=MONDAY, part=Part.EDIBLE, gross_g=4_500)])
    number = await drawn(world)
    async with world.reading() as session:
        lesson = await session.get_one(WasteLesson, number)
        found = (await session.scalars(select(DishLesson).where(DishLesson.together > 0))).all()
    assert (lesson.rows, lesson.left_out) == (1, 1), "Monday has no menu: nobody knows what was on the tray"
    assert [(row.dish_id, row.alone, row.together, row.ranked) for row in found] == [
        (STARTER, 0, 1, None),
        (MAIN, 0, 1, None),
    ]


async def test_a_dish_is_divided_by_who_took_it_and_by_the_portion_of_its_kitchen(world: Database) -> None:
    """Kitchen 1 serves 80 g of beef where the others serve 100; kitchen 2 offers two starters."""
    async with world.unit_of_work() as session:
        session.add(
            PortionChange(
                dish_id=MAIN, kitchen_id=1, before_g=100, served_g=80, least_g=60, most_g=120, grammage="saute_braise",
                valid_from=FIRST, reason="x", evidence="x", decided_at=NOW, decided_by="x",
            )
        )  # fmt: skip
        for day, took in ((MONDAY, 40), (TUESDAY, None)):
            for rank, dish in ((1, STARTER), (2, 3)):
                session.add(
                    MenuDish(
                        kitchen_id=2, day=day, slot=Slot.STARTER, rank=rank, dish_id=dish, covers=50,
                        served_covers=took, source=MenuSource.KITCHEN,
                    )
                )  # fmt: skip
        for kitchen, day in ((1, MONDAY), (2, MONDAY), (2, TUESDAY)):
            session.add(ServiceCovers(kitchen_id=kitchen, day=day, service=Service.LUNCH, served=100))
        await record(session, CHEF, uai(0), [entry(part=Part.EDIBLE, gross_g=2_900, dish="boeuf_braise")])
        bins = [
            entry(f"bac-{day}", day=day, part=Part.EDIBLE, gross_g=1_500, dish="carottes") for day in (MONDAY, TUESDAY)
        ]
        await record(session, OTHER, uai(1), bins)
    async with world.reading() as session:
        found, _ = await observe(session, MANAGER, await dish_book(session, MANAGER, TODAY), FIRST, TODAY)
    assert {(row.kitchen, *row.grams, round(row.share, 3)) for row in found.rows} == {
        (1, MAIN, 0.3),
        (2, STARTER, 0.25),
    }
    assert found.left_out == 1, "of two starters nobody said who took which"


async def test_nothing_weighed_teaches_nothing(world: Database) -> None:
    with pytest.raises(refusals.InvalidLesson, match="Rien à apprendre"):
        await drawn(world)
    with pytest.raises(refusals.InvalidLesson, match="période passée"):
        await drawn(world, TODAY, TODAY + timedelta(days=1))
    async with world.reading() as session:
        with pytest.raises(refusals.NotForAllKitchens):
            await draw_lesson(session, CHEF, FIRST, TODAY)


async def test_a_chef_reads_their_own_effect_and_a_farmer_nothing(world: Database) -> None:
    await weigh(world)
    await drawn(world)
    async with world.reading() as session:
        for viewer, kitchens in ((CHEF, {1}), (OTHER, {2}), (MANAGER, {1, 2}), (FARMER, set())):
            for statement in (kitchen_lessons_visible_to(viewer), cell_lessons_visible_to(viewer)):
                assert {row.kitchen_id for row in await session.scalars(statement)} == kitchens
        assert (await session.scalars(lessons_visible_to(FARMER))).all() == []
        assert len((await session.scalars(lessons_visible_to(CHEF))).all()) == 1


@pytest.mark.parametrize("days", [2, 4])
async def test_a_lesson_takes_as_many_statements_whatever_was_weighed(world: Database, days: int) -> None:
    await weigh(world, days)
    said: list[str] = []
    event.listen(world.engine.sync_engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    await drawn(world)
    assert len([each for each in said if each.split()[0] in ("SELECT", "INSERT")]) <= 16


BEEF = Wish("boeuf_braise", 110, SOON, "Trop dans l'assiette")


async def changed(database: Database, wish: Wish) -> PortionChange:
    async with database.unit_of_work() as session:
        return await decide(session, MANAGER, wish)


async def test_a_portion_is_decided_within_its_grammage_and_taken_back(any_world: Database) -> None:
    row = await changed(any_world, BEEF)
    assert (row.before_g, row.served_g, row.least_g, row.most_g, row.grammage) == (100, 110, 100, 120, "saute_braise")
    assert row.evidence == "Aucun bilan de pesées."
    async with any_world.unit_of_work() as session:
        ended = await take_back(session, MANAGER, row.id, TODAY, "Réclamations")
    assert (ended.valid_to, ended.ended_by) == (TODAY, MANAGER.actor)
    with pytest.raises(refusals.InvalidPortion, match="déjà repris"):
        async with any_world.unit_of_work() as session:
            await take_back(session, MANAGER, row.id, TODAY, "Encore")
    with pytest.raises(IntegrityError, match="only ever added"):
        async with any_world.unit_of_work() as session:
            await session.execute(text("UPDATE portion_changes SET served_g = 111"))
    async with any_world.reading() as session:
        trace = (await session.execute(text("SELECT key FROM change_events ORDER BY id"))).scalars().all()
    assert trace == [f"boeuf_braise {row.id}", f"{MAIN} {row.id}"]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (replace(BEEF, served_g=99), "sort du grammage .Sauté, braisé, bouilli sans os.. Donner de 100 à 120 g"),
        (replace(BEEF, served_g=121), "sort du grammage"),
        (replace(BEEF, served_g=100), "pèse déjà 100 g"),
        (replace(BEEF, valid_from=TODAY), "un jour à venir"),
        (replace(BEEF, dish="inconnu"), "Plat inconnu"),
        (replace(BEEF, dish="jus_d_orange"), "aucun grammage"),
        (replace(BEEF, reason=" "), "écrire de 1 à 300"),
    ],
)
async def test_a_portion_that_cannot_be_is_refused(world: Database, wish: Wish, said: str) -> None:
    with pytest.raises(refusals.InvalidPortion, match=said):
        await changed(world, wish)


async def test_a_step_is_small(world: Database) -> None:
    await changed(world, replace(BEEF, served_g=120))
    with pytest.raises(refusals.InvalidPortion, match="Descendre par pas : 102 g au moins"):
        await changed(world, replace(BEEF, served_g=100, valid_from=SOON + timedelta(days=1)))


async def test_only_nutrition_and_the_departement_decide(world: Database) -> None:
    for viewer in (CHEF, FARMER, Viewer("Auditeur", Role.AUDITOR)):
        async with world.reading() as session:
            with pytest.raises(refusals.NotForAllKitchens):
                await decide(session, viewer, BEEF)
            with pytest.raises(refusals.NotForAllKitchens):
                await take_back(session, viewer, 1, TODAY, "Non")
    assert NOW.date() == TODAY
