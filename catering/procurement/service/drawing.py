"""Drawing amounts on contracts and awards, and giving them back: one conditional statement for all of both."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import CompoundSelect, Integer, Select, String, case, cast, exists, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from catering.db import inserting
from catering.procurement import refusals
from catering.procurement.models import ConsultationAward, Contract, DrawnAmount
from catering.refusal import Refusal

COLUMNS = ["name", "contract_id", "lot_id", "most", "ordered"]
NOTHING = literal(Decimal("0.00"), DrawnAmount.ordered.type)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What is drawn on up to a maximum; ``column`` of the drawn amounts names its row."""

    called: str
    column: str
    key: InstrumentedAttribute[int]
    most: InstrumentedAttribute[Decimal]

    def name(self, key: int) -> str:
        """Of the drawn amount, as ``models.drawn`` makes it."""
        return f"{self.called} {key}"


CONTRACTS = Ceiling("contract", "contract_id", Contract.id, Contract.max_amount)
AWARDS = Ceiling("lot", "lot_id", ConsultationAward.lot_id, ConsultationAward.amount)
Amounts = Mapping[int, Decimal]


async def draw_on(session: AsyncSession, contracts: Amounts, awards: Amounts) -> None:
    """Draw amounts on contracts (by row id) and awards (by row id of their lot); negative ones are given back.

    Raises:
        refusals.BeyondMaximum: a contract has less left.
        refusals.BeyondAward: an award has less left.
    """
    asked = [(of, amounts) for of, amounts in ((CONTRACTS, contracts), (AWARDS, awards)) if amounts]
    if not asked:
        return
    taken = set(await session.scalars(_draw(session, asked)))
    short = [(of, key) for of, amounts in asked for key in sorted(amounts) if of.name(key) not in taken]
    for of, key in short:
        raise await (_beyond_maximum if of is CONTRACTS else _beyond_award)(session, key, dict(asked)[of][key])


def _draw(session: AsyncSession, asked: list[tuple[Ceiling, Amounts]]) -> Any:
    """The drawn amounts that have room: made with what is asked, or with it added; their names are returned.

    In order of their names: two orders on the same contracts never wait in a ring. One that is there is offered with
    nothing: PostgreSQL holds the CHECK against what is offered before it sees the conflict.
    """
    rows = _rows(asked).subquery()
    there = exists().where(DrawnAmount.name == rows.c.name)
    offered = (
        select(rows.c.name, rows.c.contract_id, rows.c.lot_id, rows.c.most, case((there, NOTHING), else_=rows.c.more))
        .where(there | (rows.c.more <= rows.c.most))
        .order_by(rows.c.name)
    )
    after = DrawnAmount.ordered + case(dict(_by_name(asked)), value=DrawnAmount.name, else_=NOTHING)
    return (
        inserting(session, DrawnAmount)
        .from_select(COLUMNS, offered)
        .on_conflict_do_update(
            index_elements=[DrawnAmount.name],
            set_={DrawnAmount.ordered.key: after},
            where=(after <= DrawnAmount.most) | (after <= DrawnAmount.ordered),
        )
        .returning(DrawnAmount.name)
        .execution_options(synchronize_session=False)
    )


def _by_name(asked: list[tuple[Ceiling, Amounts]]) -> Iterator[tuple[str, Any]]:
    for of, amounts in asked:
        for key, amount in amounts.items():
            yield of.name(key), literal(amount, DrawnAmount.ordered.type)


def _rows(asked: list[tuple[Ceiling, Amounts]]) -> Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]:
    """Name, contract, lot, maximum and what is asked of each."""
    parts = [_rows_of(of, amounts) for of, amounts in asked]
    return union_all(*parts) if len(parts) > 1 else parts[0]


def _rows_of(of: Ceiling, amounts: Amounts) -> Select[*tuple[Any, ...]]:
    numbers = [
        (of.key if column == of.column else cast(null(), Integer)).label(column) for column in ("contract_id", "lot_id")
    ]
    more = case({key: literal(each, of.most.type) for key, each in amounts.items()}, value=of.key, else_=NOTHING)
    name = literal(f"{of.called} ", String) + cast(of.key, String)
    return select(name.label("name"), *numbers, of.most.label("most"), more.label("more")).where(of.key.in_(amounts))


async def _beyond_maximum(session: AsyncSession, contract: int, asked: Decimal) -> Refusal:
    columns = Contract.number, Contract.max_amount, Contract.ordered_amount
    number, most, ordered = (await session.execute(select(*columns).where(Contract.id == contract))).one()
    return refusals.BeyondMaximum(number, most - ordered, asked)


async def _beyond_award(session: AsyncSession, lot: int, asked: Decimal) -> Refusal:
    columns = ConsultationAward.consultation_id, ConsultationAward.amount, ConsultationAward.ordered_amount
    consultation, most, ordered = (await session.execute(select(*columns).where(ConsultationAward.lot_id == lot))).one()
    return refusals.BeyondAward(consultation, most - ordered, asked)
