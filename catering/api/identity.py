"""Who a request comes from: the token it brings, the session of its cookie, or nobody."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import HTTPConnection

from catering import moment
from catering.api.origin import names_this_machine, refuse_foreign
from catering.db import Database
from catering.people import sessions
from catering.people.sessions import Recognised
from catering.people.viewer import Viewer, demo_viewer
from catering.settings import Settings

COOKIE = "__Host-catering"
"""The prefix makes browsers keep it to this one host, over TLS (or this machine), for all paths."""
BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a connection brings to say who it is. A token speaks before a cookie."""

    token: str | None
    cookie: str | None
    demonstration: bool
    """Whether the connection may be taken for the demonstration's administrator when it brings nothing."""


def credentials_of(connection: HTTPConnection, config: Settings) -> Credentials:
    """What a connection brings, once its origin is ours.

    Raises:
        catering.api.origin.ForeignOrigin: another site's page uses its visitor's cookie or server.
    """
    given = connection.headers.get("authorization", "")
    token = given[len(BEARER) :].strip() if given.lower().startswith(BEARER) else None
    cookie = connection.cookies.get(COOKIE)
    if token is None:
        refuse_foreign(connection, config, with_cookie=cookie is not None)
    shown = config.demo_identity and names_this_machine(connection, config)
    return Credentials(token, cookie, demonstration=shown)


async def identify(database: Database, credentials: Credentials) -> Viewer | None:
    """Whose credentials these are at this moment; None is nobody.

    A token or cookie that opens nothing is nobody, not the demonstration: who was signed out must notice. Only without
    either is one taken for the demonstration's administrator, while the setting is on.
    """
    secret = credentials.token or credentials.cookie
    if secret is None:
        return demo_viewer() if credentials.demonstration else None
    now = moment.now()
    found = await _recognise(database, credentials, secret, now)
    if found is None:
        return None
    if found.due:
        async with database.unit_of_work() as session:
            await sessions.note_use(session, secret, now)
    return found.viewer


async def _recognise(database: Database, credentials: Credentials, secret: str, now: datetime) -> Recognised | None:
    recognise = sessions.of_cookie if credentials.token is None else sessions.of_token
    async with database.reading() as session:
        return await recognise(session, secret, now, demonstration=credentials.demonstration)
