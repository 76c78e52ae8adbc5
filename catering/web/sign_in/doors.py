"""What every way to sign in ends with: a session kept, a cookie set, the earlier session of this browser ended."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.api.identity import COOKIE, credentials_of, identify
from catering.api.origin import refuse_foreign
from catering.db import Database
from catering.people import sessions
from catering.people.refusals import InPersonOnly
from catering.people.rules import SESSION_LASTS
from catering.people.viewer import Viewer
from catering.settings import Settings
from catering.web.rendering import HEADERS

HOME = "/connexion"
ARRIVAL = "/"
"""Leads to the first page of whoever is signed in."""
OWN_PATH = re.compile(r"/(?:[\w~%.:@=&?,+-][\w~%.:@=&?,+/-]*)?", re.ASCII)
Result = TypeVar("Result")


def database_of(request: Request) -> Database:
    """The database of the application that answers."""
    database: Database = request.app.state.database
    return database


def config_of(request: Request) -> Settings:
    """The settings of the application that answers."""
    config: Settings = request.app.state.config
    return config


def own_pages_only(request: Request) -> None:
    """Refuse the pages of other sites: a form of theirs could sign a visitor in as somebody else.

    Raises:
        catering.api.origin.ForeignOrigin: another site's page asks.
    """
    refuse_foreign(request, config_of(request), with_cookie=COOKIE in request.cookies)


async def written(request: Request, write: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
    """What a write gives, kept in one transaction; tried again when another took a unique value meanwhile."""
    database = database_of(request)
    try:
        async with database.unit_of_work() as session:
            return await write(session)
    except IntegrityError:
        async with database.unit_of_work() as session:
            return await write(session)


async def viewer_of(request: Request) -> Viewer:
    """Who asks.

    Raises:
        InPersonOnly: nobody is signed in.
        catering.api.origin.ForeignOrigin: another site's page asks.
    """
    viewer = await identify(database_of(request), credentials_of(request, config_of(request)))
    if viewer is None:
        raise InPersonOnly
    return viewer


def own_path(given: str) -> str:
    """The page of ours that a request wants to come back to; the first page when it names another site or nothing."""
    return given if OWN_PATH.fullmatch(given) else ARRIVAL


async def signed_in(
    request: Request,
    open_session: Callable[[AsyncSession, datetime], Awaitable[str]],
    answer: Response | None = None,
    back: str = "",
) -> Response:
    """Open a session, end the one this browser had, and set the cookie.

    Args:
        request: of the browser.
        open_session: gives the secret for the cookie.
        answer: what is answered; by default the browser is led to a page.
        back: the page it wanted before it was asked who it is.
    """
    earlier = request.cookies.get(COOKIE)

    async def write(session: AsyncSession) -> str:
        now = moment.now()
        secret = await open_session(session, now)
        if earlier is not None:
            await sessions.close_session(session, earlier, now)
        return secret

    secret = await written(request, write)
    answer = answer or RedirectResponse(own_path(back), HTTPStatus.SEE_OTHER, HEADERS)
    lasts = int(SESSION_LASTS.total_seconds())
    answer.set_cookie(COOKIE, secret, max_age=lasts, path="/", secure=True, httponly=True, samesite="lax")
    return answer


def forget_cookie(answer: Response) -> Response:
    """The answer, which makes the browser drop its session."""
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return answer
