"""Writes that happen once: the same key from the same person is answered with the first result."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Any, TypeAlias

import strawberry
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.api.models import LONGEST_KEY, ClientRequest
from catering.api.queries import request as made_with
from catering.graph.request import Request
from catering.refusal import Refusal

SHORTEST_KEY = 8

IdempotencyKey: TypeAlias = Annotated[
    strawberry.ID,
    strawberry.argument(
        description="Made by the client for this one request (a UUID), 8 to 64 characters. Sent again with the same "
        "input it changes nothing and gives the same answer; with another input it is refused."
    ),
]


class KeyRefusedError(Refusal):
    """The idempotency key cannot be used; the message says why, in French."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One write as a client asked for it."""

    operation: str
    key: str
    fingerprint: str


def asked(operation: str, key: str, given: Any) -> Asked:
    """A write asked for with a key.

    Args:
        operation: name of the mutation.
        key: made by the client.
        given: the input, a dataclass or a plain value.

    Raises:
        KeyRefusedError: the key is too short or too long.
    """
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        raise KeyRefusedError(
            f"La clé d'idempotence compte {len(key)} caractères : en donner {SHORTEST_KEY} à {LONGEST_KEY} (un UUID)."
        )
    plain = asdict(given) if hasattr(given, "__dataclass_fields__") else given
    text = json.dumps([operation, plain], sort_keys=True, default=str)
    return Asked(operation, key, hashlib.sha256(text.encode()).hexdigest())


async def once(request: Request, of: Asked, write: Callable[[AsyncSession], Awaitable[str]]) -> str:
    """Do a write in one transaction, unless it was done; either way the id of what it made.

    Raises:
        KeyRefusedError: the key was used for something else.
        Exception: whatever ``write`` raises; then nothing is kept, the key neither.
    """
    try:
        return await _try(request, of, write)
    except IntegrityError:
        # On PostgreSQL two requests with one key can run side by side: the later one finds the key taken at the end.
        return await _try(request, of, write)
    except Refusal:
        # There the later one may also have waited for the earlier one, and been refused what is done already.
        if (result := await _done_meanwhile(request, of)) is None:
            raise
        return result
    finally:
        await request.forget()


async def _done_meanwhile(request: Request, of: Asked) -> str | None:
    async with request.database.reading() as session:
        earlier = await session.scalar(made_with(request.viewer, of.key))
    return None if earlier is None else _same(earlier, of)


async def _try(request: Request, of: Asked, write: Callable[[AsyncSession], Awaitable[str]]) -> str:
    async with request.database.unit_of_work() as session:
        earlier = await session.scalar(made_with(request.viewer, of.key))
        if earlier is not None:
            return _same(earlier, of)
        result = await write(session)
        session.add(
            ClientRequest(
                actor=request.viewer.actor,
                key=of.key,
                operation=of.operation,
                fingerprint=of.fingerprint,
                result=result,
                at=moment.now(),
            )
        )
        await session.flush()
        return result


def _same(earlier: ClientRequest, of: Asked) -> str:
    if earlier.fingerprint != of.fingerprint:
        raise KeyRefusedError(
            f"La clé d'idempotence « {of.key} » a déjà servi à une autre demande ({earlier.operation}). "
            "Faire une nouvelle clé pour chaque nouvelle demande."
        )
    return earlier.result
