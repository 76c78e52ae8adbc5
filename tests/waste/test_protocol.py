"""Whether a period is a campaign: days that count, days that lack, services of a place of care; one service alone."""

from datetime import date, timedelta
from typing import Any

from catering.db import Database
from catering.graph.request import Request
from catering.settings import Settings
from catering.waste.reading import Measured, kept, measured
from catering.waste.rules.kept import ProtocolKept, protocol_kept, services_of
from catering.waste.rules.result import result
from catering.waste.service.counting import count
from catering.waste.service.stating import SiteStatement, state
from catering.waste.service.weighing import record
from catering.waste.vocabulary import KitchenKind, Part, Service, Stage
from tests.waste.test_cases import Covers, Row
from tests.waste.world import CHEF, MONDAY, TODAY, TUESDAY, entry, uai

L, D, B = Service.LUNCH, Service.DINNER, Service.BREAKFAST


async def day(database: Database, when: date, services: tuple[Service, ...] = (L,), prepared_at: Service = L) -> None:
    """3 kg of each stage of every service, preparation at one of them; 100 covers each."""
    async with database.unit_of_work() as session:
        for service in services:
            await count(session, CHEF, uai(), when, service, served=100)
            stages = [stage for stage in Stage if stage is not Stage.PREPARATION or service is prepared_at]
            bins = [
                entry(
                    f"b-{when}-{service}-{stage}", day=when, service=service, stage=stage, part=Part.EDIBLE,
                    gross_g=3_500,
                )
                for stage in stages
            ]  # fmt: skip
            await record(session, CHEF, uai(), bins)


async def read(
    database: Database, first: date, last: date, service: Service | None = None
) -> tuple[Measured, ProtocolKept]:
    request = Request(database, CHEF, Settings())
    found = await measured(request, uai(), first, last, service)
    assert found is not None
    stands = await kept(request, found)
    await request.forget()
    return found, stands


async def test_a_campaign_of_which_one_day_was_weighed_says_so(any_world: Database) -> None:
    first, last = date(2026, 9, 7), date(2026, 9, 14)
    await day(any_world, MONDAY)
    found, stands = await read(any_world, first, last)
    assert found.result.partial_days == []
    assert (stands.rule, stands.days, stands.asked, stands.over, stands.kept) == ("GAS-10", 1, 5, True, False)
    assert stands.missing == [date(2026, 9, each) for each in (7, 8, 10, 11)]
    assert stands.told == "Protocole (GAS-10) pas tenu : 1 jours complets et comptés sur 5 demandés."
    _, running = await read(any_world, MONDAY, TODAY + timedelta(days=10))
    assert (running.over, running.kept) == (False, False)
    assert running.missing is not None
    assert max(running.missing) <= TODAY, "what is to come does not lack yet"
    for when in (7, 8, 10, 11):
        await day(any_world, date(2026, 9, when))
    _, whole = await read(any_world, first, last)
    assert (whole.days, whole.missing, whole.kept) == (5, [], True)


async def care(database: Database, services: list[Service] | None = None) -> None:
    async with database.unit_of_work() as session:
        await state(session, CHEF, uai(), SiteStatement(KitchenKind.EHPAD, services=services))


async def test_a_nursing_home_that_weighs_its_lunches_has_no_complete_day(any_world: Database) -> None:
    first = date(2026, 9, 7)
    days = [first + timedelta(days=n) for n in range(7)]
    await care(any_world)
    for each in days:
        await day(any_world, each)
    found, stands = await read(any_world, days[0], days[-1])
    assert found.result.partial_days == days
    assert (found.result.per_cover, stands.days, stands.kept) == (None, 0, False)
    await care(any_world, [L])
    found, stands = await read(any_world, days[0], days[-1])
    assert (found.result.partial_days, stands.days, stands.asked, stands.kept) == ([], 7, 7, True)


def test_days_of_care_follow_each_other() -> None:
    days = [date(2026, 9, n) for n in (1, 2, 3, 5, 6, 7, 8, 9)]
    rows = [Row(each, stage, Part.EDIBLE, 1_000) for each in days for stage in Stage]
    found = result(rows, [Covers(each, 50) for each in days])
    of_care = protocol_kept(KitchenKind.SOCIAL, found, days, days[-1], TODAY)
    assert (of_care.days, of_care.asked, of_care.kept) == (5, 7, False)
    assert protocol_kept(KitchenKind.COLLEGE, found, None, days[-1], TODAY).kept is True
    assert services_of(KitchenKind.EHPAD, None) == {B, L, D}
    assert services_of(KitchenKind.COLLEGE, None) == frozenset()


async def test_each_service_has_its_part_of_the_peelings(any_world: Database) -> None:
    """Peelings of the whole day noted at noon: 60 g at table and 15 g of preparation, at noon as in the evening."""
    await care(any_world, [L, D])
    for each in (MONDAY, TUESDAY):
        await day(any_world, each, (L, D))
    figures: dict[Any, str] = {}
    for service in (None, L, D):
        found, _ = await read(any_world, MONDAY, TUESDAY, service)
        assert found.result.per_cover is not None
        assert found.result.partial_days == []
        figures[service] = str(found.result.per_cover.value)
    assert figures == {None: "75.0", L: "75.0", D: "75.0"}


def test_parts_of_a_service_add_up_to_the_day_and_an_uncounted_one_stays_unknown() -> None:
    stages = (Stage.UNSERVED, Stage.PLATES)
    rows = [Row(MONDAY, stage, Part.EDIBLE, 1_000, meal) for stage in stages for meal in (L, D)]
    rows.append(Row(MONDAY, Stage.PREPARATION, Part.EDIBLE, 1_001, D))
    rows.append(Row(MONDAY, Stage.PREPARATION, Part.INEDIBLE, 700, L))
    counted = [Covers(MONDAY, 61, L), Covers(MONDAY, 40, D)]
    parts = [result(rows, counted, only=meal).mass for meal in (L, D)]
    whole = result(rows, counted).mass
    assert (sum(each.edible_g for each in parts), sum(each.inedible_g for each in parts)) == (
        whole.edible_g, whole.inedible_g,
    )  # fmt: skip
    assert result(rows, [Covers(MONDAY, 61, L)], only=L).partial_days == [MONDAY], "the evening was not counted"
    assert result(rows, counted, only=B).days == []
