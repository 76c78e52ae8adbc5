"""Packs weigh what they say, or nearly; a reception has a day that can be; what is written can be read."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from catering.db import Database
from catering.purchases.models import PurchaseLine
from catering.receiving import refusals
from catering.receiving.models import Reception, ReceptionLine
from catering.receiving.service.credit import decline
from catering.receiving.service.receive import Noted, correct, receive
from catering.receiving.service.stock import count
from catering.receiving.vocabulary import Decision, ReceptionReason
from tests.receiving.test_invoices import done
from tests.receiving.world import CARROT, CHEF, FARMER, MILK, MINCE, SENT, TODAY, a_pass, noted, rows

UNREADABLE = ["a\x00b", "\ud800", "L\u202e12", "\u200b", "x" * 400]
SOME = {"decision": Decision.RESERVED, "reason": ReceptionReason.WEIGHT}


@pytest.mark.parametrize(
    ("note", "grams"),
    [
        (noted(CARROT, packs=1), 10_000),
        (noted(CARROT, packs=1, accepted_g=9_100, **SOME), 9_100),
        (noted(MINCE, packs=5, delivered_g=18_000), 18_000),
        (noted(MINCE, packs=5, delivered_g=12_000), 12_000),
        (noted(MINCE, packs=5, delivered_g=15_000, accepted_packs=2, accepted_g=7_200, **SOME), 7_200),
    ],
)
async def test_a_weight_that_packs_may_have_is_bought(note: Any, grams: int, world: Database) -> None:
    await done(world, receive, a_pass(note), viewer=CHEF)
    assert [row.grams for row in await rows(world, PurchaseLine)] == [grams]


@pytest.mark.parametrize(
    "note",
    [
        noted(CARROT, packs=1, delivered_g=49_000_000),
        noted(CARROT, packs=1, delivered_g=10_001),
        noted(CARROT, packs=1, delivered_g=9_999),
        noted(CARROT, packs=4, accepted_packs=1, accepted_g=40_000, **SOME),
        noted(MINCE, packs=5, delivered_g=18_001),
        noted(MINCE, packs=5, delivered_g=11_999),
        noted(MINCE, packs=5, delivered_g=15_000, accepted_packs=2, accepted_g=7_201, **SOME),
    ],
)
async def test_a_weight_that_no_pack_has_is_refused(note: Any, world: Database) -> None:
    with pytest.raises(refusals.InvalidReception, match="colis pèsent"):
        await done(world, receive, a_pass(note), viewer=CHEF)
    assert await rows(world, Reception) == []


async def test_a_correction_weighs_alike(world: Database) -> None:
    await done(world, receive, a_pass(noted(CARROT)), viewer=CHEF)
    heavy = Noted(decision=Decision.ACCEPTED, delivered_packs=4, delivered_g=40_500, lot="L1")
    with pytest.raises(refusals.InvalidReception, match="colis pèsent"):
        await done(world, correct, 1, heavy, "repesé", viewer=CHEF)


@pytest.mark.parametrize("day", [date(1, 1, 1), SENT.date() - timedelta(days=2), TODAY - timedelta(days=3652)])
async def test_nothing_arrives_before_it_was_ordered(day: date, world: Database) -> None:
    with pytest.raises(refusals.InvalidReception, match="avant la commande"):
        await done(world, receive, a_pass(noted(CARROT), day=day), viewer=CHEF)
    early = a_pass(noted(CARROT))
    for noted_at in (datetime(1, 1, 1, tzinfo=UTC), SENT - timedelta(hours=1)):
        with pytest.raises(refusals.InvalidReception, match="avant la commande"):
            await done(world, receive, type(early)(**{**fields(early), "noted_at": noted_at}), viewer=CHEF)


def fields(given: Any) -> dict[str, Any]:
    return {name: getattr(given, name) for name in given.__dataclass_fields__}


@pytest.mark.parametrize("text", UNREADABLE)
async def test_what_cannot_be_read_is_not_kept(text: str, world: Database) -> None:
    for given in (
        a_pass(noted(CARROT, lot=text)),
        a_pass(noted(CARROT, comment=text)),
        a_pass(noted(CARROT), delivery_note=text),
    ):
        with pytest.raises(refusals.InvalidReception):
            await done(world, receive, given, viewer=CHEF)
    refused = noted(MILK, decision=Decision.REFUSED, reason=ReceptionReason.DAMAGED)
    await done(world, receive, a_pass(noted(CARROT), refused), viewer=CHEF)
    same = Noted(decision=Decision.ACCEPTED, delivered_packs=4, lot="L1")
    with pytest.raises(refusals.InvalidReception, match="motif"):
        await done(world, correct, 1, same, text, viewer=CHEF)
    with pytest.raises(refusals.InvalidMove, match="motif"):
        await done(world, count, 1, 5, TODAY, text, viewer=CHEF)
    with pytest.raises(refusals.InvalidInvoice):
        await done(world, decline, 1, text, viewer=FARMER)


async def test_what_is_kept_is_in_one_form(world: Database) -> None:
    given = a_pass(noted(CARROT, lot="  L\u00a012 ", comment="un peu\n abîmées "), delivery_note=" BL  7 ")
    await done(world, receive, given, viewer=CHEF)
    (line,), (reception,) = await rows(world, ReceptionLine), await rows(world, Reception)
    assert (line.lot, line.comment, reception.delivery_note) == ("L\u00a012", "un peu abîmées", "BL 7")
