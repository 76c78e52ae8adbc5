"""Pages for what cannot be answered: refused, not found, broken. Programs are answered in JSON."""

import logging
import secrets
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from catering.api.body_limit import BodyTooLarge
from catering.api.context import caller
from catering.people.refusals import InPersonOnly, TooManyAsked
from catering.refusal import NotAllowed, Refusal
from catering.web.answering import Missing, around
from catering.web.executing import Broken
from catering.web.rendering import HEADERS, shown

log = logging.getLogger(__name__)
STATUSES: tuple[tuple[type[Refusal], HTTPStatus], ...] = (
    (InPersonOnly, HTTPStatus.UNAUTHORIZED),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (TooManyAsked, HTTPStatus.TOO_MANY_REQUESTS),
    (BodyTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (Refusal, HTTPStatus.BAD_REQUEST),
)
NOT_FOUND = "Cette page n'existe pas, ou ne vous est pas ouverte. Vérifier l'adresse, ou repartir d'une page du site."
BROKEN = (
    "Panne du serveur, enregistrée sous le numéro {}. Rien de cette demande n'a été gardé. Réessayer dans un instant ; "
    "si elle persiste, signaler ce numéro."
)
ID_BYTES = 4
NAMELESS = frozenset({HTTPStatus.NOT_FOUND.phrase, HTTPStatus.METHOD_NOT_ALLOWED.phrase})
"""What the framework says of an address, in English."""


def add_handlers(app: FastAPI) -> None:
    """Make an application answer refusals and faults with these pages."""
    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(Missing, missing)
    app.add_exception_handler(HTTPException, not_found)
    app.add_exception_handler(Broken, broken)
    app.add_exception_handler(Exception, broken)


def wants_json(request: Request) -> bool:
    """Whether a program asks, rather than a form."""
    return "json" in request.headers.get("content-type", "") or "json" in request.headers.get("accept", "")


def wants_page(request: Request) -> bool:
    """Whether a browser asks for something to read."""
    return "text/html" in request.headers.get("accept", "")


async def refused(request: Request, refusal: Exception) -> Response:
    """A refusal as the client reads it: a page for a form, JSON for a program."""
    assert isinstance(refusal, Refusal)
    status = next(status for kind, status in STATUSES if isinstance(refusal, kind))
    if wants_json(request):
        return JSONResponse({"refusal": type(refusal).__name__, "message": str(refusal)}, status, HEADERS)
    title = "Accès refusé" if status is HTTPStatus.FORBIDDEN else "Demande refusée"
    return await _told(request, status, title, str(refusal))


async def missing(request: Request, _fault: Exception) -> Response:
    """There is no such page for this reader."""
    return await _told(request, HTTPStatus.NOT_FOUND, "Page introuvable", NOT_FOUND)


async def not_found(request: Request, fault: Exception) -> Response:
    """An address that nothing answers: a page for a browser, what it was before for a program."""
    assert isinstance(fault, HTTPException)
    if fault.status_code not in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED) or not wants_page(request):
        return await http_exception_handler(request, fault)
    told = NOT_FOUND if fault.detail in NAMELESS else fault.detail
    return await _told(request, HTTPStatus(fault.status_code), "Page introuvable", told)


async def broken(_request: Request, fault: Exception) -> Response:
    """A fault of ours: its number, never its trace."""
    if isinstance(fault, Broken):
        message = str(fault)
    else:
        number = secrets.token_hex(ID_BYTES)
        log.error("fault %s", number, exc_info=fault)
        message = BROKEN.format(number)
    return shown("told", HTTPStatus.INTERNAL_SERVER_ERROR, title="Panne", message=message)


async def _told(request: Request, status: HTTPStatus, title: str, message: str) -> Response:
    """A page of one message, with the navigation of whoever reads it."""
    try:
        viewer = await caller(request).present()
    except Refusal:
        viewer = None
    return shown("told", status, title=title, message=message, **around(viewer, request, {}))
