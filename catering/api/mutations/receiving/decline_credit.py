"""Refuse a credit."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.receiving import refusals
from catering.api.mutations.receiving.changing import CreditId, Why, answer_credit
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.receiving import models
from catering.receiving.graph.invoices import CreditRequest
from catering.receiving.service.credit import decline
from catering.refusal import Refusal


@strawberry.type(description="Answered.")
class CreditDeclined:
    credit_request: CreditRequest = strawberry.field(description="The request as it stands.")


DeclineCreditResult: TypeAlias = Annotated[
    CreditDeclined
    | refusals.UnknownCredit
    | refusals.CreditAnswered
    | refusals.InvalidInvoice
    | NotAllowed
    | KeyRefused,
    strawberry.union("DeclineCreditResult", description="The answered request, or why it is not."),
]


@documented
async def decline_credit(
    info: Ask,
    credit_id: CreditId,
    answer: Why,
    idempotency_key: IdempotencyKey,
) -> DeclineCreditResult:
    """Refuse to give what a kitchen asks back, and say why; only the supplier may."""
    number = row_number(credit_id, "demande d'avoir")

    async def write(session: AsyncSession, viewer: Viewer) -> models.CreditRequest:
        return await decline(session, viewer, number, answer)

    try:
        given = [credit_id, answer]
        answered = await answer_credit(info.context, "declineCredit", idempotency_key, given, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return CreditDeclined(credit_request=answered)
