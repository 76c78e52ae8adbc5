"""Purchases of a file that the ledger has already, from another file or from a reception: told before they enter twice.

A purchase is the same when kitchen, day, amount, family, product and seller are, as an export would write them: a label
or a mark that was corrected makes no other purchase of it.
"""

import json
import marshal
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Date,
    FromClause,
    Integer,
    String,
    and_,
    column,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncSession

from catering.cells import Fault
from catering.market.models import Supplier
from catering.purchases.ledger import LedgerLine
from catering.purchases.models import PurchaseImport, PurchaseLine, PurchaseSource
from catering.rules.egalim_year import CENTS
from catering.spelling import folded

RULE = "ACH-22"
Key: TypeAlias = tuple[int, int, str, int]
"""Rank in its batch, kitchen, day and cents of a purchase."""


class _Found(NamedTuple):
    rank: int
    product: str
    seller: str
    family: str
    source: PurchaseSource
    bought_on: date
    import_id: int | None
    file: str | None
    file_line: int | None


class Told:
    """What a file tells of its purchases, put aside in a temporary file: memory does not grow with its lines."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close
        self._sizes: list[int] = []
        self.kitchens: set[int] = set()
        self.first, self.last = date.max, date.min
        self.looked_up_to = -1
        """Number of the last line of the ledger when they were looked for in it; -1 before."""

    def close(self) -> None:
        """Let them go."""
        self._file.close()

    def put(self, kitchens: Sequence[int], lines: Sequence[LedgerLine]) -> None:
        """Add some lines and the kitchen of each."""
        columns: list[Any] = list(zip(*lines, strict=True))
        numbers, _, products, sellers, days, cents, families, *_ = columns
        self.kitchens.update(kitchens)
        self.first, self.last = min(self.first, *days), max(self.last, *days)
        written = [day.isoformat() for day in days]
        content = marshal.dumps((list(kitchens), written, cents, numbers, products, sellers, families))
        self._file.write(content)
        self._sizes.append(len(content))

    def batches(self) -> Iterator[tuple[Sequence[Any], ...]]:
        """Kitchens, days, cents, numbers of lines, products, sellers and families, some thousands at a time."""
        self._file.seek(0)
        for size in self._sizes:
            yield marshal.loads(self._file.read(size))  # noqa: S302 - a private file of this process


async def already_there(session: AsyncSession, file: str, told: Told) -> list[Fault]:
    """A fault for each purchase of a file that the ledger has; one statement for some thousands, none when it is new.

    Imports that were withdrawn have no say. Nothing is looked for again while the ledger is as it was.
    """
    end = await session.scalar(select(func.max(PurchaseLine.id))) or 0
    # Only where one writes at a time do the numbers tell that nothing came between.
    if end == told.looked_up_to and session.get_bind().dialect.name == "sqlite":
        return []
    told.looked_up_to = end
    days = [day for day in (PurchaseLine.bought_on, PurchaseLine.invoiced_on) if await _any(session, told, day)]
    faults: dict[int, Fault] = {}
    for kitchens, written, cents, numbers, products, sellers, families in told.batches() if days else ():
        keys = list(zip(range(len(kitchens)), kitchens, written, cents, strict=True))
        for day in days:
            for each in await _at(session, keys, day):
                mine = (products[each.rank], sellers[each.rank], families[each.rank])
                if _alike(*mine) == _alike(each.product, each.seller, each.family):
                    number = numbers[each.rank]
                    faults.setdefault(number, _fault(file, number, products[each.rank], each))
    return list(faults.values())


def _alike(product: str, seller: str, family: str) -> tuple[str, str, str]:
    return folded(product), folded(seller), family


async def _any(session: AsyncSession, told: Told, day: Any) -> bool:
    """Whether the ledger has anything of those days, and of those kitchens as far as an index tells both."""
    asked = select(PurchaseLine.id).where(day.between(told.first, told.last)).limit(1)
    if day is PurchaseLine.bought_on:
        asked = asked.where(PurchaseLine.kitchen_id.in_(told.kitchens))
    return await session.scalar(asked) is not None


async def _at(session: AsyncSession, keys: Sequence[Key], day: Any) -> list[_Found]:
    """What the ledger has of the same kitchens, days and amounts: looked up by an index, whatever it holds."""
    rows, rank, kitchen, on, cents = _table(session, keys)
    line, file = PurchaseLine, PurchaseImport
    same = and_(line.kitchen_id == kitchen, day == on, line.amount_excl_tax == cents)
    seller = func.coalesce(line.supplier_name, Supplier.name, "")
    family = type_coerce(line.family, String)
    asked = (
        select(rank, line.product, seller, family, line.source, line.bought_on, file.id, file.name, line.file_line)
        .select_from(rows)
        .join(line, same)
        .outerjoin(file, file.id == line.import_id)
        .outerjoin(Supplier, Supplier.id == line.supplier_id)
        .where(or_(line.import_id.is_(None), file.withdrawn_at.is_(None)))
        .order_by(rank, line.id)
    )
    return [_Found(*row) for row in await session.execute(asked)]


def _table(session: AsyncSession, keys: Sequence[Key]) -> tuple[FromClause, Any, Any, Any, Any]:
    """The keys as a table of each database, given as one value or one per column."""
    if session.get_bind().dialect.name == "sqlite":
        rows: Any = func.json_each(literal(json.dumps(keys), String)).table_valued("value")
        rank, kitchen, on, cents = (func.json_extract(rows.c.value, f"$[{place}]") for place in range(4))
        return rows, rank, kitchen, type_coerce(on, String), type_coerce(cents, BigInteger)
    ranks, kitchens, days, amounts = zip(*keys, strict=True)
    given = (
        literal(list(ranks), ARRAY(Integer)),
        literal(list(kitchens), ARRAY(Integer)),
        literal([date.fromisoformat(day) for day in days], ARRAY(Date)),
        literal(list(amounts), ARRAY(BigInteger)),
    )
    names: list[Any] = [
        column("rank", Integer),
        column("kitchen", Integer),
        column("day", Date),
        column("cents", BigInteger),
    ]
    rows = func.unnest(*given).table_valued(*names, name="told").render_derived()
    return rows, rows.c.rank, rows.c.kitchen, rows.c.day, rows.c.cents / literal(CENTS)


def _fault(file: str, number: int, product: str, found: _Found) -> Fault:
    other = "ou dire que ce sont d'autres achats"
    if found.import_id is None:
        where = f"reçu le {found.bought_on:%d/%m/%Y}"
        return Fault(file, number, "", product, f"déjà au registre, {where}", f"retirer la ligne, {other}", RULE)
    where = f"ligne {found.file_line} du fichier « {found.file} » (import {found.import_id})"
    repair = f"retirer la ligne, ou annuler l'import {found.import_id} pour le remplacer, {other}"
    return Fault(file, number, "", product, f"déjà au registre, {where}", repair, RULE)
