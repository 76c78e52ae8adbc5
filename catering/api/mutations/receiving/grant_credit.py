"""Give a credit."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.receiving import refusals
from catering.api.mutations.receiving.changing import CreditId, answer_credit
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.receiving import models
from catering.receiving.graph.invoices import CreditRequest
from catering.receiving.service.credit import grant
from catering.refusal import Refusal


@strawberry.type(description="Answered: see `creditNote`.")
class CreditGranted:
    credit_request: CreditRequest = strawberry.field(description="The request as it stands.")


GrantCreditResult: TypeAlias = Annotated[
    CreditGranted
    | refusals.UnknownCredit
    | refusals.CreditAnswered
    | refusals.InvalidInvoice
    | NotAllowed
    | KeyRefused,
    strawberry.union("GrantCreditResult", description="The answered request, or why it is not."),
]


@documented
async def grant_credit(
    info: Ask,
    credit_id: CreditId,
    issued_on: Annotated[date, strawberry.argument(description="Date of the credit note, today or before.")],
    idempotency_key: IdempotencyKey,
    answer: Annotated[str | None, strawberry.argument(description="A word to the kitchen.")] = None,
) -> GrantCreditResult:
    """Give what a kitchen asks back: by a credit note, or by nothing when nobody billed it; only the supplier may."""
    number = row_number(credit_id, "demande d'avoir")

    async def write(session: AsyncSession, viewer: Viewer) -> models.CreditRequest:
        return await grant(session, viewer, number, issued_on, answer)

    try:
        given = [credit_id, issued_on, answer]
        answered = await answer_credit(info.context, "grantCredit", idempotency_key, given, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return CreditGranted(credit_request=answered)
