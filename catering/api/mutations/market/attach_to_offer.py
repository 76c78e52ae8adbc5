"""Show documents with an offer."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market import refusals
from catering.api.mutations.market.writing import OfOffer, number_or_none, offer_now, write_once
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.market.graph import Offer
from catering.market.offering import attach
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(description="Who reads the offer sees them.")
class OfferIllustrated:
    offer: Offer = strawberry.field(description="The offer, as it stands now.")


AttachToOfferResult: TypeAlias = Annotated[
    OfferIllustrated
    | refusals.UnknownOffer
    | refusals.UnknownSupplier
    | refusals.UnknownDocument
    | refusals.OffersRefused
    | NotAllowed
    | KeyRefused,
    strawberry.union("AttachToOfferResult", description="The offer with its documents, or why it stays."),
]


@documented
async def attach_to_offer(
    info: Ask,
    offer: OfOffer,
    photos: Annotated[
        list[strawberry.ID],
        strawberry.argument(description="Numbers of photographs in order, six at most; they replace those before."),
    ],
    allergen_document: Annotated[
        strawberry.ID | None,
        strawberry.argument(description="Number of the sheet that the allergens come from; null for none."),
    ],
    idempotency_key: IdempotencyKey,
) -> AttachToOfferResult:
    """Show photographs with an offer, and the sheet that its allergens come from."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        pictures = [row_number(each, "photos") for each in photos]
        sheet = number_or_none(allergen_document, "allergenDocument")
        return (await attach(session, viewer, offer, photos=pictures, allergen_document=sheet)).slug

    try:
        slug = await write_once(
            info.context, "attachToOffer", idempotency_key, [offer, photos, allergen_document], write
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return OfferIllustrated(offer=await offer_now(info.context, slug))
