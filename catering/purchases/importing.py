"""Use case of purchases files: all lines of a file enter the ledger, once, or none does and each fault is told.

A file is judged by a read, before the writer is held (decision 0083).
"""

import asyncio
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.cells import Fault
from catering.documents.models import SHEETS, Document
from catering.documents.queries import documents
from catering.documents.tables import csv_file
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.market.models import Supplier
from catering.market.queries import suppliers_visible_to
from catering.moment import now, today
from catering.people.viewer import Role, Viewer
from catering.progress import Report, silent
from catering.purchases import refusals
from catering.purchases.counting import Count
from catering.purchases.ledger import LedgerLine
from catering.purchases.ledger_reading import HeaderRefused, LedgerFile
from catering.purchases.models import (
    Canteen,
    LocalDefinition,
    OriginZone,
    PurchaseImport,
    PurchaseLine,
    PurchaseSource,
)
from catering.purchases.queries import canteens_visible_to
from catering.purchases.summing import Sums
from catering.recipes.vocabulary import Family
from catering.rules.egalim_year import euros
from catering.spelling import folded

IMPORTERS = frozenset({Role.GESTIONNAIRE, Role.NUTRITION_MANAGER, Role.DEPARTEMENT})
TWICE = "ACH-18"
FAULT_HEADER = ("ligne", "colonne", "cellule", "règle", "faute", "remède")
LINES_AT_ONCE = 5_000
MOST_UNPACKED = 400_000_000
"""Bytes of a workbook once unpacked: that of 255,000 lines."""
STORING = "Enregistrement des achats"
SIREN = 9
"""Digits of a SIRET that name the legal entity."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. ``again`` is true when the same lines had been imported already: nothing was added."""

    file: PurchaseImport
    again: bool


@dataclass(frozen=True, slots=True)
class Read:
    """A file read: its lines, who names the establishments, and everything wrong."""

    lines: Sequence[LedgerLine]
    by_siret: bool
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True)
class Judged:
    """A file without fault: what is to be written of it, and the places its lines were found at."""

    document_id: int
    name: str
    identity: str
    read: Read
    places: Mapping[str, int]
    """Kitchen by each establishment that the file names."""


async def judge_file(
    session: AsyncSession, viewer: Viewer, document: int, *, twins_meant: bool = False, report: Report = silent
) -> Judged:
    """Read a file of purchases and find everything wrong with it; nothing is written.

    Args:
        session: of a read: ``keep`` writes.
        viewer: who sent the file and signs for its establishments.
        document: number of the file.
        twins_meant: whether lines alike in everything are purchases of their own; else they are faults.
        report: told as lines are read.

    Raises:
        catering.refusal.Refusal: the viewer may not, the file is no table of theirs, or some lines are at fault.
    """
    if viewer.role not in IMPORTERS:
        raise refusals.MayNotImport
    file = await _own_file(session, viewer, document)
    table = faults_path(document, twins_meant=twins_meant)
    # Other requests go on while a long file is read.
    read = await asyncio.to_thread(_read, file.content, file.name, twins_meant, report, table)
    places = await _kitchens(session, viewer, read.by_siret)
    if faults := [*read.faults, *_foreign(file.name, read, places)]:
        raise refusals.PurchasesRefused(faults, table)
    if not read.lines:
        raise refusals.NoPurchase("Le fichier n'a aucune ligne d'achat. Vérifier que c'est le bon.")
    identity = await asyncio.to_thread(identity_of, read.lines)
    return Judged(file.id, file.name, identity, read, {each: places[each] for each in _named(read.lines)})


async def keep(session: AsyncSession, viewer: Viewer, judged: Judged, *, report: Report = silent) -> Imported:
    """Enter the lines of a judged file into the ledger: all of them, once.

    Args:
        session: of the write.
        viewer: who sent the file and signs for its establishments.
        judged: what the file was found to be, by a read before.
        report: told as lines are stored.

    Raises:
        refusals.PurchasesRefused: an establishment is no longer the viewer's.
    """
    earlier = await session.scalar(select(PurchaseImport).where(PurchaseImport.identity == judged.identity))
    if earlier is not None:
        return Imported(earlier, again=True)
    read, places = judged.read, await _kitchens(session, viewer, judged.read.by_siret)
    if any(not places[each] for each in judged.places):
        raise refusals.PurchasesRefused(_foreign(judged.name, read, places), faults_path(judged.document_id))
    kept = await _keep_file(session, viewer, judged)
    await _store(session, viewer, kept, read.lines, places, report)
    if read.by_siret:
        await _register(session, viewer, {each: places[each] for each in judged.places})
    return Imported(kept, again=False)


def faults_path(document: int | str, *, twins_meant: bool = False) -> str:
    """Where all faults of a file are fetched as a table."""
    return f"/purchases/files/{document}/faults.csv" + ("?twins_meant=true" if twins_meant else "")


def faults_file(faults: Sequence[Fault]) -> bytes:
    """Faults as a CSV that a spreadsheet opens and runs nothing of."""
    rows = [(str(each.line), each.column, each.value, each.rule, each.message, each.repair) for each in faults]
    return csv_file(FAULT_HEADER, rows)


def _named(lines: Iterable[LedgerLine]) -> list[str]:
    """The establishments of a file, each once, in order."""
    return list(dict.fromkeys(line.canteen for line in lines))


def identity_of(lines: Iterable[LedgerLine]) -> str:
    """What makes two files the same: their lines as read, whatever the encoding, the separator or the name."""
    digest = hashlib.sha256()
    for line in lines:
        told = (*line[1:7], ",".join(sorted(line.labels)), *line[8:])
        digest.update(repr(told).encode())
    return digest.hexdigest()


async def _own_file(session: AsyncSession, viewer: Viewer, number: int) -> Document:
    found: Document | None = await session.scalar(documents(viewer, ids=[number], with_content=True))
    if found is None or found.actor != viewer.actor or found.kind not in SHEETS:
        raise refusals.UnknownFile(number)
    return found


def _read(content: bytes, name: str, twins_meant: bool, report: Report, table: str) -> Read:
    try:
        ledger = LedgerFile(io.BytesIO(content), today(), name=name, report=report, most_inflated=MOST_UNPACKED)
    except HeaderRefused as header:
        raise refusals.PurchasesRefused(header.faults, table) from header
    lines = list(ledger.lines())
    twins = [] if twins_meant else [each for each in ledger.warnings if each.rule == TWICE]
    return Read(lines, ledger.format.by_siret, [*ledger.faults, *twins])


class _Places(dict[str, int]):
    """Kitchen number by establishment; a SIRET that is not registered is found by the SIREN of its collège."""

    def __init__(self, registered: Mapping[str, int], by_siren: Mapping[str, int]) -> None:
        super().__init__(registered)
        self._by_siren = by_siren

    def __missing__(self, canteen: str) -> int:
        return self._by_siren.get(canteen[:SIREN], 0)


class _Sellers(dict[str, int | None]):
    """Supplier number by a name as written; None for a name that no registered supplier bears alone."""

    def __init__(self, by_name: Mapping[str, int]) -> None:
        super().__init__({"": None})
        self._by_name = by_name

    def __missing__(self, written: str) -> int | None:
        self[written] = found = self._by_name.get(folded(written))
        return found


async def _kitchens(session: AsyncSession, viewer: Viewer, by_siret: bool) -> _Places:
    known = list(await session.scalars(canteens_visible_to(viewer)))
    if not by_siret:
        return _Places({str(each.cantine_id): each.kitchen_id for each in known if each.cantine_id}, {})
    mine = await session.execute(kitchens(viewer).with_only_columns(Kitchen.id, Kitchen.siren))
    by_siren = {siren: number for number, siren in mine if siren}
    return _Places({each.siret: each.kitchen_id for each in known}, by_siren)


def _foreign(file: str, read: Read, places: _Places) -> list[Fault]:
    column = "siret" if read.by_siret else "cantine_id"
    repair = (
        "vérifier le SIRET, ou laisser son collège importer ses achats"
        if read.by_siret
        else "dire d'abord le numéro ma-cantine du collège (registerCanteen), ou employer le format par SIRET"
    )
    return [
        Fault(file, line.number, column, line.canteen, "aucun de vos collèges", repair, "ACH-21")
        for line in read.lines
        if not places[line.canteen]
    ]


async def _keep_file(session: AsyncSession, viewer: Viewer, judged: Judged) -> PurchaseImport:
    lines = judged.read.lines
    kept = PurchaseImport(
        identity=judged.identity,
        document_id=judged.document_id,
        name=judged.name,
        lines=len(lines),
        amount_excl_tax=euros(sum(line.cents for line in lines)),
        at=now(),
        actor=viewer.actor,
    )
    session.add(kept)
    await session.flush()
    return kept


async def _store(
    session: AsyncSession,
    viewer: Viewer,
    kept: PurchaseImport,
    lines: Sequence[LedgerLine],
    places: _Places,
    report: Report,
) -> None:
    sellers = _Sellers(await _sellers(session, viewer))
    count, sums, marks = Count(), Sums(), _Marks()
    same = {"entered_at": kept.at, "entered_by": kept.actor}
    # The table itself: the ORM would look at each of many rows. What is alike in all is not bound to each.
    constants = {"source": f"'{PurchaseSource.IMPORT.value}'", "import_id": f"{kept.id:d}", "origin": "''"}
    written: Any = insert(PurchaseLine.__table__)  # type: ignore[arg-type]
    written = written.values({name: literal_column(value) for name, value in constants.items()})
    for first in range(0, len(lines), LINES_AT_ONCE):
        rows = []
        for line in lines[first : first + LINES_AT_ONCE]:
            counted = count.verdict(line)
            place = places[line.canteen]
            sums.count(place, line.bought_on, count.cell(line, counted), line.cents)
            told = " ".join([f"{sign}:{reason.case}" for sign, reason in counted.reasons]) if counted.reasons else ""
            rows.append({
                **same, **marks[line[6:]], "kitchen_id": place, "supplier_id": sellers[line.supplier],
                "supplier_name": line.supplier or None, "bought_on": line.bought_on, "product": line.product,
                "amount_excl_tax": euros(line.cents), "file_line": line.number, "year": line.bought_on.year,
                "sign": counted.sign, "not_counted": told,
            })  # fmt: skip
        await session.execute(written, rows)
        report(STORING, min(first + LINES_AT_ONCE, len(lines)), len(lines))
    await sums.store(session)


class _Marks(dict[tuple[Any, ...], dict[str, Any]]):
    """The columns of a row that tell its family, labels and marks, by the same fields of a line: they are few."""

    def __missing__(self, told: tuple[Any, ...]) -> dict[str, Any]:
        family, labels, origin, short, local, definition, km = told
        self[told] = made = {
            "family": Family(family),
            "labels": " ".join(sorted(labels)),
            "origin_zone": OriginZone(origin) if origin else None,
            "circuit_court": short,
            "local": local,
            "local_definition": LocalDefinition(definition) if definition else None,
            "local_km": km,
        }
        return made


async def _sellers(session: AsyncSession, viewer: Viewer) -> dict[str, int]:
    """Registered suppliers by their name without accents or capitals; a name that two bear is nobody's."""
    named: dict[str, list[int]] = defaultdict(list)
    found = await session.execute(suppliers_visible_to(viewer).with_only_columns(Supplier.id, Supplier.name))
    for number, name in found:
        named[folded(name)].append(number)
    return {name: numbers[0] for name, numbers in named.items() if len(numbers) == 1}


async def _register(session: AsyncSession, viewer: Viewer, named: Mapping[str, int]) -> None:
    """Remember the SIRET under which a kitchen declares, when nobody had told it."""
    known = {each.kitchen_id for each in await session.scalars(canteens_visible_to(viewer))}
    fresh = {kitchen: siret for siret, kitchen in sorted(named.items(), reverse=True) if kitchen not in known}
    session.add_all(Canteen(kitchen_id=kitchen, siret=siret) for kitchen, siret in fresh.items())
    await session.flush()
