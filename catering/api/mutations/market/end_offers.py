"""Stop selling offers after a day."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market import refusals
from catering.api.mutations.market.writing import write_once
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.market import offering
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(description="They can be ordered until that day, and stay readable.")
class OffersEnded:
    offers: list[strawberry.ID] = strawberry.field(description="Their ids, in order.")


EndOffersResult: TypeAlias = Annotated[
    OffersEnded | refusals.UnknownOffer | refusals.UnknownSupplier | refusals.OffersRefused | NotAllowed | KeyRefused,
    strawberry.union("EndOffersResult", description="The ids, or why they stay on sale."),
]


@documented
async def end_offers(
    info: Ask,
    offers: Annotated[list[strawberry.ID], strawberry.argument(description="Ids of offers of yours.")],
    last_day: Annotated[date, strawberry.argument(description="Last day of sale, included.")],
    idempotency_key: IdempotencyKey,
) -> EndOffersResult:
    """Stop selling offers after a day; orders and plans that name them keep their meaning."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        await offering.end_offers(session, viewer, offers, last_day)
        return str(len(offers))

    try:
        await write_once(info.context, "endOffers", idempotency_key, [offers, last_day], write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return OffersEnded(offers=sorted(set(offers)))
