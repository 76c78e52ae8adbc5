"""What is asked of a price list."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.graph.request import Request
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import known_uais_visible_to
from catering.market.graph_prices import PriceList, show_price_list
from catering.market.pricing import Price
from catering.market.queries import price_lists
from catering.market.refusals import InvalidPriceList
from catering.people.viewer import Viewer


@strawberry.input(description="The price of a pack of an offer, from a day on.")
class PriceInput:
    offer: strawberry.ID = strawberry.field(description="Id of the offer.")
    price_eur_per_pack: Decimal = strawberry.field(description="€ excl. tax, before delivery, 4 decimals at most.")
    since: date = strawberry.field(description="First day, within the dates of the list.")


@strawberry.input(description="For whom and when a price list holds.")
class PriceListInput:
    name: str = strawberry.field(description="In French.")
    contract: str | None = strawberry.field(default=None, description="Number of the contract that states the prices.")
    valid_from: date = strawberry.field(description="First day, included.")
    valid_to: date | None = strawberry.field(default=None, description="Last day, included; null has no end.")
    kitchens: list[strawberry.ID] = strawberry.field(description="UAI of the kitchens that pay these prices.")


def prices_of(given: Sequence[PriceInput]) -> list[Price]:
    """The prices, as the market reads them."""
    return [Price(str(each.offer), each.price_eur_per_pack, each.since) for each in given]


async def kitchens_named(session: AsyncSession, viewer: Viewer, uais: Sequence[str]) -> frozenset[str]:
    """The UAI, when each is that of a kitchen.

    Raises:
        InvalidPriceList: some name none.
    """
    known = known_uais_visible_to(viewer).where(Kitchen.uai.in_(uais))
    if unknown := sorted(set(uais) - set(await session.scalars(known))):
        raise InvalidPriceList(f"Aucune cuisine ne porte l'UAI {', '.join(unknown)}. Vérifier ces identifiants.")
    return frozenset(uais)


async def price_list_now(request: Request, slug: str) -> PriceList:
    """A price list as it stands after a change of it."""
    row = await request.one(price_lists(request.viewer, slugs=[slug]))
    assert row is not None, "who may change a price list may read it"
    return show_price_list(row)
