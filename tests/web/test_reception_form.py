"""A reception typed on a tablet: whatever its clock says and whatever contradicts itself, nothing typed is lost."""

from decimal import Decimal

import pytest
from sqlalchemy import select, update

from catering import moment
from catering.orders.models import OrderLine
from catering.receiving.models import ReceptionLine
from catering.rules.hygiene import ProductCategory
from tests.people.conftest import Site
from tests.web.test_forms import KITCHEN, chef, fields

DELIVERY = f"{KITCHEN}/receptions/2"


async def typed(site: Site, **more: str) -> tuple[int, str, str]:
    """The answer to one line accepted and the others still to come: its status, where it leads, its text."""
    page = await chef(site)
    given = fields((await page.get(DELIVERY)).text, DELIVERY)
    given |= {"decision-1": "ACCEPTED", "decision-2": "PLUS_TARD", "decision-3": "PLUS_TARD", "lot-1": "L-77"}
    answer = await page.post(DELIVERY, given | {"celsius-1": "2"} | {k.replace("_", "-"): v for k, v in more.items()})
    return answer.status_code, answer.headers.get("location", ""), answer.text


@pytest.mark.parametrize(
    "told",
    [
        "2020-11-27T09:00:01.898Z",
        "2035-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "abc",
    ],
)
async def test_a_clock_that_is_wrong_loses_no_reception(site: Site, told: str) -> None:
    page = await chef(site)
    given = fields((await page.get(DELIVERY)).text, DELIVERY) | {"decision-1": "ACCEPTED", "decision-2": "PLUS_TARD"}
    given |= {"decision-3": "PLUS_TARD", "lot-1": "L-77", "celsius-1": "2", "note_a": told}
    sent = await page.post(DELIVERY, given)
    assert (sent.status_code, sent.headers.get("location")) == (303, f"{KITCHEN}/receptions?fait=recu-heure")
    assert "régler sa date et son heure" in (await page.get(sent.headers["location"])).text


async def test_a_clock_that_is_right_is_believed(site: Site) -> None:
    page = await chef(site)
    given = fields((await page.get(DELIVERY)).text, DELIVERY) | {"decision-1": "ACCEPTED", "decision-2": "PLUS_TARD"}
    given |= {"decision-3": "PLUS_TARD", "lot-1": "L-77", "celsius-1": "2", "note_a": moment.now().isoformat()}
    assert (await page.post(DELIVERY, given)).headers["location"] == f"{KITCHEN}/receptions?fait=recu"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"gardes_1": "1"}, "Choisir « Avec réserve » et un motif"),
        ({"gardes_1": "999"}, "pas plus que les"),
        ({"gardes_1": "1", "decision_1": "REFUSED", "motif_1": "DAMAGED"}, "Choisir « Avec réserve »"),
        ({"gardes_1": "0", "decision_1": "RESERVED", "motif_1": "DAMAGED"}, "Choisir « Refusé »"),
    ],
)
async def test_packs_kept_that_contradict_the_rest_are_told_at_their_field(
    site: Site, more: dict[str, str], says: str
) -> None:
    status, _, text = await typed(site, **more)
    assert (status, 'href="#champ-gardes-1"' in text, says in text) == (422, True, True)
    assert ("Ligne 1" in text, fields(text, DELIVERY)["lot-1"]) == (False, "L-77")


async def test_what_is_kept_may_be_weighed(site: Site) -> None:
    """One kilogram less than the packs hold: without it, the packs kept are counted at the mean of all."""
    more = {"gardes_1": "1", "poids_garde_1": "1", "decision_1": "RESERVED", "motif_1": "WEIGHT"}
    status, leads, text = await typed(site, **more)
    assert (status, leads) == (303, f"{KITCHEN}/receptions?fait=recu"), text[-500:]
    async with site.database.reading() as session:
        kept = (await session.scalars(select(ReceptionLine).order_by(ReceptionLine.id.desc()))).first()
    assert kept is not None
    assert (kept.accepted_packs, kept.accepted_g) == (1, 1000)


async def test_the_limit_that_the_producer_told_is_shown_instead_of_asked_for(site: Site) -> None:
    at_third = {"category": ProductCategory.PRODUCER_DEFINED}
    third = update(OrderLine).where(OrderLine.order_id == 2, OrderLine.position == 3)
    async with site.database.unit_of_work() as session:
        await session.execute(third.values(**at_third))
    page = await chef(site)
    asked = (await page.get(DELIVERY)).text
    assert ('name="limite-3"' in asked, "celle de l&#39;étiquette" in asked) == (True, True)
    async with site.database.unit_of_work() as session:
        await session.execute(third.values(**at_third, limit_celsius=Decimal("3.5")))
    told = (await page.get(DELIVERY)).text
    assert ('name="limite-3"' in told, "limite (dite par le producteur) : au plus 3,5 °C" in told) == (False, True)
