"""Writes that happen once: the same key from the same person is answered with the first result."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Any, TypeAlias

import strawberry
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.api.models import LONGEST_KEY, ClientRequest
from catering.api.queries import request as made_with
from catering.db import gave_way, insert_missing
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


async def earlier(request: Request, of: Asked) -> str | None:
    """The id of what the same request made before; None when it must be done.

    Whoever prepares a long write outside of its transaction asks this first: what was done is not prepared again.

    Raises:
        KeyRefusedError: the key was used for something else.
    """
    async with request.database.reading() as session:
        done = await session.scalar(made_with(request.viewer, of.key))
    return None if done is None else _same(done, of)


async def once(
    request: Request, of: Asked, write: Callable[[AsyncSession], Awaitable[str]], *, makes: str | None = None
) -> str:
    """Do a write in one transaction, unless it was done; either way the id of what it made.

    The key is taken first: of two requests with one key, the later one waits for the earlier one and is then answered
    like it. Two statements come on top of the write, one when it is known before what it makes.

    Args:
        request: who asks.
        of: the write and its key.
        write: gives the id of what it made.
        makes: that id, if it is known before.

    Raises:
        KeyRefusedError: the key was used for something else.
        Exception: whatever ``write`` raises; then nothing is kept, the key neither.
    """
    try:
        return await _try(request, of, write, makes)
    except DBAPIError as error:
        # On PostgreSQL two people can make the same thing side by side: the later one then finds it made. Of two who
        # wait for each other the server ends one: nothing of it is kept, the key neither, and it is simply done again.
        if not (isinstance(error, IntegrityError) or gave_way(error)):
            raise
        return await _try(request, of, write, makes)
    finally:
        await request.forget()


async def _try(request: Request, of: Asked, write: Callable[[AsyncSession], Awaitable[str]], makes: str | None) -> str:
    async with request.database.unit_of_work() as session:
        if not await _taken(session, request, of, makes or ""):
            earlier = (await session.scalars(made_with(request.viewer, of.key))).one()
            return _same(earlier, of)
        result = await write(session)
        if result != makes:
            mine = update(ClientRequest).where(ClientRequest.actor == request.viewer.actor, ClientRequest.key == of.key)
            await session.execute(mine.values(result=result).execution_options(synchronize_session=False))
        return result


async def _taken(session: AsyncSession, request: Request, of: Asked, result: str) -> bool:
    """Whether the key was still free and is now taken, until the transaction is given up."""
    take = insert_missing(session, ClientRequest).values(
        actor=request.viewer.actor,
        key=of.key,
        operation=of.operation,
        fingerprint=of.fingerprint,
        result=result,
        at=moment.now(),
    )
    return await session.scalar(take.returning(ClientRequest.key)) is not None


def _same(earlier: ClientRequest, of: Asked) -> str:
    if earlier.fingerprint != of.fingerprint:
        raise KeyRefusedError(
            f"La clé d'idempotence « {of.key} » a déjà servi à une autre demande ({earlier.operation}). "
            "Faire une nouvelle clé pour chaque nouvelle demande."
        )
    return earlier.result
