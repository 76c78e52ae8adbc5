"""Leaving an opened offer out of the comparison: for one of the grounds of the Code, never to choose another one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from catering.figures import round_euros
from catering.moment import paris_day
from catering.people.viewer import Viewer
from catering.procurement import refusals
from catering.procurement.models import Consultation, ConsultationLot, Tender
from catering.procurement.service.access import database_time, lots_of, written
from catering.procurement.service.log import record
from catering.procurement.service.opened import lot_of, opened, scores_of
from catering.procurement.vocabulary import EventKind, SetAsideGround
from catering.rules.procurement import GroundToSetAside, procurement_law


@dataclass(frozen=True, slots=True)
class Aside:
    """Why an offer is left out. ``answer`` quotes what its supplier said when asked about its price."""

    ground: SetAsideGround
    reason: str
    answer: str | None = None


async def set_aside(session: AsyncSession, viewer: Viewer, number: int, tender_id: int, why: Aside) -> Consultation:
    """Leave an opened offer out of the comparison; the rank it then loses is kept with it.

    Raises:
        refusals.Refusal: the viewer does not sign for the buyer, the consultation is decided or not opened, there is
            no such offer, no reason, or the ground does not hold.
    """
    kept = written(why.reason)
    consultation = await opened(session, viewer, number)
    lot, answers = await lot_of(session, viewer, await lots_of(session, viewer, number), tender_id)
    tender = next(each for each in answers if each.id == tender_id)
    if tender.set_aside_at is not None:
        raise refusals.UnknownTender(tender_id)
    ranks = {score.tender: score.rank for score in await scores_of(session, viewer, consultation, list(answers))}
    at = await database_time(session)
    row = _ground(why.ground, paris_day(at))
    answer = _founded(row, why, lot, tender)
    tender.set_aside_ground, tender.set_aside_reason, tender.set_aside_at = why.ground, kept, at
    tender.set_aside_answer, tender.set_aside_rank = answer, ranks[tender_id]
    data: dict[str, Any] = {"tender": tender_id, "ground": why.ground.value, "article": row.article, "reason": kept}
    data["rank"] = ranks[tender_id]
    if answer is not None:
        data["answer"] = answer
    await record(session, viewer, consultation, EventKind.TENDER_SET_ASIDE, data)
    return consultation


def _ground(ground: SetAsideGround, on: date) -> GroundToSetAside:
    row = procurement_law().ground_to_set_aside(ground, on)
    assert row is not None, "a test holds that every ground has a row"
    return row


def _founded(row: GroundToSetAside, why: Aside, lot: ConsultationLot, tender: Tender) -> str | None:
    """The supplier's answer, where the ground asks for one.

    Raises:
        refusals.UnfoundedGround: the ground does not hold for this offer.
    """
    if row.above_estimate and tender.amount <= lot.estimated_amount:
        raise refusals.UnfoundedGround(
            row.french_name,
            f"son montant ({round_euros(tender.amount)} HT) ne dépasse pas les crédits prévus avant la consultation "
            f"({round_euros(lot.estimated_amount)} HT)",
        )
    if not row.needs_answer:
        return None
    if why.answer is None or not why.answer.strip():
        raise refusals.UnfoundedGround(
            row.french_name, "le fournisseur doit d'abord justifier son prix : lui écrire, puis recopier sa réponse"
        )
    return written(why.answer)
