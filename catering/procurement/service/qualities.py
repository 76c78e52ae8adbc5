"""Use case: tell how a lot of a contract was judged, so that what is received on it counts (EGA-17, EGA-18)."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from catering.documents.models import PROOFS
from catering.market.owning import own_document
from catering.moment import now, today
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer
from catering.procurement import refusals
from catering.procurement.models import LotQuality
from catering.procurement.queries import qualities_visible_to
from catering.procurement.service.amending import signed_contract
from catering.rules import law
from catering.rules.egalim_tender import TENDER_SIGNS, Judged, tender_fault


@dataclass(frozen=True, slots=True)
class QualityWish:
    """A lot by its number, how it was judged, and the number of the file that shows it."""

    lot: int
    judged: Judged
    document: int | None


async def state_quality(session: AsyncSession, viewer: Viewer, number: int, wish: QualityWish) -> LotQuality:
    """Tell by which criteria a lot was awarded; what is received on it from then on counts by their sign.

    Raises:
        catering.refusal.Refusal: the viewer does not sign for all members of the contract, it is over, it has no such
            lot, the criteria do not suffice, the file is missing, or other criteria were told of the lot already.
    """
    signed = await signed_contract(session, viewer, number)
    lot = next((each for each in signed.lots if each.number == wish.lot), None)
    if lot is None:
        raise refusals.InvalidChange(f"Le marché {signed.contract.number} n'a pas de lot {wish.lot}.")
    if wish.judged.sign not in TENDER_SIGNS:
        raise refusals.InvalidChange(f"Un lot prouve l'un de : {', '.join(sorted(TENDER_SIGNS))}.")
    if (fault := tender_fault(wish.judged, signed.contract.start_day, law())) is not None:
        raise refusals.InvalidChange(fault)
    told = (wish.judged.weight, wish.judged.direct, wish.judged.mark)
    known = qualities_visible_to(viewer).where(LotQuality.lot_id == lot.id, LotQuality.sign == wish.judged.sign)
    if (row := await session.scalar(known)) is not None:
        if (row.weight_pct, row.direct_weight_pct, row.mark_pct) == told:
            return row
        raise refusals.InvalidChange(f"Le lot {wish.lot} a déjà été dit jugé autrement : cela ne se corrige pas ici.")
    proof = await own_document(session, viewer, wish.document, PROOFS, "le règlement de la consultation (PDF)")
    if proof is None:
        raise refusals.InvalidChange("Joindre le règlement de la consultation avec les notes (/documents).")
    row = LotQuality(
        lot_id=lot.id,
        sign=wish.judged.sign,
        weight_pct=wish.judged.weight,
        direct_weight_pct=wish.judged.direct,
        mark_pct=wish.judged.mark,
        document_id=proof,
        at=now(),
        actor=viewer.actor,
    )
    session.add(row)
    session.add(_trace(viewer, f"{signed.contract.id} lot {lot.number} {row.sign}", row))
    await session.flush()
    return row


def _trace(viewer: Viewer, key: str, row: LotQuality) -> ChangeEvent:
    shown = {name: _text(getattr(row, name)) for name in ("weight_pct", "direct_weight_pct", "mark_pct")}
    after = shown | {"document": row.document_id, "on": today().isoformat()}
    return ChangeEvent(
        at=row.at, actor=viewer.actor, subject=LotQuality.__tablename__, key=key, before=None, after=after
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
