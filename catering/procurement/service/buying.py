"""What orders ask of procurement: the lawful ground of each line, its commitment, and taking it back."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from catering.people.viewer import Viewer
from catering.procurement import refusals
from catering.procurement.grounds import AwardTerm, ContractTerm, Ground, Wish, grounds_of_order
from catering.procurement.models import (
    Consultation,
    ConsultationAward,
    ConsultationLine,
    Contract,
    ContractLine,
    ContractLot,
    ContractMember,
    Engagement,
    TenderLine,
)
from catering.procurement.queries import contract_lines_visible_to, engagements_visible_to
from catering.procurement.queries_of_tenders import awards_visible_to
from catering.procurement.revision import Revised, price_on
from catering.procurement.service.access import changed
from catering.procurement.service.needs import lock_buyers, needs_of
from catering.procurement.vocabulary import GroundKind
from catering.recipes.queries import ingredients
from catering.rules.procurement import procurement_law

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class LineToBuy:
    """One line of an order: row ids and the amount excl. tax, rounded to the cent."""

    ingredient_id: int
    offer_id: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OrderToBuy:
    """What one collège orders of one supplier on a day. ``source`` names it in the needs: ``order 7``."""

    kitchen_id: int
    supplier_id: int
    day: date
    lines: Sequence[LineToBuy]
    source: str


async def engage(session: AsyncSession, viewer: Viewer, order: OrderToBuy) -> list[Ground]:
    """Find the lawful ground of each line of an order and commit its amount; all of them or none.

    The number of statements depends on how many contracts and awards the order draws on, not on its lines.

    Returns:
        The grounds, in the order of the lines, with what the buyer should know.

    Raises:
        refusals.Refusal: a line has no lawful ground, or another order has just taken what was left: keep nothing.
    """
    await lock_buyers(session, [order.kitchen_id])
    wishes = await _wishes(session, viewer, order)
    grounds = grounds_of_order(
        wishes,
        order.day,
        await contract_terms(session, viewer, order.kitchen_id, order.day, {wish.ingredient for wish in wishes}),
        await award_terms(session, viewer, order.kitchen_id, order.day, {wish.ingredient for wish in wishes}),
        await needs_of(session, viewer, [order.kitchen_id], {wish.family for wish in wishes}, order.day),
    )
    await _draw(session, wishes, grounds)
    session.add_all(_engagements(viewer, order, wishes, grounds))
    await session.flush()
    return grounds


async def release(session: AsyncSession, viewer: Viewer, source: str) -> Decimal:
    """Take back what a source committed to, because it is cancelled: opposite rows, and what it drew given back.

    Returns:
        The amount excl. tax taken back; zero when nothing was left to take back.
    """
    rows = await session.scalars(engagements_visible_to(viewer).where(Engagement.source == source))
    left: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for row in rows:
        left[_account(row)] += row.amount
    at = datetime.now(UTC)
    for account, amount in left.items():
        if amount:
            await _give_back(session, Engagement(**dict(zip(ACCOUNT, account, strict=True))), amount)
            session.add(
                Engagement(
                    **dict(zip(ACCOUNT, account, strict=True)), amount=-amount, source=source, at=at, actor=viewer.actor
                )
            )
    await session.flush()
    return sum(left.values(), ZERO)


ACCOUNT = (
    "kitchen_id", "family", "day", "supplier_id", "ground", "contract_id", "consultation_id", "grouped", "counted",
)  # fmt: skip
"""What two commitments of one source share when the second takes back the first."""


def _account(row: Engagement) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in ACCOUNT)


async def _wishes(session: AsyncSession, viewer: Viewer, order: OrderToBuy) -> list[Wish]:
    ids = {line.ingredient_id for line in order.lines}
    found = {row.id: row for row in await session.scalars(ingredients(viewer, ids=ids))}
    family_of = procurement_law().family_of
    return [
        Wish(
            order.kitchen_id,
            order.supplier_id,
            line.ingredient_id,
            line.offer_id,
            family_of(found[line.ingredient_id].slug, found[line.ingredient_id].kind.value, order.day),
            line.amount,
        )
        for line in order.lines
    ]


async def contract_terms(
    session: AsyncSession, viewer: Viewer, kitchen_id: int, day: date, ingredient_ids: Collection[int]
) -> list[ContractTerm]:
    """Lines of the contracts on which a kitchen may order some ingredients on a day, at the price of that day."""
    mine = select(ContractMember.contract_id).where(ContractMember.kitchen_id == kitchen_id)
    lines = (
        contract_lines_visible_to(viewer)
        .join(ContractLot, ContractLot.id == ContractLine.lot_id)
        .join(Contract, Contract.id == ContractLot.contract_id)
        .where(ContractLine.ingredient_id.in_(ingredient_ids), Contract.id.in_(mine))
        .where(Contract.start_day <= day, day <= Contract.end_day)
        .options(
            selectinload(ContractLine.revisions),
            selectinload(ContractLine.lot).selectinload(ContractLot.contract).selectinload(Contract.members),
        )
        .execution_options(populate_existing=True)
        .order_by(ContractLine.id)
    )
    return [_contract_term(line, day) for line in await session.scalars(lines)]


def _contract_term(line: ContractLine, day: date) -> ContractTerm:
    contract = line.lot.contract
    revisions = [Revised(each.effective_from, each.price_eur_per_kg) for each in line.revisions]
    return ContractTerm(
        contract=contract.id,
        number=contract.number,
        line=line.id,
        supplier=contract.supplier_id,
        kitchens=frozenset(member.kitchen_id for member in contract.members),
        grouped=len(contract.members) > 1,
        ingredient=line.ingredient_id,
        offer=line.offer_id,
        start=contract.start_day,
        end=contract.end_day,
        price_eur_per_kg=price_on(line.base_price_eur_per_kg, revisions, day),
        left=contract.max_amount - contract.ordered_amount,
    )


async def award_terms(
    session: AsyncSession, viewer: Viewer, kitchen_id: int, day: date, ingredient_ids: Collection[int]
) -> list[AwardTerm]:
    """Lines of the awards on which a kitchen may order some ingredients on a day."""
    lines: Select[Any] = (
        awards_visible_to(viewer)
        .join(Consultation, Consultation.id == ConsultationAward.consultation_id)
        .join(ConsultationLine, ConsultationLine.consultation_id == Consultation.id)
        .join(
            TenderLine,
            (TenderLine.tender_id == ConsultationAward.tender_id) & (TenderLine.line_id == ConsultationLine.id),
        )
        .where(ConsultationLine.kitchen_id == kitchen_id, ConsultationLine.ingredient_id.in_(ingredient_ids))
        .where(day <= Consultation.last_day)
        .with_only_columns(
            ConsultationAward.consultation_id,
            ConsultationAward.supplier_id,
            ConsultationLine.kitchen_id,
            ConsultationLine.ingredient_id,
            Consultation.first_day,
            Consultation.last_day,
            TenderLine.price_eur_per_kg,
            ConsultationAward.amount,
            ConsultationAward.ordered_amount,
        )
        .order_by(ConsultationAward.consultation_id, ConsultationLine.position)
    )
    found = await session.execute(lines)
    return [AwardTerm(*row[:-2], left=row.amount - row.ordered_amount) for row in found]


async def _draw(session: AsyncSession, wishes: Sequence[Wish], grounds: Sequence[Ground]) -> None:
    """Take what is ordered from contracts and awards: one conditional statement each, in one fixed order."""
    contracts: dict[int, Decimal] = defaultdict(Decimal)
    awards: dict[int, Decimal] = defaultdict(Decimal)
    for wish, ground in zip(wishes, grounds, strict=True):
        if ground.contract is not None:
            contracts[ground.contract] += wish.amount
        if ground.consultation is not None:
            awards[ground.consultation] += wish.amount
    for number, amount in sorted(contracts.items()):
        await draw_on_contract(session, number, amount)
    for number, amount in sorted(awards.items()):
        await draw_on_award(session, number, amount)


async def draw_on_contract(session: AsyncSession, contract_id: int, amount: Decimal) -> None:
    """Take an amount from what is left of a contract.

    Raises:
        refusals.BeyondMaximum: less is left.
    """
    room = Contract.ordered_amount + amount <= Contract.max_amount
    taken = update(Contract).where(Contract.id == contract_id, room)
    if await changed(session, taken.values(ordered_amount=Contract.ordered_amount + amount)):
        return
    left = select(Contract.number, Contract.max_amount, Contract.ordered_amount).where(Contract.id == contract_id)
    number, most, ordered = (await session.execute(left)).one()
    raise refusals.BeyondMaximum(number, most - ordered, amount)


async def draw_on_award(session: AsyncSession, consultation_id: int, amount: Decimal) -> None:
    """Take an amount from what is left of an award.

    Raises:
        refusals.BeyondAward: less is left.
    """
    room = ConsultationAward.ordered_amount + amount <= ConsultationAward.amount
    taken = update(ConsultationAward).where(ConsultationAward.consultation_id == consultation_id, room)
    if await changed(session, taken.values(ordered_amount=ConsultationAward.ordered_amount + amount)):
        return
    left = select(ConsultationAward.amount, ConsultationAward.ordered_amount).where(
        ConsultationAward.consultation_id == consultation_id
    )
    most, ordered = (await session.execute(left)).one()
    raise refusals.BeyondAward(consultation_id, most - ordered, amount)


async def _give_back(session: AsyncSession, account: Engagement, amount: Decimal) -> None:
    if account.contract_id is not None:
        of_contract = update(Contract).where(Contract.id == account.contract_id)
        await changed(session, of_contract.values(ordered_amount=Contract.ordered_amount - amount))
    if account.consultation_id is not None and not account.counted:
        of_award = update(ConsultationAward).where(ConsultationAward.consultation_id == account.consultation_id)
        await changed(session, of_award.values(ordered_amount=ConsultationAward.ordered_amount - amount))


def _engagements(
    viewer: Viewer, order: OrderToBuy, wishes: Sequence[Wish], grounds: Sequence[Ground]
) -> list[Engagement]:
    """One row per family and ground: the lines of an order that count together are added up."""
    amounts: dict[tuple[str, GroundKind, int | None, int | None, bool], Decimal] = defaultdict(Decimal)
    for wish, ground in zip(wishes, grounds, strict=True):
        amounts[wish.family, ground.kind, ground.contract, ground.consultation, ground.grouped] += wish.amount
    at = datetime.now(UTC)
    return [
        Engagement(
            kitchen_id=order.kitchen_id,
            family=family,
            day=order.day,
            amount=amount,
            supplier_id=order.supplier_id,
            ground=kind,
            contract_id=contract,
            consultation_id=consultation,
            grouped=grouped,
            # The award put its whole amount into the need when it was decided.
            counted=kind is not GroundKind.CONSULTATION_AWARD,
            source=order.source,
            at=at,
            actor=viewer.actor,
        )
        for (family, kind, contract, consultation, grouped), amount in amounts.items()
    ]
