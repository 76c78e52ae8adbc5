"""Questions of suppliers and the answers that all of them read at once."""

import re

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.people.viewer import Viewer
from catering.procurement import refusals
from catering.procurement.criteria import check_wording
from catering.procurement.models import Consultation, ConsultationQuestion
from catering.procurement.service.access import (
    before_deadline,
    changed,
    consultation_read,
    consultation_signed,
    database_time,
    seller,
)
from catering.procurement.service.log import record
from catering.procurement.service.telling import tell_answer
from catering.procurement.vocabulary import EventKind
from catering.procurement.wording import Kind, conditions
from catering.refusal import Refusal
from catering.spelling import fault_in_lines

MOST_CHARACTERS = 2000
NO = re.compile(r"non\b(?!\s+seulement\b)", re.IGNORECASE)


async def ask(session: AsyncSession, viewer: Viewer, number: int, supplier: str, question: str) -> ConsultationQuestion:
    """Put a question to the buyer of a published consultation, before its deadline.

    Raises:
        refusals.Refusal: the viewer does not sell, the consultation is not open, or the question says nothing.
    """
    asking = await seller(session, viewer, supplier)
    text = _said(question)
    consultation = await consultation_read(session, viewer, number)
    await hold_open(session, consultation)
    asked = ConsultationQuestion(
        consultation_id=number, supplier_id=asking.id, asked_at=await database_time(session), question=text
    )
    session.add(asked)
    await session.flush()
    await record(session, viewer, consultation, EventKind.QUESTION_ASKED, {"question": asked.id, "text": text})
    return asked


async def answer(session: AsyncSession, viewer: Viewer, number: int, question: int, said: str) -> ConsultationQuestion:
    """Answer a question: from then on every supplier reads both, and all who take part are sent them at once.

    Raises:
        refusals.Refusal: the viewer does not sign for the buyer, no such question waits, the deadline has passed, or
            the answer says nothing, states a place as a condition, or does not deny one that the question states.
    """
    consultation = await consultation_signed(session, viewer, number)
    text = _said(said)
    check_wording([text], moment.today())
    # An answer after the deadline would help nobody, and some to argue.
    await hold_open(session, consultation)
    waiting = select(ConsultationQuestion).where(
        ConsultationQuestion.id == question,
        ConsultationQuestion.consultation_id == consultation.id,
        ConsultationQuestion.answered_at.is_(None),
    )
    found = (await session.scalars(waiting)).one_or_none()
    if found is None:
        raise refusals.UnknownQuestion(question)
    _deny_places(found.question, text)
    at = await database_time(session)
    found.answer, found.answered_by, found.answered_at = text, viewer.actor, at
    await record(session, viewer, consultation, EventKind.QUESTION_ANSWERED, {"question": question, "text": text})
    await tell_answer(session, consultation, found)
    return found


def _deny_places(question: str, answered: str) -> None:
    """A question about a place is read by all suppliers with its answer: only a plain no makes no condition of it.

    Raises:
        refusals.PlaceNotDenied: the answer does not begin with one.
    """
    found = sorted(conditions(question, Kind.GOODS, moment.today()))
    if found and not NO.match(answered):
        raise refusals.PlaceNotDenied(found)


async def hold_open(session: AsyncSession, consultation: Consultation) -> None:
    """Lock a consultation that still takes offers and questions, by the clock of the database.

    Raises:
        refusals.WrongStage: it is not published, or is decided.
        refusals.DeadlinePassed: its deadline has passed.
    """
    # Nothing changes but the lock: one statement both looks at the clock and holds the row.
    held = update(Consultation).where(*before_deadline(consultation.id)).values(log_length=Consultation.log_length)
    if not await changed(session, held):
        raise _not_open(consultation)
    await session.refresh(consultation)


def _not_open(consultation: Consultation) -> Refusal:
    if consultation.published_at is None or consultation.decided_at is not None or consultation.deadline is None:
        return refusals.WrongStage(f"La consultation {consultation.id} n'est pas ouverte aux offres.")
    return refusals.DeadlinePassed(consultation.deadline)


def _said(text: str) -> str:
    kept = text.strip()
    if not 1 <= len(kept) <= MOST_CHARACTERS:
        raise refusals.InvalidConsultation(f"Écrire le texte en 1 à {MOST_CHARACTERS} caractères.")
    if (why := fault_in_lines(kept)) is not None:
        raise refusals.InvalidConsultation(f"Le texte {why} : le retaper au clavier.")
    return kept
