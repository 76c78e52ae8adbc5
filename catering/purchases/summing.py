"""The sums by kitchen and year: kept with the lines in one transaction, read as tallies, made again from the lines."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    String,
    column,
    delete,
    extract,
    false,
    func,
    insert,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import Base, inserting, whole
from catering.people.viewer import Viewer
from catering.purchases.models import LocalDefinition, PurchaseLine, PurchaseMonth, PurchaseSum
from catering.purchases.queries import months_visible_to, purchases_visible_to, sums
from catering.recipes.vocabulary import Family
from catering.rules.egalim_year import FAIR_TRADE, Cell, Tally, cents_of, euros, rates_of_cells

Place: TypeAlias = tuple[int, int, Cell]
"""Year, kitchen and cell."""
MONTH_KEY = ("year", "kitchen_id", "rule", "month")
KEY = (
    "year", "kitchen_id", "family", "sign", "fair_trade", "origin_zone", "circuit_court", "local", "pat",
)  # fmt: skip


class Sums:
    """What some lines add to the sums; ``remove`` what they are to stop adding. Write with ``store``."""

    def __init__(self) -> None:
        self._deltas: dict[Place, list[int]] = defaultdict(lambda: [0, 0])
        self._months: dict[tuple[int, int, int, str, str], int] = defaultdict(int)

    def add(self, row: PurchaseLine) -> None:
        """A judged line is added."""
        self._move(row, 1)

    def remove(self, row: PurchaseLine) -> None:
        """A judged line is taken back, as it stands."""
        self._move(row, -1)

    def count(self, kitchen: int, day: date, cell: Cell, cents: int, lines: int = 1) -> None:
        """Cents of some lines of one day that are summed in one cell."""
        year = day.year
        delta = self._deltas[year, kitchen, cell]
        delta[0] += cents
        delta[1] += lines
        self._months[year, kitchen, day.month, cell.family, cell.sign] += cents

    def _move(self, row: PurchaseLine, sign: int) -> None:
        day = row.invoiced_on or row.bought_on
        self.count(row.kitchen_id, day, cell_of(row), sign * cents_of(row.amount_excl_tax), sign)

    async def store(self, session: AsyncSession) -> None:
        """Write what changed; always in one order, so that two writers cannot wait for each other in a ring.

        What changed is kept: a transaction that must be tried again writes it again.
        """
        changed = [_row(place, *delta) for place, delta in sorted(self._deltas.items()) if any(delta)]
        await _add(session, PurchaseSum, KEY, ("amount_excl_tax", "lines"), changed)
        await _store_months(session, self._months)


async def _store_months(session: AsyncSession, months: Mapping[tuple[int, int, int, str, str], int]) -> None:
    """Add cents by year, kitchen, month, family and sign to the months of the rates that look at them."""
    found: dict[tuple[int, int, str, int], list[int]] = defaultdict(lambda: [0, 0])
    rates_of_year = {year: rates_of_cells(year) for year in {place[0] for place in months}}
    for (year, kitchen, month, family, sign), cents in months.items():
        for rule, counts in rates_of_year[year](family, sign).items():
            delta = found[year, kitchen, rule, month]
            delta[0] += cents if counts else 0
            delta[1] += cents
    changed = [
        (*place, euros(counted), euros(value)) for place, (counted, value) in sorted(found.items()) if counted or value
    ]
    await _add(session, PurchaseMonth, MONTH_KEY, ("counted", "value"), changed)


def cell_of(row: PurchaseLine) -> Cell:
    """The cell in which a judged line is summed."""
    return Cell(
        row.family.value,
        row.sign,
        not FAIR_TRADE.isdisjoint(row.labels.split()),
        row.origin_zone.value if row.origin_zone else "",
        bool(row.circuit_court),
        row.local,
        row.local_definition is LocalDefinition.PAT,
    )


def _row(place: Place, cents: int, lines: int) -> tuple[Any, ...]:
    year, kitchen, cell = place
    return (year, kitchen, Family(cell.family), *cell[1:], euros(cents), lines)


async def _add(
    session: AsyncSession, kind: type[Base], key: Sequence[str], added: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Add some rows, their key first, to those of the same key: one statement, on the table itself.

    The ORM would look at each of some ten thousand. PostgreSQL is given columns: rows it would be asked one by one.
    """
    if not rows:
        return
    table: Any = kind.__table__
    statement, columns = inserting(session, kind), [table.c[name] for name in (*key, *added)]
    told = statement.excluded
    sums = {name: table.c[name] + told[name] for name in added}
    if session.get_bind().dialect.name == "sqlite":
        every = statement.on_conflict_do_update(index_elements=key, set_=sums)
        await session.execute(
            every, [{each.name: value for each, value in zip(columns, row, strict=True)} for row in rows]
        )
        return
    given = zip(columns, zip(*rows, strict=True), strict=True)
    arrays = [literal(list(values), ARRAY(each.type)) for each, values in given]
    every = func.unnest(*arrays).table_valued(*(column(each.name, each.type) for each in columns), name="told")
    taken = statement.from_select(columns, select(every.render_derived()))
    await session.execute(taken.on_conflict_do_update(index_elements=key, set_=sums))


async def tallies(
    session: AsyncSession,
    viewer: Viewer,
    year: int,
    *,
    kitchen_ids: Collection[int] | None = None,
    epci: str | None = None,
) -> dict[int, Tally]:
    """Cents by cell of a year, by kitchen number: those the viewer may read, in one statement.

    Args:
        session: of the read.
        viewer: who asks.
        year: civil year.
        kitchen_ids: only of these kitchens.
        epci: only of the kitchens of this group of communes.
    """
    found: dict[int, dict[Cell, int]] = defaultdict(dict)
    asked = sums(viewer, year, whole(session, PurchaseSum.amount_excl_tax), kitchen_ids=kitchen_ids, epci=epci)
    for kitchen, *cell, cents in await session.execute(asked):
        found[kitchen][Cell._make(cell)] = cents
    return dict(found)


Months: TypeAlias = Mapping[str, Mapping[int, tuple[int, int]]]
"""By rule and month: cents that count, cents of value."""


async def months(
    session: AsyncSession,
    viewer: Viewer,
    year: int,
    *,
    kitchen_ids: Collection[int] | None = None,
) -> dict[int, Months]:
    """What counts for each rate in each month of a year, by kitchen number: one statement.

    Args:
        session: of the read.
        viewer: who asks.
        year: civil year.
        kitchen_ids: only of these kitchens.
    """
    asked = months_visible_to(viewer).where(PurchaseMonth.year == year)
    if kitchen_ids is not None:
        asked = asked.where(PurchaseMonth.kitchen_id.in_(kitchen_ids))
    month = PurchaseMonth
    cents = (whole(session, month.counted), whole(session, month.value))
    found: dict[int, dict[str, dict[int, tuple[int, int]]]] = defaultdict(lambda: defaultdict(dict))
    for kitchen, rule, of, counted, value in await session.execute(
        asked.with_only_columns(month.kitchen_id, month.rule, month.month, *cents)
    ):
        found[kitchen][rule][of] = counted, value
    return {kitchen: dict(rules) for kitchen, rules in found.items()}


async def rebuild(session: AsyncSession, viewer: Viewer, kitchen_ids: Iterable[int] | None = None) -> None:
    """Make the sums again from the lines of some kitchens, or of all that the viewer may read; five statements."""
    lines = purchases_visible_to(viewer)
    old: list[Any] = [delete(PurchaseSum), delete(PurchaseMonth)]
    if kitchen_ids is not None:
        wanted = list(kitchen_ids)
        lines = lines.where(PurchaseLine.kitchen_id.in_(wanted))
        old = [old[0].where(PurchaseSum.kitchen_id.in_(wanted)), old[1].where(PurchaseMonth.kitchen_id.in_(wanted))]
    for each in old:
        await session.execute(each)
    await _store_months(session, await _months_of(session, lines))
    columns = _columns()
    grouped: Select[Any] = lines.with_only_columns(
        *columns.values(), func.sum(PurchaseLine.amount_excl_tax), func.count()
    ).group_by(*columns.values())
    await session.execute(insert(PurchaseSum).from_select([*columns, "amount_excl_tax", "lines"], grouped))


async def _months_of(session: AsyncSession, lines: Select[PurchaseLine]) -> dict[tuple[int, int, int, str, str], int]:
    """Cents of some lines by year, kitchen, month, family and sign."""
    month = extract("month", func.coalesce(PurchaseLine.invoiced_on, PurchaseLine.bought_on))
    family = type_coerce(PurchaseLine.family, String)
    key: tuple[Any, ...] = (PurchaseLine.year, PurchaseLine.kitchen_id, month, family, PurchaseLine.sign)
    asked: Select[Any] = lines.with_only_columns(*key, func.sum(PurchaseLine.amount_excl_tax)).group_by(*key)
    found = await session.execute(asked)
    return {(year, kitchen, int(of), name, sign): cents_of(amount) for year, kitchen, of, name, sign, amount in found}


def _columns() -> Mapping[str, ColumnElement[Any]]:
    """How SQL tells the cells apart: the same as ``cell_of``, which a test compares."""
    fair = PurchaseLine.labels.contains("COMMERCE_EQUITABLE")
    return {
        "year": PurchaseLine.year.expression,
        "kitchen_id": PurchaseLine.kitchen_id.expression,
        "family": PurchaseLine.family.expression,
        "sign": PurchaseLine.sign.expression,
        "fair_trade": fair,
        "origin_zone": func.coalesce(PurchaseLine.origin_zone, ""),
        "circuit_court": func.coalesce(PurchaseLine.circuit_court, false()),
        "local": PurchaseLine.local.expression,
        "pat": func.coalesce(PurchaseLine.local_definition == LocalDefinition.PAT, false()),
    }
