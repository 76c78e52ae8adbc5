"""Events announced by a kitchen: by whom, for which days, and taken back once."""

from datetime import date
from typing import Any

import pytest

from catering.attendance.announcing import announce, withdraw
from catering.attendance.models import AttendanceEvent, AttendanceEventKind
from catering.attendance.refusals import InvalidAttendanceEvent, NotAllowed
from catering.db import Database
from catering.people.viewer import Viewer
from catering.refusal import Refusal
from catering.waste.refusals import UnknownKitchen
from tests.waste.conftest import _moment, any_world
from tests.waste.world import CHEF, MANAGER, OTHER_CHEF, rows, uai

__all__ = ["_moment", "any_world"]
COMING = date(2026, 9, 21)


async def say(database: Database, viewer: Viewer = CHEF, **given: Any) -> AttendanceEvent:
    usual: dict[str, Any] = {"kind": AttendanceEventKind.TRIP, "first": COMING, "last": COMING, "difference": -30}
    async with database.unit_of_work() as session:
        return await announce(session, viewer, uai(0), **(usual | given))


@pytest.mark.parametrize(
    ("viewer", "given", "reason"),
    [
        (CHEF, {"difference": 0}, InvalidAttendanceEvent),
        (CHEF, {"first": date(2026, 9, 17)}, InvalidAttendanceEvent),
        (CHEF, {"last": date(2026, 9, 20)}, InvalidAttendanceEvent),
        (CHEF, {"first": date(2026, 9, 23), "last": date(2026, 9, 23)}, InvalidAttendanceEvent),
        (OTHER_CHEF, {}, UnknownKitchen),
        (MANAGER, {}, NotAllowed),
    ],
)
async def test_what_cannot_be_is_refused(
    any_world: Database, viewer: Viewer, given: dict[str, Any], reason: type[Refusal]
) -> None:
    with pytest.raises(reason):
        await say(any_world, viewer, **given)
    assert await rows(any_world, AttendanceEvent) == []


async def test_a_refusal_speaks_of_events(any_world: Database) -> None:
    with pytest.raises(NotAllowed, match="sorties, examens et grèves"):
        await say(any_world, MANAGER)


async def test_an_event_is_withdrawn_once_by_its_kitchen(any_world: Database) -> None:
    number = (await say(any_world)).id
    for viewer, reason in ((OTHER_CHEF, InvalidAttendanceEvent), (MANAGER, NotAllowed)):
        with pytest.raises(reason):
            async with any_world.unit_of_work() as session:
                await withdraw(session, viewer, number)
    for _ in range(2):
        async with any_world.unit_of_work() as session:
            await withdraw(session, CHEF, number)
    (row,) = await rows(any_world, AttendanceEvent)
    assert row.withdrawn_by == CHEF.actor
