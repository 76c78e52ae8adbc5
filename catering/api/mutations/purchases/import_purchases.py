"""Import purchases from a file of ma-cantine."""

from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market.refusals import TableRefused
from catering.api.mutations.purchases import refusals
from catering.api.once import Asked, IdempotencyKey, asked, earlier, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask, Request
from catering.progress import Report
from catering.purchases import importing
from catering.purchases.following import following
from catering.purchases.queries import imports
from catering.refusal import Refusal

AGAIN = "again "


@strawberry.type(description="The purchases of the file are in the ledger, each once.")
class PurchasesImported:
    id: strawberry.ID = strawberry.field(description="Number of the import.")
    lines: int = strawberry.field(description="Purchases of the file.")
    amount_eur: Decimal = strawberry.field(description="Their sum, € excl. tax.")
    at: datetime = strawberry.field(description="When they were imported.")
    again: bool = strawberry.field(description="True when they had been imported already: nothing was added.")


ImportPurchasesResult: TypeAlias = Annotated[
    PurchasesImported
    | refusals.UnknownFile
    | refusals.PurchasesRefused
    | refusals.NoPurchase
    | TableRefused
    | NotAllowed
    | KeyRefused,
    strawberry.union("ImportPurchasesResult", description="What was imported, or every line at fault."),
]


@documented
async def import_purchases(
    info: Ask,
    document: Annotated[
        strawberry.ID,
        strawberry.argument(description="Number of the file (CSV or XLSX), in a format of ma-cantine."),
    ],
    idempotency_key: IdempotencyKey,
    twins_meant: Annotated[
        bool, strawberry.argument(description="Lines alike in everything are purchases of their own, no mistake.")
    ] = False,
    again_meant: Annotated[
        bool,
        strawberry.argument(description="Lines that the ledger has already are purchases of their own, no mistake."),
    ] = False,
) -> ImportPurchasesResult:
    """Import a file of purchases: all of it, or nothing when a line is at fault; the same lines twice add nothing."""

    request, number = info.context, row_number(document, "document")
    meant = {"twins_meant": twins_meant, "again_meant": again_meant}
    try:
        once_only = asked("importPurchases", idempotency_key, [document, twins_meant, *([True] if again_meant else [])])
        made = await earlier(request, once_only)
        if made is None:
            with following(request.database.url, request.viewer.actor, number) as report:
                made = await _import(request, once_only, number, meant, report)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.one(imports(request.viewer, int(made.removeprefix(AGAIN))))
    assert row is not None, "who imports a file may read it"
    return PurchasesImported(
        id=strawberry.ID(str(row.id)),
        lines=row.lines,
        amount_eur=row.amount_excl_tax,
        at=row.at,
        again=made.startswith(AGAIN),
    )


async def _import(request: Request, once_only: Asked, number: int, meant: Mapping[str, bool], report: Report) -> str:
    """Judged in a read, on a thread: the one writer of SQLite is held only while judged rows are handed over."""
    viewer = request.viewer
    async with request.database.reading() as session:
        judged = await importing.judge_file(session, viewer, number, **meant, report=report)

    async def keep(session: AsyncSession) -> str:
        made = await importing.keep(session, viewer, judged, report=report)
        return (AGAIN if made.again else "") + str(made.file.id)

    with closing(judged):
        return await once(request, once_only, keep)
