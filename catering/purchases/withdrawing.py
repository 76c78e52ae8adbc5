"""Use case: take a whole import back. Each of its lines gets one of the opposite amount; the file may come again."""

import hashlib
from typing import Any

from sqlalchemy import insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.moment import now
from catering.people.viewer import Viewer
from catering.purchases import refusals
from catering.purchases.importing import IMPORTERS
from catering.purchases.models import PurchaseImport, PurchaseLine
from catering.purchases.queries import imports, purchases_visible_to
from catering.purchases.summing import rebuild
from catering.spelling import tidy

SHORTEST, LONGEST = 5, 200  # legal-number: characters of a reason, width of a database column


async def withdraw(session: AsyncSession, viewer: Viewer, number: int, why: str) -> PurchaseImport:
    """Take an import back, whole and once; a declared year keeps its figures, and its comparison shows the change.

    Args:
        session: of the write.
        viewer: who signs for every kitchen it brought lines to.
        number: of the import.
        why: for whoever reads the ledger later.

    Raises:
        refusals.MayNotImport: the viewer does not sign for kitchens.
        refusals.NotWithdrawn: no such import, not all of it is theirs, or no reason.
    """
    if viewer.role not in IMPORTERS:
        raise refusals.MayNotImport
    found: PurchaseImport | None = await session.scalar(imports(viewer, number).with_for_update())
    if found is None:
        raise refusals.NotWithdrawn(f"L'import {number} n'est pas à vous, ou n'existe pas. Vérifier son numéro.")
    if found.withdrawn_at is not None:
        return found
    reason = tidy(why)
    if not SHORTEST <= len(reason) <= LONGEST:
        raise refusals.NotWithdrawn(f"Dire pourquoi l'import est annulé, en {SHORTEST} à {LONGEST} caractères.")
    brought = select(PurchaseLine.kitchen_id).where(PurchaseLine.import_id == number).distinct()
    kitchen_ids = set(await session.scalars(brought))
    mine = purchases_visible_to(viewer).where(PurchaseLine.import_id == number)
    if kitchen_ids != set(await session.scalars(mine.with_only_columns(PurchaseLine.kitchen_id).distinct())):
        raise refusals.NotWithdrawn(
            f"L'import {number} porte aussi sur d'autres collèges : demander à la responsable nutrition de l'annuler."
        )
    await _take_back(session, viewer, found, reason)
    await rebuild(session, viewer, kitchen_ids)
    return found


async def _take_back(session: AsyncSession, viewer: Viewer, found: PurchaseImport, reason: str) -> None:
    at = now()
    table: Any = PurchaseLine.__table__
    changed = {
        "amount_excl_tax": -table.c.amount_excl_tax,
        "entered_at": literal(at, table.c.entered_at.type),
        "entered_by": literal(viewer.actor, table.c.entered_by.type),
    }
    names = [each.name for each in table.c if each.name != "id"]
    opposite = select(*[changed.get(name, table.c[name]) for name in names]).where(table.c.import_id == found.id)
    await session.execute(insert(table).from_select(names, opposite.order_by(table.c.id)))
    found.withdrawn_at, found.withdrawn_by, found.withdrawn_why = at, viewer.actor, reason
    # Free for the same file to come again: the identity of what was withdrawn is no file's.
    found.identity = hashlib.sha256(f"{found.identity} {found.id}".encode()).hexdigest()
    await session.flush()
