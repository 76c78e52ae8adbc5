"""How often one identity, and one network address, may ask: so that nobody takes the server from the others.

Each has a bucket that holds a minute's worth of requests and fills again as time goes by. Buckets are of this process:
several processes each have their own.
"""

import json
import math
import time
from collections import OrderedDict

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from catering.api.client_address import client_of
from catering.graph.errors import ExpectedError
from catering.settings import Settings

A_MINUTE = 60.0
MOST_KEPT = 10_000
"""Buckets remembered: one that was not asked for longest is full again, or nearly."""
FREE = ("/health", "/metrics", "/static/")
"""Addresses that cost nothing, or that a watchman asks."""


class TooManyRequestsError(ExpectedError):
    """An identity asks more often than it may."""

    code = "RATE_LIMITED"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Trop de demandes en une minute. Recommencer dans {seconds} s.")
        self.seconds = seconds


class Rate:
    """So many requests a minute for each key."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """By key: requests left, and when that was."""

    def wait(self, key: str, now: float | None = None) -> int:
        """Take one request of a key: 0 when it may be made, else the seconds until it may."""
        now = time.monotonic() if now is None else now
        left, then = self._left.pop(key, (float(self.per_minute), now))
        left = min(self.per_minute, left + (now - then) * self.per_minute / A_MINUTE)
        allowed = left >= 1
        self._left[key] = (left - 1 if allowed else left, now)
        while len(self._left) > MOST_KEPT:
            self._left.popitem(last=False)
        return 0 if allowed else math.ceil((1 - left) * A_MINUTE / self.per_minute)

    def take(self, key: str) -> None:
        """As `wait`.

        Raises:
            TooManyRequestsError: the key has none left.
        """
        if seconds := self.wait(key):
            raise TooManyRequestsError(seconds)


class LimitAddresses:
    """Answers 429 to a network address that asks too often, before anything is read; a websocket is not opened."""

    def __init__(self, app: ASGIApp, config: Settings) -> None:
        self.app = app
        self.config = config
        self.rate = Rate(config.rate_per_address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer that it is one too many."""
        if scope["type"] not in {"http", "websocket"} or scope["path"].startswith(FREE):
            await self.app(scope, receive, send)
            return
        seconds = self.rate.wait(client_of(HTTPConnection(scope), self.config))
        if not seconds:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1013, "reason": "rate"})
        else:
            await _refuse(send, seconds, plain="text/html" in Headers(scope=scope).get("accept", ""))


async def _refuse(send: Send, seconds: int, *, plain: bool) -> None:
    said = str(TooManyRequestsError(seconds))
    body = said.encode() if plain else json.dumps({"detail": said}, ensure_ascii=False).encode()
    kind = b"text/plain; charset=utf-8" if plain else b"application/json"
    headers = [(b"content-type", kind), (b"retry-after", str(seconds).encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": body})
