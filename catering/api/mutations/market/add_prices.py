"""Add dated prices to a price list."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market import refusals
from catering.api.mutations.market.price_input import PriceInput, price_list_now, prices_of
from catering.api.mutations.market.writing import write_once
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.market import pricing
from catering.market.graph_prices import PriceList
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(description="From its day on each price replaces the one before.")
class PricesAdded:
    price_list: PriceList = strawberry.field(description="The list, as it stands now.")


AddPricesResult: TypeAlias = Annotated[
    PricesAdded
    | refusals.UnknownOffer
    | refusals.UnknownSupplier
    | refusals.InvalidPriceList
    | NotAllowed
    | KeyRefused,
    strawberry.union("AddPricesResult", description="The list, or why its prices stay."),
]


@documented
async def add_prices(
    info: Ask,
    price_list: Annotated[strawberry.ID, strawberry.argument(description="Id of the list, yours.")],
    prices: Annotated[
        list[PriceInput], strawberry.argument(description="Each from a day on; earlier days keep their price.")
    ],
    idempotency_key: IdempotencyKey,
) -> AddPricesResult:
    """Add dated prices to a list; a price that was in force is never rewritten."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        return (await pricing.add_prices(session, viewer, price_list, prices_of(prices))).slug

    try:
        slug = await write_once(
            info.context, "addPrices", idempotency_key, [price_list, [vars(each) for each in prices]], write
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return PricesAdded(price_list=await price_list_now(info.context, slug))
