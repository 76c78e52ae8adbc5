"""Opened offers, as every decision about them finds them: the consultation, the lot, the offers to it, their scores."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from catering.market.models import Supplier
from catering.moment import paris_day
from catering.people.viewer import Viewer
from catering.procurement import refusals
from catering.procurement.comparison import compared
from catering.procurement.models import Consultation, ConsultationCriterion, ConsultationLot, Tender
from catering.procurement.queries_of_consultations import criteria_visible_to
from catering.procurement.queries_of_tenders import standing_tenders
from catering.procurement.scoring import Score
from catering.procurement.service.access import consultation_signed
from catering.procurement.vocabulary import ConsultationStatus, LotStatus
from catering.refusal import Refusal

WHOLE = (selectinload(Tender.lines), joinedload(Tender.facts), joinedload(Tender.papers))
"""Two statements for any number of offers: declarations and papers are a few for each, and come with it."""


def not_opened(consultation: Consultation) -> Refusal:
    """Why nothing can be decided yet."""
    if consultation.status is ConsultationStatus.PUBLISHED and consultation.deadline is not None:
        return refusals.StillSealed(consultation.deadline)
    return refusals.WrongStage(f"La consultation {consultation.id} n'a pas d'offres à ouvrir.")


async def lot_of(
    session: AsyncSession, viewer: Viewer, lots: Sequence[ConsultationLot], tender_id: int
) -> tuple[ConsultationLot, Mapping[Tender, str]]:
    """The one of the lots of a consultation that an offer answers, and all offers to it with their suppliers (ids).

    Raises:
        refusals.UnknownTender: no such offer stands.
        refusals.AlreadyDecided: its lot is decided.
    """
    number = lots[0].consultation_id
    named = standing_tenders(viewer, number).join(Supplier, Supplier.id == Tender.supplier_id)
    rows = await session.execute(named.with_only_columns(Tender, Supplier.slug).options(*WHOLE).order_by(Tender.id))
    standing = dict(rows.unique().tuples().all())
    asked = next((tender for tender in standing if tender.id == tender_id), None)
    if asked is None:
        raise refusals.UnknownTender(tender_id)
    lot = next(lot for lot in lots if lot.id == asked.lot_id)
    if lot.status is not LotStatus.WAITING:
        raise refusals.AlreadyDecided(number, lot.number)
    return lot, {tender: slug for tender, slug in standing.items() if tender.lot_id == lot.id}


async def opened(session: AsyncSession, viewer: Viewer, number: int) -> Consultation:
    """A consultation whose offers are opened and that is not decided, for who signs for its buyer.

    Raises:
        refusals.Refusal: the viewer does not sign for the buyer, it is decided, or nothing is opened.
    """
    consultation = await consultation_signed(session, viewer, number)
    if consultation.decided_at is not None:
        raise refusals.AlreadyDecided(number)
    if consultation.opened_at is None:
        raise not_opened(consultation)
    return consultation


async def scores_of(
    session: AsyncSession, viewer: Viewer, consultation: Consultation, tenders: Sequence[Tender]
) -> list[Score]:
    """Scores of the offers to one lot by the published criteria, best first."""
    published = criteria_visible_to(viewer).where(ConsultationCriterion.consultation_id == consultation.id)
    assert consultation.published_at is not None
    return compared((await session.scalars(published)).all(), tenders, paris_day(consultation.published_at))
