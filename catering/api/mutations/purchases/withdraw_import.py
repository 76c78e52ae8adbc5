"""Take back an import of purchases, whole."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market.writing import write_once
from catering.api.mutations.purchases import refusals
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.purchases.queries import imports
from catering.purchases.withdrawing import withdraw
from catering.refusal import Refusal


@strawberry.type(description="The import is taken back: each of its lines has one of the opposite amount.")
class ImportWithdrawn:
    id: strawberry.ID = strawberry.field(description="Number of the import.")
    lines: int = strawberry.field(description="Purchases taken back.")
    amount_eur: Decimal = strawberry.field(description="Their sum, € excl. tax.")
    at: datetime = strawberry.field(description="When they were taken back.")
    reason: str = strawberry.field(description="Why, as told.")


WithdrawImportResult: TypeAlias = Annotated[
    ImportWithdrawn | refusals.NotWithdrawn | NotAllowed | KeyRefused,
    strawberry.union("WithdrawImportResult", description="What was taken back, or why nothing was."),
]


@documented
async def withdraw_import(
    info: Ask,
    import_id: Annotated[strawberry.ID, strawberry.argument(description="Number of the import.")],
    reason: Annotated[str, strawberry.argument(description="Why, for whoever reads the ledger later.")],
    idempotency_key: IdempotencyKey,
) -> WithdrawImportResult:
    """Take an import of purchases back, whole: its file, mended or not, may come again."""
    request, number = info.context, row_number(import_id, "importId")

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        return str((await withdraw(session, viewer, number, reason)).id)

    try:
        made = await write_once(request, "withdrawImport", idempotency_key, [import_id, reason], write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.one(imports(request.viewer, int(made)))
    assert row is not None
    assert row.withdrawn_at is not None, "what was withdrawn has its day"
    return ImportWithdrawn(
        id=strawberry.ID(str(row.id)),
        lines=row.lines,
        amount_eur=row.amount_excl_tax,
        at=row.withdrawn_at,
        reason=row.withdrawn_why or "",
    )
