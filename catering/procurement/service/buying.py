"""What orders ask of procurement: the lawful ground of each line, its commitment, and taking it back."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ScalarSelect, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
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
    PriceRevision,
    TenderLine,
)
from catering.procurement.queries import contract_lines_visible_to, engagements_visible_to
from catering.procurement.queries_of_tenders import awards_visible_to
from catering.procurement.service.access import changed
from catering.procurement.service.needs import lock_buyers, needs_of
from catering.procurement.vocabulary import GroundKind
from catering.recipes.queries import ingredients
from catering.rules.procurement import procurement_law

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class LineToBuy:
    """One line a collège orders: row ids, and the amount excl. tax, rounded to the cent.

    ``source`` names it in the needs (``order 7 line 2``): by it, all or part of the amount is taken back.
    """

    supplier_id: int
    ingredient_id: int
    offer_id: int
    amount: Decimal
    source: str


async def engage(
    session: AsyncSession, viewer: Viewer, kitchen_id: int, day: date, lines: Sequence[LineToBuy]
) -> list[Ground]:
    """Find the lawful ground of each line a collège orders on a day and commit its amount; all of them or none.

    The number of statements depends on how many contracts and awards are drawn on, not on the lines.

    Returns:
        The grounds, in the order of the lines, with what the buyer should know.

    Raises:
        refusals.Refusal: a line has no lawful ground, or another order has just taken what was left: keep nothing.
    """
    if not lines:
        return []
    await lock_buyers(session, [kitchen_id])
    wishes = await _wishes(session, viewer, kitchen_id, day, lines)
    wanted = {wish.ingredient for wish in wishes}
    grounds = grounds_of_order(
        wishes,
        day,
        await contract_terms(session, viewer, kitchen_id, day, wanted),
        await award_terms(session, viewer, kitchen_id, day, wanted),
        await needs_of(session, viewer, [kitchen_id], {wish.family for wish in wishes}, day),
    )
    await _draw(session, wishes, grounds)
    bought = list(zip(lines, wishes, grounds, strict=True))
    # Without this option, rows whose empty columns differ would go in separate statements.
    whole = insert(Engagement).execution_options(render_nulls=True)
    await session.execute(whole, _engagements(viewer, kitchen_id, day, bought))
    return grounds


async def release(session: AsyncSession, viewer: Viewer, source: str) -> Decimal:
    """Take back what a source committed to, because it is cancelled: opposite rows, and what it drew given back.

    Returns:
        The amount excl. tax taken back; zero when nothing was left to take back.
    """
    return await lessen(session, viewer, viewer.actor, {source: None})


async def lessen(session: AsyncSession, viewer: Viewer, actor: str, amounts: Mapping[str, Decimal | None]) -> Decimal:
    """Take back part of what sources committed to: their suppliers deliver less. What was never committed is left out.

    The number of statements depends on how many contracts and awards are given back to, not on the sources.

    Args:
        session: of the caller's transaction.
        viewer: who may read what was committed.
        actor: who takes it back.
        amounts: excl. tax, by source; all that is left of it for None, and never more than that.

    Returns:
        The amount excl. tax taken back.
    """
    of_sources = engagements_visible_to(viewer).where(Engagement.source.in_(amounts))
    # Two who take back the same source at once must not both find it whole.
    await lock_buyers(session, (await session.scalars(of_sources.with_only_columns(Engagement.kitchen_id))).all())
    rows = await session.scalars(of_sources.order_by(Engagement.id).execution_options(populate_existing=True))
    left: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for row in rows:
        left[_account(row)] += row.amount
    taken = {key: amount for key, amount in _taken(left, amounts) if amount}
    if not taken:
        return ZERO
    at = moment.now()
    undone = [
        {**dict(zip(ACCOUNT, key, strict=True)), "amount": -amount, "at": at, "actor": actor}
        for key, amount in taken.items()
    ]
    await _give_back(session, undone)
    await session.execute(insert(Engagement).execution_options(render_nulls=True), undone)
    return sum(taken.values(), ZERO)


def _taken(
    left: Mapping[tuple[Any, ...], Decimal], amounts: Mapping[str, Decimal | None]
) -> Iterator[tuple[tuple[Any, ...], Decimal]]:
    """What is taken back of each account, no more than is left of it."""
    wanted = dict(amounts)
    for key, there in left.items():
        source = key[ACCOUNT.index("source")]
        asked = wanted[source]
        taken = there if asked is None else min(there, asked)
        wanted[source] = None if asked is None else asked - taken
        yield key, taken


ACCOUNT = (
    "source",
    "kitchen_id", "family", "day", "supplier_id", "ground", "contract_id", "consultation_id", "grouped", "counted",
)  # fmt: skip
"""What two commitments share when the second takes back the first."""


def _account(row: Engagement) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in ACCOUNT)


async def _wishes(
    session: AsyncSession, viewer: Viewer, kitchen_id: int, day: date, lines: Sequence[LineToBuy]
) -> list[Wish]:
    ids = {line.ingredient_id for line in lines}
    tables = procurement_law()
    families = {
        row.id: tables.family_of(row.slug, row.kind.value, day)
        for row in await session.scalars(ingredients(viewer, ids=ids))
    }
    return [
        Wish(kitchen_id, line.supplier_id, line.ingredient_id, line.offer_id, families[line.ingredient_id], line.amount)
        for line in lines
    ]


async def contract_terms(
    session: AsyncSession, viewer: Viewer, kitchen_id: int, day: date, ingredient_ids: Collection[int]
) -> list[ContractTerm]:
    """Lines of the contracts on which a kitchen may order some ingredients on a day, at the price of that day."""
    mine = select(ContractMember.contract_id).where(ContractMember.kitchen_id == kitchen_id)
    shown: tuple[Any, ...] = (
        Contract,
        ContractLine,
        _price_on(day).label("revised"),
        _member_count().label("member_count"),
    )
    lines = (
        contract_lines_visible_to(viewer)
        .join(ContractLot, ContractLot.id == ContractLine.lot_id)
        .join(Contract, Contract.id == ContractLot.contract_id)
        .where(ContractLine.ingredient_id.in_(ingredient_ids), Contract.id.in_(mine))
        .where(Contract.start_day <= day, day <= Contract.end_day)
        .with_only_columns(*shown)
        .order_by(ContractLine.id)
        .execution_options(populate_existing=True)
    )
    found = await session.execute(lines)
    return [_contract_term(kitchen_id, *row) for row in found]


def _price_on(day: date) -> ScalarSelect[Decimal]:
    """The revised price of a line in force on a day, as ``revision.price_on`` finds it; null when none is."""
    return (
        select(PriceRevision.price_eur_per_kg)
        .where(PriceRevision.line_id == ContractLine.id, PriceRevision.effective_from <= day)
        .order_by(PriceRevision.effective_from.desc(), PriceRevision.id.desc())
        .limit(1)
        .correlate(ContractLine)
        .scalar_subquery()
    )


def _member_count() -> ScalarSelect[int]:
    members = select(func.count()).where(ContractMember.contract_id == Contract.id).correlate(Contract)
    return members.scalar_subquery()


def _contract_term(
    kitchen_id: int, contract: Contract, line: ContractLine, revised: Decimal | None, member_count: int
) -> ContractTerm:
    return ContractTerm(
        contract=contract.id,
        number=contract.number,
        line=line.id,
        supplier=contract.supplier_id,
        kitchens=frozenset({kitchen_id}),
        grouped=member_count > 1,
        ingredient=line.ingredient_id,
        offer=line.offer_id,
        start=contract.start_day,
        end=contract.end_day,
        price_eur_per_kg=line.base_price_eur_per_kg if revised is None else revised,
        left=contract.max_amount - contract.ordered_amount,
    )


async def award_terms(
    session: AsyncSession, viewer: Viewer, kitchen_id: int, day: date, ingredient_ids: Collection[int]
) -> list[AwardTerm]:
    """Lines of the awards on which a kitchen may order some ingredients on a day."""
    shown: tuple[Any, ...] = (
        ConsultationAward.consultation_id,
        ConsultationAward.supplier_id,
        ConsultationLine.kitchen_id,
        ConsultationLine.ingredient_id,
        Consultation.last_day,
        TenderLine.price_eur_per_kg,
        ConsultationAward.amount,
        ConsultationAward.ordered_amount,
    )
    lines = (
        awards_visible_to(viewer)
        .join(Consultation, Consultation.id == ConsultationAward.consultation_id)
        .join(ConsultationLine, ConsultationLine.consultation_id == Consultation.id)
        .join(
            TenderLine,
            (TenderLine.tender_id == ConsultationAward.tender_id) & (TenderLine.line_id == ConsultationLine.id),
        )
        .where(ConsultationLine.kitchen_id == kitchen_id, ConsultationLine.ingredient_id.in_(ingredient_ids))
        .where(day <= Consultation.last_day)
        .with_only_columns(*shown)
        .order_by(ConsultationAward.consultation_id, ConsultationLine.position)
    )
    return [_award_term(*row) for row in await session.execute(lines)]


def _award_term(
    consultation: int,
    supplier: int,
    kitchen: int,
    ingredient: int,
    last: date,
    price: Decimal,
    amount: Decimal,
    ordered: Decimal,
) -> AwardTerm:
    return AwardTerm(consultation, supplier, kitchen, ingredient, last, price, left=amount - ordered)


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


async def _give_back(session: AsyncSession, undone: Sequence[Mapping[str, Any]]) -> None:
    """Give contracts and awards back what rows of opposite amounts undo, in the order in which ``_draw`` takes it."""
    contracts: dict[int, Decimal] = defaultdict(Decimal)
    awards: dict[int, Decimal] = defaultdict(Decimal)
    for row in undone:
        if row["contract_id"] is not None:
            contracts[row["contract_id"]] += row["amount"]
        if row["consultation_id"] is not None and not row["counted"]:
            awards[row["consultation_id"]] += row["amount"]
    for number, amount in sorted(contracts.items()):
        of_contract = update(Contract).where(Contract.id == number)
        await changed(session, of_contract.values(ordered_amount=Contract.ordered_amount + amount))
    for number, amount in sorted(awards.items()):
        of_award = update(ConsultationAward).where(ConsultationAward.consultation_id == number)
        await changed(session, of_award.values(ordered_amount=ConsultationAward.ordered_amount + amount))


def _engagements(
    viewer: Viewer, kitchen_id: int, day: date, bought: Sequence[tuple[LineToBuy, Wish, Ground]]
) -> list[dict[str, Any]]:
    """One row per order, family and ground: lines that count together are added up."""
    amounts: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for line, wish, ground in bought:
        key = (line.supplier_id, line.source, wish.family)
        amounts[*key, ground.kind, ground.contract, ground.consultation, ground.grouped] += wish.amount
    at = moment.now()
    return [
        {
            "kitchen_id": kitchen_id,
            "family": family,
            "day": day,
            "amount": amount,
            "supplier_id": supplier,
            "ground": kind,
            "contract_id": contract,
            "consultation_id": consultation,
            "grouped": grouped,
            # The award put its whole amount into the need when it was decided.
            "counted": kind is not GroundKind.CONSULTATION_AWARD,
            "source": source,
            "at": at,
            "actor": viewer.actor,
        }
        for (supplier, source, family, kind, contract, consultation, grouped), amount in amounts.items()
    ]
