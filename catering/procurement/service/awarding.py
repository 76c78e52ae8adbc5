"""Opening the offers, comparing them, deciding with a written reason, and telling everybody who answered."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only, selectinload

from catering.moment import paris_day
from catering.people.viewer import Viewer
from catering.procurement import refusals
from catering.procurement.clock import DatabaseNow
from catering.procurement.comparison import compared
from catering.procurement.models import (
    Consultation,
    ConsultationAward,
    ConsultationCriterion,
    ConsultationLine,
    Engagement,
    Tender,
    TenderOutcome,
)
from catering.procurement.queries_of_consultations import consultation_lines_visible_to, criteria_visible_to
from catering.procurement.queries_of_tenders import standing_tenders
from catering.procurement.scoring import Score, french, line_amount
from catering.procurement.service.access import changed, consultation_signed, database_time, members, written
from catering.procurement.service.log import record
from catering.procurement.service.needs import refuse_above_threshold
from catering.procurement.service.tendering import how_many
from catering.procurement.vocabulary import ConsultationStatus, EventKind, GroundKind
from catering.refusal import Refusal

WHOLE = (selectinload(Tender.lines), selectinload(Tender.facts))


@dataclass(frozen=True, slots=True)
class Decision:
    """Why it was decided so, which offer was retained (None when none was), and when."""

    reason: str
    winner: int | None
    at: datetime


async def open_tenders(session: AsyncSession, viewer: Viewer, number: int) -> Consultation:
    """Open every offer at once, from the deadline on; who opened them and when is logged.

    Raises:
        refusals.Refusal: the viewer does not sign for the buyer, the consultation is not published, or it is too early.
    """
    consultation = await consultation_signed(session, viewer, number)
    if consultation.opened_at is not None:
        return consultation
    opened = (
        update(Consultation)
        .where(
            Consultation.id == number,
            Consultation.status == ConsultationStatus.PUBLISHED,
            Consultation.deadline <= DatabaseNow(),
        )
        .values(opened_at=DatabaseNow(), opened_by=viewer.actor)
    )
    if not await changed(session, opened):
        raise _not_opened(consultation)
    await session.refresh(consultation)
    count = await how_many(session, number)
    await record(session, viewer, consultation, EventKind.TENDERS_OPENED, {"tenders": count})
    return consultation


def _not_opened(consultation: Consultation) -> Refusal:
    if consultation.status is ConsultationStatus.PUBLISHED and consultation.deadline is not None:
        return refusals.StillSealed(consultation.deadline)
    return refusals.WrongStage(f"La consultation {consultation.id} n'a pas d'offres à ouvrir.")


async def set_aside(session: AsyncSession, viewer: Viewer, number: int, tender_id: int, reason: str) -> Consultation:
    """Leave an opened offer out of the comparison, with a written reason: irregular, inappropriate, unacceptable.

    Raises:
        refusals.Refusal: the viewer does not sign for the buyer, the consultation is decided or not opened, there is
            no such offer, or no reason.
    """
    kept = written(reason)
    consultation = await _opened(session, viewer, number)
    tender = (await session.scalars(standing_tenders(viewer, number).where(Tender.id == tender_id))).one_or_none()
    if tender is None or tender.set_aside_at is not None:
        raise refusals.UnknownTender(tender_id)
    tender.set_aside_reason, tender.set_aside_at = kept, await database_time(session)
    data = {"tender": tender_id, "reason": kept}
    await record(session, viewer, consultation, EventKind.TENDER_SET_ASIDE, data)
    return consultation


async def award(session: AsyncSession, viewer: Viewer, number: int, tender_id: int, reason: str) -> ConsultationAward:
    """Retain an offer that the published criteria rank first, with a written reason; every supplier is told why.

    Raises:
        refusals.Refusal: the viewer does not sign for the buyer, the consultation is decided or not opened, another
            offer ranks first, the need reaches a threshold, or there is no reason.
    """
    kept = written(reason)
    consultation = await _opened(session, viewer, number)
    tenders = (await session.scalars(standing_tenders(viewer, number).options(*WHOLE))).all()
    scores = await _scores(session, viewer, consultation, tenders)
    winner = _best(tenders, scores, tender_id)
    now = await database_time(session)
    together = await members(session, viewer, consultation)
    await refuse_above_threshold(session, viewer, together, consultation.family, winner.amount, paris_day(now))
    at = await _decide(session, viewer, consultation, ConsultationStatus.AWARDED, kept)
    made = ConsultationAward(
        consultation_id=number,
        tender_id=winner.id,
        supplier_id=winner.supplier_id,
        amount=winner.amount,
        ordered_amount=Decimal("0.00"),
        day=paris_day(at),
    )
    session.add(made)
    session.add_all(await _engagements(session, viewer, consultation, winner, at))
    session.add_all(_outcomes(tenders, scores, Decision(kept, winner.id, at)))
    data = {
        "tender": winner.id,
        "amount": f"{winner.amount}",
        "ranking": [f"{each.rank} {each.tender} {each.points}" for each in scores],
        "reason": kept,
    }
    await record(session, viewer, consultation, EventKind.CONSULTATION_AWARDED, data, at=at)
    return made


async def close_without_result(session: AsyncSession, viewer: Viewer, number: int, reason: str) -> Consultation:
    """Close a published consultation sans suite, with a written reason that every supplier who answered reads.

    Raises:
        refusals.Refusal: the viewer does not sign for the buyer, the consultation is not published or is decided, or
            there is no reason.
    """
    kept = written(reason)
    consultation = await consultation_signed(session, viewer, number)
    at = await _decide(session, viewer, consultation, ConsultationStatus.WITHOUT_RESULT, kept)
    # Offers that nobody opened stay sealed; that they lapsed is told all the same.
    rows = await session.scalars(_standing_whoever_reads(number))
    session.add_all(_outcomes(rows.all(), [], Decision(kept, None, at)))
    await record(session, viewer, consultation, EventKind.CLOSED_WITHOUT_RESULT, {"reason": kept}, at=at)
    return consultation


def _standing_whoever_reads(number: int) -> Select[Tender]:
    """The offers that stand, without their prices: who closes a consultation need not be able to read them."""
    named = load_only(Tender.id, Tender.set_aside_reason, raiseload=True)
    return select(Tender).where(Tender.consultation_id == number, Tender.withdrawn_at.is_(None)).options(named)


async def _opened(session: AsyncSession, viewer: Viewer, number: int) -> Consultation:
    consultation = await consultation_signed(session, viewer, number)
    if consultation.decided_at is not None:
        raise refusals.AlreadyDecided(number)
    if consultation.opened_at is None:
        raise _not_opened(consultation)
    return consultation


async def _scores(
    session: AsyncSession, viewer: Viewer, consultation: Consultation, tenders: Sequence[Tender]
) -> list[Score]:
    published = criteria_visible_to(viewer).where(ConsultationCriterion.consultation_id == consultation.id)
    assert consultation.published_at is not None
    return compared((await session.scalars(published)).all(), tenders, paris_day(consultation.published_at))


def _best(tenders: Sequence[Tender], scores: Sequence[Score], tender_id: int) -> Tender:
    first = [score.tender for score in scores if score.rank == 1]
    wanted = next((tender for tender in tenders if tender.id == tender_id), None)
    if wanted is None or wanted.set_aside_at is not None:
        raise refusals.UnknownTender(tender_id)
    if tender_id not in first:
        raise refusals.NotTheBest(tender_id, first)
    return wanted


async def _decide(
    session: AsyncSession, viewer: Viewer, consultation: Consultation, status: ConsultationStatus, reason: str
) -> datetime:
    """Write the decision, and say when: one wins, whatever races, for the statement asks that none was taken."""
    decided = (
        update(Consultation)
        .where(Consultation.id == consultation.id, Consultation.status == ConsultationStatus.PUBLISHED)
        .values(status=status, decided_at=DatabaseNow(), decided_by=viewer.actor, reason=reason)
    )
    if not await changed(session, decided):
        if consultation.decided_at is not None:
            raise refusals.AlreadyDecided(consultation.id)
        raise refusals.WrongStage(f"La consultation {consultation.id} n'est pas publiée.")
    await session.refresh(consultation)
    assert consultation.decided_at is not None
    return consultation.decided_at


async def _engagements(
    session: AsyncSession, viewer: Viewer, consultation: Consultation, winner: Tender, at: datetime
) -> list[Engagement]:
    """What the award commits each collège to: the sum of the lines delivered to it."""
    of_lines = consultation_lines_visible_to(viewer).where(ConsultationLine.consultation_id == consultation.id)
    lines = {line.id: line for line in await session.scalars(of_lines)}
    amounts: dict[int, Decimal] = defaultdict(Decimal)
    for each in winner.lines:
        line = lines[each.line_id]
        amounts[line.kitchen_id] += line_amount(each.price_eur_per_kg, line.quantity_g)
    return [
        Engagement(
            kitchen_id=kitchen,
            family=consultation.family,
            day=paris_day(at),
            amount=amount,
            supplier_id=winner.supplier_id,
            ground=GroundKind.CONSULTATION_AWARD,
            consultation_id=consultation.id,
            grouped=len(amounts) > 1,
            counted=True,
            source=f"consultation {consultation.id}",
            at=at,
            actor=viewer.actor,
        )
        for kitchen, amount in sorted(amounts.items())
    ]


def _outcomes(tenders: Sequence[Tender], scores: Sequence[Score], decision: Decision) -> list[TenderOutcome]:
    """What each supplier who answered is told."""
    by_tender = {score.tender: score for score in scores}
    return [
        TenderOutcome(
            tender_id=tender.id,
            won=tender.id == decision.winner,
            rank=score.rank if (score := by_tender.get(tender.id)) else None,
            points=score.points if score else None,
            reason=_why(tender, score, decision),
            informed_at=decision.at,
        )
        for tender in tenders
    ]


def _why(tender: Tender, score: Score | None, decision: Decision) -> str:
    if decision.winner is None:
        return f"Consultation classée sans suite : {decision.reason}"
    if tender.id == decision.winner:
        return f"Offre retenue : {decision.reason}"
    if score is None:
        return f"Offre écartée : {tender.set_aside_reason}"
    return (
        f"Offre non retenue, classée {score.rank}e avec {french(score.points)} points. {score.explanation} "
        f"Motif du choix : {decision.reason}"
    )
