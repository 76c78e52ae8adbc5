"""What counts in the needs of buyers, as a viewer may read it: commitments, contracts, consultations not decided."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from catering.moment import paris_day
from catering.people.viewer import Viewer
from catering.procurement.estimate import Committed, Consulted, Needs, Running, share_of
from catering.procurement.models import (
    Consultation,
    ConsultationLine,
    ConsultationLot,
    Contract,
    ContractLot,
    ContractMember,
    Engagement,
)
from catering.procurement.need import ZERO, window_of
from catering.procurement.queries import engagements, members_visible_to, of_own_kitchen
from catering.procurement.queries_of_consultations import consultation_lines_visible_to
from catering.procurement.vocabulary import ConsultationStatus, LotStatus, Procedure


def counted_in_needs(
    viewer: Viewer, day: date, kitchen_ids: Collection[int] | None = None, *, besides_lot: int | None = None
) -> list[Select[Any]]:
    """What ``needs_on`` decodes: sums of commitments, contracts by member and family, lots by kitchen.

    Args:
        viewer: who reads.
        day: last of the twelve months.
        kitchen_ids: whose needs; None for all that the viewer may read.
        besides_lot: of a consultation (row id), left out because it is being decided.
    """
    first, _ = window_of(day)
    return [_committed(viewer, day, kitchen_ids), _running(viewer, first, kitchen_ids),
            _consulted(viewer, first, kitchen_ids, besides_lot)]  # fmt: skip


def needs_on(day: date, answers: Sequence[Iterable[tuple[Any, ...]]], *, besides_contract: int | None = None) -> Needs:
    """The needs from the rows of ``counted_in_needs``; ``besides_contract`` (row id), being changed, is left out."""
    committed, running, consulted = answers
    return Needs(
        day,
        [Committed(*row) for row in committed if row[2] is None or row[2] != besides_contract],
        [_member(row) for row in running if row[0] != besides_contract],
        [Consulted(lot, kitchen, family, paris_day(at), last, share_of(estimated, grams, of))
         for lot, kitchen, family, at, last, estimated, grams, of in consulted],
    )  # fmt: skip


def _committed(viewer: Viewer, day: date, kitchen_ids: Collection[int] | None) -> Select[Any]:
    """Summed before the contract is looked up, in the order of ``ix_engagements_need``, which holds all it reads."""
    key: tuple[Any, ...] = (Engagement.kitchen_id, Engagement.family, Engagement.contract_id)
    asked = engagements(viewer, *window_of(day), kitchen_ids=kitchen_ids)
    sums = asked.with_only_columns(*key, func.sum(Engagement.amount).label("amount")).group_by(*key).subquery()
    found: Select[Any] = select(sums.c.kitchen_id, sums.c.family, sums.c.contract_id, Contract.procedure, sums.c.amount)
    return found.select_from(sums.outerjoin(Contract, Contract.id == sums.c.contract_id))


def _running(viewer: Viewer, first: date, kitchen_ids: Collection[int] | None) -> Select[Any]:
    """One row per contract without formal procedure, member and family, of those that end on a day or later."""
    ordered = (
        select(func.sum(Engagement.amount))
        .where(Engagement.contract_id == Contract.id, Engagement.kitchen_id == ContractMember.kitchen_id)
        .where(Engagement.family == ContractLot.family, Engagement.counted)
        .correlate(Contract, ContractMember, ContractLot)
        .scalar_subquery()
    )
    read: tuple[Any, ...] = (
        Contract.id, Contract.procedure, ContractMember.kitchen_id, ContractLot.family, Contract.start_day,
        Contract.end_day, Contract.terminated_on, Contract.max_amount, Contract.ordered_amount,
        ordered.label("ordered"),
    )  # fmt: skip
    statement = (
        members_visible_to(viewer)
        .select_from(ContractMember)
        .join(Contract, Contract.id == ContractMember.contract_id)
        .join(ContractLot, ContractLot.contract_id == Contract.id)
        .where(Contract.end_day >= first, Contract.procedure != Procedure.FORMAL)
        .with_only_columns(*read)
        .distinct()
    )
    return statement if kitchen_ids is None else statement.where(ContractMember.kitchen_id.in_(kitchen_ids))


def _member(row: tuple[Any, ...]) -> Running:
    """All that a contract still allows may be ordered in one of its families, so it is left in each."""
    contract, procedure, kitchen, family, start, end, terminated, most, drawn, own = row
    left = ZERO if terminated is not None else max(most - drawn, ZERO)
    return Running(contract, procedure, kitchen, family, start, end, own or ZERO, left)


def _consulted(
    viewer: Viewer, first: date, kitchen_ids: Collection[int] | None, besides_lot: int | None
) -> Select[Any]:
    """One row per lot that waits for its decision and kitchen, with the grams of both."""
    every = ConsultationLine.__table__.alias("every_line")
    of_lot = select(func.sum(every.c.quantity_g)).where(every.c.lot_id == ConsultationLot.id)
    key: tuple[Any, ...] = (
        ConsultationLot.id, ConsultationLine.kitchen_id, ConsultationLot.family, Consultation.published_at,
        Consultation.last_day, ConsultationLot.estimated_amount,
    )  # fmt: skip
    statement = (
        consultation_lines_visible_to(viewer)
        .select_from(ConsultationLine)
        .join(ConsultationLot, ConsultationLot.id == ConsultationLine.lot_id)
        .join(Consultation, Consultation.id == ConsultationLot.consultation_id)
        # What a buyer expects to pay is never shown to suppliers, who read consultations too.
        .where(of_own_kitchen(viewer, ConsultationLine.kitchen_id))
        .where(Consultation.status == ConsultationStatus.PUBLISHED, ConsultationLot.status == LotStatus.WAITING)
        .where(Consultation.last_day >= first)
        .with_only_columns(
            *key,
            func.sum(ConsultationLine.quantity_g).label("grams"),
            of_lot.correlate(ConsultationLot).scalar_subquery().label("of_lot"),
        )
        .group_by(*key)
    )
    if besides_lot is not None:
        statement = statement.where(ConsultationLot.id != besides_lot)
    return statement if kitchen_ids is None else statement.where(ConsultationLine.kitchen_id.in_(kitchen_ids))
