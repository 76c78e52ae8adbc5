"""Signing in through an OpenID Connect provider: the protocol, without any table.

Authorization code flow with PKCE (RFC 7636), state and nonce of 43 characters (ProConnect asks for 32 at least). The
algorithm of every signature is pinned by a setting: a provider's document cannot choose a weaker one. ProConnect's
user information is itself a signed JWT, verified by the provider's keys like the id token.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from catering.people.refusals import ProviderRefused

TIMEOUT_SECONDS = 10
CLOCKS_DIFFER_SECONDS = 60
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SILENT = "Le service de connexion ne répond pas comme prévu. Réessayer, ou demander un lien par courriel."
NOT_PROVEN = "La réponse du service de connexion n'est pas valable. Recommencer depuis la page de connexion."


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider and what it knows of us, as the settings say."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    scopes: str
    acr: str | None
    """Level of assurance that is asked for and must come back, e.g. ``eidas1``."""
    algorithm: str
    """Of the id token and of signed user information."""
    userinfo: Literal["jwt", "json"]
    vouches_for_emails: bool
    """Whether its addresses are verified although it does not say so for each."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider answers, from its own document."""

    authorization: str
    token: str
    userinfo: str
    keys: str
    end_session: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a provider vouches for. ``email`` is None unless it is verified."""

    issuer: str
    subject: str
    email: str | None
    id_token: str


def challenge_of(verifier: str) -> str:
    """What the provider is told of a PKCE verifier (S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


async def discover(http: httpx.AsyncClient, issuer: str) -> Endpoints:
    """Where the provider answers.

    Raises:
        ProviderRefused: it does not answer, or its document is another provider's.
    """
    found = await _json(http, issuer.rstrip("/") + "/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise ProviderRefused(SILENT)
    try:
        return Endpoints(
            authorization=_secure(found["authorization_endpoint"]),
            token=_secure(found["token_endpoint"]),
            userinfo=_secure(found["userinfo_endpoint"]),
            keys=_secure(found["jwks_uri"]),
            end_session=_secure(found["end_session_endpoint"]) if found.get("end_session_endpoint") else None,
        )
    except KeyError as fault:
        raise ProviderRefused(SILENT) from fault


def authorization_url(provider: Provider, endpoints: Endpoints, state: str, nonce: str, verifier: str) -> str:
    """Where the browser goes to sign in. Nothing but what the protocol defines: ProConnect refuses the rest."""
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": provider.redirect_uri,
        "scope": provider.scopes,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    if provider.acr is not None:
        asked["acr_values"] = provider.acr
    return f"{endpoints.authorization}?{urlencode(asked)}"


def end_session_url(endpoints: Endpoints, id_token: str, back_to: str, state: str) -> str | None:
    """Where the browser goes to sign out of the provider too; None when it has no such place."""
    if endpoints.end_session is None:
        return None
    asked = {"id_token_hint": id_token, "post_logout_redirect_uri": back_to, "state": state}
    return f"{endpoints.end_session}?{urlencode(asked)}"


async def person_of_code(http: httpx.AsyncClient, provider: Provider, code: str, nonce: str, verifier: str) -> Person:
    """Whom the provider vouches for, in exchange for the code that it gave the browser.

    Raises:
        ProviderRefused: the provider does not answer, or one of its answers is not what it must be.
    """
    endpoints = await discover(http, provider.issuer)
    tokens = await _tokens(http, provider, endpoints, code, verifier)
    try:
        id_token, access_token = str(tokens["id_token"]), str(tokens["access_token"])
    except KeyError as fault:
        raise ProviderRefused(NOT_PROVEN) from fault
    keys = await _keys(http, endpoints)
    claims = _id_claims(provider, keys, id_token, nonce)
    told = await _user_information(http, provider, endpoints, keys, access_token)
    if told.get("sub") != claims["sub"]:
        raise ProviderRefused(NOT_PROVEN)
    return Person(provider.issuer, str(claims["sub"]), _verified_email(provider, told), id_token)


def _verified_email(provider: Provider, told: Mapping[str, Any]) -> str | None:
    email = told.get("email")
    verified = told.get("email_verified", provider.vouches_for_emails) is True
    return email if verified and isinstance(email, str) else None


async def _tokens(
    http: httpx.AsyncClient, provider: Provider, endpoints: Endpoints, code: str, verifier: str
) -> Mapping[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": provider.redirect_uri,
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
        "code_verifier": verifier,
    }
    return await _json(http, endpoints.token, form)


async def _keys(http: httpx.AsyncClient, endpoints: Endpoints) -> KeySet:
    try:
        return KeySet.import_key_set(await _json(http, endpoints.keys))  # type: ignore[arg-type]  # checked as it is read
    except (JoseError, ValueError, KeyError, TypeError) as fault:
        raise ProviderRefused(NOT_PROVEN) from fault


def _id_claims(provider: Provider, keys: KeySet, id_token: str, nonce: str) -> Mapping[str, Any]:
    wanted: dict[str, Any] = {"nonce": {"essential": True, "value": nonce}}
    if provider.acr is not None:
        wanted["acr"] = {"essential": True, "value": provider.acr}
    claims = _signed(provider, keys, id_token, exp={"essential": True}, iat={"essential": True}, **wanted)
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise ProviderRefused(NOT_PROVEN)
    return claims


async def _user_information(
    http: httpx.AsyncClient, provider: Provider, endpoints: Endpoints, keys: KeySet, access_token: str
) -> Mapping[str, Any]:
    bearer = {"authorization": f"Bearer {access_token}"}
    if provider.userinfo == "json":
        return await _json(http, endpoints.userinfo, headers=bearer)
    answer = await _answer(http, endpoints.userinfo, headers={**bearer, "accept": "application/jwt"})
    if not answer.headers.get("content-type", "").startswith("application/jwt"):
        raise ProviderRefused(NOT_PROVEN)
    return _signed(provider, keys, answer.text)


def _signed(provider: Provider, keys: KeySet, token: str, **wanted: Any) -> Mapping[str, Any]:
    """Claims of a JWT that this provider signed for us, by the pinned algorithm."""
    registry = jwt.JWTClaimsRegistry(
        leeway=CLOCKS_DIFFER_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        **wanted,
    )
    try:
        claims = jwt.decode(token, keys, algorithms=[provider.algorithm]).claims
        registry.validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as fault:
        raise ProviderRefused(NOT_PROVEN) from fault
    return claims


async def _json(
    http: httpx.AsyncClient, url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    answer = await _answer(http, url, form, headers)
    try:
        found = answer.json()
    except ValueError as fault:
        raise ProviderRefused(SILENT) from fault
    if not isinstance(found, dict):
        raise ProviderRefused(SILENT)
    return found


async def _answer(
    http: httpx.AsyncClient, url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> httpx.Response:
    try:
        answer = await http.request("GET" if form is None else "POST", _secure(url), data=form, headers=headers)
        return answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as fault:
        raise ProviderRefused(SILENT) from fault


def _secure(url: object) -> str:
    """The address, if it is one that nobody can listen to: TLS, or this machine.

    Raises:
        ProviderRefused: it is not.
    """
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return str(url)
    raise ProviderRefused(SILENT)
