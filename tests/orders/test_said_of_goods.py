"""What a line keeps of its goods: allergens as they were stated, the permit that they rest on, asked again later."""

from datetime import date

import pytest
from sqlalchemy import select, update

from catering.db import Database
from catering.market.certifying import EndedPermit, PermitWish, add_permit, end_permit
from catering.market.models import HygienePermit, Offer, OfferAllergen
from catering.market.models_hygiene import PermitKind
from catering.market.refusals import InvalidPermit
from catering.orders import refusals, service
from catering.orders.models import OrderLine
from catering.orders.permit_ending import hold_coming, note_ended
from catering.orders.permitted import without_permit
from catering.orders.telling import tell_due
from catering.outbox.models import OutgoingMail
from catering.people.models import Account, AccountKitchen, AccountSupplier
from catering.people.viewer import Role, Viewer
from catering.rules.allergens import Allergen
from catering.rules.hygiene import AnimalProduct
from tests.api.dataset import uai
from tests.orders.market import MONDAY, NOW, TIGHT, assert_books_agree, lines_of, seller, stock_market
from tests.orders.test_life import MORNING, act
from tests.orders.test_sending_lawfully import buy, permit, sells_animals

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
OFFICE = Viewer("Restauration", Role.DEPARTEMENT)
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


async def ended(database: Database, reason: str | None = "Atelier suspendu par la DDPP") -> EndedPermit:
    """The administration ends the only permit before the delivery."""
    async with database.unit_of_work() as session:
        number = (await session.scalars(select(HygienePermit.id))).one()
        await hold_coming(session, OFFICE, "ferme_0", MONDAY)
        found = await end_permit(session, OFFICE, "ferme_0", number, BEFORE, reason)
        assert found.trace is not None
        await note_ended(session, OFFICE, found.permit, MONDAY, NOW)
        return found


async def test_the_administration_ends_a_permit_with_its_reason_and_both_sides_are_told_once(
    any_database: Database,
) -> None:
    order_id = await ordered_meat(any_database)
    async with any_database.unit_of_work() as session:
        session.add(
            Account(id=91, email="chef@exemple.fr", name="Chef", role=Role.CHEF, created_at=NOW, demonstration=False)
        )
        session.add(
            Account(id=92, email="f@exemple.fr", name="F", role=Role.PRODUCER, created_at=NOW, demonstration=False)
        )
        session.add(AccountKitchen(account_id=91, kitchen=uai(0)))
        session.add(AccountSupplier(account_id=92, supplier="ferme_0"))
    await tell_due(any_database, NOW)
    with pytest.raises(InvalidPermit, match="motif"):
        await ended(any_database, reason=None)
    permit_now = (await ended(any_database)).permit
    assert (permit_now.valid_to, permit_now.withdrawn_from) == (BEFORE, MONDAY)
    async with any_database.reading() as session:
        assert [order.id for order in await without_permit(session, OFFICE, 1, MONDAY)] == [order_id]
        await assert_books_agree(session)
    assert await tell_due(any_database, NOW) == 1
    async with any_database.reading() as session:
        _, to_farm, to_kitchen = await session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    assert [(to_farm.account_id, to_kitchen.account_id), to_kitchen.subject] == [
        (92, 91), f"Commande BC26-{order_id:06d} : agrément terminé"
    ]  # fmt: skip
    assert "suspendu par la DDPP" in to_kitchen.body
    assert "livraison du 14/09/2026" in to_kitchen.body
    async with any_database.unit_of_work() as session:
        # Its last day moves: they know that it ended.
        await note_ended(session, OFFICE, permit_now, MONDAY, NOW)
    assert await tell_due(any_database, NOW) == 0


async def test_orders_that_another_permit_covers_are_not_told(any_database: Database) -> None:
    await ordered_meat(any_database)
    async with any_database.unit_of_work() as session:
        session.add(permit(PermitKind.DEROGATION))
    async with any_database.unit_of_work() as session:
        approval = select(HygienePermit.id).where(HygienePermit.kind == PermitKind.APPROVAL)
        number = (await session.scalars(approval)).one()
        await end_permit(session, OFFICE, "ferme_0", number, BEFORE, "Suspendu")
        assert await without_permit(session, OFFICE, 1, MONDAY) == []


@pytest.mark.parametrize("who", [0, 1])
async def test_what_the_administration_ended_is_not_stated_again_by_anybody(who: int, any_database: Database) -> None:
    await ordered_meat(any_database)
    async with any_database.unit_of_work() as session:
        await session.execute(update(HygienePermit).values(number="FR 62.041.001 CE"))
    await ended(any_database)
    again = PermitWish(PermitKind.APPROVAL, "FR 62.041.001 CE", date(2026, 1, 1), document=1)
    async with any_database.unit_of_work() as session:
        with pytest.raises(InvalidPermit, match="L'administration a mis fin au numéro FR 62"):
            await add_permit(session, seller(who), f"ferme_{who}", again)
