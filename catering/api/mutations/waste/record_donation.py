"""Keep an agreement to give food."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.waste import refusals
from catering.api.mutations.waste.entering import ActingFor
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.refusal import Refusal
from catering.waste.graph.diagnostic import DonationAgreement, show_agreement
from catering.waste.models import DonationAgreement as AgreementRow
from catering.waste.queries_diagnostic import agreements_visible_to
from catering.waste.service.stating import agree


@strawberry.type(description="Kept, with its trace.")
class DonationRecorded:
    agreement: DonationAgreement = strawberry.field(description="The agreement.")


RecordDonationResult: TypeAlias = Annotated[
    DonationRecorded | refusals.UnknownKitchen | refusals.InvalidStatement | NotAllowed | KeyRefused,
    strawberry.union("RecordDonationResult", description="The agreement, or why it is not kept."),
]
Day: TypeAlias = Annotated[date | None, strawberry.argument(description="Null before it happens.")]


@documented
async def record_donation(
    info: Ask,
    kitchen: ActingFor,
    association: Annotated[str, strawberry.argument(description="Name of the aid association; one agreement each.")],
    proposed_on: Annotated[date, strawberry.argument(description="When it was proposed to it.")],
    idempotency_key: IdempotencyKey,
    signed_on: Day = None,
    ends_on: Day = None,
    what: Annotated[str | None, strawberry.argument(description="What is given, how often it is fetched.")] = None,
    authority: Annotated[
        str | None,
        strawberry.argument(description="Its habilitation (number, arrêté), CCAS or CIAS; null: unchecked."),
    ] = None,
) -> RecordDonationResult:
    """Keep an agreement to give food: proposed, then signed, then ended (GAS-04)."""
    request = info.context
    viewer = request.viewer

    async def write(session: AsyncSession) -> str:
        row = await agree(session, viewer, str(kitchen), association, proposed_on, signed_on, ends_on, what, authority)
        return str(row.id)

    try:
        given = [kitchen, association, proposed_on, signed_on, ends_on, what, authority]
        kept = await once(request, asked("recordDonation", idempotency_key, given), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.one(agreements_visible_to(viewer).where(AgreementRow.id == int(kept)))
    assert row is not None, "who keeps an agreement may read it"
    return DonationRecorded(agreement=show_agreement(row))
