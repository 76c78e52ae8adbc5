"""A real browser on a running server: Debian's Chromium, driven by Playwright."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, async_playwright

from tests.lints.sources import ROOT

CHROMIUM = os.environ.get("CATERING_CHROMIUM") or shutil.which("chromium")
REQUIRED = "CATERING_BROWSER_REQUIRED"
"""Set by continuous integration: there a missing browser is a failure."""
LEFT_OUT = "browser tests were left out: no Chromium (apt-get install chromium, or CATERING_CHROMIUM=its path)"
SIZES = {"phone": (390, 844), "tablet": (820, 1180), "desktop": (1440, 900)}
WAITING = """() => new Promise((done) => {
  const asked = indexedDB.open("envois", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("envois", { keyPath: "id" });
  asked.onsuccess = () => {
    const all = asked.result.transaction("envois").objectStore("envois").getAll();
    all.onsuccess = () => { asked.result.close(); done(all.result.length); };
  };
})"""
"""How many things noted a browser has not sent yet."""
SHOTS = Path(os.environ.get("CATERING_SHOTS") or ROOT / "build" / "screenshots")


def chromium() -> str:
    """Path of the browser; the test is left out, or fails where it must not be, when there is none."""
    if CHROMIUM is None:
        if os.environ.get(REQUIRED):
            pytest.fail(LEFT_OUT)
        pytest.skip(LEFT_OUT)
    return CHROMIUM


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The address of an application, already started, that a server of this process answers for."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://localhost:{port}"
    finally:
        server.should_exit = True
        await running


@dataclass
class Watched:
    """A page, and all that it must never do: complain, break the policy, ask another site."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        # A refused form is answered 422, which the browser notes as an error of its own.
        if message.type == "error" and "422" not in message.text:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:")):
            self.complaints.append(f"asks {request.url}")

    async def open(self, path: str) -> None:
        """Follow an address."""
        answer = await self.page.goto(self.site + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)

    async def enter(self, persona: str) -> None:
        """Sign in as one of the demonstration, by the form of the sign-in page."""
        await self.open("/connexion")
        await self.page.get_by_label("Être").select_option(persona)
        await self.page.get_by_role("button", name="Entrer").click()
        await self.page.wait_for_url(lambda url: "/connexion" not in url and "/demonstration" not in url)

    async def until_sent(self) -> None:
        """Wait until nothing waits on the device any more."""
        for _ in range(400):
            if not await self.page.evaluate(WAITING):
                return
            await asyncio.sleep(0.05)
        raise AssertionError("something still waits on the device")


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """The browser, closed at the end."""
    async with async_playwright() as driver:
        launched = await driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            yield launched
        finally:
            await launched.close()


async def watched(context: BrowserContext, site: str) -> Watched:
    """A new page of a context."""
    return Watched(await context.new_page(), site)


def sized(size: str, **more: Any) -> dict[str, Any]:
    """Arguments of a context of the size of a device."""
    width, height = SIZES[size]
    return {"viewport": {"width": width, "height": height}, "locale": "fr-FR", "timezone_id": "Europe/Paris", **more}
