"""Bodies of forms: read no further than a form may be long."""

from urllib.parse import parse_qs

from fastapi import Request

from catering.api.body_limit import BodyTooLarge
from catering.api.documents import BodyTooLarge as FilesTooLarge
from catering.api.documents import read_form
from catering.api.multipart import Bounds
from catering.web.sign_in.bodies import Unreadable, body

MOST_FIELDS = 1_000
"""A delivery of a hundred lines has seven fields each."""
MOST_BYTES = 262_144
MOST_WITH_PICTURES = 12 * 1024 * 1024
"""Read of somebody who is not signed in any more: three photos of a telephone."""
MOST_FILES = 100  # legal-number: files of a form


async def form(request: Request) -> dict[str, list[str]]:
    """Fields of a form, by name, in order.

    Raises:
        catering.api.body_limit.BodyTooLarge, Unreadable: the body cannot be used.
    """
    given = await body(request, MOST_BYTES)
    try:
        return parse_qs(given.decode(), errors="strict", keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as fault:
        raise Unreadable from fault


def is_multipart(request: Request) -> bool:
    """Whether a form may bring files."""
    return request.headers.get("content-type", "").startswith("multipart/form-data")


async def form_of_parts(request: Request) -> dict[str, list[str]]:
    """The fields of a form with a few pictures, which are left out.

    Raises:
        catering.api.body_limit.BodyTooLarge, catering.refusal.Refusal: the body cannot be used.
    """
    try:
        bounds = Bounds(0, 0, MOST_WITH_PICTURES)
        sent = await read_form(request, bounds, most_files=MOST_FILES, most_fields=MOST_FIELDS)
    except FilesTooLarge as fault:
        raise BodyTooLarge(MOST_WITH_PICTURES) from fault
    return dict(sent.fields)
