"""What collèges have agreed with suppliers, read for a decision: lines of contracts and of awards with their prices."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from catering.kitchens.models import Kitchen
from catering.people.viewer import Viewer
from catering.procurement.grounds import AwardTerm, ContractTerm
from catering.procurement.models import (
    Consultation,
    ConsultationAward,
    ConsultationLine,
    ConsultationLot,
    Contract,
    ContractLine,
    ContractLot,
    ContractMember,
    Engagement,
    PriceRevision,
    TenderLine,
)
from catering.procurement.queries import contract_lines_visible_to
from catering.procurement.queries_of_tenders import awards_visible_to, share_under_label
from catering.procurement.revision import Revised
from catering.procurement.vocabulary import Procedure

CENT = Decimal("0.01")
WHOLE = 100
"""Percent: all that is sold."""


def contract_lines_in_force(
    viewer: Viewer,
    whose: ColumnElement[bool],
    ingredient_ids: Collection[int],
    ordered_on: date,
    delivered: tuple[date, date],
) -> Select[Any]:
    """What ``contract_terms_of`` reads: lines on which kitchens may order some ingredients on a day, one row per price
    that such a line has in a period.

    Args:
        viewer: on whose behalf.
        whose: which kitchens order, as a condition of ``Kitchen``.
        ingredient_ids: row ids.
        ordered_on: day of the order: the contract must be in force then.
        delivered: first and last day of delivery for which prices are wanted.
    """
    columns: tuple[Any, ...] = (
        Kitchen.uai, Kitchen.id, Contract.id, Contract.number, Contract.supplier_id, Contract.start_day,
        Contract.end_day, Contract.max_amount, Contract.ordered_amount, Contract.procedure,
        _member_count().label("member_count"),
        ContractLine.id, ContractLine.ingredient_id, ContractLine.offer_id, ContractLine.base_price_eur_per_kg,
        PriceRevision.id, PriceRevision.effective_from, PriceRevision.price_eur_per_kg,
    )  # fmt: skip
    first, last = delivered
    of_period = (PriceRevision.effective_from <= last) & ~_replaced_before(first)
    return (
        contract_lines_visible_to(viewer)
        .select_from(ContractLine)
        .join(ContractLot, ContractLot.id == ContractLine.lot_id)
        .join(Contract, Contract.id == ContractLot.contract_id)
        .join(ContractMember, ContractMember.contract_id == Contract.id)
        .join(Kitchen, Kitchen.id == ContractMember.kitchen_id)
        .outerjoin(PriceRevision, (PriceRevision.line_id == ContractLine.id) & of_period)
        .where(ContractLine.ingredient_id.in_(ingredient_ids), whose)
        .where(Contract.start_day <= ordered_on, ordered_on <= Contract.end_day)
        .with_only_columns(*columns)
    )


LATER = aliased(PriceRevision)
TAKES_OVER = (LATER.line_id == PriceRevision.line_id) & or_(
    LATER.effective_from > PriceRevision.effective_from,
    (LATER.effective_from == PriceRevision.effective_from) & (LATER.id > PriceRevision.id),
)
"""Which revision of a line has taken the place of which: the later day, then the later row."""


def _replaced_before(day: date) -> ColumnElement[bool]:
    """Whether another revision of the line has taken the place of this one by a day."""
    return exists().where(TAKES_OVER, LATER.effective_from <= day).correlate(PriceRevision)


def _member_count() -> ScalarSelect[int]:
    members = select(func.count()).where(ContractMember.contract_id == Contract.id).select_from(ContractMember)
    return members.correlate(Contract).scalar_subquery()


def contract_terms_of(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[ContractTerm]]:
    """Terms by kitchen (UAI), in order of their line, from rows of ``contract_lines_in_force``."""
    revisions: dict[tuple[Any, ...], list[tuple[date, int, Revised]]] = defaultdict(list)
    for *line, revision, effective_from, price in rows:
        prices = revisions[tuple(line)]
        if revision is not None:
            prices.append((effective_from, revision, Revised(effective_from, price)))
    found: dict[str, list[ContractTerm]] = defaultdict(list)
    for (uai, *line), prices in revisions.items():
        held = tuple(revised for _, _, revised in sorted(prices, key=lambda each: each[:2]))
        found[uai].append(_contract_term(*line, revisions=held))
    return {uai: sorted(terms, key=lambda term: term.line) for uai, terms in found.items()}


def _contract_term(
    kitchen: int,
    contract: int,
    number: str,
    supplier: int,
    start: date,
    end: date,
    most: Any,
    ordered: Any,
    procedure: Procedure,
    member_count: int,
    line: int,
    ingredient: int,
    offer: int | None,
    base: Any,
    *,
    revisions: tuple[Revised, ...],
) -> ContractTerm:
    return ContractTerm(
        contract=contract,
        number=number,
        line=line,
        supplier=supplier,
        kitchens=frozenset({kitchen}),
        grouped=member_count > 1,
        ingredient=ingredient,
        offer=offer,
        start=start,
        end=end,
        base_price_eur_per_kg=base,
        left=most - ordered,
        revisions=revisions,
        in_need=procedure is Procedure.BELOW_THRESHOLD,
    )


def award_lines_open(
    viewer: Viewer, whose: ColumnElement[bool], ingredient_ids: Collection[int], ordered_on: date
) -> Select[Any]:
    """What ``award_terms_of`` reads: lines of the awards on which kitchens may order some ingredients on a day.

    ``whose`` tells which kitchens, as a condition of ``Kitchen``.
    """
    columns: tuple[Any, ...] = (
        Kitchen.uai, ConsultationAward.consultation_id, ConsultationLine.position, ConsultationAward.lot_id,
        ConsultationLot.number, ConsultationLine.id, ConsultationAward.supplier_id, ConsultationLine.kitchen_id,
        ConsultationLine.ingredient_id, Consultation.first_day, Consultation.last_day, TenderLine.price_eur_per_kg,
        ConsultationAward.amount, ConsultationAward.ordered_amount, share_under_label(viewer), _bare(),
    )  # fmt: skip
    won = (TenderLine.tender_id == ConsultationAward.tender_id) & (TenderLine.line_id == ConsultationLine.id)
    return (
        awards_visible_to(viewer)
        .select_from(ConsultationAward)
        .join(Consultation, Consultation.id == ConsultationAward.consultation_id)
        .join(ConsultationLot, ConsultationLot.id == ConsultationAward.lot_id)
        .join(ConsultationLine, ConsultationLine.lot_id == ConsultationLot.id)
        .join(TenderLine, won)
        .join(Kitchen, Kitchen.id == ConsultationLine.kitchen_id)
        .where(ConsultationLine.ingredient_id.in_(ingredient_ids), whose)
        .where(ordered_on <= Consultation.last_day)
        .with_only_columns(*columns)
    )


def award_terms_of(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[AwardTerm]]:
    """Terms by kitchen (UAI), in order of consultation and line, from rows of ``award_lines_open``."""
    found: dict[str, list[AwardTerm]] = defaultdict(list)
    for uai, consultation, _, *line in sorted(rows):
        *of_line, most, ordered, share, bare = line
        bare_left = None if not share else _unpromised(most, share) - (bare or 0)
        whole = share is not None and share >= WHOLE
        found[uai].append(AwardTerm(*[consultation, *of_line, most - ordered, bare_left, whole]))
    return found


def _bare() -> ScalarSelect[Decimal]:
    """What goods under no sign of quality have taken of an award so far; NULL for nothing."""
    drawn = select(func.sum(Engagement.amount)).where(Engagement.lot_id == ConsultationAward.lot_id, Engagement.bare)
    return drawn.correlate(ConsultationAward).scalar_subquery()


def _unpromised(amount: Decimal, share: Decimal) -> Decimal:
    """The part of an award, € excl. tax, that its offer did not promise under a sign (percent)."""
    return (amount * (WHOLE - share) / WHOLE).quantize(CENT, ROUND_DOWN)
