"""List new offers, many at once."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.ingredients import known_ingredients
from catering.api.mutations.market import refusals
from catering.api.mutations.market.offer_input import OfferInput, OffersKept, kept_now, lines_of, result_of
from catering.api.mutations.market.writing import OfSupplier, write_once
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.market import offering
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(description="All are offers now; state their capacity to sell them.")
class OffersListed:
    kept: OffersKept = strawberry.field(description="Which offers, and how many are new or changed.")


ListOffersResult: TypeAlias = Annotated[
    OffersListed | refusals.UnknownSupplier | refusals.OffersRefused | NotAllowed | KeyRefused,
    strawberry.union("ListOffersResult", description="The new offers, or every line at fault."),
]


@documented
async def list_offers(
    info: Ask,
    supplier: OfSupplier,
    offers: Annotated[list[OfferInput], strawberry.argument(description="1 to 500.")],
    idempotency_key: IdempotencyKey,
) -> ListOffersResult:
    """List new offers of yours: all, or none when a line is at fault."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        known = await known_ingredients(session, viewer)
        return result_of(await offering.list_offers(session, viewer, supplier, lines_of(offers), known))

    try:
        made = await write_once(
            info.context, "listOffers", idempotency_key, [supplier, [vars(each) for each in offers]], write
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return OffersListed(kept=await kept_now(info.context, supplier, made))
