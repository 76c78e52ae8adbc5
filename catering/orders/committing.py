"""By which right a basket is bought, and what of that changes later: orders and procurement in one transaction.

Committing takes one statement whatever the number of lines, and one more when contracts or awards are drawn on; what it
decides from is read with what the other rooms read. Changing it takes five, and one more likewise. Buyers are locked
after orders and before baskets and stock; contracts and awards after stock.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.moment import paris_day
from catering.orders.asking import Answers, Held, OrderIds, Part, Sending, SendingLine
from catering.orders.models import Order
from catering.orders.opening import LineKey
from catering.orders.sold import BUYER
from catering.people.viewer import Viewer
from catering.procurement.grounds import Ground, is_bare
from catering.procurement.service.buying import LineToBuy, asked, commit, known, recommit
from catering.procurement.service.needs import lock_buyers


@dataclass(frozen=True, slots=True)
class CommitLines:
    """Finds and commits the lawful ground of every line, on the day of Paris on which the basket is sent."""

    def asks(self, viewer: Viewer, held: Held) -> Sequence[Select[Any]]:
        """Ingredients and the needs of the buyer; lines of contracts and awards are known with the prices."""
        ingredients = {line.offer.ingredient_id for line in held.lines}
        return asked(viewer, held.kitchen.id, ingredients, paris_day(held.now))

    async def engage(
        self, session: AsyncSession, viewer: Viewer, sending: Sending, orders: OrderIds, answers: Answers
    ) -> Mapping[LineKey, Ground]:
        """The ground of each line, its amount committed.

        Raises:
            catering.procurement.refusals.BeyondMaximum: a contract has not enough left.
            catering.procurement.refusals.BeyondAward: an award has not enough left.
            catering.procurement.refusals.AboveThreshold: with this basket competition is due.
        """
        day = paris_day(sending.now)
        lines = {
            (each.sold.offer.id, part.day): _to_buy(part, each, source_of(orders[part.supplier.id, part.day], position))
            for part in sending.parts
            for position, each in part.positions
        }
        of = known(sending.agreed.contracts, sending.agreed.awards, answers, day)
        grounds = await commit(session, viewer, sending.kitchen.id, day, list(lines.values()), of)
        return dict(zip(lines, grounds, strict=True))


commit_lines = CommitLines()


def _to_buy(part: Part, each: SendingLine, source: str) -> LineToBuy:
    offer = each.sold.offer
    priced_by = each.paid.agreement.priced_by
    return LineToBuy(
        part.supplier.id, offer.ingredient_id, offer.id, each.priced.amount, source, priced_by, part.day,
        is_bare(offer.label, part.day),
    )  # fmt: skip


async def hold_buyers(
    session: AsyncSession,
    dues: Mapping[tuple[int, int], Decimal],
    orders: Iterable[Order],
    held: Collection[int] = (),
) -> None:
    """Lock who buys in some orders before baskets and stock are, as sending does; ``commit_again`` needs them last.

    ``held``: kitchens (row ids) that the caller holds already.
    """
    if dues and (buyers := {order.kitchen_id for order in orders} - set(held)):
        await lock_buyers(session, buyers)


async def commit_again(session: AsyncSession, viewer: Viewer, dues: Mapping[tuple[int, int], Decimal]) -> None:
    """Bring what lines, by order (row id) and position, have committed to to what they cost now (€ excl. tax).

    Raises:
        catering.procurement.refusals.BeyondMaximum: a line costs more, and its contract has not enough left.
        catering.procurement.refusals.BeyondAward: its award has not.
    """
    amounts = {source_of(*line): amount for line, amount in dues.items()}
    if amounts:
        # The seller who takes less reads no commitments of their buyer.
        await recommit(session, BUYER, viewer.actor, amounts)


def source_of(order_id: int, position: int) -> str:
    """How procurement names a line of an order."""
    return f"order {order_id} line {position}"
