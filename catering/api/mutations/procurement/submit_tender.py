"""Submit a sealed offer to a consultation, or replace the one before."""

from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.procurement import refusals
from catering.api.mutations.procurement.changing_consultation import (
    ConsultationId,
    SupplierId,
    change_consultation,
)
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.procurement.graph.consultations import Consultation
from catering.procurement.refusals import InvalidTender
from catering.procurement.service.tendering import TenderWish, submit
from catering.refusal import Refusal


@strawberry.input(description="The price offered for one line.")
class TenderLineInput:
    line_id: strawberry.ID = strawberry.field(description="Number of the line of the consultation.")
    price_eur_per_kg: Decimal = strawberry.field(description="€/kg excl. tax, delivered, four decimals at most.")


@strawberry.input(description="What is declared for a criterion other than the price.")
class TenderFactInput:
    code: strawberry.ID = strawberry.field(description="Code of the criterion.")
    value: Decimal = strawberry.field(description="In the unit of the criterion; 1 for yes, 0 for no.")


@strawberry.input(
    description="An offer to one lot, several or all: prices, and an answer to every criterion but the price."
)
class TenderInput:
    lines: list[TenderLineInput] = strawberry.field(description="One for each line of each lot you answer.")
    facts: list[TenderFactInput] = strawberry.field(description="One for each criterion other than the price.")
    papers: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description="Numbers of the documents that prove what you declare (`POST /documents`): PDF or photographs, "
        "10 at most, sealed like the rest. Replacing an offer keeps those that are named again.",
    )


@strawberry.type(description="The offer is kept, sealed; it may be replaced or withdrawn until the deadline.")
class TenderSubmitted:
    consultation: Consultation = strawberry.field(description="With your offer, which nobody else can read.")


SubmitTenderResult: TypeAlias = Annotated[
    TenderSubmitted
    | refusals.UnknownConsultation
    | refusals.InvalidTender
    | refusals.WrongStage
    | refusals.DeadlinePassed
    | NotAllowed
    | KeyRefused,
    strawberry.union("SubmitTenderResult", description="The sealed offer, or why it is not kept."),
]


@documented
async def submit_tender(
    info: Ask,
    consultation_id: ConsultationId,
    supplier: SupplierId,
    tender: Annotated[TenderInput, strawberry.argument(description="The offer.")],
    idempotency_key: IdempotencyKey,
) -> SubmitTenderResult:
    """Submit an offer, or replace yours, until the deadline; any registered supplier may, wherever it is."""

    async def change(session: AsyncSession, viewer: Viewer, number: int) -> None:
        await submit(session, viewer, number, tender_wish(supplier, tender))

    try:
        changed = await change_consultation(
            info.context, "submitTender", consultation_id, [supplier, tender], idempotency_key, change
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return TenderSubmitted(consultation=changed)


def tender_wish(supplier: str, tender: TenderInput) -> TenderWish:
    """The offer as procurement reads it.

    Raises:
        catering.procurement.refusals.InvalidTender: a line or a criterion is answered twice.
        BadArgumentError: the number of a line or of a document is none.
    """
    prices = {row_number(line.line_id, "consultation.lines"): line.price_eur_per_kg for line in tender.lines}
    facts: dict[str, Decimal] = {fact.code: fact.value for fact in tender.facts}
    if len(prices) < len(tender.lines) or len(facts) < len(tender.facts):
        raise InvalidTender("Un produit ou un critère a deux réponses : n'en garder qu'une.")
    papers = [row_number(each, "pièce jointe") for each in tender.papers]
    return TenderWish(supplier, prices, facts, papers)
