"""Small bodies: a form or a JSON object of a few kilobytes, read no further."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request

from catering.api.body_limit import BodyTooLarge
from catering.refusal import Refusal

MOST_BYTES = 32_768
MOST_FIELDS = 12


class Unreadable(Refusal):
    """The body is no form and no JSON object."""

    def __init__(self) -> None:
        super().__init__("Demande illisible. Recommencer depuis la page de connexion.")


async def body(request: Request, most: int = MOST_BYTES) -> bytes:
    """The body, unless it is too large: then reading stops there.

    Raises:
        BodyTooLarge: it has more than ``most`` bytes.
    """
    read = bytearray()
    async for part in request.stream():
        read += part
        if len(read) > most:
            raise BodyTooLarge(most)
    return bytes(read)


async def form(request: Request) -> Mapping[str, str]:
    """Fields of a form, by name; of a repeated one, the last.

    Raises:
        BodyTooLarge, Unreadable: the body cannot be used.
    """
    try:
        return dict(parse_qsl((await body(request)).decode(), errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError as fault:
        raise Unreadable from fault


async def json_object(request: Request) -> Mapping[str, Any]:
    """A JSON object.

    Raises:
        BodyTooLarge, Unreadable: the body cannot be used.
    """
    try:
        found = json.loads(await body(request))
    except (ValueError, RecursionError) as fault:
        raise Unreadable from fault
    if not isinstance(found, dict):
        raise Unreadable
    return found
