"""Bring the database to what the seed tables say, in bounded statements: add, change, remove, and leave a trace."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Column, bindparam, delete, func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.cells import Fault
from catering.people.models import ChangeEvent
from catering.progress import Report
from catering.seeding.faults import SeedFaultsError
from catering.seeding.reading import Sheet
from catering.seeding.report import LoadReport, TableReport
from catering.seeding.tables import INGREDIENTS
from catering.seeding.wanted import Key, Values, Wanted, plain, wanted, wanted_allergens
from catering.tables import all_tables

ROWS_PER_STATEMENT = 500
ACTOR = "catering seed"
PHASE = "Chargement des tables"

Item = TypeVar("Item")
Names = Mapping[str, Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """What separates a database table from the rows wanted; rows of the database carry their integer key."""

    wanted: Wanted
    added: list[Values]
    changed: list[tuple[Values, Values]]
    """Before and after."""
    gone: list[Values]
    kept: frozenset[int] = frozenset()
    """Numbers of the rows that people made: the files know nothing of them and leave them alone."""

    def report(self, names: Names) -> TableReport:
        """Counts, and the removed rows by name."""
        kept = len(self.wanted.rows) - len(self.added) - len(self.changed)
        gone = tuple(sorted(self.wanted.name_of(row, names) for row in self.gone))
        return TableReport(self.wanted.table.name, self.wanted.title, len(self.added), len(self.changed), kept, gone)


async def write(session: AsyncSession, sheets: Sequence[Sheet], report: Report) -> LoadReport:
    """Write every sheet, each after those it refers to; the caller commits.

    Raises:
        SeedFaultsError: a row that is no longer in the files is still used by something that the files do not own.
    """
    ids: dict[str, dict[str, int]] = {}
    differences: list[Difference] = []
    kept: dict[str, frozenset[int]] = {}
    for done, sheet in enumerate(sheets):
        report(PHASE, done, len(sheets), sheet.table.title)
        differences.append(await _add_and_change(session, wanted(sheet, ids), kept))
        kept[sheet.table.name] = differences[-1].kept
        if sheet.table.has_number:
            ids[sheet.table.name] = await _numbers(session, differences[-1].wanted)
        if sheet.table is INGREDIENTS:
            differences.append(await _add_and_change(session, wanted_allergens(sheet, ids), kept))
    names = {table: {number: name for name, number in numbers.items()} for table, numbers in ids.items()}
    await _refuse_removals_in_use(session, differences, names)
    for difference in reversed(differences):
        await _remove(session, difference)
    await _trace(session, differences, names)
    report(PHASE, len(sheets), len(sheets))
    return LoadReport(tuple(difference.report(names) for difference in differences))


async def _add_and_change(session: AsyncSession, rows: Wanted, kept: Mapping[str, frozenset[int]]) -> Difference:
    difference = _compare(rows, await _stored(session, rows), kept)
    for chunk in _chunks(difference.added):
        await session.execute(insert(rows.table), chunk)
    if difference.changed:
        key = [column.name for column in rows.table.primary_key]
        change = (
            update(rows.table)
            .where(*(rows.table.c[name] == bindparam(f"old_{name}") for name in key))
            .values({name: bindparam(f"new_{name}") for name in difference.changed[0][1]})
        )
        for pairs in _chunks(difference.changed):
            await session.execute(change, [_change(key, before, after) for before, after in pairs])
    return difference


def _change(key: Sequence[str], before: Values, after: Values) -> Values:
    return {f"old_{name}": before[name] for name in key} | {f"new_{name}": value for name, value in after.items()}


def _compare(rows: Wanted, stored: Mapping[Key, Values], kept: Mapping[str, frozenset[int]]) -> Difference:
    absent = [values for key, values in stored.items() if key not in rows.rows]
    pairs = [(stored[key], after) for key, after in rows.rows.items() if key in stored]
    return Difference(
        wanted=rows,
        added=[values for key, values in rows.rows.items() if key not in stored],
        changed=[(before, after) for before, after in pairs if any(before[name] != after[name] for name in after)],
        gone=[values for values in absent if not _made_by_people(rows, values, kept)],
        kept=frozenset(values["id"] for values in absent if "id" in values and _made_by_people(rows, values, kept)),
    )


def _made_by_people(rows: Wanted, values: Values, kept: Mapping[str, frozenset[int]]) -> bool:
    """Whether somebody entered a row through the platform, or it hangs on such a row."""
    if values.get("made_by") is not None:
        return True
    return any(values[attribute] in kept.get(table, ()) for attribute, table in rows.references.items())


async def _stored(session: AsyncSession, rows: Wanted) -> dict[Key, Values]:
    found = await session.execute(select(rows.table))
    stored: list[Values] = [{str(name): value for name, value in row.items()} for row in found.mappings()]
    return {rows.key_of(row): row for row in stored}


async def _numbers(session: AsyncSession, rows: Wanted) -> dict[str, int]:
    """The integer key of each natural id now in the table."""
    found = await session.execute(select(rows.table.c[rows.key[0]], rows.table.c.id))
    return {str(row[0]): int(row[1]) for row in found}


async def _remove(session: AsyncSession, difference: Difference) -> None:
    table = difference.wanted.table
    key = list(table.primary_key)
    for chunk in _chunks(difference.gone):
        values = [tuple(row[column.name] for column in key) for row in chunk]
        gone = key[0].in_([value for (value,) in values]) if len(key) == 1 else tuple_(*key).in_(values)
        await session.execute(delete(table).where(gone))


async def _refuse_removals_in_use(session: AsyncSession, differences: Sequence[Difference], names: Names) -> None:
    owned = {difference.wanted.table.name for difference in differences}
    faults: list[Fault] = []
    for difference in differences:
        for user, used in _users(difference.wanted.table.name, owned) if difference.gone else ():
            rows = {row[used]: row for row in difference.gone}
            async for value, uses in _uses(session, user, list(rows)):
                faults.append(_in_use(difference.wanted, rows[value], names, user.table.name, uses))
    if faults:
        raise SeedFaultsError(faults)


def _in_use(rows: Wanted, row: Values, names: Names, user: str, uses: int) -> Fault:
    message = f"la ligne n'est plus dans le fichier, mais {uses} ligne(s) de la table {user} s'en servent"
    repair = f"remettre la ligne, ou retirer d'abord ce qui s'en sert ({user})"
    return Fault(rows.files[0], 0, rows.key[0], rows.name_of(row, names), message, repair)


def _users(table: str, owned: set[str]) -> Iterator[tuple[Column[Any], str]]:
    """Columns outside the seeds that point to ``table``, and its own: people's rows may point to those of the files."""
    for other in all_tables().sorted_tables:
        for constraint in other.foreign_key_constraints if other.name not in owned or other.name == table else ():
            if constraint.referred_table.name == table and len(constraint.elements) == 1:
                yield constraint.elements[0].parent, constraint.elements[0].column.name


async def _uses(session: AsyncSession, user: Column[Any], values: Sequence[Any]) -> AsyncIterator[tuple[Any, int]]:
    for chunk in _chunks(values):
        found = await session.execute(select(user, func.count()).where(user.in_(chunk)).group_by(user))
        for value, uses in found:
            yield value, uses


async def _trace(session: AsyncSession, differences: Iterable[Difference], names: Names) -> None:
    now = moment.now()
    events = [
        {"at": now, "actor": ACTOR, "subject": difference.wanted.table.name, **event}
        for difference in differences
        for event in _events(difference, names)
    ]
    for chunk in _chunks(events):
        await session.execute(insert(ChangeEvent), chunk)


def _events(difference: Difference, names: Names) -> Iterator[Values]:
    for before, after in difference.changed:
        changed = [name for name in after if before[name] != after[name]]
        yield {
            "key": difference.wanted.name_of(before, names),
            "before": {name: plain(before[name]) for name in changed},
            "after": {name: plain(after[name]) for name in changed},
        }
    for row in difference.gone:
        before = {name: plain(value) for name, value in row.items()}
        yield {"key": difference.wanted.name_of(row, names), "before": before, "after": None}


def _chunks(items: Sequence[Item]) -> Iterator[list[Item]]:
    for start in range(0, len(items), ROWS_PER_STATEMENT):
        yield list(items[start : start + ROWS_PER_STATEMENT])
