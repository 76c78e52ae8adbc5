"""Sellers at the same moment, on SQLite and on the real PostgreSQL server: nothing twice, nothing lost."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from catering.documents.models import Document
from catering.documents.service import keep_document
from catering.market.models import Offer, Supplier
from catering.people.models import ChangeEvent
from tests.api.conftest import PRODUCER, Client
from tests.api.dataset_market import SOLD
from tests.api.operations import IDENTITY, OFFER, TERMS, VARIABLES, operations
from tests.api.test_postgres import postgres as postgres

OPERATIONS = operations()
pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")


@pytest.fixture(params=["client", "postgres"])
def market(request: pytest.FixtureRequest) -> Client:
    """The small Département on one database, then on the other."""
    found: Client = request.getfixturevalue(request.param)
    return found


async def count(client: Client, statement: Any) -> int:
    async with client.database.reading() as session:
        return int((await session.scalars(statement)).one())


async def ask(client: Client, name: str, key: str, **changed: Any) -> Any:
    variables = VARIABLES[name] | {"idempotencyKey": key} | changed
    (answer,) = (await client.data(OPERATIONS[name], PRODUCER, **variables)).values()
    return answer


async def test_a_siret_raced_for_is_registered_once(market: Client) -> None:
    answers = await asyncio.gather(
        *(ask(market, "producer/RegisterSupplier", f"race-{n:04d}", identity=IDENTITY, terms=TERMS) for n in range(8))
    )
    names = sorted(answer["__typename"] for answer in answers)
    assert names == ["AlreadyRegistered"] * 7 + ["SupplierRegistered"]
    assert await count(market, select(func.count()).where(Supplier.siret.is_not(None))) == 1


async def test_edits_of_one_offer_at_once_all_stand_in_its_history(market: Client) -> None:
    """Each edit sees the one before: the trace is a chain without a gap."""
    prices = [f"{n}.50" for n in range(20, 28)]
    await asyncio.gather(
        *(
            ask(market, "producer/ChangeOffers", f"race-{price}", changes=[{"id": SOLD, "priceEurPerPack": price}])
            for price in prices
        )
    )
    async with market.database.reading() as session:
        trace = select(ChangeEvent).where(ChangeEvent.key == SOLD, ChangeEvent.actor == PRODUCER.actor)
        events = list(await session.scalars(trace.order_by(ChangeEvent.id)))
        stands = (await session.scalars(select(Offer.price_eur_per_pack).where(Offer.slug == SOLD))).one()
    steps = [(event.before["price_eur_per_pack"], event.after["price_eur_per_pack"]) for event in events]
    assert sorted(after for _, after in steps) == prices
    assert [float(before) for before, _ in steps[1:]] == [float(after) for _, after in steps[:-1]]
    assert float(stands) == float(steps[-1][1])


async def test_new_offers_of_one_kind_at_once_take_names_of_their_own(market: Client) -> None:
    def leeks(n: int) -> list[dict[str, Any]]:
        return [OFFER | {"product": f"Poireau du lot {2 * n + each}"} for each in range(2)]

    answers = await asyncio.gather(
        *(ask(market, "producer/ListOffers", f"race-{n:04d}", offers=leeks(n)) for n in range(6))
    )
    listed = [offer for answer in answers for offer in answer["kept"]["offers"]]
    assert len(set(listed)) == len(listed) == 12


async def test_the_same_key_sent_at_once_lists_once(market: Client) -> None:
    answers = await asyncio.gather(*(ask(market, "producer/ListOffers", "race-of-one-key") for _ in range(6)))
    assert len({tuple(answer["kept"]["offers"]) for answer in answers}) == 1
    assert await count(market, select(func.count()).where(Offer.made_by == PRODUCER.actor)) == 1


async def test_the_same_file_sent_at_once_is_kept_once(market: Client) -> None:
    async def send() -> int:
        for _ in range(2):
            try:
                async with market.database.unit_of_work() as session:
                    kept = await keep_document(session, PRODUCER, "a.pdf", b"%PDF-1.7 new", most_bytes=100)
                    return kept.id
            except IntegrityError:
                continue
        raise AssertionError("kept at the second attempt at the latest")

    numbers = await asyncio.gather(*(send() for _ in range(6)))
    assert len(set(numbers)) == 1
    assert await count(market, select(func.count()).where(Document.name == "a.pdf")) == 1
