"""The file of a buyer for a control: one archive of what was bought in a year, from whom, how and why.

Memory holds one batch of rows and one PDF at a time, the rest is on disk; the same data gives the same bytes.
"""

import asyncio
import csv
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import IO, Any, TypeVar

from sqlalchemy import Select, inspect

from catering.documents.models import Document
from catering.documents.queries import documents
from catering.documents.tables import shielded
from catering.graph.request import Request
from catering.kitchens.queries import kitchens
from catering.market.loaders import SupplierById
from catering.orders.models import Order, OrderLine
from catering.papers.control_files import FILES, Asked, File, order_lines_of, tender_papers_of, year_orders
from catering.papers.control_named import NAMED
from catering.papers.french import day_in_words
from catering.papers.orders import order_form
from catering.papers.reading import drops_with
from catering.procurement.models import TenderDocument

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Years that can be asked for."""
BATCH = 500
"""Rows held in memory."""
LINE_ORDER = (OrderLine.order_id, OrderLine.position)
IN_MEMORY = 1_000_000
"""Bytes of an archive that stay in memory; a larger one goes to a temporary file."""
NEVER = (1980, 1, 1, 0, 0, 0)
"""Date of every file inside: the archive does not change because it is made again."""
INDEX = "index.csv"
README = "LISEZMOI.txt"


Item = TypeVar("Item")


class Archive:
    """A ZIP being written, with what its index will say: name, French contents, rows and SHA-256 of each file."""

    def __init__(self, target: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.index: list[Sequence[str]] = []

    def put(self, name: str, content: bytes, holds: str = "", rows: str = "") -> None:
        """Add a whole file."""
        self._zip.writestr(_entry(name), content)
        self.index.append((name, holds, rows, hashlib.sha256(content).hexdigest()))

    async def put_rows(self, name: str, holds: str, header: Sequence[str], batches: AsyncIterator[Any]) -> None:
        """Add a table, batch by batch."""
        digest, rows = hashlib.sha256(), 0
        with self._zip.open(_entry(name), "w") as entry:
            head = _csv([header]).encode("utf-8-sig")
            entry.write(head)
            digest.update(head)
            async for batch in batches:
                part = _csv([_text(value) for value in row] for row in batch).encode()
                entry.write(part)
                digest.update(part)
                rows += len(batch)
        self.index.append((name, holds, str(rows), digest.hexdigest()))

    def close(self) -> None:
        """Write the index and end the archive."""
        table = _csv([("fichier", "contenu", "lignes", "sha256"), *self.index])
        self._zip.writestr(_entry(INDEX), table.encode("utf-8-sig"))
        self._zip.close()


async def control_archive(request: Request, uai: str, year: int) -> IO[bytes] | None:
    """The archive of a kitchen and civil year, at its beginning, for the caller to close.

    None when the viewer may not read the kitchen. The number of statements is the same whatever the rows, and all of
    them see one state of the database: no table tells of what another one does not know yet.
    """
    async with request.frozen() as frozen:
        kitchen = await frozen.one(kitchens(frozen.viewer, uais=[uai]))
        return None if kitchen is None else await _archive(frozen, Asked(frozen.viewer, kitchen, year))


async def _archive(request: Request, asked: Asked) -> IO[bytes]:
    target = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by who sends it
    try:
        archive = Archive(target)
        archive.put(README, _read_me(asked).encode("utf-8-sig"), "À lire d'abord")
        for file in (*NAMED, *FILES):
            header = [column.key for column in file.columns]
            await archive.put_rows(f"{file.name}.csv", file.holds, header, _batches(request, file, asked))
        await _put_papers(request, archive, asked)
        await _put_forms(request, archive, asked)
        archive.close()
        target.seek(0)
    except BaseException:
        target.close()
        raise
    return target


async def _batches(request: Request, file: File, asked: Asked) -> AsyncIterator[Sequence[Any]]:
    key = inspect(file.table).primary_key
    instead = {} if file.instead is None else file.instead(asked)
    shown = [instead.get(column.key, column) for column in file.columns]
    statement = file.rows(asked).with_only_columns(*shown).order_by(*key)
    async with request.reading() as session:
        result = await session.stream(statement.execution_options(yield_per=BATCH))
        async for batch in result.partitions(BATCH):
            yield batch


async def _put_papers(request: Request, archive: Archive, asked: Asked) -> None:
    """The papers of the opened offers, one in memory at a time; the same paper of several offers is there once."""
    brought = tender_papers_of(asked).with_only_columns(TenderDocument.document_id)
    shown = documents(asked.viewer, shown=[brought], with_content=True).where(Document.id.in_(brought))
    async with request.reading() as session:
        one_by_one = shown.order_by(Document.id).execution_options(yield_per=1)
        async for paper in await session.stream_scalars(one_by_one):
            name = f"pieces_des_offres/{paper.id}.{paper.kind.value}"
            archive.put(name, paper.content, f"Pièce jointe à une offre : {paper.name}")


async def _put_forms(request: Request, archive: Archive, asked: Asked) -> None:
    """The form of each order: two statements run side by side, orders and their lines, and memory holds one order."""
    sellers = await request.objects(year_orders(asked).with_only_columns(Order.supplier_id).distinct())
    await request.loader(SupplierById).load_many(list(sellers))
    async with request.reading() as session:
        lines = _grouped(await session.stream_scalars(_streamed(order_lines_of(asked).order_by(*LINE_ORDER))))
        orders = await session.stream_scalars(_streamed(year_orders(asked).order_by(Order.id)))
    # What a form needs beside is read in turn, on the connection of the two.
    of_order = await anext(lines, None)
    async for order in orders:
        own: list[OrderLine] = []
        if of_order is not None and of_order[0].order_id == order.id:
            own, of_order = of_order, await anext(lines, None)
        (drop,) = await drops_with(request, [order], {order.id: own})
        content = await asyncio.to_thread(order_form, drop)
        archive.put(f"bons_de_commande/{order.number}.pdf", content, f"Bon de commande {order.number}")


async def _grouped(lines: AsyncIterable[OrderLine]) -> AsyncIterator[list[OrderLine]]:
    """Lines in order of their order, an order at a time."""
    together: list[OrderLine] = []
    async for line in lines:
        if together and together[0].order_id != line.order_id:
            yield together
            together = []
        together.append(line)
    if together:
        yield together


def _streamed(statement: Select[Item]) -> Select[Item]:
    return statement.execution_options(yield_per=BATCH)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, NEVER)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def _csv(rows: Iterable[Sequence[str]]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows(rows)
    return stream.getvalue()


def _text(value: Any) -> str:
    """A cell: ISO dates, points in decimals, JSON for what has parts; texts are shielded from spreadsheets."""
    kind = type(value)
    if kind is str:
        return shielded(value)
    if kind is int or kind is Decimal:
        return str(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, frozenset):
        return " ".join(str(each) for each in sorted(value))
    return shielded(value) if isinstance(value, str) else str(value)


def _read_me(asked: Asked) -> str:
    kitchen = asked.kitchen
    return "\r\n".join(
        (
            f"Dossier d'achats de {kitchen.name} (UAI {kitchen.uai}), {kitchen.postcode} {kitchen.commune}",
            f"Du {day_in_words(asked.first_day)} au {day_in_words(asked.last_day)}",
            "",
            f"{INDEX} nomme chaque fichier, dit ce qu'il contient, combien de lignes, et son empreinte SHA-256.",
            "Les tables sont des CSV en UTF-8, séparés par des points-virgules : montants en euros, poids en grammes",
            "(_g), dates ISO, heures UTC. Les colonnes ont les noms de l'API ; les numéros (_id) relient les tables.",
            "« account 2 » est le compte 2 de comptes.csv ; un autre mot est un programme de la plateforme.",
            "Un numéro de commande, de réception ou de facture absent est d'une autre année : voir son dossier.",
            "Une apostrophe devant un texte qui commence par =, +, - ou @ empêche un tableur d'y voir une formule.",
            "",
        )
    )
