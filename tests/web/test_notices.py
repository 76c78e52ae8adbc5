"""A notice that was read is put away by who read it, and comes back when what it says has changed."""

from datetime import date, timedelta

from sqlalchemy import func, select, update

from catering.market.models import Certificate
from catering.moment import today
from catering.people.models import NoticePutAway
from catering.people.queries import MOST_PUT_AWAY
from catering.people.viewer import Role
from tests.people.conftest import Browser, Site
from tests.web.conftest import browser_of
from tests.web.test_forms import fields

PRODUCTS = "/fournisseur/ferme_01/produits"
AWAY = f"{PRODUCTS}/ranger"
SAYS = "le renouveler"


async def ends(site: Site, day: date) -> None:
    async with site.database.unit_of_work() as session:
        await session.execute(update(Certificate).where(Certificate.supplier_id == 2).values(valid_to=day))


async def put_away(browser: Browser, page: str) -> None:
    answer = await browser.post(AWAY, fields(page, AWAY))
    assert "fait=avis" in answer.headers["location"]


async def test_a_notice_that_was_read_comes_back_when_it_says_something_else(site: Site) -> None:
    await ends(site, today() + timedelta(days=30))
    browser = await browser_of(site, Role.PRODUCER)
    page = (await browser.get(PRODUCTS)).text
    assert SAYS in page
    await put_away(browser, page)
    assert SAYS not in (await browser.get(PRODUCTS)).text
    await ends(site, today() + timedelta(days=20))
    assert SAYS in (await browser.get(PRODUCTS)).text


async def test_what_names_no_notice_is_refused_in_words(site: Site) -> None:
    await ends(site, today() + timedelta(days=30))
    browser = await browser_of(site, Role.PRODUCER)
    given = fields((await browser.get(PRODUCTS)).text, AWAY)
    answer = await browser.post(AWAY, given | {"avis": "<script>"})
    assert (answer.status_code, "recharger la page" in answer.text) == (422, True)


async def test_the_oldest_of_very_many_come_back(site: Site) -> None:
    await ends(site, today() + timedelta(days=30))
    browser = await browser_of(site, Role.PRODUCER)
    page = (await browser.get(PRODUCTS)).text
    await put_away(browser, page)
    async with site.database.unit_of_work() as session:
        (row,) = await session.scalars(select(NoticePutAway))
        for number in range(MOST_PUT_AWAY):
            at = row.at - timedelta(days=number + 1)
            session.add(NoticePutAway(account_id=row.account_id, notice=f"ancien:{number}", at=at))
    async with site.database.reading() as session:
        assert (await session.scalars(select(func.count()).select_from(NoticePutAway))).one() == MOST_PUT_AWAY + 1
    given = fields(page, AWAY)
    await browser.post(AWAY, given | {"avis": "autre:1", "cle": "0f2c8f5e-other"})
    async with site.database.reading() as session:
        assert (await session.scalars(select(func.count()).select_from(NoticePutAway))).one() == MOST_PUT_AWAY
