"""Writing the log of a consultation: each line is chained to the one before."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from catering.people.viewer import Viewer
from catering.procurement.chain import link
from catering.procurement.models import Consultation, ConsultationEvent
from catering.procurement.service.access import database_time
from catering.procurement.vocabulary import EventKind


async def record(
    session: AsyncSession,
    viewer: Viewer,
    consultation: Consultation,
    kind: EventKind,
    data: dict[str, Any],
    *,
    at: datetime | None = None,
) -> None:
    """Add a line to the log; the caller holds the lock of the consultation's row and has read it since.

    ``data`` holds texts, whole numbers and lists of them only, so that its hash is the same everywhere. ``at`` is the
    present instant when the caller has just read it from the database.
    """
    at = at or await database_time(session)
    seq = consultation.log_length + 1
    told = link(consultation.log_head, seq, at, viewer.actor, kind.value, data)
    session.add(
        ConsultationEvent(
            consultation_id=consultation.id, seq=seq, at=at, actor=viewer.actor, kind=kind, data=data, hash=told
        )
    )
    consultation.log_length, consultation.log_head = seq, told
    await session.flush()
