"""Recording the values of indices, and the prices that follow them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.figures import unit_price
from catering.people.viewer import Role, Viewer
from catering.procurement import refusals
from catering.procurement.contract_rules import HIGHEST_PRICE
from catering.procurement.figures import PRICE_STEP, fits
from catering.procurement.index_file import IndexWish, check_index_values
from catering.procurement.models import (
    Contract,
    ContractChange,
    ContractLine,
    ContractLot,
    ContractPriceChange,
    IndexValue,
    PriceRevision,
)
from catering.procurement.revision import Clause, effective_from, revised_price


@dataclass(frozen=True, slots=True)
class Base:
    """A price that the clause of a line starts from, from a day on: the signed one, then that of each avenant."""

    day: date
    price: Decimal
    index: Decimal | None
    change: int | None = None


async def record_index_values(session: AsyncSession, viewer: Viewer, values: Sequence[IndexWish]) -> list[IndexValue]:
    """Record published values of indices; each price that follows one is revised from its next period on.

    Raises:
        refusals.NotAdministration: the viewer is not the administration of the Département.
        refusals.InvalidIndexValues: some values are not acceptable: none is recorded.
    """
    if viewer.role is not Role.DEPARTEMENT:
        raise refusals.NotAdministration
    check_index_values(list(values))
    at = moment.now()
    rows = [
        IndexValue(index_code=each.index, day=each.day, value=each.value, at=at, actor=viewer.actor) for each in values
    ]
    session.add_all(rows)
    await session.flush()
    await _revise(session, await _followers(session, {row.index_code for row in rows}), rows)
    return rows


async def revise_by_known(session: AsyncSession, contract: Contract) -> None:
    """Revise the prices of a contract, just recorded, by what its indices have said since it began.

    Raises:
        refusals.InvalidIndexValues: a price would be none.
    """
    lines = [line for lot in contract.lots for line in lot.lines if line.index_code is not None]
    codes = {line.index_code for line in lines}
    if not codes:
        return
    known = select(IndexValue).where(IndexValue.index_code.in_(codes), IndexValue.day > contract.start_day)
    values = (await session.scalars(known)).all()
    await _revise(session, [(line, contract) for line in lines], values)


async def _followers(session: AsyncSession, codes: Collection[str]) -> list[tuple[ContractLine, Contract]]:
    """The lines whose prices follow some indices, each with its contract."""
    following = (
        select(ContractLine, Contract)
        .join(ContractLot, ContractLot.id == ContractLine.lot_id)
        .join(Contract, Contract.id == ContractLot.contract_id)
        .where(ContractLine.index_code.in_(codes))
        .order_by(ContractLine.id)
    )
    return [(line, contract) for line, contract in await session.execute(following)]


async def _revise(
    session: AsyncSession, following: Sequence[tuple[ContractLine, Contract]], values: Sequence[IndexValue]
) -> None:
    """Write the prices that values give to lines, whatever the order in which people come to know them.

    A value revises what was agreed before its day, and gives way to a later one that holds from the same day on.
    """
    by_code: dict[str | None, list[tuple[ContractLine, Contract]]] = defaultdict(list)
    for line, contract in following:
        by_code[line.index_code].append((line, contract))
    bases = await bases_of(session, {line: contract.start_day for line, contract in following})
    said = await _said(session, [line.id for line, _ in following])
    rows = []
    for value in sorted(values, key=lambda each: (each.day, each.id)):
        for line, contract in by_code[value.index_code]:
            since = effective_from(value.day, _clause(line).rhythm)
            replaced = said.get((line.id, since), value.day) > value.day
            if since <= contract.end_day and not replaced and _revises(value, bases[line.id], since):
                rows.append(revision_of(line, bases[line.id], value))
    if rows:
        await session.execute(insert(PriceRevision).execution_options(render_nulls=True), rows)


def _revises(value: IndexValue, bases: Sequence[Base], since: date) -> bool:
    """Whether the price that holds when a value takes effect was agreed before its day: a later one knows it."""
    agreed = [each.day for each in bases if each.day <= since]
    return bool(agreed) and agreed[-1] < value.day


async def _said(session: AsyncSession, line_ids: Collection[int]) -> Mapping[tuple[int, date], date]:
    """Day of the last value of its index that gave a line a price, by line and the day from which that holds."""
    key = (PriceRevision.line_id, PriceRevision.effective_from)
    last = (
        select(*key, func.max(IndexValue.day))
        .join(IndexValue, IndexValue.id == PriceRevision.index_value_id)
        .where(PriceRevision.line_id.in_(line_ids))
        .group_by(*key)
    )
    return {(line_id, since): day for line_id, since, day in await session.execute(last)}


async def bases_of(session: AsyncSession, lines: Mapping[ContractLine, date]) -> Mapping[int, list[Base]]:
    """What the clauses of lines start from, by line, in the order in which it holds; ``lines`` are given with the first
    day of their contracts."""
    found = {line.id: [Base(day, line.base_price_eur_per_kg, line.base_index)] for line, day in lines.items()}
    changed = (
        select(ContractPriceChange, ContractChange.day)
        .join(ContractChange, ContractChange.id == ContractPriceChange.change_id)
        .where(ContractPriceChange.line_id.in_(found))
        .order_by(ContractChange.day, ContractChange.id)
    )
    for each, day in await session.execute(changed):
        found[each.line_id].append(Base(day, each.price_eur_per_kg, each.base_index, each.change_id))
    return found


def revision_of(line: ContractLine, bases: Sequence[Base], value: IndexValue) -> dict[str, Any]:
    """The row of the price that a value of its index gives a line.

    Raises:
        refusals.InvalidIndexValues: that price is none.
    """
    clause = _clause(line)
    since = effective_from(value.day, clause.rhythm)
    base = [each for each in bases if each.day <= since][-1]
    clause = clause if base.index is None else replace(clause, base_index=base.index)
    price = revised_price(base.price, clause, value.value)
    if not fits(price, PRICE_STEP, PRICE_STEP, HIGHEST_PRICE):
        raise refusals.InvalidIndexValues(
            [f"{value.index_code} du {value.day:%d/%m/%Y} : « {line.product} » passerait à {unit_price(price)}/kg"]
        )
    return {
        "line_id": line.id,
        "effective_from": since,
        "index_value_id": value.id,
        "index_value": value.value,
        "change_id": base.change,
        "price_eur_per_kg": price,
    }


def clause_of(line: ContractLine) -> Clause | None:
    """The price clause of a line; None for a fixed price."""
    if line.index_code is None or line.base_index is None or line.fixed_share is None or line.rhythm is None:
        return None
    return Clause(line.index_code, line.base_index, line.fixed_share, line.rhythm)


def _clause(line: ContractLine) -> Clause:
    clause = clause_of(line)
    assert clause is not None, "a line that follows an index has its clause (a CHECK of the table)"
    return clause
