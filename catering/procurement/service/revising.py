"""Recording the values of indices, and the prices that follow them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
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
    await _revise(session, rows)
    return rows


async def _revise(session: AsyncSession, values: Sequence[IndexValue]) -> None:
    codes = {value.index_code for value in values}
    following = (
        select(ContractLine, Contract.end_day)
        .join(ContractLot, ContractLot.id == ContractLine.lot_id)
        .join(Contract, Contract.id == ContractLot.contract_id)
        .where(ContractLine.index_code.in_(codes))
        .order_by(ContractLine.id)
    )
    by_code: dict[str | None, list[tuple[ContractLine, date]]] = defaultdict(list)
    for line, end in await session.execute(following):
        by_code[line.index_code].append((line, end))
    lines = [line for found in by_code.values() for line, _ in found]
    bases = await bases_of(session, lines)
    rows = [
        revision
        for value in sorted(values, key=lambda each: (each.day, each.id))
        for line, end in by_code[value.index_code]
        if (revision := revision_of(line, bases[line.id], value))["effective_from"] <= end
    ]
    if rows:
        await session.execute(insert(PriceRevision).execution_options(render_nulls=True), rows)


async def bases_of(session: AsyncSession, lines: Collection[ContractLine]) -> Mapping[int, list[Base]]:
    """What the clauses of lines start from, by line, in the order in which it holds."""
    found = {line.id: [Base(date.min, line.base_price_eur_per_kg, line.base_index)] for line in lines}
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
    clause = clause_of(line)
    assert clause is not None, "a line that follows an index has its clause (a CHECK of the table)"
    since = effective_from(value.day, clause.rhythm)
    base = [each for each in bases if each.day <= since][-1]
    clause = clause if base.index is None else replace(clause, base_index=base.index)
    price = revised_price(base.price, clause, value.value)
    if not fits(price, PRICE_STEP, PRICE_STEP, HIGHEST_PRICE):
        raise refusals.InvalidIndexValues(
            [f"{value.index_code} du {value.day:%d/%m/%Y} : « {line.product} » passerait à {price} €/kg"]
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
