"""What each viewer reads of the kitchens and of their days."""

from datetime import date

import pytest

from catering.db import Database
from catering.kitchens.queries import (
    KEY,
    closures_visible_to,
    covers_visible_to,
    kitchens,
    school_calendar,
    service_days_by_uai,
)
from catering.people.viewer import Role, Viewer, demo_viewer
from catering.seeding import load
from tests.seeding.small import SeedFolder

CHEF = Viewer("Cheffe de Dainville", Role.CHEF, kitchens=frozenset({"0620014D"}))
PRODUCER = Viewer("Ferme des Essarts", Role.PRODUCER, suppliers=frozenset({"ferme"}))


async def uais(database: Database, viewer: Viewer, **asked: object) -> list[str]:
    async with database.reading() as session:
        return [row.uai for row in await session.scalars(kitchens(viewer, **asked).order_by(*KEY))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [
        (demo_viewer(), ["0620004T", "0620014D"]),
        (Viewer("Nutrition", Role.NUTRITION_MANAGER), ["0620004T", "0620014D"]),
        (CHEF, ["0620014D"]),
        (Viewer("Chef sans cuisine", Role.CHEF), []),
        (PRODUCER, []),
    ],
)
async def test_a_viewer_sees_their_kitchens(
    viewer: Viewer, seen: list[str], database: Database, seeds: SeedFolder
) -> None:
    await load(database, seeds.path)
    assert await uais(database, viewer) == seen


async def test_asking_for_a_hidden_kitchen_finds_nothing(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    assert await uais(database, CHEF, uais={"0620004T"}) == []
    assert await uais(database, demo_viewer(), uais={"0620004T"}) == ["0620004T"]
    assert await uais(database, demo_viewer(), epci="Arras") == ["0620014D"]


async def test_the_calendar_of_the_database_is_that_of_the_seeds(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    async with database.reading() as session:
        calendar = await school_calendar(session, demo_viewer())
    assert [span.label for span in calendar.years] == ["2025-26", "2026-27"]
    assert calendar.bridges == {date(2026, 5, 15)}


async def test_service_days_follow_weekdays_covers_and_closures(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    async with database.reading() as session:
        found = await service_days_by_uai(session, demo_viewer(), date(2026, 11, 9), date(2026, 11, 15))
    assert {uai: [(each.day.day, each.covers) for each in days] for uai, days in found.items()} == {
        "0620004T": [(9, 500), (10, 500), (12, 500), (13, 500)],
        "0620014D": [(9, 300), (10, 300), (13, 300)],
    }


async def test_service_days_are_those_of_visible_kitchens(database: Database, seeds: SeedFolder) -> None:
    await load(database, seeds.path)
    async with database.reading() as session:
        found = await service_days_by_uai(session, CHEF, date(2026, 9, 1), date(2027, 7, 2))
    assert list(found) == ["0620014D"]
    assert len(found["0620014D"]) == 174 - 1  # the bridge of 2027 is known to the packages; one closure


@pytest.mark.parametrize(("viewer", "counts"), [(demo_viewer(), (9, 1)), (CHEF, (5, 1)), (PRODUCER, (0, 0))])
async def test_covers_and_closures_are_those_of_visible_kitchens(
    viewer: Viewer, counts: tuple[int, int], database: Database, seeds: SeedFolder
) -> None:
    await load(database, seeds.path)
    async with database.reading() as session:
        covers = (await session.scalars(covers_visible_to(viewer))).all()
        closures = (await session.scalars(closures_visible_to(viewer))).all()
    assert (len(covers), len(closures)) == counts
