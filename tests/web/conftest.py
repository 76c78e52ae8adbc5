"""The application of the small Département as browsers of its people see it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select, update

from catering.db import Database
from catering.kitchens.models import Kitchen
from catering.moment import Clock
from catering.people.models import Account
from catering.people.rules import Way
from catering.people.sessions import open_session
from catering.people.viewer import Role
from catering.planning.models import KitchenStanding, PlannedDrop, PlanRun
from catering.web.sign_in.doors import COOKIE
from optimizer.goals import INDICATORS
from tests.api.conftest import made
from tests.api.dataset import MOMENT, SMALL
from tests.api.dataset_people import NUMBERS
from tests.people.conftest import Browser, Opened, Site
from tests.people.conftest import opened as opened

OTHER_PLAN = 3
"""A plan that nobody published: dearer in the first kitchen, with less from the first farm."""


@pytest.fixture(scope="session")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small Département with a second plan to compare and publish, its kitchens apart from each other."""
    file = made(tmp_path_factory.mktemp("web") / "catering.db", replace(SMALL, runs=OTHER_PLAN))
    asyncio.run(_spread(file))
    return file


async def _spread(file: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{file}")
    async with database.unit_of_work() as session:
        # The first stays where it is: what is delivered there costs what other tests know.
        for kitchen in await session.scalars(select(Kitchen).where(Kitchen.id > 1)):
            kitchen.lat, kitchen.lon = (
                Decimal("50.3") + kitchen.id * Decimal("0.2"),
                Decimal("1.2") + kitchen.id * Decimal("0.4"),
            )
        told = {each.id: "0.25" for each in INDICATORS}
        await session.execute(update(PlanRun).where(PlanRun.cost.is_not(None)).values(indicators=told))
        of_first = KitchenStanding.run_id == OTHER_PLAN, KitchenStanding.kitchen_id == 1
        await session.execute(update(KitchenStanding).where(*of_first).values(cost=Decimal("134.50")))
        of_farm = PlannedDrop.run_id == OTHER_PLAN, PlannedDrop.supplier_id == 1
        await session.execute(update(PlannedDrop).where(*of_farm).values(amount=Decimal("20.20")))
    await database.dispose()


@pytest.fixture(autouse=True)
def _moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The present of the small Département."""
    monkeypatch.setattr(Clock, "fixed", MOMENT)


@pytest.fixture
async def site(opened: Opened) -> AsyncIterator[Site]:
    """The running application."""
    async with opened() as site:
        yield site


async def browser_of(site: Site, role: Role | None) -> Browser:
    """A browser in which somebody of a role is signed in; nobody when None."""
    browser = site.browser()
    if role is not None:
        async with site.database.unit_of_work() as session:
            account = await session.get_one(Account, NUMBERS[role])
            browser.cookies[COOKIE] = await open_session(session, account, Way.LINK, MOMENT)
    return browser
