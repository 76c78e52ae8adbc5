"""What was declared beside what the books say today: field by field, and the lines that made the difference.

A difference is the sum of what each changed line adds to a field and takes from it: both are computed from the same
forms, so nothing is left unexplained (a test says so).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from catering.declarations.figures import Figures, figures_of, read
from catering.declarations.models import Declaration
from catering.people.viewer import Viewer
from catering.purchases.models import PurchaseLine
from catering.purchases.summing import cell_of, tallies
from catering.rules.egalim_year import Tally, cents_of

ZERO = Decimal("0.00")


class LineChange(StrEnum):
    """How a purchase counts otherwise than it was declared."""

    ENTERED = "entered"
    """It counts in the year and was not declared: a late invoice, a reception, an import."""
    LEFT = "left"
    """It was declared and counts in another year: its invoice was rejected, or replaced."""
    COUNTS_OTHERWISE = "counts_otherwise"
    """It counts by another sign, or no longer by any."""


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field of a form that is no longer what was declared; an amount is None where that form has no such field."""

    name: str
    declared: Decimal | None
    today: Decimal | None

    @property
    def difference(self) -> Decimal:
        """Today less declared."""
        return (self.today or ZERO) - (self.declared or ZERO)


@dataclass(frozen=True, slots=True)
class LineDifference:
    """A purchase that counts otherwise, by which sign it was declared and which fields it moves by how much."""

    row: PurchaseLine
    change: LineChange
    declared_sign: str | None
    moves: Mapping[str, Decimal]

    @property
    def id(self) -> int:
        """Number of the purchase, by which the lines are paged."""
        return self.row.id


async def compare(session: AsyncSession, viewer: Viewer, declaration: Declaration) -> list[FieldDifference]:
    """The fields of a declaration that the viewer may read which the books of today say otherwise; one statement."""
    found = await tallies(session, viewer, declaration.year, kitchen_ids=[declaration.kitchen_id])
    now = figures_of(found.get(declaration.kitchen_id, {}), declaration.year)
    return list(differences(read(declaration.figures), now))


def differences(declared: Figures, now: Figures) -> Iterator[FieldDifference]:
    """The fields of both forms that differ, in their order."""
    then, today = declared.every, now.every
    for name in dict.fromkeys([*then, *today]):
        if then.get(name) != today.get(name):
            yield FieldDifference(name, then.get(name), today.get(name))


def line_difference(row: PurchaseLine, declared_sign: str | None, year: int) -> LineDifference:
    """What one purchase moves, in which way."""
    counts = row.year == year
    change = LineChange.COUNTS_OTHERWISE
    if declared_sign is None:
        change = LineChange.ENTERED
    elif not counts:
        change = LineChange.LEFT
    before = {} if declared_sign is None else _tally(row, declared_sign)
    after = _tally(row, row.sign) if counts else {}
    then, now = figures_of(before, year).every, figures_of(after, year).every
    moves = {name: now[name] - then[name] for name in now if now[name] != then[name]}
    return LineDifference(row, change, declared_sign, moves)


def _tally(row: PurchaseLine, sign: str) -> Tally:
    """The year that this line alone would be."""
    return {cell_of(row)._replace(sign=sign): cents_of(row.amount_excl_tax)}
