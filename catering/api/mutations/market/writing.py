"""What the mutations of the market share: one write per key, and showing what it made."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.once import asked, once
from catering.graph.arguments import row_number
from catering.graph.request import Request
from catering.market.graph import Offer, Supplier, show_offer, show_supplier
from catering.market.queries import offers, suppliers
from catering.people.viewer import Viewer

Change: TypeAlias = Callable[[AsyncSession, Viewer], Awaitable[str]]
OfSupplier: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Id of the supplier, yours.")]
OfOffer: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Id of the offer, yours.")]


async def write_once(request: Request, operation: str, key: str, given: Any, change: Change) -> str:
    """Do a change once per key; the id of what it made.

    Raises:
        catering.refusal.Refusal: the change is refused; nothing of it is kept.
    """
    viewer = request.viewer

    async def write(session: AsyncSession) -> str:
        return await change(session, viewer)

    return await once(request, asked(operation, key, given), write)


async def supplier_now(request: Request, slug: str) -> Supplier:
    """A supplier as it stands after a change of it."""
    row = await request.one(suppliers(request.viewer, slugs=[slug]))
    assert row is not None, "who may change a supplier may read it"
    return show_supplier(row)


async def offer_now(request: Request, slug: str) -> Offer:
    """An offer as it stands after a change of it."""
    row = await request.one(offers(request.viewer, slugs=[slug]))
    assert row is not None, "who may change an offer may read it"
    return show_offer(row)


def number_or_none(given: str | None, name: str) -> int | None:
    """The same, where nothing may be given."""
    return None if given is None else row_number(given, name)
