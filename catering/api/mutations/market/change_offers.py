"""Change offers, many at once."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.ingredients import known_ingredients
from catering.api.mutations.market import refusals
from catering.api.mutations.market.offer_input import OfferChangeInput, OffersKept, kept_now, lines_of, result_of
from catering.api.mutations.market.writing import OfSupplier, write_once
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.market import offering
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(description="All changes hold from now on; the history keeps what was before.")
class OffersChanged:
    kept: OffersKept = strawberry.field(description="Which offers, and how many are new or changed.")


ChangeOffersResult: TypeAlias = Annotated[
    OffersChanged | refusals.UnknownSupplier | refusals.UnknownOffer | refusals.OffersRefused | NotAllowed | KeyRefused,
    strawberry.union("ChangeOffersResult", description="The changed offers, or every line at fault."),
]


@documented
async def change_offers(
    info: Ask,
    supplier: OfSupplier,
    changes: Annotated[
        list[OfferChangeInput], strawberry.argument(description="1 to 500; what is left out of one stays as it is.")
    ],
    idempotency_key: IdempotencyKey,
) -> ChangeOffersResult:
    """Change offers of yours: all, or none when a line is at fault."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        known = await known_ingredients(session, viewer)
        return result_of(await offering.change_offers(session, viewer, supplier, lines_of(changes), known))

    try:
        made = await write_once(
            info.context, "changeOffers", idempotency_key, [supplier, [vars(each) for each in changes]], write
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return OffersChanged(kept=await kept_now(info.context, supplier, made))
