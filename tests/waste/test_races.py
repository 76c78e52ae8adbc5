"""Everybody at once, on SQLite and on PostgreSQL: nothing is weighed, planned or taken back twice."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from catering.db import Database
from catering.refusal import Refusal
from catering.waste.models import BiowasteNote, ServiceCovers, WasteDiagnostic, Weighing, WeighingCampaign
from catering.waste.service.counting import count, plan_campaign
from catering.waste.service.diagnosing import Action, Draft, Finding, write
from catering.waste.service.stating import Collected, collect
from catering.waste.service.weighing import record, take_back
from catering.waste.vocabulary import ActionKind, BiowasteStream, Service, Treatment, WasteCause
from tests.waste.world import BURSAR, CHEF, MONDAY, TODAY, entry, rows, uai

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
Doing = Callable[[Any], Coroutine[Any, Any, Any]]


async def at_once(world: Database, *doings: Doing) -> list[str]:
    """Do everything side by side, each in its transaction; the name of each refusal, or nothing."""

    async def one(doing: Doing) -> str:
        try:
            async with world.unit_of_work() as session:
                await doing(session)
        except Refusal as refusal:
            return type(refusal).__name__
        return ""

    return sorted(await asyncio.gather(*(one(doing) for doing in doings)))


async def test_two_tablets_that_replay_the_same_entries_weigh_them_once(any_world: Database) -> None:
    """The same bins, sent at once by two people, in two orders."""
    bins = [entry(f"numero-{n:03}", gross_g=1_000 + n) for n in range(20)]
    told = await at_once(
        any_world,
        *(lambda session: record(session, CHEF, uai(), bins) for _ in range(3)),
        *(lambda session: record(session, BURSAR, uai(), bins[::-1]) for _ in range(3)),
    )
    assert told == [""] * 6
    kept = await rows(any_world, Weighing)
    assert sorted(row.net_g for row in kept) == [500 + n for n in range(20)]


async def test_two_tablets_that_give_one_key_to_two_bins_keep_one(any_world: Database) -> None:
    told = await at_once(
        any_world,
        *(lambda session, n=n: record(session, CHEF, uai(), [entry(gross_g=1_000 + n)]) for n in range(4)),  # type: ignore[misc]
    )
    assert told == ["", *["EntryKeyUsed"] * 3]
    assert len(await rows(any_world, Weighing)) == 1


async def test_a_weighing_is_taken_back_once(any_world: Database) -> None:
    await at_once(any_world, lambda session: record(session, CHEF, uai(), [entry()]))
    (row,) = await rows(any_world, Weighing)
    told = await at_once(
        any_world, *(lambda session: take_back(session, CHEF, row.id, "erreur", None) for _ in range(4))
    )
    assert told == ["", *["AlreadyTakenBack"] * 3]
    assert sum(each.net_g for each in await rows(any_world, Weighing)) == 0


async def test_covers_said_at_once_are_one_row(any_world: Database) -> None:
    said = [{"planned": 100}, {"prepared": 100}, {"served": 90}, {"served": 90}]
    told = await at_once(
        any_world,
        *(lambda session, each=each: count(session, CHEF, uai(), MONDAY, Service.LUNCH, **each) for each in said),  # type: ignore[misc]
    )
    assert told == [""] * 4
    (row,) = await rows(any_world, ServiceCovers)
    assert (row.planned, row.prepared, row.served) == (100, 100, 90)


async def test_campaigns_planned_at_once_do_not_overlap(any_world: Database) -> None:
    def plan(start: date) -> Doing:
        return lambda session: plan_campaign(session, CHEF, uai(), start, start + timedelta(days=7))

    told = await at_once(any_world, *(plan(MONDAY + timedelta(days=each)) for each in (0, 1, 7, 3)))
    kept = await rows(any_world, WeighingCampaign)
    assert told == [""] * len(kept) + ["CampaignOverlaps"] * (4 - len(kept))
    spans = sorted((row.first_day, row.last_day) for row in kept)
    assert all(last < first for (_, last), (first, _) in pairwise(spans))


async def test_two_people_who_write_the_same_version_do_not_lose_one(any_world: Database) -> None:
    draft = Draft(
        0, TODAY, "Gestionnaire", "Chef, infirmière", "On jette trop.", [Finding(WasteCause.DISLIKED, "Épinards")],
        [Action(ActionKind.PORTIONS, "Petite et grande faim", "Chef", TODAY)],
    )  # fmt: skip
    told = await at_once(any_world, *(lambda session: write(session, CHEF, uai(), draft) for _ in range(3)))
    assert told == ["", "DiagnosticMoved", "DiagnosticMoved"]
    assert [row.version for row in await rows(any_world, WasteDiagnostic)] == [1]


async def test_a_collection_sent_twice_is_one(any_world: Database) -> None:
    given = Collected("bordereau-1", TODAY, BiowasteStream.BIOWASTE, Treatment.METHANISATION, 40_000, "Collecteur")
    told = await at_once(any_world, *(lambda session: collect(session, CHEF, uai(), given) for _ in range(3)))
    assert told == [""] * 3
    assert len(await rows(any_world, BiowasteNote)) == 1
