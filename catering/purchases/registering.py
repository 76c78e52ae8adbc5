"""Use case: tell how ma-cantine knows a kitchen."""

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.moment import now
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer
from catering.purchases import refusals
from catering.purchases.importing import IMPORTERS, SIREN
from catering.purchases.ledger_cells import has_siret_key, siret
from catering.purchases.models import Canteen


async def register(session: AsyncSession, viewer: Viewer, uai: str, written: str, cantine_id: int | None) -> str:
    """Write down the SIRET and the number of a kitchen, and leave a trace; the SIRET as 14 digits.

    Raises:
        refusals.MayNotImport: the viewer does not sign for kitchens.
        refusals.CanteenRefused: the kitchen is not theirs, the SIRET is not its own, or another one has it.
    """
    if viewer.role not in IMPORTERS:
        raise refusals.MayNotImport
    kitchen: Kitchen | None = await session.scalar(kitchens(viewer, uais=[uai]))
    if kitchen is None:
        raise refusals.CanteenRefused(f"Aucun de vos collèges n'a l'UAI {uai}. Choisir l'un des vôtres.")
    digits = siret(written)
    if not isinstance(digits, str) or not has_siret_key(digits):
        raise refusals.CanteenRefused(f"« {written} » n'est pas un SIRET : 14 chiffres dont la clé est juste.")
    if kitchen.siren is not None and digits[:SIREN] != kitchen.siren:
        raise refusals.CanteenRefused(f"Ce SIRET n'est pas du collège, dont le SIREN est {kitchen.siren}.")
    same = Canteen.siret == digits
    if cantine_id is not None:
        same = or_(same, Canteen.cantine_id == cantine_id)
    taken = select(Canteen.kitchen_id).where(same, Canteen.kitchen_id != kitchen.id)
    if await session.scalar(taken) is not None:
        raise refusals.CanteenRefused("Un autre collège a déjà ce SIRET ou ce numéro ma-cantine : les vérifier.")
    await _write(session, viewer, kitchen, digits, cantine_id)
    return digits


async def _write(session: AsyncSession, viewer: Viewer, kitchen: Kitchen, digits: str, cantine_id: int | None) -> None:
    row = await session.get(Canteen, kitchen.id)
    before = None if row is None else {"siret": row.siret, "cantine_id": row.cantine_id}
    after = {"siret": digits, "cantine_id": cantine_id}
    if before == after:
        return
    if row is None:
        session.add(Canteen(kitchen_id=kitchen.id, **after))
    else:
        row.siret, row.cantine_id = digits, cantine_id
    session.add(
        ChangeEvent(
            at=now(),
            actor=viewer.actor,
            subject=Canteen.__tablename__,
            key=kitchen.uai,
            before=before,
            after=after,
        )
    )
    await session.flush()
