"""Passkeys, as JSON: what ``navigator.credentials`` needs, and what it gives back."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.people import passkeys
from catering.people.passkeys import Site
from catering.people.rules import Ceremony
from catering.people.sessions import own_account_id
from catering.web.rendering import HEADERS
from catering.web.sign_in.bodies import Unreadable, json_object
from catering.web.sign_in.doors import config_of, own_pages_only, signed_in, viewer_of, written

router = APIRouter()


def site_of(request: Request) -> Site:
    """The site that passkeys are bound to: the configured one, never the one a request names."""
    own = config_of(request).own_url
    return Site(urlsplit(own).hostname or "", own)


@router.post("/connexion/cle/options")
async def sign_in_options(request: Request) -> Response:
    """A challenge for whoever wants to sign in."""
    own_pages_only(request)
    site = site_of(request)
    options = await written(request, lambda session: passkeys.sign_in_options(session, site, moment.now()))
    return Response(options, headers=HEADERS, media_type="application/json")


@router.post("/connexion/cle")
async def sign_in(request: Request) -> Response:
    """Open a session for whoever's device signed the challenge."""
    own_pages_only(request)
    answer = _answer(await json_object(request))
    challenge = await _spend(request, answer, Ceremony.SIGN_IN, None)
    site = site_of(request)
    return await signed_in(
        request,
        lambda session, now: passkeys.sign_in(session, site, answer, challenge, now),
        Response(status_code=HTTPStatus.NO_CONTENT, headers=HEADERS),
    )


@router.post("/compte/cles/options")
async def registration_options(request: Request) -> Response:
    """A challenge for a new passkey of whoever is signed in."""
    viewer, site = await viewer_of(request), site_of(request)

    async def write(session: AsyncSession) -> str:
        return await passkeys.registration_options(session, viewer, site, moment.now())

    return Response(await written(request, write), headers=HEADERS, media_type="application/json")


@router.post("/compte/cles")
async def register(request: Request) -> Response:
    """Keep the passkey that the device made."""
    viewer, site = await viewer_of(request), site_of(request)
    given = await json_object(request)
    answer, name = _answer(given), given.get("name")
    if not isinstance(name, str):
        raise Unreadable
    challenge = await _spend(request, answer, Ceremony.REGISTER, own_account_id(viewer))

    async def write(session: AsyncSession) -> int:
        return (await passkeys.register(session, viewer, site, name, answer, challenge, moment.now())).id

    return JSONResponse({"id": await written(request, write)}, HTTPStatus.CREATED, HEADERS)


def _answer(given: Mapping[str, Any]) -> Mapping[str, Any]:
    answer = given.get("credential")
    if not isinstance(answer, dict):
        raise Unreadable
    return answer


async def _spend(request: Request, answer: Mapping[str, Any], ceremony: Ceremony, account_id: int | None) -> bytes:
    async def write(session: AsyncSession) -> bytes:
        return await passkeys.spend(session, answer, ceremony, account_id, moment.now())

    return await written(request, write)
