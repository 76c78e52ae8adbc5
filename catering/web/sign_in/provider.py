"""Signing in through the OpenID Connect provider of the settings, e.g. ProConnect."""

import secrets
from http import HTTPStatus

import httpx
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from catering import moment
from catering.people import openid, providers
from catering.people.openid import Provider
from catering.people.refusals import ProviderRefused
from catering.settings import Settings
from catering.web.rendering import HEADERS
from catering.web.sign_in.doors import HOME, config_of, signed_in, written

router = APIRouter()
BACK = "/connexion/fournisseur/retour"
STATE_COOKIE = "__Host-catering-state"
"""Binds a sign-in to the browser that began it: a stranger's answer cannot be slipped into it."""
KNOWN_PARAMETERS = frozenset({"code", "state", "iss", "error", "error_description", "error_uri"})
NOT_SET = "Aucun fournisseur d'identité n'est réglé. Demander un lien par courriel."
BROKEN = "La réponse du service de connexion est inattendue. Recommencer depuis la page de connexion."
GIVEN_UP = "Le service de connexion n'a pas confirmé votre identité. Recommencer, ou demander un lien par courriel."


def provider_of(config: Settings) -> Provider:
    """The provider of the settings.

    Raises:
        ProviderRefused: there is none.
    """
    if config.oidc_issuer is None or config.oidc_client_id is None or config.oidc_client_secret is None:
        raise ProviderRefused(NOT_SET)
    return Provider(
        issuer=config.oidc_issuer,
        client_id=config.oidc_client_id,
        client_secret=config.oidc_client_secret.get_secret_value(),
        redirect_uri=config.own_url + BACK,
        scopes=config.oidc_scopes,
        acr=config.oidc_acr,
        algorithm=config.oidc_algorithm,
        userinfo=config.oidc_userinfo,
        vouches_for_emails=config.oidc_emails_verified,
    )


def client() -> httpx.AsyncClient:
    """A client of the provider: no redirect is followed, no proxy or password file of the machine is used."""
    return httpx.AsyncClient(timeout=openid.TIMEOUT_SECONDS, follow_redirects=False, trust_env=False)


@router.get("/connexion/fournisseur")
async def leave(request: Request) -> Response:
    """Send the browser to the provider."""
    provider = provider_of(config_of(request))
    async with client() as http:
        endpoints = await openid.discover(http, provider.issuer)
    state, login = await written(request, lambda session: providers.start(session, moment.now()))
    url = openid.authorization_url(provider, endpoints, state, login.nonce, login.code_verifier)
    answer = RedirectResponse(url, HTTPStatus.SEE_OTHER, HEADERS)
    answer.set_cookie(STATE_COOKIE, state, path="/", secure=True, httponly=True, samesite="lax")
    return answer


@router.get(BACK)
async def come_back(request: Request) -> Response:
    """Take the browser back from the provider: check the answer, find the account, open the session."""
    provider = provider_of(config_of(request))
    state, code = _checked(request, provider)
    nonce, verifier = await written(request, lambda session: providers.come_back(session, state, moment.now()))
    if code is None:
        raise ProviderRefused(GIVEN_UP)
    async with client() as http:
        person = await openid.person_of_code(http, provider, code, nonce, verifier)
    answer = await signed_in(request, lambda session, now: providers.sign_in(session, person, now))
    answer.delete_cookie(STATE_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return answer


def _checked(request: Request, provider: Provider) -> tuple[str, str | None]:
    """State and code of the answer; no code when the provider did not confirm the identity."""
    given = request.query_params
    state, kept = given.get("state"), request.cookies.get(STATE_COOKIE)
    strange = set(given) - KNOWN_PARAMETERS
    repeated = len(given.multi_items()) != len(given)
    foreign = given.get("iss", provider.issuer) != provider.issuer
    if strange or repeated or foreign or not state or not kept or ("code" in given) == ("error" in given):
        raise ProviderRefused(BROKEN)
    if not secrets.compare_digest(state.encode(), kept.encode()):
        raise ProviderRefused(BROKEN)
    return state, given.get("code")


async def end_session_url(request: Request, id_token: str) -> str | None:
    """Where the person signs out of the provider too; None when it has no such place or does not answer."""
    config = config_of(request)
    try:
        provider = provider_of(config)
        async with client() as http:
            endpoints = await openid.discover(http, provider.issuer)
    except ProviderRefused:
        return None
    return openid.end_session_url(endpoints, id_token, config.own_url + HOME, secrets.token_urlsafe(32))
