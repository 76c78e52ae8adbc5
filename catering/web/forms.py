"""Bodies of forms: read no further than a form may be long."""

from urllib.parse import parse_qs

from fastapi import Request

from catering.web.sign_in.bodies import Unreadable, body

MOST_FIELDS = 1_000
"""A delivery of a hundred lines has seven fields each."""
MOST_BYTES = 262_144


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
