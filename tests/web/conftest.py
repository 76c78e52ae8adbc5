"""The application of the small Département as browsers of its people see it."""

from collections.abc import AsyncIterator

import pytest

from catering.moment import Clock
from catering.people.models import Account
from catering.people.rules import Way
from catering.people.sessions import open_session
from catering.people.viewer import Role
from catering.web.sign_in.doors import COOKIE
from tests.api.dataset import MOMENT
from tests.api.dataset_people import NUMBERS
from tests.people.conftest import Browser, Opened, Site
from tests.people.conftest import opened as opened
from tests.people.conftest import small_file as small_file


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
