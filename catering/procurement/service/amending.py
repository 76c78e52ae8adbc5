"""What changes a signed contract: an avenant, or its end before the last day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.market.models import Supplier
from catering.moment import now, today
from catering.outbox.service import DOOR, Letter, queue
from catering.people.models import ChangeEvent
from catering.people.viewer import Role, Viewer
from catering.procurement import refusals
from catering.procurement.contract_rules import (
    HIGHEST_PRICE,
    ContractTerms,
    LineTerms,
    LotTerms,
    check_contract,
)
from catering.procurement.figures import PRICE_STEP, fits
from catering.procurement.letters import way_to
from catering.procurement.models import (
    Contract,
    ContractChange,
    ContractLine,
    ContractLot,
    ContractMember,
    ContractPriceChange,
    IndexValue,
    PriceRevision,
)
from catering.procurement.queries import contract_lines_visible_to, contracts, lots_visible_to, members_visible_to
from catering.procurement.revision import Revised, price_on
from catering.procurement.service.access import changed, held, require_signatory, written
from catering.procurement.service.needs import Besides, refuse_above_threshold, values_of
from catering.procurement.service.revising import Base, bases_of, clause_of, revision_of
from catering.procurement.vocabulary import ContractChangeKind


@dataclass(frozen=True, slots=True)
class AmendmentWish:
    """An avenant as it was signed; what is None, and a line that ``prices`` does not name, stays as it is.

    ``most`` is excl. tax over the whole duration. ``prices`` are €/kg excl. tax by number of the line; they hold from
    ``day`` on, the rest at once.
    """

    day: date
    reason: str
    end: date | None = None
    most: Decimal | None = None
    prices: Mapping[int, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """A contract that changes, its row locked, with its parts."""

    contract: Contract
    lots: Sequence[ContractLot]
    lines: Mapping[int, ContractLine]
    kitchen_ids: frozenset[int]


async def terminate(session: AsyncSession, viewer: Viewer, number: int, day: date, reason: str) -> ContractChange:
    """End a contract before its last day; the orders already drawn on it stay.

    Args:
        session: of the caller's transaction.
        viewer: who signs.
        number: of the contract.
        day: its new last day, today or later: what was ordered until now was lawful and stays so.
        reason: why, told to the supplier.

    Raises:
        refusals.Refusal: the viewer does not sign for all its members, it is over, the day does not fit, or there is
            no reason.
    """
    kept = written(reason)
    contract = (await signed_contract(session, viewer, number)).contract
    first = max(today(), contract.start_day)
    if not first <= day < contract.end_day:
        raise refusals.InvalidChange(
            f"Le marché {contract.number} va jusqu'au {contract.end_day:%d/%m/%Y} : le résilier à un jour d'avant, "
            f"au plus tôt le {first:%d/%m/%Y}."
        )
    change = await _change(session, viewer, contract, ContractChangeKind.TERMINATION, day, kept)
    change.end_day = day
    contract.terminated_on = day
    await _keep(session, viewer, contract, change)
    return change


async def amend(session: AsyncSession, viewer: Viewer, number: int, wish: AmendmentWish) -> ContractChange:
    """Record an avenant: the whole contract, as changed, must be one the law allows (CCP-13, CCP-32, CCP-33).

    Raises:
        refusals.Refusal: the viewer does not sign for all its members, the contract is over, nothing changes, the
            law does not allow what it becomes, or there is no reason.
    """
    kept = written(wish.reason)
    signed = await signed_contract(session, viewer, number)
    contract = signed.contract
    _check_wish(signed, wish)
    terms = _terms(signed, wish)
    check_contract(terms)
    if terms.most < contract.ordered_amount:
        raise refusals.BelowOrdered(contract.number, contract.ordered_amount)
    await _refuse_above_threshold(session, viewer, signed, terms)
    change = await _change(session, viewer, contract, ContractChangeKind.AMENDMENT, wish.day, kept)
    change.end_day, change.max_amount = terms.end, terms.most
    await _reprice(session, signed, change, wish.prices or {})
    await _keep(session, viewer, contract, change)
    return change


async def signed_contract(session: AsyncSession, viewer: Viewer, number: int) -> Signed:
    """A contract the viewer signs for, still running; all who buy on it are locked, then its row.

    Raises:
        refusals.UnknownContract: there is none that the viewer may read.
        refusals.NotBuyer: the viewer does not buy for all its members; the Département does for a groupement.
        refusals.ContractOver: it has ended.
    """
    if viewer.role is not Role.DEPARTEMENT:
        require_signatory(viewer)
    contract = (await session.scalars(contracts(viewer, ids=[number]))).one_or_none()
    if contract is None:
        raise refusals.UnknownContract(number)
    members = members_visible_to(viewer).where(ContractMember.contract_id == number)
    together = frozenset({contract.kitchen_id, *(each.kitchen_id for each in await session.scalars(members))})
    if len(await held(session, viewer, together)) < len(together):
        raise refusals.NotBuyer
    # Orders hold their buyer, then draw on the contract: the same order here (0204). Its key does not change.
    locked = contracts(viewer, ids=[number]).with_for_update(key_share=True, of=Contract)
    contract = (await session.scalars(locked.execution_options(populate_existing=True))).one()
    if contract.terminated_on is not None or today() > contract.end_day:
        raise refusals.ContractOver(contract.number, contract.end_day, terminated=contract.terminated_on is not None)
    lots = lots_visible_to(viewer).where(ContractLot.contract_id == number).order_by(ContractLot.number)
    found = (await session.scalars(lots)).all()
    lines = contract_lines_visible_to(viewer).where(ContractLine.lot_id.in_([lot.id for lot in found]))
    rows = await session.scalars(lines.order_by(ContractLine.lot_id, ContractLine.position))
    return Signed(contract, found, {line.id: line for line in rows}, together)


def _check_wish(signed: Signed, wish: AmendmentWish) -> None:
    contract, prices = signed.contract, wish.prices or {}
    first = max(today(), signed.contract.start_day)
    same = wish.end in (None, contract.end_day) and wish.most in (None, contract.max_amount)
    if same and not prices:
        raise refusals.InvalidChange("L'avenant ne change rien : donner un dernier jour, un maximum ou des prix.")
    end = wish.end or contract.end_day
    if end < today():
        raise refusals.InvalidChange(f"Le dernier jour, {end:%d/%m/%Y}, est passé : en donner un à venir.")
    if not first <= wish.day <= end:
        raise refusals.InvalidChange(f"L'avenant prend effet entre le {first:%d/%m/%Y} et le {end:%d/%m/%Y}.")
    if unknown := sorted(set(prices) - set(signed.lines)):
        raise refusals.InvalidChange(
            f"Le marché {contract.number} n'a pas de ligne {', '.join(map(str, unknown))} : corriger les prix."
        )
    for number, price in prices.items():
        if not fits(price, PRICE_STEP, PRICE_STEP, HIGHEST_PRICE):
            raise refusals.InvalidChange(
                f"Le prix de « {signed.lines[number].product} » s'écrit en €/kg hors taxes, au-dessus de 0, "
                "quatre décimales au plus."
            )


def _terms(signed: Signed, wish: AmendmentWish) -> ContractTerms:
    """The whole contract as the avenant makes it."""
    contract, prices = signed.contract, wish.prices or {}
    return ContractTerms(
        contract.procedure,
        contract.start_day,
        wish.end or contract.end_day,
        contract.min_amount,
        contract.max_amount if wish.most is None else wish.most,
        [
            LotTerms(
                lot.number,
                lot.family,
                lot.estimated_amount,
                lot.small,
                [
                    LineTerms(line.product, prices.get(line.id, line.base_price_eur_per_kg), clause_of(line))
                    for line in signed.lines.values()
                    if line.lot_id == lot.id
                ],
            )
            for lot in signed.lots
        ],
    )


async def _refuse_above_threshold(session: AsyncSession, viewer: Viewer, signed: Signed, terms: ContractTerms) -> None:
    """The need stays below what asks for another procedure, with the contract as the avenant makes it (CCP-20)."""
    contract = signed.contract
    if terms.most <= contract.max_amount and terms.end <= contract.end_day:
        return
    day, besides = max(today(), contract.start_day), Besides(contract=contract.id)
    await refuse_above_threshold(session, viewer, signed.kitchen_ids, values_of(terms), day, besides, held=True)


async def _change(
    session: AsyncSession, viewer: Viewer, contract: Contract, kind: ContractChangeKind, day: date, reason: str
) -> ContractChange:
    ranks = select(func.count()).where(ContractChange.contract_id == contract.id)
    return ContractChange(
        contract_id=contract.id,
        rank=int((await session.scalars(ranks)).one()) + 1,
        kind=kind,
        day=day,
        reason=reason,
        before_end_day=contract.end_day,
        end_day=contract.end_day,
        before_max_amount=contract.max_amount,
        max_amount=contract.max_amount,
        at=now(),
        actor=viewer.actor,
    )


async def _keep(session: AsyncSession, viewer: Viewer, contract: Contract, change: ContractChange) -> None:
    """Add the change, let the contract follow it, trace it, and tell the supplier."""
    session.add(change)
    # Orders take from the same row: none may slip in above a maximum that falls.
    follows = update(Contract).where(Contract.id == contract.id, Contract.ordered_amount <= change.max_amount)
    if not await changed(session, follows.values(end_day=change.end_day, max_amount=change.max_amount)):
        raise refusals.BelowOrdered(contract.number, contract.ordered_amount)
    await session.flush()
    await session.refresh(contract)
    session.add(_trace(viewer, contract, change))
    slug = (await session.scalars(select(Supplier.slug).where(Supplier.id == contract.supplier_id))).one()
    await queue(session, [_letter(contract, change, slug)], change.at)
    await session.flush()


async def _reprice(
    session: AsyncSession, signed: Signed, change: ContractChange, prices: Mapping[int, Decimal]
) -> None:
    """Write the new prices; what an index has said already of later days is worked out again from them."""
    if not prices:
        return
    session.add(change)
    await session.flush()
    lines = [signed.lines[number] for number in sorted(prices)]
    revisions = await _revisions(session, lines)
    indices = await _indices_on(session, lines, change.day)
    session.add_all(
        ContractPriceChange(
            change_id=change.id,
            line_id=line.id,
            before_price_eur_per_kg=price_on(
                line.base_price_eur_per_kg,
                [Revised(each.effective_from, each.price_eur_per_kg) for each in revisions[line.id]],
                change.day,
            ),
            price_eur_per_kg=prices[line.id],
            base_index=indices.get(line.index_code, line.base_index),
        )
        for line in lines
    )
    await session.flush()
    rows: list[dict[str, Any]] = [
        {
            "line_id": line.id,
            "effective_from": change.day,
            "index_value_id": None,
            "index_value": None,
            "change_id": change.id,
            "price_eur_per_kg": prices[line.id],
        }
        for line in lines
    ]
    bases = await bases_of(session, dict.fromkeys(lines, signed.contract.start_day))
    try:
        rows += await _worked_out_again(session, lines, bases, revisions, change.day)
    except refusals.InvalidIndexValues as fault:
        raise refusals.InvalidChange(str(fault)) from fault
    await session.execute(insert(PriceRevision).execution_options(render_nulls=True), rows)


async def _worked_out_again(
    session: AsyncSession,
    lines: Sequence[ContractLine],
    bases: Mapping[int, list[Base]],
    revisions: Mapping[int, list[PriceRevision]],
    day: date,
) -> list[dict[str, Any]]:
    later = [
        (line, each.index_value_id)
        for line in lines
        for each in revisions[line.id]
        if each.index_value_id is not None and each.effective_from > day
    ]
    ids = {number for _, number in later}
    values = {row.id: row for row in (await session.scalars(select(IndexValue).where(IndexValue.id.in_(ids)))).all()}
    return [revision_of(line, bases[line.id], values[number]) for line, number in later]


async def _revisions(session: AsyncSession, lines: Sequence[ContractLine]) -> Mapping[int, list[PriceRevision]]:
    """The prices of lines so far, by line, in the order in which they hold."""
    found: dict[int, list[PriceRevision]] = {line.id: [] for line in lines}
    of_lines = select(PriceRevision).where(PriceRevision.line_id.in_(found))
    for each in await session.scalars(of_lines.order_by(PriceRevision.effective_from, PriceRevision.id)):
        found[each.line_id].append(each)
    return found


async def _indices_on(session: AsyncSession, lines: Sequence[ContractLine], day: date) -> Mapping[str | None, Decimal]:
    """Value of the indices of lines on a day, by code; an index without a value by then is missing."""
    codes = {line.index_code for line in lines if line.index_code is not None}
    said = select(IndexValue).where(IndexValue.index_code.in_(codes), IndexValue.day <= day)
    return {row.index_code: row.value for row in await session.scalars(said.order_by(IndexValue.day, IndexValue.id))}


def _trace(viewer: Viewer, contract: Contract, change: ContractChange) -> ChangeEvent:
    before = {"end_day": f"{change.before_end_day}", "max_amount": f"{change.before_max_amount}"}
    after = {
        "end_day": f"{change.end_day}",
        "max_amount": f"{change.max_amount}",
        "change": f"{change.kind.value} {change.rank}",
        "reason": change.reason,
    }
    return ChangeEvent(
        at=change.at,
        actor=viewer.actor,
        subject=Contract.__tablename__,
        key=str(contract.id),
        before=before,
        after=after,
    )


def _letter(contract: Contract, change: ContractChange, supplier: str) -> Letter:
    if change.kind is ContractChangeKind.TERMINATION:
        said = f"est résilié : son dernier jour est le {change.day:%d/%m/%Y}. Les commandes déjà passées restent dues."
    else:
        said = f"change par l'avenant {change.rank}."
    body = (
        f"Bonjour,\n\nLe marché {contract.number}, « {contract.title} », {said}\n\n"
        f"Motif : {change.reason}\n\n" + way_to(f"le marché n° {contract.number}", "Lire le marché")
    )
    return Letter("contract_changed", change.id, supplier, f"Marché {contract.number} : changement", body, DOOR)
