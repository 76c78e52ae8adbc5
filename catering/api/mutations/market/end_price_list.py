"""Say on which day a price list ends."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market import refusals
from catering.api.mutations.market.price_input import price_list_now
from catering.api.mutations.market.writing import write_once
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.market import pricing
from catering.market.graph_prices import PriceList
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(description="Its kitchens pay the price of the offers from the day after.")
class PriceListEnded:
    price_list: PriceList = strawberry.field(description="The list, as it stands now.")


EndPriceListResult: TypeAlias = Annotated[
    PriceListEnded | refusals.InvalidPriceList | NotAllowed | KeyRefused,
    strawberry.union("EndPriceListResult", description="The list, or why it stays as it was."),
]


@documented
async def end_price_list(
    info: Ask,
    price_list: Annotated[strawberry.ID, strawberry.argument(description="Id of the list, yours.")],
    last_day: Annotated[date, strawberry.argument(description="Last day, included.")],
    idempotency_key: IdempotencyKey,
) -> EndPriceListResult:
    """End a price list; its prices before that day stay."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        return (await pricing.end_price_list(session, viewer, price_list, last_day)).slug

    try:
        slug = await write_once(info.context, "endPriceList", idempotency_key, [price_list, last_day], write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return PriceListEnded(price_list=await price_list_now(info.context, slug))
