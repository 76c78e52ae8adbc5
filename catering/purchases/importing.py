"""Use case of purchases files: all lines of a file enter the ledger, once, or none does and each fault is told."""

import asyncio
import io
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
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
from catering.purchases.already import Told, already_there
from catering.purchases.entering import COLUMNS, Entering, Places, Sellers
from catering.purchases.ledger import LedgerLine
from catering.purchases.ledger_reading import HeaderRefused, LedgerFile
from catering.purchases.models import (
    Canteen,
    PurchaseImport,
    PurchaseLine,
    PurchaseSource,
)
from catering.purchases.queries import canteens_visible_to
from catering.purchases.summing import Sums
from catering.rules.egalim_year import euros
from catering.spelling import folded
from catering.staging import StagedRows

IMPORTERS = frozenset({Role.GESTIONNAIRE, Role.NUTRITION_MANAGER, Role.DEPARTEMENT})
TWICE = "ACH-18"
FAULT_HEADER = ("ligne", "colonne", "cellule", "règle", "faute", "remède")
MOST_UNPACKED = 400_000_000
"""Bytes of a workbook once unpacked: that of 255,000 lines."""
STORED_BY = ("kitchen_id", "bought_on", "amount_excl_tax", "file_line")
"""The order of the index by which a purchase is found again; a file has its own."""
STORING = "Enregistrement des achats"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. ``again`` is true when the same lines had been imported already: nothing was added."""

    file: PurchaseImport
    again: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A file without fault, ready to enter the ledger; its rows wait in a temporary file until ``close``."""

    document: int
    name: str
    identity: str
    lines: int
    cents: int
    rows: StagedRows
    told: Told
    sums: Callable[[], Sums]
    """Made when they are asked for."""
    places: Mapping[str, int]
    """Kitchen number by each establishment that the file names."""
    by_siret: bool
    """Whether it names them by SIRET, or else by their number on ma-cantine."""
    twins_meant: bool
    again_meant: bool

    def close(self) -> None:
        """Let the rows go."""
        self.rows.close()
        self.told.close()


async def import_purchases(
    session: AsyncSession,
    viewer: Viewer,
    document: int,
    *,
    twins_meant: bool = False,
    again_meant: bool = False,
    report: Report = silent,
) -> Imported:
    """Judge and keep a file in one transaction; raises as both do."""
    with closing(
        await judge_file(session, viewer, document, twins_meant=twins_meant, again_meant=again_meant, report=report)
    ) as judged:
        return await keep(session, viewer, judged, report=report)


async def judge_file(
    session: AsyncSession,
    viewer: Viewer,
    document: int,
    *,
    twins_meant: bool = False,
    again_meant: bool = False,
    report: Report = silent,
) -> Judged:
    """Read and judge a file of purchases; nothing is written, and memory does not grow with its lines.

    Args:
        session: of a read.
        viewer: who sent the file and signs for its establishments.
        document: number of the file.
        twins_meant: whether lines alike in everything are purchases of their own; else they are faults.
        again_meant: whether lines that the ledger has already are purchases of their own; else they are faults.
        report: told as lines are read.

    Raises:
        catering.refusal.Refusal: the viewer may not, the file is no table of theirs, or some lines are at fault.
    """
    if viewer.role not in IMPORTERS:
        raise refusals.MayNotImport
    file = await _own_file(session, viewer, document)
    places = {by_siret: await _kitchens(session, viewer, by_siret) for by_siret in (True, False)}
    sellers = Sellers(await _sellers(session, viewer))
    table: Any = PurchaseLine.__table__
    dialect = session.get_bind().dialect
    told, rows = Told(), StagedRows(dialect, table, COLUMNS, units=("amount_excl_tax",), order=STORED_BY)
    try:
        judging = asyncio.create_task(
            asyncio.to_thread(_judge, file, places, sellers, (rows, told), (twins_meant, again_meant), report)
        )
        try:
            # While lines are read, those read before are looked for in the ledger.
            known = [] if again_meant else await already_there(session, file.name, told)
        finally:
            judged = await judging
        if known and await _earlier(session, judged) is None:
            raise refusals.PurchasesRefused(known)
    except BaseException as error:
        rows.close()
        told.close()
        if isinstance(error, refusals.PurchasesRefused):
            error.table = faults_path(str(document), twins_meant=twins_meant, again_meant=again_meant)
        raise
    return judged


async def keep(session: AsyncSession, viewer: Viewer, judged: Judged, *, report: Report = silent) -> Imported:
    """Enter a judged file into the ledger: all of it, once; judged again when an establishment changed hands since.

    Args:
        session: of the write.
        viewer: who had it judged.
        judged: the file.
        report: told as lines are stored.

    Raises:
        catering.refusal.Refusal: some lines are at fault now.
    """
    earlier = await _earlier(session, judged)
    if earlier is not None:
        return Imported(earlier, again=True)
    here = await _kitchens(session, viewer, judged.by_siret)
    if any(here[establishment] != kitchen for establishment, kitchen in judged.places.items()):
        twins, again = judged.twins_meant, judged.again_meant
        with closing(await judge_file(session, viewer, judged.document, twins_meant=twins, again_meant=again)) as anew:
            return await keep(session, viewer, anew, report=report)
    await _refuse_known(session, judged)
    kept = PurchaseImport(
        identity=judged.identity,
        document_id=judged.document,
        name=judged.name,
        lines=judged.lines,
        amount_excl_tax=euros(judged.cents),
        at=now(),
        actor=viewer.actor,
    )
    session.add(kept)
    await session.flush()
    same = {"source": PurchaseSource.IMPORT, "import_id": kept.id, "origin": "", "entered_at": kept.at}
    same["entered_by"] = kept.actor
    # While the database stores the lines, they are summed.
    summing = asyncio.create_task(asyncio.to_thread(judged.sums))
    try:
        await judged.rows.write(session, same, lambda done: report(STORING, done, judged.lines))
    finally:
        sums = await summing
    await sums.store(session)
    if judged.by_siret:
        await _register(session, viewer, judged.places)
    return Imported(kept, again=False)


async def _earlier(session: AsyncSession, judged: Judged) -> PurchaseImport | None:
    found: PurchaseImport | None = await session.scalar(
        select(PurchaseImport).where(PurchaseImport.identity == judged.identity)
    )
    return found


async def _refuse_known(session: AsyncSession, judged: Judged) -> None:
    """Refuse lines that the ledger has; the same file again is known as such, and adds nothing."""
    if judged.again_meant or await _earlier(session, judged) is not None:
        return
    if faults := await already_there(session, judged.name, judged.told):
        raise refusals.PurchasesRefused(faults)


def faults_path(document: str, *, twins_meant: bool = False, again_meant: bool = False) -> str:
    """Where all faults of a file are fetched as a table."""
    meant = [f"{name}=true" for name, said in (("twins", twins_meant), ("again", again_meant)) if said]
    return f"/purchases/files/{document}/faults.csv" + ("?" + "&".join(meant) if meant else "")


def faults_file(faults: Sequence[Fault]) -> bytes:
    """Faults as a CSV that a spreadsheet opens and runs nothing of."""
    rows = [(str(each.line), each.column, each.value, each.rule, each.message, each.repair) for each in faults]
    return csv_file(FAULT_HEADER, rows)


async def _own_file(session: AsyncSession, viewer: Viewer, number: int) -> Document:
    found: Document | None = await session.scalar(documents(viewer, ids=[number], with_content=True))
    if found is None or found.actor != viewer.actor or found.kind not in SHEETS:
        raise refusals.UnknownFile(number)
    return found


def _judge(
    file: Document,
    places: Mapping[bool, Places],
    sellers: Sellers,
    aside: tuple[StagedRows, Told],
    meant: tuple[bool, bool],
    report: Report,
) -> Judged:
    told = aside[1]
    try:
        judged = _judged(file, places, sellers, aside, meant, report)
        told.whole = True
    finally:
        told.given_up = not told.whole
    return judged


def _judged(
    file: Document,
    places: Mapping[bool, Places],
    sellers: Sellers,
    aside: tuple[StagedRows, Told],
    meant: tuple[bool, bool],
    report: Report,
) -> Judged:
    try:
        content = io.BytesIO(file.content)
        ledger = LedgerFile(content, today(), name=file.name, report=report, most_inflated=MOST_UNPACKED)
    except HeaderRefused as header:
        raise refusals.PurchasesRefused(header.faults) from header
    by_siret = ledger.format.by_siret
    entering = Entering(places[by_siret], sellers, *aside)
    foreign: list[Fault] = []
    for some in ledger.batches():
        strangers = {canteen for canteen in {line.canteen for line in some} if not entering.places[canteen]}
        foreign += [_foreign(file.name, by_siret, line) for line in some if line.canteen in strangers]
        if not foreign:
            entering.take(some)
    twins = [] if meant[0] else [each for each in ledger.warnings if each.rule == TWICE]
    if faults := [*ledger.faults, *twins, *foreign]:
        raise refusals.PurchasesRefused(faults)
    if not entering.lines:
        raise refusals.NoPurchase("Le fichier n'a aucune ligne d'achat. Vérifier que c'est le bon.")
    found, identity = entering, entering.digest.hexdigest()
    return Judged(
        file.id, file.name, identity, found.lines, found.cents, *aside, found.sums, found.named, by_siret, *meant
    )


def _foreign(file: str, by_siret: bool, line: LedgerLine) -> Fault:
    column = "siret" if by_siret else "cantine_id"
    repair = (
        "vérifier le SIRET, ou laisser son collège importer ses achats"
        if by_siret
        else "dire d'abord le numéro ma-cantine du collège (à sa page de déclaration), ou employer le format par SIRET"
    )
    return Fault(file, line.number, column, line.canteen, "aucun de vos collèges", repair, "ACH-21")


async def _kitchens(session: AsyncSession, viewer: Viewer, by_siret: bool) -> Places:
    known = list(await session.scalars(canteens_visible_to(viewer)))
    if not by_siret:
        return Places({str(each.cantine_id): each.kitchen_id for each in known if each.cantine_id}, {})
    mine = await session.execute(kitchens(viewer).with_only_columns(Kitchen.id, Kitchen.siren))
    by_siren = {siren: number for number, siren in mine if siren}
    return Places({each.siret: each.kitchen_id for each in known}, by_siren)


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
