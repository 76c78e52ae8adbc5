"""What a line keeps of its goods: allergens as they were stated, the permit that they rest on, asked again later."""

from datetime import date

import pytest
from sqlalchemy import select, update

from catering.db import Database
from catering.market.models import HygienePermit, Offer, OfferAllergen
from catering.market.models_hygiene import PermitKind
from catering.orders import refusals, service
from catering.orders.models import OrderLine
from catering.rules.allergens import Allergen
from catering.rules.hygiene import AnimalProduct
from tests.orders.market import MONDAY, NOW, TIGHT, lines_of, seller, stock_market
from tests.orders.test_life import MORNING, act
from tests.orders.test_sending_lawfully import buy, permit, sells_animals

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
BEFORE = date(2026, 9, 13)
"""The last day before the delivery."""


async def ordered_meat(database: Database, kind: PermitKind = PermitKind.APPROVAL) -> int:
    """An order of meat (line 1) and of leeks (line 2) to the farm 0."""
    await stock_market(database, crates=1000)
    await sells_animals(database, AnimalProduct.BUTCHER_MEAT, permit(kind))
    (order_id,) = await buy(database, 0, [(TIGHT, 2), ("poireaux_0", 2)])
    return order_id


async def ends(database: Database, last_day: date = BEFORE) -> None:
    async with database.unit_of_work() as session:
        await session.execute(update(HygienePermit).values(valid_to=last_day))


async def meat(database: Database, order_id: int) -> OrderLine:
    async with database.reading() as session:
        return (await lines_of(session, order_id))[0]


async def test_allergens_are_those_stated_when_the_order_was_sent(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        await session.execute(update(Offer).where(Offer.slug == TIGHT).values(allergens_on=BEFORE))
        carrots = await session.scalar(select(Offer.id).where(Offer.slug == TIGHT))
        for allergen, traces in ((Allergen.SESAME, False), (Allergen.CELERY, False), (Allergen.EGGS, True)):
            session.add(OfferAllergen(offer_id=carrots, allergen=allergen, traces=traces))
    (order_id,) = await buy(any_database, 0, [(TIGHT, 3), ("poireaux_0", 2)])
    async with any_database.unit_of_work() as session:
        await session.execute(update(OfferAllergen).values(traces=True))
        await session.execute(update(Offer).values(allergens_on=None))
    async with any_database.reading() as session:
        carrots, leeks = await lines_of(session, order_id)
    assert (carrots.allergens, carrots.allergens_on) == ("celery eggs? sesame", BEFORE)
    assert (leeks.allergens, leeks.allergens_on) == (None, None)


async def test_a_line_keeps_the_permit_that_it_was_sold_under(any_database: Database) -> None:
    order_id = await ordered_meat(any_database, PermitKind.DEROGATION)
    line = await meat(any_database, order_id)
    assert (line.permit_kind, line.permit_number, line.permit_max_km) == (PermitKind.DEROGATION, "62.1", None)
    async with any_database.reading() as session:
        assert (await lines_of(session, order_id))[1].permit_kind is None


async def test_what_rests_on_a_permit_that_ended_is_accepted_without_it_only(any_database: Database) -> None:
    order_id = await ordered_meat(any_database)
    await ends(any_database)
    with pytest.raises(refusals.NotHygienic, match=r"14/09/2026 \(HYG-01\).*zéro colis"):
        await act(any_database, service.accept, seller(), order_id, {}, NOW)
    order = await act(any_database, service.accept, seller(), order_id, {1: 0}, NOW)
    assert [line.packs for line in order.lines] == [0, 2]


async def test_what_rests_on_a_permit_that_ended_does_not_leave(any_database: Database) -> None:
    order_id = await ordered_meat(any_database)
    await act(any_database, service.accept, seller(), order_id, {}, NOW)
    await ends(any_database)
    with pytest.raises(refusals.NotHygienic, match="HYG-01"):
        await act(any_database, service.ship, seller(), order_id, MORNING)


async def test_another_permit_takes_over_and_its_number_is_kept(any_database: Database) -> None:
    order_id = await ordered_meat(any_database)
    await ends(any_database)
    async with any_database.unit_of_work() as session:
        renewed = permit(PermitKind.APPROVAL)
        renewed.number, renewed.valid_from = "FR 62.041.009 CE", MONDAY
        session.add(renewed)
    await act(any_database, service.accept, seller(), order_id, {}, NOW)
    assert (await meat(any_database, order_id)).permit_number == "FR 62.041.009 CE"
