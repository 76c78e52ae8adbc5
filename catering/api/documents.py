"""Files over HTTP: send one (``POST /documents``), fetch one, fetch the offers of a supplier as a table.

GraphQL names documents by number; their bytes pass here, with the same identity and the same right to read.
"""

import os
import re
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, HTTPException, Path
from python_multipart.exceptions import MultipartParseError
from sqlalchemy.exc import IntegrityError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from catering.api.context import Caller, caller
from catering.api.ingredients import known_ingredients
from catering.api.multipart import BoundedParser, Bounds
from catering.api.rates import TooManyRequestsError
from catering.api.scopes import ScopeRequiredError
from catering.cells import Fault
from catering.documents import refusals
from catering.documents.graph import PATH
from catering.documents.models import SHEETS, Document, FileKind
from catering.documents.queries import documents
from catering.documents.service import keep_document
from catering.graph.errors import SignInRequiredError
from catering.market.importing import faults_file, faults_path, judge_file, offers_file
from catering.market.queries import shown_documents_visible_to
from catering.market.queries import suppliers as suppliers_asked
from catering.market.refusals import OffersRefused
from catering.menus.queries import protein_plan_papers_visible_to
from catering.orders.queries import sold_sheets_visible_to
from catering.people.viewer import Scope, Viewer, sight_of
from catering.procurement.queries_of_tenders import papers_not_visible_to, shown_papers_visible_to
from catering.purchases.queries import purchase_proofs_visible_to
from catering.receiving.queries import reception_photos_visible_to
from catering.receiving.queries_invoices import invoice_papers_visible_to
from catering.refusal import NotAllowed, Refusal

RowId = Annotated[int, Path(ge=1, lt=2**31)]
LENGTH = re.compile(r"[0-9]{1,18}")
FORM_OVERHEAD = 10_000
"""Bytes of a multipart body beside the file: its boundaries and headers."""
FIELD = "file"
PIECE = 256 * 1024
"""Bytes of a large file in memory at once."""
SHOWN_BY_ROOMS = (
    shown_documents_visible_to,
    sold_sheets_visible_to,
    reception_photos_visible_to,
    invoice_papers_visible_to,
    purchase_proofs_visible_to,
    shown_papers_visible_to,
    protein_plan_papers_visible_to,
)
"""What makes a document of somebody else readable: one select of numbers per room that shows documents."""
SAFE = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-cache",
}
"""A file somebody sent never runs in the name of the platform."""


class BodyTooLarge(Exception):  # noqa: N818 - a signal between the stream and the route
    """More bytes arrive than may; the rest is not read."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Sent(SentFile):
    """A multipart form: its file, and its other fields by name, in order."""

    fields: Mapping[str, list[str]]
    too_large: bool = False
    """Its file is longer than it may be, and left out."""


@dataclass(frozen=True, slots=True)
class SentForm:
    """Files and fields of a multipart form, by name; files that are longer than they may be are named only."""

    files: Mapping[str, SentFile]
    fields: Mapping[str, list[str]]
    too_large: frozenset[str]


def document_router() -> APIRouter:
    """Routes of files; the application keeps its database and settings in ``app.state``."""
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route(PATH, send, methods=["POST"])
    routes.add_api_route(PATH + "/{number}", fetch, methods=["GET"])
    routes.add_api_route("/suppliers/{slug}/offers.{kind}", fetch_offers, methods=["GET"])
    routes.add_api_route(faults_path("{slug}", "{number}"), fetch_faults, methods=["GET"])
    return routes


async def send(request: Request) -> Response:
    """Keep the file of a multipart form; a body that is too large is refused before it is read."""
    by = caller(request)
    most = by.config.document_mb * refusals.MEGABYTE
    viewer = await by.present()
    if viewer is None:
        return _refused(401, SignInRequiredError.code, str(SignInRequiredError()))
    if viewer.scopes is not None and viewer.scopes <= {Scope.READ}:
        return _refused(
            403, ScopeRequiredError.code, "Le jeton ne permet que de lire. En créer un qui permet d'écrire."
        )
    try:
        sent = await read_sent(request, most)
        row = await keep_sent(by, viewer, sent, most)
    except (BodyTooLarge, refusals.TooLarge):
        return _refused(413, "TooLarge", str(refusals.TooLarge(most)))
    except NotAllowed as refusal:
        return _refused(403, type(refusal).__name__, str(refusal))
    except Refusal as refusal:
        return _refused(422, type(refusal).__name__, str(refusal))
    return JSONResponse(_told(row), status_code=201, headers={"Location": f"{PATH}/{row.id}"})


async def read_sent(
    request: Request, most: int, *, field: str = FIELD, most_fields: int = 1, read: int | None = None
) -> Sent:
    """The multipart form of a request with its one file, read no further than ``read``, else than the file may be long.

    Raises:
        BodyTooLarge, refusals.FormRefused: the body cannot be used.
    """
    bounds = Bounds(most, most, most if read is None else read)
    form = await read_form(request, bounds, field=field, most_files=1, most_fields=most_fields)
    if read is None and form.too_large:
        raise BodyTooLarge
    if field not in form.files:
        raise refusals.FormRefused(field)
    file = form.files[field]
    return Sent(file.name, file.content, form.fields, field in form.too_large)


async def read_form(
    request: Request, bounds: Bounds, *, field: str = FIELD, most_files: int, most_fields: int
) -> SentForm:
    """Files and fields of a multipart form; of a file that is too long the name alone is kept, not its bytes.

    Raises:
        BodyTooLarge, refusals.FormRefused: the body cannot be used.
    """
    stated = request.headers.get("content-length", "0")
    if not LENGTH.fullmatch(stated) or int(stated) > bounds.read + FORM_OVERHEAD:
        raise BodyTooLarge
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise refusals.FormRefused(field)
    body = _at_most(request, bounds.read + FORM_OVERHEAD)
    parser = BoundedParser(request.headers, body, bounds, max_files=most_files, max_fields=most_fields)
    try:
        form = await parser.parse()
    except (MultiPartException, MultipartParseError) as error:
        raise refusals.FormRefused(field) from error
    try:
        sent = {name: each for name, each in form.multi_items() if isinstance(each, UploadFile)}
        out = frozenset(parser.left_out)
        files = {
            name: SentFile(each.filename or "", b"" if name in out else await each.read())
            for name, each in sent.items()
        }
        fields = {name: [each for each in form.getlist(name) if isinstance(each, str)] for name in form}
        return SentForm(files, {name: values for name, values in fields.items() if values}, out)
    finally:
        await form.close()


async def _at_most(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    """The body as it arrives, and an end to it as soon as it is too long, whatever its header said."""
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > most:
            raise BodyTooLarge
        yield chunk


async def keep_sent(by: Caller, viewer: Viewer, sent: SentFile, most: int) -> Document:
    """The file among the documents kept; the same bytes sent again are the same document.

    Raises:
        catering.refusal.Refusal: the viewer may not send, the file is too large, empty, of another kind.
    """
    for attempt in (1, 2):
        try:
            async with by.database.unit_of_work() as session:
                return await keep_document(session, viewer, sent.name, sent.content, most_bytes=most)
        except IntegrityError:
            # The same file sent twice at once, on PostgreSQL: the later one finds it kept.
            if attempt > 1:
                raise
    raise AssertionError("the loop returns or raises")


async def fetch(request: Request, number: RowId) -> Response:
    """The bytes of a document, as a download."""
    by, viewer = await signed_in(request)
    shown = [room(viewer) for room in SHOWN_BY_ROOMS]
    async with by.database.reading() as session:
        row = await session.scalar(
            documents(viewer, ids=[number], shown=shown, sealed=papers_not_visible_to(viewer), with_content=True)
        )
        if row is None:
            raise HTTPException(404, "Aucun document de ce numéro ne vous est lisible.")
        if request.headers.get("if-none-match") == f'"{row.sha256}"':
            return Response(status_code=304)
        return download(row.content, row.kind, row.name, etag=row.sha256)


async def fetch_offers(request: Request, slug: str, kind: str) -> Response:
    """The offers of a supplier as a table that can be imported again."""
    by, viewer = await signed_in(request)
    if kind not in {each.value for each in SHEETS}:
        raise HTTPException(404, "Les offres se téléchargent en .csv ou en .xlsx.")
    async with by.database.reading() as session:
        if await session.scalar(suppliers_asked(viewer, slugs=[slug])) is None:
            raise HTTPException(404, "Aucun fournisseur de ce nom ne vous est lisible.")
        content = await offers_file(session, viewer, slug, FileKind(kind), await known_ingredients(session, viewer))
    return download(content, FileKind(kind), f"offres_{slug}.{kind}")


async def fetch_faults(request: Request, slug: str, number: RowId) -> Response:
    """Everything wrong with a file of offers as a table: the file is judged again and nothing is kept."""
    by, viewer = await signed_in(request)
    faults: Sequence[Fault] = ()
    async with by.database.reading() as session:
        try:
            await judge_file(session, viewer, slug, number, await known_ingredients(session, viewer))
        except OffersRefused as refused:
            faults = refused.faults
        except Refusal as refusal:
            raise HTTPException(404, str(refusal)) from refusal
    return download(faults_file(faults), FileKind.CSV, f"fautes_{slug}_{number}.csv")


async def signed_in(request: Request) -> tuple[Caller, Viewer]:
    """Who calls, when they may read, with the database as they may see it.

    Raises:
        HTTPException: 401 for nobody, 403 for a token that may not read, 429 for who asks too often.
    """
    by = caller(request)
    viewer = await by.present()
    if viewer is None:
        raise HTTPException(401, str(SignInRequiredError()))
    if not viewer.may(Scope.READ):
        raise HTTPException(403, str(ScopeRequiredError(Scope.READ)))
    try:
        by.count(viewer)
    except TooManyRequestsError as many:
        raise HTTPException(429, str(many), {"Retry-After": str(many.seconds)}) from many
    return replace(by, database=by.database.seeing(sight_of(viewer))), viewer


def download(content: bytes, kind: FileKind, name: str, etag: str | None = None) -> Response:
    """A file that a browser saves and never runs."""
    headers = _saved_as(name)
    if etag is not None:
        headers["ETag"] = f'"{etag}"'
    return Response(content, media_type=kind.media_type, headers=headers)


def download_of(file: BinaryIO, kind: FileKind, name: str) -> Response:
    """The same of a file that may be large: sent piece by piece, then closed."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    headers = _saved_as(name) | {"Content-Length": str(size)}
    return StreamingResponse(_pieces(file), media_type=kind.media_type, headers=headers)


def _saved_as(name: str) -> dict[str, str]:
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "._- ") else "_" for char in name)
    return SAFE | {"Content-Disposition": f'attachment; filename="{plain}"'}


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _told(row: Document) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.name,
        "kind": row.kind.value,
        "size": row.size,
        "sha256": row.sha256,
        "url": f"{PATH}/{row.id}",
    }


def _refused(status: int, code: str, message: str) -> Response:
    return JSONResponse({"code": code, "message": message}, status_code=status)
