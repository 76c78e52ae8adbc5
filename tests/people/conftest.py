"""The application over HTTP as a browser sees it, with a mail server of its own."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from catering.api.identity import COOKIE
from catering.app import create_app
from catering.db import Database
from catering.people.models import ChangeEvent
from catering.settings import Settings
from tests.api.conftest import small_file as small_file
from tests.people.mailbox import Mailbox, mail_server

SITE = "https://cantines.test"
WHO = "{ viewer { name role kitchens suppliers account scopes } }"


@dataclass
class Browser:
    """A browser on our pages: it keeps cookies, and says where its requests come from."""

    transport: httpx.AsyncBaseTransport
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **given: Any) -> httpx.Response:
        """Follow a link."""
        return await self._send("GET", path, headers=self.headers() | given.pop("headers", {}), **given)

    async def post(self, path: str, form: dict[str, str] | None = None, **given: Any) -> httpx.Response:
        """Press the button of a form of ours, or let a script of ours send JSON."""
        headers = {"origin": SITE} | self.headers() | given.pop("headers", {})
        return await self._send("POST", path, data=form, headers=headers, **given)

    async def ask(self, text: str, /, **variables: Any) -> Any:
        """What an operation answers."""
        return (await self.post("/graphql", json={"query": text, "variables": variables})).json()

    async def who(self) -> Any:
        """Whom the API takes this browser for; None for nobody."""
        return (await self.ask(WHO))["data"] and (await self.ask(WHO))["data"]["viewer"]

    def headers(self) -> dict[str, str]:
        """The cookies, as sent."""
        return {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    async def _send(self, method: str, path: str, **given: Any) -> httpx.Response:
        async with httpx.AsyncClient(transport=self.transport, base_url=SITE) as http:
            answer = await http.request(method, path, **given)
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.cookies.pop(name, None)
                if morsel.value:
                    self.cookies[name] = morsel.value
        return answer


@dataclass
class Site:
    """A running application."""

    app: FastAPI
    transport: httpx.AsyncBaseTransport
    http: httpx.AsyncClient
    """What is not a browser: it sends the headers it is given, no others."""
    database: Database
    mailbox: Mailbox

    def browser(self) -> Browser:
        """A browser without cookies."""
        return Browser(self.transport)

    async def link(self, email: str, browser: Browser | None = None) -> str:
        """Ask for a link and read it in the mail: the secret it carries."""
        before = len(self.mailbox.letters)
        answer = await (browser or self.browser()).post("/connexion/lien", {"email": email})
        assert answer.status_code == 202, answer.text
        assert len(self.mailbox.letters) == before + 1
        return secret_of(self.mailbox.letters[-1].get_content())

    async def signed_in(self, email: str) -> Browser:
        """A browser in which the person of an address is signed in."""
        browser = self.browser()
        answer = await browser.post("/connexion/confirmer", {"jeton": await self.link(email)})
        assert answer.status_code == 303, answer.text
        assert COOKIE in browser.cookies
        return browser

    async def changes(self, subject: str) -> list[ChangeEvent]:
        """The trace of a table, the oldest first."""
        async with self.database.reading() as session:
            return list(
                await session.scalars(
                    select(ChangeEvent).where(ChangeEvent.subject == subject).order_by(ChangeEvent.id)
                )
            )


def secret_of(text: str) -> str:
    """The secret that the link of a letter or a log line carries."""
    found = re.search(r"jeton=([\w-]{43})\b", text)
    assert found, text
    return found[1]


Opened = Callable[..., AbstractAsyncContextManager[Site]]


@pytest.fixture
def opened(small_file: Path, tmp_path: Path) -> Opened:
    """Opens the application of the small Département with some settings."""

    @asynccontextmanager
    async def open_site(**given: Any) -> AsyncIterator[Site]:
        file = tmp_path / "site.db"
        if not file.exists():
            shutil.copy(small_file, file)
        async with mail_server() as mailbox:
            mail = {"smtp_host": "127.0.0.1", "smtp_port": mailbox.port, "smtp_security": "none"}
            # Tests ask what they like; ``tests/api/test_stored.py`` tells what browsers may.
            base = {"public_url": SITE, "jobs": "worker", "mail_from": "cantines@exemple.fr", "stored_only": False}
            base |= mail
            app = create_app(Settings(database_url=f"sqlite+aiosqlite:///{file}", **(base | given)))
            transport = httpx.ASGITransport(app=app, client=("192.0.2.7", 40_000))
            async with (
                app.router.lifespan_context(app),
                httpx.AsyncClient(transport=transport, base_url=SITE) as http,
            ):
                yield Site(app, transport, http, app.state.database, mailbox)

    return open_site


@pytest.fixture
async def site(opened: Opened) -> AsyncIterator[Site]:
    """The application with mail and nothing else."""
    async with opened() as site:
        yield site


async def together(*works: Any) -> list[Any]:
    """Results or exceptions of works done side by side."""
    return await asyncio.gather(*works, return_exceptions=True)
