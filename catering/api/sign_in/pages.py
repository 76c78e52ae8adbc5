"""The pages of signing in: one template, no script, no style, nothing from elsewhere, nothing kept by a cache."""

from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from catering.api.body_limit import BodyTooLarge
from catering.people.refusals import InPersonOnly, TooManyAsked
from catering.refusal import NotAllowed, Refusal

HEADERS = {
    "content-security-policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}
"""``no-referrer``: the address of a page may hold a link's secret."""
STATUSES: tuple[tuple[type[Refusal], HTTPStatus], ...] = (
    (InPersonOnly, HTTPStatus.UNAUTHORIZED),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (TooManyAsked, HTTPStatus.TOO_MANY_REQUESTS),
    (BodyTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (Refusal, HTTPStatus.BAD_REQUEST),
)
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def shown(template: str, status: HTTPStatus = HTTPStatus.OK, **given: Any) -> HTMLResponse:
    """A page made of a template of this room."""
    return HTMLResponse(TEMPLATES.get_template(f"{template}.html").render(given), status, HEADERS)


def wants_json(request: Request) -> bool:
    """Whether a program asks, rather than a form."""
    return "json" in request.headers.get("content-type", "") or "json" in request.headers.get("accept", "")


async def refused(request: Request, refusal: Exception) -> Response:
    """A refusal as the client reads it: a page for a form, JSON for a program."""
    assert isinstance(refusal, Refusal)
    status = next(status for kind, status in STATUSES if isinstance(refusal, kind))
    if wants_json(request):
        return JSONResponse({"refusal": type(refusal).__name__, "message": str(refusal)}, status, HEADERS)
    return shown("message", status, title="Demande refusée", message=str(refusal))
