"""Opening the offers, comparing them, deciding with a written reason, and telling everybody who answered."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only
from sqlalchemy.orm.attributes import set_committed_value

from catering.figures import number
from catering.market.models import Supplier
from catering.moment import paris_day, today
from catering.people.viewer import Viewer
from catering.procurement import refusals
from catering.procurement.clock import DatabaseNow
from catering.procurement.models import (
    Consultation,
    ConsultationAward,
    ConsultationEvent,
    ConsultationLine,
    ConsultationLot,
    Engagement,
    Tender,
    TenderOutcome,
)
from catering.procurement.queries_of_consultations import events_visible_to
from catering.procurement.queries_of_tenders import standing_tenders
from catering.procurement.scoring import Score, line_amount
from catering.procurement.seal import broken
from catering.procurement.service.access import (
    buyers_held,
    changed,
    consultation_signed,
    lots_of,
    written,
)
from catering.procurement.service.log import record
from catering.procurement.service.needs import Added, Besides, refuse_above_threshold
from catering.procurement.service.opened import WHOLE, lot_of, not_opened, opened, scores_of
from catering.procurement.service.telling import tell_decision
from catering.procurement.service.tendering import how_many
from catering.procurement.vocabulary import ConsultationStatus, EventKind, GroundKind, LotStatus
from catering.rules.procurement import procurement_law


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
        raise not_opened(consultation)
    await session.refresh(consultation)
    data: dict[str, Any] = {"tenders": await how_many(session, number)}
    if found := await _broken(session, viewer, number):
        data["broken"] = sorted(found)
    await record(session, viewer, consultation, EventKind.TENDERS_OPENED, data)
    return consultation


async def _broken(session: AsyncSession, viewer: Viewer, number: int) -> dict[int, int]:
    """Opened offers that are not as the log received them (``seal.broken``)."""
    standing = (await session.scalars(standing_tenders(viewer, number).options(*WHOLE))).unique().all()
    return broken(await _log(session, viewer, number), standing)


async def _log(session: AsyncSession, viewer: Viewer, number: int) -> Sequence[ConsultationEvent]:
    told = events_visible_to(viewer).where(ConsultationEvent.consultation_id == number)
    return (await session.scalars(told.order_by(ConsultationEvent.seq))).all()


async def _refuse_broken(
    session: AsyncSession, viewer: Viewer, lot: ConsultationLot, answers: Collection[Tender]
) -> None:
    """Nothing is compared with an offer to the lot that changed under its seal; one set aside is not compared.

    Raises:
        refusals.WrongStage: an offer is not as the log received it.
    """
    log = await _log(session, viewer, lot.consultation_id)
    of_lot = [each for each in log if each.data.get("lot") == lot.number or "lot" not in each.data]
    aside = {each.id for each in answers if each.set_aside_at is not None}
    if found := set(broken(of_lot, answers)) - aside:
        raise refusals.WrongStage(
            f"Offre {min(found)} : elle n'est plus celle que le registre a reçue (empreinte). L'écarter avec ce motif, "
            "ou clore le lot sans suite, et prévenir l'administration de la plateforme."
        )


async def award(session: AsyncSession, viewer: Viewer, number: int, tender_id: int, reason: str) -> ConsultationAward:
    """Retain for its lot an offer that the published criteria rank first there; every supplier of it is told why.

    Raises:
        refusals.Refusal: the viewer does not sign for the buyer, the lot is decided or nothing is opened, another
            offer ranks first, the need reaches a threshold, or there is no reason.
    """
    kept = written(reason)
    lines, together = await buyers_held(session, viewer, number)
    consultation = await opened(session, viewer, number)
    lots = await lots_of(session, viewer, number)
    lot, answers = await lot_of(session, viewer, lots, tender_id)
    tenders = list(answers)
    await _refuse_broken(session, viewer, lot, tenders)
    scores = await scores_of(session, viewer, consultation, tenders)
    winner = _best(tenders, scores, tender_id)
    added = [Added(lot.family, winner.amount)]
    await refuse_above_threshold(session, viewer, together, added, today(), Besides(lot=lot.id), held=True)
    at = await _decide(session, viewer, lot, LotStatus.AWARDED, kept)
    made = ConsultationAward(
        lot_id=lot.id,
        consultation_id=number,
        tender_id=winner.id,
        supplier_id=winner.supplier_id,
        amount=winner.amount,
        ordered_amount=Decimal("0.00"),  # as it will be read: no amount is drawn yet
        day=paris_day(at),
    )
    outcomes = _outcomes(tenders, scores, Decision(kept, winner.id, at))
    session.add_all([made, *_engagements(viewer, lot, lines, winner, at), *outcomes])
    _end_with_its_last_lot(viewer, consultation, lots)
    data = {
        "lot": lot.number,
        "tender": winner.id,
        "amount": f"{winner.amount}",
        "ranking": [f"{each.rank} {each.tender} {each.points}" for each in scores],
        "reason": kept,
    }
    await record(session, viewer, consultation, EventKind.CONSULTATION_AWARDED, data, at=at)
    await tell_decision(session, consultation, lot, outcomes, {each.id: slug for each, slug in answers.items()})
    return made


async def close_without_result(
    session: AsyncSession, viewer: Viewer, number: int, reason: str, lot_number: int | None = None
) -> Consultation:
    """Close a lot sans suite, or every lot that is not decided, with a written reason that every supplier is told.

    Raises:
        refusals.Refusal: the viewer does not sign for the buyer, the consultation is not published, no such lot waits,
            or there is no reason.
    """
    kept = written(reason)
    consultation = await consultation_signed(session, viewer, number)
    if consultation.decided_at is not None:
        raise refusals.AlreadyDecided(number)
    if consultation.published_at is None:
        raise refusals.WrongStage(f"La consultation {number} n'est pas publiée.")
    lots = await lots_of(session, viewer, number)
    for lot in _to_close(lots, number, lot_number):
        at = await _decide(session, viewer, lot, LotStatus.WITHOUT_RESULT, kept)
        # Offers that nobody opened stay sealed; that they lapsed is told all the same.
        answers = dict((await session.execute(_standing_whoever_reads(lot.id))).tuples().all())
        outcomes = _outcomes(list(answers), [], Decision(kept, None, at))
        session.add_all(outcomes)
        data = {"lot": lot.number, "reason": kept}
        await record(session, viewer, consultation, EventKind.CLOSED_WITHOUT_RESULT, data, at=at)
        await tell_decision(session, consultation, lot, outcomes, {each.id: slug for each, slug in answers.items()})
    _end_with_its_last_lot(viewer, consultation, lots)
    await session.flush()
    return consultation


def _to_close(lots: Sequence[ConsultationLot], number: int, lot_number: int | None) -> list[ConsultationLot]:
    if lot_number is None:
        return [lot for lot in lots if lot.status is LotStatus.WAITING]
    wanted = next((lot for lot in lots if lot.number == lot_number), None)
    if wanted is None:
        raise refusals.UnknownConsultationLot(lot_number, number)
    return [wanted]


def _standing_whoever_reads(lot_id: int) -> Select[Tender, str]:
    """The offers to a lot that stand, without their prices, and their suppliers: who closes it need not read more."""
    told = Tender.set_aside_reason, Tender.set_aside_ground, Tender.set_aside_at
    named = load_only(Tender.id, Tender.supplier_id, *told, raiseload=True)
    standing = select(Tender, Supplier.slug).join(Supplier, Supplier.id == Tender.supplier_id)
    return standing.where(Tender.lot_id == lot_id, Tender.withdrawn_at.is_(None)).order_by(Tender.id).options(named)


def _best(tenders: Sequence[Tender], scores: Sequence[Score], tender_id: int) -> Tender:
    first = [score.tender for score in scores if score.rank == 1]
    wanted = next((tender for tender in tenders if tender.id == tender_id), None)
    if wanted is None or wanted.set_aside_at is not None:
        raise refusals.UnknownTender(tender_id)
    if tender_id not in first:
        raise refusals.NotTheBest(tender_id, first)
    return wanted


async def _decide(
    session: AsyncSession, viewer: Viewer, lot: ConsultationLot, status: LotStatus, reason: str
) -> datetime:
    """Write the decision on a lot, and say when: one wins, whatever races, for the statement asks that none was taken.

    Raises:
        refusals.AlreadyDecided: it was decided before.
    """
    decided = (
        update(ConsultationLot)
        .where(ConsultationLot.id == lot.id, ConsultationLot.status == LotStatus.WAITING)
        .values(status=status, decided_at=DatabaseNow(), decided_by=viewer.actor, reason=reason)
        .returning(ConsultationLot.decided_at)
        .execution_options(synchronize_session=False)
    )
    at = (await session.scalars(decided)).one_or_none()
    if at is None:
        raise refusals.AlreadyDecided(lot.consultation_id, lot.number)
    for name, value in (("status", status), ("decided_at", at), ("decided_by", viewer.actor), ("reason", reason)):
        set_committed_value(lot, name, value)
    return at


def _end_with_its_last_lot(viewer: Viewer, consultation: Consultation, lots: Sequence[ConsultationLot]) -> None:
    """A consultation is decided when all its lots are: awarded when one is, sans suite otherwise."""
    if any(lot.status is LotStatus.WAITING for lot in lots):
        return
    awarded = any(lot.status is LotStatus.AWARDED for lot in lots)
    consultation.status = ConsultationStatus.AWARDED if awarded else ConsultationStatus.WITHOUT_RESULT
    consultation.decided_at = max(lot.decided_at for lot in lots if lot.decided_at is not None)
    consultation.decided_by = viewer.actor
    single = len({lot.reason for lot in lots}) == 1
    consultation.reason = lots[0].reason if single else "\n".join(f"Lot {lot.number} : {lot.reason}" for lot in lots)


def _engagements(
    viewer: Viewer, lot: ConsultationLot, lines: Mapping[int, ConsultationLine], winner: Tender, at: datetime
) -> list[Engagement]:
    """What the award commits each collège to: the sum of the lines delivered to it."""
    amounts: dict[int, Decimal] = defaultdict(Decimal)
    for each in winner.lines:
        line = lines[each.line_id]
        amounts[line.kitchen_id] += line_amount(each.price_eur_per_kg, line.quantity_g)
    return [
        Engagement(
            kitchen_id=kitchen,
            family=lot.family,
            day=paris_day(at),
            amount=amount,
            supplier_id=winner.supplier_id,
            ground=GroundKind.CONSULTATION_AWARD,
            consultation_id=lot.consultation_id,
            lot_id=lot.id,
            grouped=len(amounts) > 1,
            counted=True,
            source=f"consultation {lot.consultation_id} lot {lot.number}",
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
        return f"Classé sans suite : {decision.reason}"
    if tender.id == decision.winner:
        return f"Offre retenue : {decision.reason}"
    if score is None:
        return f"{_aside(tender)} : {tender.set_aside_reason}"
    return (
        f"Offre non retenue, classée {score.rank}e avec {number(score.points)} points. {score.explanation} "
        f"Motif du choix : {decision.reason}"
    )


def _aside(tender: Tender) -> str:
    """By which ground of the Code an offer was left out, in words."""
    if tender.set_aside_ground is None or tender.set_aside_at is None:
        return "Offre écartée"
    row = procurement_law().ground_to_set_aside(tender.set_aside_ground, paris_day(tender.set_aside_at))
    return "Offre écartée" if row is None else f"{row.french_name} écartée ({row.article})"
