"""What a viewer may read of consultations: a buyer their own, every registered supplier all that are published."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from catering.kitchens.models import Kitchen
from catering.outbox.models import OutgoingMail
from catering.people.viewer import Viewer
from catering.procurement.letters import Topic
from catering.procurement.models import (
    Consultation,
    ConsultationCriterion,
    ConsultationEvent,
    ConsultationInvite,
    ConsultationLine,
    ConsultationLot,
    ConsultationQuestion,
    ContractMember,
)
from catering.procurement.queries import members_visible_to, of_own_kitchen, of_own_supplier
from catering.procurement.vocabulary import SEALED_EVENTS, ConsultationStatus

CONSULTATION_KEY = (Consultation.id,)
"""Order in which consultations are paged."""


def consultations_visible_to(viewer: Viewer) -> Select[Consultation]:
    """Consultations a viewer may read.

    A buyer those of their collèges; every registered supplier, wherever it is, all that were published (CCP-41); who
    controls all.
    """
    statement = select(Consultation)
    if viewer.sees_everything:
        return statement
    if viewer.sells:
        return statement.where(Consultation.published_at.is_not(None))
    mine = select(ConsultationLine.consultation_id).where(of_own_kitchen(viewer, ConsultationLine.kitchen_id))
    return statement.where(or_(of_own_kitchen(viewer, Consultation.kitchen_id), Consultation.id.in_(mine)))


def consultation_lots_visible_to(viewer: Viewer) -> Select[ConsultationLot]:
    """Lots of the consultations a viewer may read."""
    return select(ConsultationLot).where(of_visible_consultation(viewer, ConsultationLot.consultation_id))


def consultation_lines_visible_to(viewer: Viewer) -> Select[ConsultationLine]:
    """Lines of the consultations a viewer may read."""
    return select(ConsultationLine).where(of_visible_consultation(viewer, ConsultationLine.consultation_id))


def criteria_visible_to(viewer: Viewer) -> Select[ConsultationCriterion]:
    """Criteria of the consultations a viewer may read."""
    return select(ConsultationCriterion).where(of_visible_consultation(viewer, ConsultationCriterion.consultation_id))


def invites_visible_to(viewer: Viewer) -> Select[ConsultationInvite]:
    """Sendings of the consultations a viewer may read; a supplier sees its own only."""
    statement = select(ConsultationInvite).where(of_visible_consultation(viewer, ConsultationInvite.consultation_id))
    return statement.where(of_own_supplier(viewer, ConsultationInvite.supplier_id)) if viewer.sells else statement


def sending_letters_visible_to(viewer: Viewer) -> Select[OutgoingMail]:
    """Letters by which the consultations a viewer may read were sent; a supplier sees those to its own people only."""
    statement = select(OutgoingMail).where(
        OutgoingMail.topic == Topic.CONSULTATION_SENT.value, of_visible_consultation(viewer, OutgoingMail.about)
    )
    return statement.where(OutgoingMail.party.in_(viewer.suppliers)) if viewer.sells else statement


def questions_visible_to(viewer: Viewer) -> Select[ConsultationQuestion]:
    """Questions of the consultations a viewer may read; a supplier sees those answered, and its own."""
    statement = select(ConsultationQuestion).where(
        of_visible_consultation(viewer, ConsultationQuestion.consultation_id)
    )
    if not viewer.sells:
        return statement
    own = of_own_supplier(viewer, ConsultationQuestion.supplier_id)
    return statement.where(or_(ConsultationQuestion.answered_at.is_not(None), own))


def events_visible_to(viewer: Viewer) -> Select[ConsultationEvent]:
    """The log of the consultations a viewer may read; before the opening it does not tell who answers.

    Suppliers do not read it: it names the others.
    """
    if viewer.sells:
        return select(ConsultationEvent).where(false())
    opened = consultations_visible_to(viewer).where(Consultation.opened_at.is_not(None))
    readable = or_(
        ConsultationEvent.kind.not_in(SEALED_EVENTS),
        ConsultationEvent.consultation_id.in_(opened.with_only_columns(Consultation.id)),
    )
    return select(ConsultationEvent).where(of_visible_consultation(viewer, ConsultationEvent.consultation_id), readable)


def buyers_visible_to(viewer: Viewer) -> Select[Kitchen]:
    """Kitchens that buy in what a viewer may read: a supplier learns who asks and where to deliver (no budget)."""
    of_consultations = consultations_visible_to(viewer).with_only_columns(Consultation.kitchen_id)
    of_lines = consultation_lines_visible_to(viewer).with_only_columns(ConsultationLine.kitchen_id)
    of_contracts = members_visible_to(viewer).with_only_columns(ContractMember.kitchen_id)
    named = or_(*(Kitchen.id.in_(ids) for ids in (of_consultations, of_lines, of_contracts)))
    return select(Kitchen).where(named)


def whole_log_visible_to(viewer: Viewer) -> Select[ConsultationEvent]:
    """The whole log of the consultations a viewer may read, sealed lines too: only to compute its hashes again."""
    if viewer.sells:
        return select(ConsultationEvent).where(false())
    return select(ConsultationEvent).where(of_visible_consultation(viewer, ConsultationEvent.consultation_id))


def consultations(
    viewer: Viewer,
    *,
    ids: Collection[int] | None = None,
    status: ConsultationStatus | None = None,
    family: str | None = None,
) -> Select[Consultation]:
    """Visible consultations that meet every condition given."""
    statement = consultations_visible_to(viewer)
    if ids is not None:
        statement = statement.where(Consultation.id.in_(ids))
    if status is not None:
        statement = statement.where(Consultation.status == status)
    if family is not None:
        of_family = consultation_lots_visible_to(viewer).where(ConsultationLot.family == family)
        statement = statement.where(Consultation.id.in_(of_family.with_only_columns(ConsultationLot.consultation_id)))
    return statement


def of_visible_consultation(viewer: Viewer, consultation_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether a row belongs to a consultation the viewer may read."""
    if viewer.sees_everything:
        return true()
    return consultation_id.in_(consultations_visible_to(viewer).with_only_columns(Consultation.id))
