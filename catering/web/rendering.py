"""From a template to the answer a browser gets: French filters, strict headers, nothing from elsewhere."""

import secrets
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from catering.web import assets, marks
from catering.web.glossary import explain
from catering.web.wording import FILTERS
from catering.web.words import WORDS

HEADERS = {
    "content-security-policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'",
    # Addresses stay with us: one may hold the secret of a link. `no-referrer` would hide the Origin of our own forms.
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
    "permissions-policy": "geolocation=(), microphone=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
}
KEY_BYTES = 16


def key() -> str:
    """A new idempotency key: a form that is sent twice is done once."""
    return secrets.token_hex(KEY_BYTES)


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS)
    made.globals.update(
        asset=assets.address, key=key, explain=explain, words=WORDS, days=lambda count: timedelta(days=count),
        drawn_icon=marks.icon, drawn_chip=marks.chip, drawn_spark=marks.spark,
    )  # fmt: skip
    return made


TEMPLATES = _environment()


def shown(template: str, status: HTTPStatus = HTTPStatus.OK, **given: Any) -> HTMLResponse:
    """A page made of a template, without its ``.html``."""
    viewer = given.get("viewer")
    # By it a device tells apart whose pages it keeps.
    headers = HEADERS | {"x-reader": str(viewer.account or "") if viewer else ""}
    bare = dict.fromkeys(("viewer", "visit", "asked", "told", "refusal")) | dict.fromkeys(("links", "faults"), ())
    return HTMLResponse(TEMPLATES.get_template(f"{template}.html").render(bare | given), status, headers)
