"""The doors of the trade: a small market with its contract, and its people who ask stored operations of it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import update

from catering.api.context import Caller
from catering.api.schema import schema
from catering.db import Database
from catering.market.models import Offer
from catering.moment import Clock
from catering.people.viewer import Role, Viewer
from catering.procurement.service.contracting import ContractWish, LineWish, LotWish, record_contract
from catering.procurement.vocabulary import Procedure
from catering.settings import Settings
from tests.api.dataset import uai
from tests.api.operations import operations
from tests.orders.market import NOW, WEEK, buyer, stock_market
from tests.procurement.contracting import CLAUSE

OPERATIONS = operations()
BY_WEIGHT = ("carottes_1", "poireaux_0")
"""Offers billed by the weight delivered."""
BOTH = Viewer("Groupement", Role.GESTIONNAIRE, kitchens=frozenset({uai(0), uai(1)}))
"""Who buys for both kitchens."""
ARRIVAL = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)
AFTERWARDS = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
MOST = Decimal("160.00")
"""Maximum of the contract, excl. tax."""


async def open_market(database: Database, *, kitchens: int = 2, crates: int = 12) -> None:
    """Kitchens, three farms, and an accord-cadre of all the kitchens for the carrots of the farm 1."""
    await stock_market(database, kitchens=kitchens, crates=crates)
    wish = ContractWish(
        kitchen=uai(0), members=[uai(number) for number in range(kitchens)], number="M1", title="Légumes",
        supplier="ferme_1", procedure=Procedure.ADAPTED, start=date(2026, 9, 1), end=date(2027, 8, 31),
        least=Decimal("0.00"), most=MOST,
        lots=[LotWish(1, "Carottes", MOST, [LineWish("ingredient_02", "C", Decimal("2.5000"), clause=CLAUSE)])],
    )  # fmt: skip
    async with database.unit_of_work() as session:
        await session.execute(update(Offer).where(Offer.slug.in_(BY_WEIGHT)).values(variable_weight=True))
        await record_contract(session, replace(BOTH, kitchens=frozenset(wish.members)), wish)


@dataclass
class Doors:
    """Asks stored operations, each with a key of its own unless one is given."""

    database: Database
    asked: int = field(default=0)

    def key(self) -> str:
        """A key that nobody has used."""
        self.asked += 1
        return f"key-{self.asked:08d}"

    async def __call__(
        self, viewer: Viewer, name: str, at: datetime = NOW, key: str | None = None, **variables: Any
    ) -> Any:
        """What an operation answered at a moment; what is refused has a ``message``.

        Raises:
            AssertionError: something that no union of the contract names.
        """
        Clock.fixed = at
        variables["idempotencyKey"] = key or self.key()
        # An unknown variable would be dropped without a word.
        assert (unknown := {each for each in variables if f"${each}:" not in OPERATIONS[name]}) == set(), (
            name,
            unknown,
        )
        answer = await schema.execute(OPERATIONS[name], variables, Caller(self.database, viewer, Settings()))
        assert not answer.errors, (name, variables, answer.errors)
        assert answer.data is not None
        (told,) = answer.data.values()
        return told

    async def put(self, kitchen: int, offer: str, packs: int, *, seen: int = 0, week: date = WEEK) -> int:
        """Put packs into the basket of a week, for its Monday; the version of the basket afterwards."""
        basket = {"kitchen": uai(kitchen), "week": week.isoformat(), "version": seen}
        asked = {"basket": basket, "offer": offer, "packs": packs, "day": week.isoformat()}
        assert "message" not in await self(buyer(kitchen), "chef/PutBasketLine", **asked)
        return seen + 1

    async def send(self, kitchen: int, *, seen: int = 1, week: date = WEEK, key: str | None = None) -> Any:
        """Send the basket of a week, at the version seen."""
        basket = {"kitchen": uai(kitchen), "week": week.isoformat(), "version": seen}
        return await self(buyer(kitchen), "chef/SendBasket", key=key, basket=basket)

    async def receive(self, kitchen: int, order: str, at: datetime = ARRIVAL, **line: Any) -> Any:
        """Check in the first line of an order, and nothing more will come."""
        noted = {"position": 1, "decision": "ACCEPTED", "lot": "A", **line}
        asked = {
            "orderId": order, "day": at.date().isoformat(), "notedAt": at.replace(hour=7).isoformat(),
            "lines": [noted], "complete": True,
        }  # fmt: skip
        return await self(buyer(kitchen), "chef/ReceiveDelivery", at, reception=asked)
