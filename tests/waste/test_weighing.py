"""What may be noted, what is refused by name, and how a mistake is mended without a trace being lost."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from catering.db import Database
from catering.kitchens.models import KitchenClosure
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer
from catering.waste import refusals
from catering.waste.models import ServiceCovers, Weighing, WeighingCampaign
from catering.waste.queries import summed, weighings
from catering.waste.rules.result import result
from catering.waste.service.counting import cancel_campaign, count, plan_campaign
from catering.waste.service.stating import SiteStatement, state
from catering.waste.service.weighing import Entry, record, take_back
from catering.waste.vocabulary import FoodGroup, KitchenKind, Part, Service, Stage, WasteCause
from tests.waste.world import (
    CHEF,
    FARMER,
    MANAGER,
    MONDAY,
    NOW,
    OTHER_CHEF,
    TODAY,
    TUESDAY,
    WEDNESDAY,
    entry,
    rows,
    uai,
)


async def noted(world: Database, *entries: Entry, viewer: Viewer = CHEF) -> list[Weighing]:
    async with world.unit_of_work() as session:
        return await record(session, viewer, uai(), entries)


async def net(world: Database) -> list[int]:
    async with world.reading() as session:
        return [row.net_g for row in await session.execute(summed(weighings(CHEF)))]


async def test_a_weighing_is_net_of_its_bin(world: Database) -> None:
    kept = await noted(world, entry(dish="carottes", cause=WasteCause.DISLIKED))
    assert [(row.net_g, row.dish_id, row.made_by) for row in kept] == [(3_000, 1, "Chef")]


async def test_what_is_sent_again_is_one_weighing_whoever_sends_it(world: Database) -> None:
    first = await noted(world, entry())
    again = await noted(world, entry(), entry("tablette-2", gross_g=1_000))
    assert [row.id for row in again] == [first[0].id, first[0].id + 1]
    assert len(await rows(world, Weighing)) == 2


async def test_a_weighing_kept_is_answered_again_though_its_day_was_closed_since(world: Database) -> None:
    (first,) = await noted(world, entry(dish="carottes"))
    async with world.unit_of_work() as session:
        session.add(KitchenClosure(kitchen_id=1, day=MONDAY, reason="Grève"))
    (again,) = await noted(world, entry(dish="carottes"))
    assert again.id == first.id
    with pytest.raises(refusals.InvalidWeighing, match="jour de service"):
        await noted(world, entry("tablette-2"))


async def test_a_key_is_never_used_for_something_else(world: Database) -> None:
    await noted(world, entry())
    with pytest.raises(refusals.EntryKeyUsed, match="tablette-1"):
        await noted(world, entry(gross_g=4_000))
    assert await net(world) == [3_000]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"gross_g": -1_000}, "négative"),
        ({"gross_g": 0, "tare_g": 0}, "négative"),
        ({"tare_g": -1}, "négative"),
        ({"gross_g": 400}, "tare"),
        ({"gross_g": 500_001}, "dépasse"),
        ({"stage": Stage.PREPARATION}, "GAS-12"),
        ({"day": WEDNESDAY}, "jour de service"),
        ({"day": date(2026, 8, 31)}, "jour de service"),
        ({"day": date(2026, 10, 20)}, "à venir"),
        ({"day": date(2025, 6, 2)}, "remonte"),
        ({"noted_at": NOW + timedelta(hours=1)}, "à venir"),
        ({"dish": "inconnu"}, "Plat inconnu"),
        ({"dish": "jus_d_orange"}, "boisson"),
        ({"dish": "carottes", "food_group": FoodGroup.SIDE}, "famille"),
        ({"note": "x" * 301}, "300"),
    ],
)
async def test_what_cannot_be_is_refused(world: Database, given: dict[str, Any], said: str) -> None:
    with pytest.raises(refusals.InvalidWeighing, match=said):
        await noted(world, entry("tablette-0", gross_g=600), entry(**given))
    assert await rows(world, Weighing) == [], "all or none"


@pytest.mark.parametrize(
    "entries", [[], [entry("court")], [entry(), entry()], [entry(f"numero-{n:03}") for n in range(101)]]
)
async def test_keys_must_tell_weighings_apart(world: Database, entries: Sequence[Entry]) -> None:
    with pytest.raises(refusals.InvalidWeighing):
        await noted(world, *entries)


async def test_only_who_cooks_for_the_kitchen_weighs(world: Database) -> None:
    for viewer in (MANAGER, FARMER):
        with pytest.raises(refusals.NotAllowed):
            await noted(world, entry(), viewer=viewer)
    with pytest.raises(refusals.UnknownKitchen):
        await noted(world, entry(), viewer=OTHER_CHEF)


async def test_nine_hundred_grams_per_cover_ask_first_and_both_figures_stay(world: Database) -> None:
    """A hundred covers by the calendar: 90 kg edible are 900 g each."""
    heavy = entry(part=Part.EDIBLE, gross_g=90_500)
    with pytest.raises(refusals.ConfirmationNeeded, match=r"900,0 g comestibles par couvert \(100 couverts\)") as told:
        await noted(world, heavy)
    assert told.value.limit < told.value.per_cover
    assert await rows(world, Weighing) == []
    async with world.unit_of_work() as session:
        await record(session, CHEF, uai(), [entry(part=Part.EDIBLE, gross_g=90_500, confirmed=True)])
    assert [row.confirmed for row in await rows(world, Weighing)] == [True]


async def test_many_small_bins_ask_as_one_large_does(world: Database) -> None:
    bins = [entry(f"numero-{n:03}", part=Part.EDIBLE, gross_g=10_500) for n in range(6)]
    await noted(world, *bins[:5])
    with pytest.raises(refusals.ConfirmationNeeded, match="600"):
        await noted(world, bins[5])


async def test_covers_that_were_counted_decide_what_is_unusual(world: Database) -> None:
    async with world.unit_of_work() as session:
        await count(session, CHEF, uai(), MONDAY, Service.LUNCH, served=10)
    with pytest.raises(refusals.ConfirmationNeeded, match="10 couverts"):
        await noted(world, entry(part=Part.EDIBLE, gross_g=6_000))


async def test_covers_counted_after_the_bins_ask_too_and_both_figures_stay(any_world: Database) -> None:
    """In a nursing home no calendar knows covers: nothing can ask before they are counted."""
    async with any_world.unit_of_work() as session:
        await state(session, CHEF, uai(), SiteStatement(KitchenKind.EHPAD))
        bins = [entry(f"bac-{stage}", stage=stage, part=Part.EDIBLE, gross_g=30_500) for stage in Stage]
        await record(session, CHEF, uai(), bins)
    with pytest.raises(refusals.ConfirmationNeeded, match=r"14/09/2026.* 900,0 g comestibles par couvert"):
        async with any_world.unit_of_work() as session:
            await count(session, CHEF, uai(), MONDAY, Service.LUNCH, served=100)
    assert await rows(any_world, ServiceCovers) == []
    for served, confirmed, kept in ((100, True, True), (1000, False, False), (100, True, True)):
        async with any_world.unit_of_work() as session:
            row = await count(session, CHEF, uai(), MONDAY, Service.LUNCH, served=served, confirmed=confirmed)
            assert row.confirmed is kept
    weighed, counted = await rows(any_world, Weighing), await rows(any_world, ServiceCovers)
    found = result(weighed, counted)
    assert found.per_cover is not None
    assert (str(found.per_cover.value), found.without_unusual) == ("900.0", None)


async def test_a_mistake_is_mended_by_its_opposite(world: Database) -> None:
    (row,) = await noted(world, entry())
    async with world.unit_of_work() as session:
        await take_back(session, CHEF, row.id, "mauvais bac", entry("tablette-2", gross_g=2_500))
    kept = await rows(world, Weighing)
    assert [(each.net_g, each.reverses_id) for each in kept] == [(3_000, None), (-3_000, row.id), (2_000, None)]
    assert await net(world) == [2_000]
    async with world.unit_of_work() as session:
        with pytest.raises(refusals.AlreadyTakenBack):
            await take_back(session, CHEF, row.id, "encore", None)
    assert (await noted(world, entry()))[0].id == row.id, "a tablet that sends it again still changes nothing"
    assert await net(world) == [2_000]


async def test_an_opposite_row_is_not_taken_back_and_others_rows_are_unknown(world: Database) -> None:
    (row,) = await noted(world, entry())
    async with world.unit_of_work() as session:
        opposite = await take_back(session, CHEF, row.id, "erreur", None)
        with pytest.raises(refusals.InvalidWeighing):
            await take_back(session, CHEF, opposite.id, "erreur", None)
        with pytest.raises(refusals.UnknownWeighing):
            await take_back(session, OTHER_CHEF, row.id, "erreur", None)
        with pytest.raises(refusals.NotAllowed):
            await take_back(session, MANAGER, row.id, "erreur", None)


async def test_covers_come_piece_by_piece_and_leave_a_trace(world: Database) -> None:
    for said in ({"planned": 100}, {"prepared": 105, "served": 98}, {"served": 97}, {"served": 97}):
        async with world.unit_of_work() as session:
            await count(session, CHEF, uai(), MONDAY, Service.LUNCH, **said)
    (row,) = await rows(world, ServiceCovers)
    assert (row.planned, row.prepared, row.served) == (100, 105, 97)
    events = await rows(world, ChangeEvent)
    assert [event.after for event in events] == [{"planned": 100}, {"prepared": 105, "served": 98}, {"served": 97}]
    assert events[-1].before == {"served": 98}


@pytest.mark.parametrize(
    ("day", "said", "why"),
    [
        (MONDAY, {"prepared": 100, "served": 101}, "101 couverts servis pour 100 préparés"),
        (MONDAY, {"served": -1}, "-1"),
        (MONDAY, {"planned": 20_001}, "20001"),
        (MONDAY, {}, "Rien"),
        (WEDNESDAY, {"served": 3}, "jour de service"),
        (TODAY + timedelta(days=3), {"served": 3}, "à venir"),
        (date(2028, 9, 4), {"planned": 3}, "année"),
    ],
)
async def test_covers_that_cannot_be_are_refused(world: Database, day: date, said: dict[str, int], why: str) -> None:
    async with world.unit_of_work() as session:
        with pytest.raises(refusals.InvalidCovers, match=why):
            await count(session, CHEF, uai(), day, Service.LUNCH, **said)


async def test_a_campaign_needs_five_days_of_service_and_never_overlaps(world: Database) -> None:
    friday = MONDAY + timedelta(days=4)
    async with world.unit_of_work() as session:
        with pytest.raises(refusals.InvalidCampaign, match="4 jours de service"):
            await plan_campaign(session, CHEF, uai(), MONDAY, friday)
        await plan_campaign(session, CHEF, uai(), MONDAY, MONDAY + timedelta(days=7))
    async with world.unit_of_work() as session:
        with pytest.raises(refusals.CampaignOverlaps, match="14/09/2026 au 21/09/2026"):
            await plan_campaign(session, CHEF, uai(), MONDAY + timedelta(days=7), MONDAY + timedelta(days=14))
        with pytest.raises(refusals.InvalidCampaign, match="suivant"):
            await plan_campaign(session, CHEF, uai(), TUESDAY, MONDAY)
    async with world.unit_of_work() as session:
        (row,) = await rows(world, WeighingCampaign)
        await cancel_campaign(session, CHEF, row.id, "grève")
    assert await rows(world, WeighingCampaign) == []


async def test_a_nursing_home_weighs_seven_days_every_service(world: Database) -> None:
    async with world.unit_of_work() as session:
        await state(session, CHEF, uai(), SiteStatement(KitchenKind.EHPAD))
    async with world.unit_of_work() as session:
        with pytest.raises(refusals.InvalidCampaign, match="6 jours de suite"):
            await plan_campaign(session, CHEF, uai(), MONDAY, MONDAY + timedelta(days=5))
        await plan_campaign(session, CHEF, uai(), MONDAY, MONDAY + timedelta(days=6))
        await record(session, CHEF, uai(), [entry(day=WEDNESDAY, service=Service.DINNER)])
