"""Import offers from a file."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.ingredients import known_ingredients
from catering.api.mutations.market import refusals
from catering.api.mutations.market.offer_input import OffersKept, kept_now, result_of
from catering.api.mutations.market.writing import OfSupplier
from catering.api.once import IdempotencyKey, asked, earlier, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask, Request
from catering.market import importing
from catering.market.keeping import Judged, keep
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(description="The offers are what the file states; those it does not name stay as they are.")
class OffersImported:
    kept: OffersKept = strawberry.field(description="Which offers, and how many are new or changed.")


ImportOffersResult: TypeAlias = Annotated[
    OffersImported
    | refusals.UnknownSupplier
    | refusals.UnknownDocument
    | refusals.TableRefused
    | refusals.OffersRefused
    | NotAllowed
    | KeyRefused,
    strawberry.union("ImportOffersResult", description="The offers, or every line at fault."),
]


@documented
async def import_offers(
    info: Ask,
    supplier: OfSupplier,
    document: Annotated[
        strawberry.ID,
        strawberry.argument(description="Number of the file (CSV or XLSX), with the columns of the export."),
    ],
    idempotency_key: IdempotencyKey,
) -> ImportOffersResult:
    """Import a file of offers: all of it, or nothing when a line is at fault; a line without id is a new offer."""

    request, number = info.context, row_number(document, "document")
    try:
        once_only = asked("importOffers", idempotency_key, [supplier, document])
        made = await earlier(request, once_only)
        if made is None:
            judged = await _judged(request, supplier, number)
            made = await once(request, once_only, lambda session: _keep(session, request.viewer, judged))
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return OffersImported(kept=await kept_now(request, supplier, made))


async def _judged(request: Request, supplier: str, document: int) -> Judged:
    async with request.database.reading() as session:
        known = await known_ingredients(session, request.viewer)
        return await importing.judge_file(session, request.viewer, supplier, document, known)


async def _keep(session: AsyncSession, viewer: Viewer, judged: Judged) -> str:
    return result_of(await keep(session, viewer, judged))
