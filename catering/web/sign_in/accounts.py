"""The page that says who one is and how to sign in, and signing out."""

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.api.identity import COOKIE, credentials_of, identify
from catering.people import sessions
from catering.people.demonstration import PERSONAS
from catering.people.refusals import FRENCH_ROLES
from catering.web.rendering import shown
from catering.web.sign_in.doors import HOME, config_of, database_of, forget_cookie, own_pages_only, own_path, written
from catering.web.sign_in.provider import end_session_url

router = APIRouter()


@router.get(HOME)
async def home(request: Request, suite: str = "") -> Response:
    """Who is signed in, and every way to sign in that the settings open."""
    config = config_of(request)
    credentials = credentials_of(request, config)
    viewer = await identify(database_of(request), credentials)
    return shown(
        "sign_in/sign_in",
        name=None if viewer is None else viewer.name,
        role=None if viewer is None else FRENCH_ROLES[viewer.role],
        provider=config.oidc_label if config.provider_is_set else None,
        personas=PERSONAS if credentials.demonstration else {},
        back=own_path(suite),
    )


@router.post("/deconnexion")
async def sign_out(request: Request) -> Response:
    """End the session of this browser; a session the provider opened shows how to end the provider's too."""
    own_pages_only(request)
    secret = request.cookies.get(COOKIE, "")

    async def write(session: AsyncSession) -> str | None:
        return await sessions.close_session(session, secret, moment.now())

    id_token = await written(request, write)
    url = None if id_token is None else await end_session_url(request, id_token)
    return forget_cookie(shown("sign_in/signed_out", url=url, provider=config_of(request).oidc_label))
