"""What a viewer may read of sealed offers: their supplier its own, nobody else a thing before the opening."""

from decimal import Decimal

from sqlalchemy import ColumnElement, ScalarSelect, Select, select

from catering.market.models import Supplier
from catering.people.viewer import Viewer
from catering.procurement.models import (
    Consultation,
    ConsultationAward,
    Tender,
    TenderDocument,
    TenderFact,
    TenderLine,
    TenderOutcome,
)
from catering.procurement.queries import of_own_supplier
from catering.procurement.queries_of_consultations import consultations_visible_to, of_visible_consultation
from catering.rules.procurement import procurement_law


def tenders_visible_to(viewer: Viewer) -> Select[Tender]:
    """Offers a viewer may read.

    A supplier its own, at any time. Buyers and who controls, the Département too: those of consultations they may read
    **and whose offers have been opened**, which the database allows from the deadline on only (CCP-42).
    """
    return select(Tender).where(_readable(viewer))


def tender_lines_visible_to(viewer: Viewer) -> Select[TenderLine]:
    """Prices of the offers a viewer may read."""
    visible = tenders_visible_to(viewer).with_only_columns(Tender.id)
    return select(TenderLine).where(TenderLine.tender_id.in_(visible))


def tender_facts_visible_to(viewer: Viewer) -> Select[TenderFact]:
    """Declarations of the offers a viewer may read."""
    visible = tenders_visible_to(viewer).with_only_columns(Tender.id)
    return select(TenderFact).where(TenderFact.tender_id.in_(visible))


def tender_papers_visible_to(viewer: Viewer) -> Select[TenderDocument]:
    """Papers of the offers a viewer may read."""
    visible = tenders_visible_to(viewer).with_only_columns(Tender.id)
    return select(TenderDocument).where(TenderDocument.tender_id.in_(visible))


def shown_papers_visible_to(viewer: Viewer) -> Select[int]:
    """Numbers of the documents that the offers a viewer may read brought; of those that were withdrawn, to its supplier
    alone."""
    visible = tenders_visible_to(viewer).with_only_columns(Tender.id)
    if not viewer.sells:
        visible = visible.where(Tender.withdrawn_at.is_(None))
    return select(TenderDocument.document_id).where(TenderDocument.tender_id.in_(visible))


def papers_not_visible_to(viewer: Viewer) -> Select[int]:
    """Numbers of the documents of offers that nobody has opened, and of those withdrawn: even who controls everything
    reads none of them, unless they sent it or another room shows it."""
    visible = tenders_visible_to(viewer).where(Tender.withdrawn_at.is_(None)).with_only_columns(Tender.id)
    return select(TenderDocument.document_id).where(TenderDocument.tender_id.not_in(visible))


def outcomes_visible_to(viewer: Viewer) -> Select[TenderOutcome]:
    """What became of the offers a viewer may read."""
    visible = tenders_visible_to(viewer).with_only_columns(Tender.id)
    return select(TenderOutcome).where(TenderOutcome.tender_id.in_(visible))


def awards_visible_to(viewer: Viewer) -> Select[ConsultationAward]:
    """Awards of the consultations a viewer may read; a supplier those of the lots to which it made an offer."""
    statement = select(ConsultationAward).where(of_visible_consultation(viewer, ConsultationAward.consultation_id))
    if not viewer.sells:
        return statement
    answered = tenders_visible_to(viewer).where(Tender.withdrawn_at.is_(None))
    return statement.where(ConsultationAward.lot_id.in_(answered.with_only_columns(Tender.lot_id)))


def winners_visible_to(viewer: Viewer) -> Select[Supplier]:
    """Suppliers retained by the awards a viewer may read: those who lost learn the name."""
    return select(Supplier).where(
        Supplier.id.in_(awards_visible_to(viewer).with_only_columns(ConsultationAward.supplier_id))
    )


def standing_tenders(viewer: Viewer, consultation_id: int) -> Select[Tender]:
    """Visible offers to a consultation that were neither withdrawn nor replaced."""
    return tenders_visible_to(viewer).where(Tender.consultation_id == consultation_id, Tender.withdrawn_at.is_(None))


def share_under_label(viewer: Viewer) -> ScalarSelect[Decimal]:
    """Percent of the goods that an award's offer declares under a sign of quality; NULL when nobody asked.

    For a statement that starts from `awards_visible_to`.
    """
    declared = tender_facts_visible_to(viewer).where(
        TenderFact.tender_id == ConsultationAward.tender_id, TenderFact.code.in_(procurement_law().proven_by_label)
    )
    return declared.with_only_columns(TenderFact.value).limit(1).correlate(ConsultationAward).scalar_subquery()


def _readable(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.sells:
        return of_own_supplier(viewer, Tender.supplier_id)
    opened = consultations_visible_to(viewer).where(Consultation.opened_at.is_not(None))
    return Tender.consultation_id.in_(opened.with_only_columns(Consultation.id))
