"""Suppliers are told once per term that a proof ends; forecasts are made each night; the same twice changes nothing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from catering.attendance.models import CoversForecast
from catering.db import Database
from catering.market.models import Certificate
from catering.market.models_hygiene import HygienePermit
from catering.market.reminding import remind
from catering.moment import Clock
from catering.outbox.models import OutgoingMail
from catering.routines.daily import DAILY, ROUTINE, forecast, proofs_ending
from catering.routines.running import do_due
from tests.api.conftest import Client
from tests.api.conftest import client as client
from tests.api.conftest import small_file as small_file

AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
TODAY = AT.date()
SELLER = 2
"""Row of the supplier that an account acts for (``ferme_01``)."""


@pytest.fixture(autouse=True)
def _moment() -> Iterator[None]:
    Clock.fixed = AT
    yield
    Clock.fixed = None


@pytest.fixture
async def market(client: Client) -> Database:
    """The small Département, in which no proof ends soon and no letter waits."""
    async with client.database.unit_of_work() as session:
        await session.execute(
            update(Certificate).values(valid_to=date(2030, 1, 1), withdrawn_from=None, withdrawn_reason=None)
        )
        await session.execute(update(HygienePermit).values(valid_to=None))
        assert await session.scalar(select(func.count()).select_from(OutgoingMail)) == 0
    return client.database


async def ends(market: Database, slug: str, days: int, label: str = "AOP") -> None:
    async with market.unit_of_work() as session:
        session.add(
            Certificate(
                slug=slug,
                supplier_id=SELLER,
                label=label,
                certifier="Certipaq",
                number=f"N-{slug}",
                valid_from=date(2025, 1, 1),
                valid_to=TODAY + timedelta(days=days),
            )
        )


async def reminded(market: Database, today: date) -> list[tuple[str, str]]:
    """What is queued on a day, asked twice: topic and subject."""
    async with market.unit_of_work() as session:
        queued = await remind(session, ROUTINE, today, AT)
    async with market.unit_of_work() as session:
        assert await remind(session, ROUTINE, today, AT) == 0
    async with market.reading() as session:
        rows = await session.execute(select(OutgoingMail.topic, OutgoingMail.subject).order_by(OutgoingMail.id.desc()))
        return [(topic, subject) for topic, subject in rows.tuples()][:queued]


async def kept(market: Database) -> list[int]:
    """Forecasts and letters there are."""
    async with market.reading() as session:
        counts = [select(func.count()).select_from(each) for each in (CoversForecast, OutgoingMail)]
        return [await session.scalar(each) or 0 for each in counts]


async def test_a_supplier_is_told_sixty_and_fourteen_days_before(market: Database) -> None:
    await ends(market, "first", 70)
    assert await reminded(market, TODAY) == []
    ((topic, subject),) = await reminded(market, TODAY + timedelta(days=10))
    assert (topic, "N-first" in subject, "10/11/2026" in subject) == ("certificate_ends_60", True, True)
    assert await reminded(market, TODAY + timedelta(days=40)) == []
    ((topic, _),) = await reminded(market, TODAY + timedelta(days=57))
    assert topic == "certificate_ends_14"
    assert await reminded(market, TODAY + timedelta(days=71)) == [], "it is over: the page of the supplier says so"


async def test_a_proof_that_has_its_successor_is_left_alone(market: Database) -> None:
    await ends(market, "first", 10)
    await ends(market, "next", 375)
    await ends(market, "other", 20, label="IGP")
    assert [subject.split("n° ")[1] for _, subject in await reminded(market, TODAY)] == ["N-other"]


async def test_a_permit_without_end_is_never_recalled_and_one_with_an_end_is(market: Database) -> None:
    async with market.unit_of_work() as session:
        mine = select(HygienePermit.id).where(HygienePermit.supplier_id == SELLER).limit(1)
        assert await session.scalar(mine) is not None
        await session.execute(
            update(HygienePermit).where(HygienePermit.id.in_(mine)).values(valid_to=TODAY + timedelta(days=5))
        )
    assert [topic for topic, _ in await reminded(market, TODAY)] == ["permit_ends_14"]


async def test_the_routines_of_a_day_are_done_and_done_again_without_effect(market: Database) -> None:
    await ends(market, "first", 10)
    assert await do_due(market, DAILY) == len(DAILY)
    async with market.reading() as session:
        counted = [
            await session.scalar(select(func.count()).select_from(each)) for each in (CoversForecast, OutgoingMail)
        ]
    assert all(counted)
    assert (await forecast(market, TODAY)).startswith("0 ")
    assert (await proofs_ending(market, TODAY)).startswith("0 ")
    async with market.reading() as session:
        again = [
            await session.scalar(select(func.count()).select_from(each)) for each in (CoversForecast, OutgoingMail)
        ]
    assert again == counted
