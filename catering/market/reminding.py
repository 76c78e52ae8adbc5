"""Letters to suppliers whose certificates and permits end soon: an offer without its proof is no longer for sale."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from catering.market.models import Certificate, Supplier
from catering.market.models_hygiene import HygienePermit
from catering.market.queries import certificates_visible_to, permits_visible_to
from catering.outbox.models import OutgoingMail
from catering.outbox.service import DOOR, Letter, queue
from catering.people.viewer import Viewer

TERMS = (14, 60)  # legal-number: days for a letter, days for a control; no law
"""How many days before its last one a proof is recalled, once each."""


async def remind(session: AsyncSession, viewer: Viewer, today: date, at: datetime) -> int:
    """Queue the letters that are due; how many proofs they are about. Asked again it queues nothing more.

    A proof is left alone once its supplier has a later one of the same label, or of the same kind of permit.
    """
    letters = [*await _certificates(session, viewer, today), *await _permits(session, viewer, today)]
    keys = [(each.topic, each.about) for each in letters]
    told = select(OutgoingMail.topic, OutgoingMail.about).where(
        tuple_(OutgoingMail.topic, OutgoingMail.about).in_(keys)
    )
    known = set((await session.execute(told)).tuples()) if keys else set()
    new = [each for each in letters if (each.topic, each.about) not in known]
    if new:
        await queue(session, new, at)
    return len(new)


async def _certificates(session: AsyncSession, viewer: Viewer, today: date) -> Sequence[Letter]:
    later = aliased(Certificate)
    replaced = (
        select(later.id)
        .where(later.supplier_id == Certificate.supplier_id, later.label == Certificate.label)
        .where(later.valid_to > Certificate.valid_to)
    )
    ending = (
        certificates_visible_to(viewer)
        .join(Supplier, Supplier.id == Certificate.supplier_id)
        .where(_ends(Certificate.valid_to, today), Certificate.withdrawn_from.is_(None), ~replaced.exists())
        .with_only_columns(Certificate, Supplier.slug)
    )
    return [
        _letter(("certificate", row.id), slug, f"Certificat {row.label} n° {row.number}", row.valid_to, today)
        for row, slug in await session.execute(ending)
    ]


async def _permits(session: AsyncSession, viewer: Viewer, today: date) -> Sequence[Letter]:
    later = aliased(HygienePermit)
    replaced = (
        select(later.id)
        .where(later.supplier_id == HygienePermit.supplier_id, later.kind == HygienePermit.kind)
        .where(later.valid_to.is_(None) | (later.valid_to > HygienePermit.valid_to))
    )
    ending = (
        permits_visible_to(viewer)
        .join(Supplier, Supplier.id == HygienePermit.supplier_id)
        .where(_ends(HygienePermit.valid_to, today), ~replaced.exists())
        .with_only_columns(HygienePermit, Supplier.slug)
    )
    return [
        _letter(("permit", row.id), slug, f"Autorisation sanitaire n° {row.number}", row.valid_to, today)
        for row, slug in await session.execute(ending)
        if row.valid_to is not None
    ]


def _ends(column: Any, today: date) -> ColumnElement[bool]:
    within: ColumnElement[bool] = column.between(today, today + timedelta(days=TERMS[-1]))
    return within


def _letter(of: tuple[str, int], supplier: str, what: str, last: date, today: date) -> Letter:
    kind, about = of
    term = next(days for days in TERMS if (last - today).days <= days)
    body = (
        "Bonjour,\n\n"
        f"{what} : dernier jour de validité le {last:%d/%m/%Y}.\n\n"
        "Ensuite, ce qui en dépend ne peut plus être commandé. Déposer la preuve suivante dès qu'elle est là : "
        "se connecter, puis ouvrir la fiche du fournisseur."
    )
    return Letter(f"{kind}_ends_{term}", about, supplier, f"Fin de validité le {last:%d/%m/%Y} : {what}", body, DOOR)
