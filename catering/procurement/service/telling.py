"""To whom what happens in a consultation is told: no reader learns from it who answered."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select, union
from sqlalchemy.ext.asyncio import AsyncSession

from catering.market.models import Supplier
from catering.outbox.service import queue
from catering.procurement import letters
from catering.procurement.models import (
    Consultation,
    ConsultationInvite,
    ConsultationLot,
    ConsultationQuestion,
    Tender,
    TenderOutcome,
)


async def who_takes_part(session: AsyncSession, number: int) -> Sequence[str]:
    """Ids of the suppliers that were asked, asked something or answered: equal treatment tells all of them alike."""
    taking_part = union(
        select(ConsultationInvite.supplier_id).where(ConsultationInvite.consultation_id == number),
        select(ConsultationQuestion.supplier_id).where(ConsultationQuestion.consultation_id == number),
        select(Tender.supplier_id).where(Tender.consultation_id == number, Tender.withdrawn_at.is_(None)),
    )
    named = select(Supplier.slug).where(Supplier.id.in_(taking_part)).order_by(Supplier.slug)
    return (await session.scalars(named)).all()


async def tell_answer(session: AsyncSession, consultation: Consultation, question: ConsultationQuestion) -> None:
    """Send an answer to everybody who takes part."""
    assert question.answered_at is not None
    told = await who_takes_part(session, consultation.id)
    await queue(session, [letters.answered(consultation, question, each) for each in told], question.answered_at)


async def tell_decision(
    session: AsyncSession,
    consultation: Consultation,
    lot: ConsultationLot,
    outcomes: Collection[TenderOutcome],
    of_tender: Mapping[int, str],
) -> None:
    """Send each supplier that answered a lot what became of its offer; of a lot sans suite, tell the others too.

    ``of_tender`` are the ids of the suppliers, by the number of their offer.
    """
    assert lot.decided_at is not None
    told = [letters.decided(consultation, lot, each, of_tender[each.tender_id]) for each in outcomes]
    if not any(each.won for each in outcomes):
        others = set(await who_takes_part(session, consultation.id)) - set(of_tender.values())
        told += [letters.closed(consultation, lot, each) for each in sorted(others)]
    await queue(session, told, lot.decided_at)
