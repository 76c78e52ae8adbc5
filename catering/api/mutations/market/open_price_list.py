"""Open a price list for some kitchens."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market import refusals
from catering.api.mutations.market.price_input import (
    PriceInput,
    PriceListInput,
    kitchens_named,
    price_list_now,
    prices_of,
)
from catering.api.mutations.market.writing import OfSupplier, write_once
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.market import pricing
from catering.market.graph_prices import PriceList
from catering.market.pricing import PriceListWish
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(description="These kitchens pay its prices.")
class PriceListOpened:
    price_list: PriceList = strawberry.field(description="The list, as it stands now.")


OpenPriceListResult: TypeAlias = Annotated[
    PriceListOpened
    | refusals.UnknownSupplier
    | refusals.UnknownOffer
    | refusals.InvalidPriceList
    | NotAllowed
    | KeyRefused,
    strawberry.union("OpenPriceListResult", description="The list, or why there is none."),
]


@documented
async def open_price_list(
    info: Ask,
    supplier: OfSupplier,
    price_list: Annotated[PriceListInput, strawberry.argument(description="For whom and when.")],
    prices: Annotated[list[PriceInput], strawberry.argument(description="Its first prices.")],
    idempotency_key: IdempotencyKey,
) -> OpenPriceListResult:
    """Open a price list for a group of kitchens, or for those of a contract."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        kitchens = await kitchens_named(session, viewer, price_list.kitchens)
        wish = PriceListWish(**{**vars(price_list), "kitchens": kitchens})
        return (await pricing.open_price_list(session, viewer, supplier, wish, prices_of(prices))).slug

    try:
        slug = await write_once(
            info.context,
            "openPriceList",
            idempotency_key,
            [supplier, vars(price_list), [vars(each) for each in prices]],
            write,
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return PriceListOpened(price_list=await price_list_now(info.context, slug))
