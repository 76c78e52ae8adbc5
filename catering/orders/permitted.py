"""Whether goods of an order still rest on a permit for their delivery day: asked again when they are promised, and when
they leave.

An approval or a dérogation may end after the order was sent (HYG-01 to HYG-04). At most three statements, and none for
orders without products of animals.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.hygiene import Permit, rests_on
from catering.market.models import HygienePermit, Offer, Supplier
from catering.market.queries import offers_visible_to, permits_visible_to
from catering.orders import refusals
from catering.orders.checking import Goods, Permitted, require_hygienic
from catering.orders.models import Order, OrderLine
from catering.orders.queries import orders
from catering.orders.replay import TO_DELIVER
from catering.orders.sold import BUYER
from catering.people.viewer import Viewer

CURE: Final = (
    "Déposer l'agrément ou la dérogation en cours, ou ne pas livrer ces produits : zéro colis en acceptant "
    "ou en proposant un changement, refuser la commande, ou déclarer que rien ne peut être livré ce jour-là."
)


async def require_permitted(session: AsyncSession, order: Order, packs: Mapping[str, int]) -> None:
    """Check that what is left of a locked order may be delivered on its day; its lines keep what they now rest on.

    Args:
        session: of the caller's transaction.
        order: with its lines.
        packs: of each line, by its position.

    Raises:
        refusals.NotHygienic: the permit that some goods were sold under does not cover the day, and no other one does.
    """
    animal = [line for line in order.lines if line.animal_product is not None and packs[str(line.position)]]
    if not animal:
        return
    at = kitchens_visible_to(BUYER).where(Kitchen.id == order.kitchen_id).with_only_columns(Kitchen.id)
    statement = (
        offers_visible_to(BUYER)
        .where(Offer.id.in_({line.offer_id for line in animal}))
        .join(Supplier, Supplier.id == Offer.supplier_id)
        .join(Kitchen, Kitchen.id.in_(at))
        .with_only_columns(Offer, Supplier, Kitchen)
    )
    sold = {offer.id: (offer, supplier, kitchen) for offer, supplier, kitchen in await session.execute(statement)}
    kitchen = next(iter(sold.values()))[-1]
    goods = [
        Goods(*sold[line.offer_id][:2], order.day, packs[str(line.position)] * line.pack_g, line.animal_product)
        for line in animal
    ]
    try:
        rest = await require_hygienic(session, BUYER, kitchen, goods, besides=order.id)
    except refusals.NotHygienic as found:
        raise refusals.NotHygienic(found.faults, CURE) from found
    keep_permits(animal, rest)


def keep_permits(lines: Iterable[OrderLine], rest: Mapping[int, Permitted]) -> None:
    """Write on lines of a locked order the permits that they rest on now, by offer (row id)."""
    for line in lines:
        if (permit := rest.get(line.offer_id)) is not None:
            for column, value in permit.kept.items():
                setattr(line, column, value)


async def without_permit(session: AsyncSession, viewer: Viewer, supplier_id: int, since: date) -> list[Order]:
    """Orders to a supplier (row id) that are to be delivered from a day on and of which some goods rest on no permit
    any more, in order of delivery: two statements, three when there are orders."""
    held = permits_visible_to(viewer).where(HygienePermit.supplier_id == supplier_id).order_by(HygienePermit.id)
    permits = (await session.scalars(held)).all()
    to_come = await session.scalars(coming(viewer, supplier_id, since))
    return [order for order in to_come if any(bare(line, permits, order.day) for line in order.lines)]


def permitted(line: OrderLine, permits: Sequence[Permit], on: date) -> bool | None:
    """Whether a permit covers goods of a line that come on a day; None for what is not of animals (HYG-01).

    The one place where it is judged: for receptions, for the page that prepares them, and for letters.

    Args:
        line: of an order.
        permits: of its supplier, whatever their dates.
        on: day of the arrival.
    """
    return None if line.animal_product is None else rests_on(permits, line.animal_product, on) is not None


def bare(line: OrderLine, permits: Sequence[Permit], on: date) -> bool:
    """Whether something is left of a line that no permit covers on a day."""
    return bool(line.packs) and permitted(line, permits, on) is False


def coming(viewer: Viewer, supplier_id: int, since: date) -> Select[Order]:
    """Orders to a supplier (row id) of which nothing has arrived, to be delivered from a day on; lines are loaded."""
    to_come = orders(viewer, supplier_id=supplier_id, states=TO_DELIVER).where(Order.day >= since)
    return to_come.options(selectinload(Order.lines)).order_by(Order.day, Order.id)
