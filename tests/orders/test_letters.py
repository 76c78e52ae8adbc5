"""What the farm and the kitchen are told by mail of their orders: each its own, once, together, whoever tells."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from catering.db import Database
from catering.orders import service, telling
from catering.orders.letters import TOPIC
from catering.orders.telling import TOLD_WITHIN, tell_due
from catering.outbox.models import OutgoingMail
from catering.people.models import Account, AccountKitchen, AccountSupplier
from catering.people.viewer import Role
from tests.api.dataset import uai
from tests.orders.market import MONDAY, NOW, TIGHT, buyer, fill_and_send, seller, stock_market
from tests.orders.test_life import LATE, act

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
COOK, FARMER, OTHER_FARMER = 1, 2, 3


async def people(database: Database) -> None:
    """Who buys for the first kitchen, who sells for the first farm, who sells for the second."""
    roles = {COOK: Role.CHEF, FARMER: Role.PRODUCER, OTHER_FARMER: Role.PRODUCER}
    async with database.unit_of_work() as session:
        for number, role in roles.items():
            session.add(
                Account(
                    id=number,
                    email=f"n{number}@exemple.fr",
                    name=f"Personne {number}",
                    role=role,
                    created_at=NOW,
                    demonstration=False,
                )
            )
        session.add(AccountKitchen(account_id=COOK, kitchen=uai(0)))
        session.add(AccountSupplier(account_id=FARMER, supplier="ferme_0"))
        session.add(AccountSupplier(account_id=OTHER_FARMER, supplier="ferme_1"))


async def ordered(database: Database, *, kitchens: int = 1) -> int:
    """An order of carrots of the first kitchen to the first farm."""
    await stock_market(database, kitchens=kitchens)
    await people(database)
    (order_id,) = await fill_and_send(database, 0, [(TIGHT, 4)])
    return order_id


async def letters(database: Database) -> list[OutgoingMail]:
    async with database.reading() as session:
        return list(await session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


async def test_a_farm_is_told_of_an_order_once_and_nobody_else_is(any_database: Database) -> None:
    number = await ordered(any_database)
    assert await tell_due(any_database, NOW) == 1
    assert await tell_due(any_database, NOW) == 0
    (letter,) = await letters(any_database)
    assert (letter.topic, letter.account_id, letter.party) == (TOPIC, FARMER, "ferme_0")
    assert letter.subject == f"Commande BC26-{number:06d} : à répondre"
    assert "livraison du 14/09/2026 : nouvelle commande" in letter.body
    assert "€ HT" in letter.body
    assert letter.path == f"/fournisseur/ferme_0/commandes/{number}"


async def test_a_kitchen_is_told_why_its_order_falls_and_that_the_basket_waits(any_database: Database) -> None:
    number = await ordered(any_database)
    await tell_due(any_database, NOW)
    await act(any_database, service.accept, seller(), number, {}, NOW)
    async with any_database.unit_of_work() as session:
        await service.fail_day(session, seller(), "ferme_0", MONDAY, "Grêle dans la nuit", LATE)
    assert await tell_due(any_database, LATE) == 1, "the acceptance of twelve days before is no news"
    letter = (await letters(any_database))[-1]
    assert (letter.account_id, letter.subject) == (COOK, f"Commande BC26-{number:06d} : pas livrée")
    assert "« Grêle dans la nuit »" in letter.body
    assert "attend dans le panier" in letter.body


async def test_what_happens_between_two_rounds_is_one_letter_per_person(any_database: Database) -> None:
    await stock_market(any_database, kitchens=2)
    await people(any_database)
    first = await fill_and_send(any_database, 0, [(TIGHT, 4), ("carottes_1", 4)])
    second = await fill_and_send(any_database, 1, [(TIGHT, 2)])
    assert await tell_due(any_database, NOW) == len(first) + len(second) == 3
    assert [(each.account_id, each.subject) for each in await letters(any_database)] == [
        (FARMER, "2 commandes : à répondre"),
        (OTHER_FARMER, f"Commande BC26-{first[1]:06d} : à répondre"),
    ]
    await act(any_database, service.accept, seller(), first[0], {1: 3}, NOW)
    await act(any_database, service.refuse, seller(1), first[1], "Plus rien en cave", NOW)
    assert await tell_due(any_database, NOW) == 2
    (letter,) = (await letters(any_database))[2:]
    assert (letter.account_id, letter.subject) == (COOK, "2 commandes : refusée")
    assert "acceptée en partie" in letter.body
    assert "« Plus rien en cave »" in letter.body


async def test_both_sides_stop_working_on_a_cancelled_order(any_database: Database) -> None:
    number = await ordered(any_database)
    await tell_due(any_database, NOW)
    await act(any_database, service.cancel, buyer(), number, "Sortie scolaire", NOW)
    await tell_due(any_database, NOW)
    assert [(each.account_id, "annulée" in each.body) for each in (await letters(any_database))[1:]] == [
        (FARMER, True),
        (COOK, True),
    ]


async def test_old_events_are_no_news(any_database: Database) -> None:
    await ordered(any_database)
    assert await tell_due(any_database, NOW + TOLD_WITHIN + timedelta(minutes=1)) == 0
    assert await letters(any_database) == []


async def test_two_processes_tell_an_event_once(any_database: Database) -> None:
    await ordered(any_database)
    told = await asyncio.gather(*(tell_due(any_database, NOW) for _ in range(4)))
    assert sum(told) == 1
    assert len(await letters(any_database)) == 1


async def test_more_than_a_round_holds_is_told_in_the_next(
    any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "AT_ONCE", 1)
    await stock_market(any_database)
    await people(any_database)
    await fill_and_send(any_database, 0, [(TIGHT, 4), ("carottes_1", 4)])
    assert [await tell_due(any_database, NOW) for _ in range(3)] == [1, 1, 0]
    assert [each.account_id for each in await letters(any_database)] == [FARMER, OTHER_FARMER]
