"""An OpenID Connect provider on this machine that behaves as ProConnect says it does, or wrongly when told to.

It refuses query parameters it does not know, states and nonces under 32 characters, a missing PKCE challenge; its user
information is a signed JWT. ``wrong`` names the one thing it does badly.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from catering.people.openid import challenge_of

KNOWN = {
    "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method",
    "acr_values",
}  # fmt: skip
CLIENT, SECRET = "cantines", "un-secret-de-client"
LEAST = 32


@dataclass
class LocalProvider:
    """The provider, whom it vouches for, and what it was asked."""

    issuer: str = ""
    subject: str = "personne-chez-proconnect"
    claims: dict[str, Any] = field(default_factory=lambda: {"email": "personne1@exemple.fr", "email_verified": True})
    acr: str = "eidas1"
    wrong: str | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    ended: list[dict[str, str]] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "une"}))
    stranger: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "une"}))

    def signed(self, claims: dict[str, Any], which: str) -> str:
        """A JWT of the provider, or a forged one when it is ``which`` that is wrong."""
        match self.wrong:
            case w if w == f"{which} signed by another":
                return jwt.encode({"alg": "RS256", "kid": "une"}, claims, self.stranger)
            case w if w == f"{which} unsigned":
                return jwt.encode({"alg": "none"}, claims, OctKey.generate_key(256), algorithms=["none"])
            case w if w == f"{which} signed with the public key":
                public = OctKey.import_key(self.key.as_pem(private=False))
                return jwt.encode({"alg": "HS256", "kid": "une"}, claims, public)
            case _:
                return jwt.encode({"alg": "RS256", "kid": "une"}, claims, self.key)

    def issued(self, which: str, **more: Any) -> dict[str, Any]:
        """Claims of a JWT, wrong in the way that was asked."""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": self.subject, "iat": now, "exp": now + 60, **more}
        changes: dict[str, dict[str, Any]] = {
            f"{which} of another issuer": {"iss": "https://ailleurs.test"},
            f"{which} for another client": {"aud": "autre"},
            f"{which} for several clients": {"aud": [CLIENT, "autre"]},
            f"{which} of another person": {"sub": "quelqu-un-d-autre"},
            f"{which} too old": {"exp": now - 3_600, "iat": now - 7_200},
            f"{which} with another nonce": {"nonce": "x" * 43},
            f"{which} of a lower level": {"acr": "eidas0"},
        }
        return claims | changes.get(str(self.wrong), {})

    def app(self) -> FastAPI:
        """The provider's pages."""
        app = FastAPI(openapi_url=None)
        app.add_api_route("/.well-known/openid-configuration", self.document)
        app.add_api_route("/authorize", self.authorize)
        app.add_api_route("/token", self.token, methods=["POST"])
        app.add_api_route("/userinfo", self.userinfo)
        app.add_api_route("/keys", self.keys)
        app.add_api_route("/end", self.end)
        return app

    async def document(self) -> dict[str, str]:
        """Where it answers."""
        names = {
            "authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo",
            "jwks_uri": "keys", "end_session_endpoint": "end",
        }  # fmt: skip
        issuer = "https://ailleurs.test" if self.wrong == "document of another" else self.issuer
        return {"issuer": issuer} | {key: f"{self.issuer}/{path}" for key, path in names.items()}

    async def keys(self) -> dict[str, Any]:
        """Its public keys."""
        return dict(KeySet([self.key]).as_dict(private=False))

    async def authorize(self, request: Request) -> Response:
        """Vouch for the person at once: they have typed their password."""
        asked = dict(request.query_params)
        assert set(asked) <= KNOWN, set(asked) - KNOWN
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
        assert len(asked["state"]) >= LEAST
        assert len(asked["nonce"]) >= LEAST
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = f"{asked['redirect_uri']}?code={code}&state={asked['state']}&iss={self.issuer}"
        return RedirectResponse(back, 303)

    async def token(
        self,
        code: str = Form(),
        client_id: str = Form(),
        client_secret: str = Form(),
        code_verifier: str = Form(),
        redirect_uri: str = Form(),
        grant_type: str = Form(),
    ) -> Response:
        """Tokens for a code, once, for who asked for it."""
        asked = self.codes.pop(code, None)
        good = asked is not None and (
            (client_id, client_secret, grant_type) == (CLIENT, SECRET, "authorization_code")
            and (asked["code_challenge"], asked["redirect_uri"]) == (challenge_of(code_verifier), redirect_uri)
        )
        if asked is None or not good or self.wrong == "token refused":
            return JSONResponse({"error": "invalid_grant"}, 400)
        claims = self.issued("id token", nonce=asked["nonce"], acr=self.acr)
        token = "accès" if self.wrong == "access token that no header holds" else secrets.token_urlsafe(16)
        signed = self.signed(claims, "id token")
        return JSONResponse({"access_token": token, "token_type": "Bearer", "id_token": signed})

    async def userinfo(self) -> Response:
        """Who the person is."""
        claims = self.issued("user information", **self.claims)
        if self.wrong == "user information in plain":
            return JSONResponse(claims)
        return Response(self.signed(claims, "user information"), media_type="application/jwt")

    async def end(self, request: Request) -> Response:
        """Sign out of the provider."""
        self.ended.append(dict(request.query_params))
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 303)


@asynccontextmanager
async def local_provider() -> AsyncIterator[LocalProvider]:
    """A running provider."""
    provider = LocalProvider()
    server = uvicorn.Server(uvicorn.Config(provider.app(), host="127.0.0.1", port=0, log_level="error"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        assert not running.done()
        await asyncio.sleep(0.01)
    provider.issuer = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield provider
    server.should_exit = True
    await running
