"""Files over HTTP: who may send and fetch what, and what is refused before it is read."""

import hashlib
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

import catering.api.documents as door
from catering.api import Caller
from catering.app import create_app
from catering.db import Database
from catering.documents.models import Document
from catering.people.viewer import Role, Viewer
from catering.settings import Settings
from tests.api.conftest import ADMINISTRATOR, CHEF, PRODUCER
from tests.api.dataset_market import CSV, PDF, PNG

MEGABYTE = 1_000_000
AUDITOR = Viewer("Contrôle", Role.AUDITOR)
STRANGER = Viewer("Autre productrice", Role.PRODUCER, suppliers=frozenset({"ferme_02"}))
CERTIFICATE = b"%PDF-1.7 le certificat"


@asynccontextmanager
async def door_for(
    viewer: Viewer | None, file: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """The server as one person sees it."""
    config = Settings(database_url=f"sqlite+aiosqlite:///{file}", document_mb=1, jobs="worker")
    app = create_app(config)
    database = Database(config.database_url)
    app.state.config, app.state.database = config, database
    monkeypatch.setattr(door, "caller", lambda _: Caller(database, viewer, config))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        yield client
    await database.dispose()


@pytest.fixture
def file(small_file: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(small_file, tmp_path / "files.db"))


async def send(client: httpx.AsyncClient, content: bytes, name: str = "certificat.pdf") -> httpx.Response:
    return await client.post("/documents", files={"file": (name, content)})


async def test_a_file_is_kept_once_and_given_back_as_it_was(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with door_for(PRODUCER, file, monkeypatch) as client:
        first, again = await send(client, CERTIFICATE), await send(client, CERTIFICATE, "autre nom.pdf")
        assert first.status_code == again.status_code == 201
        told = first.json()
        assert again.json() == told
        assert (told["kind"], told["size"]) == ("pdf", len(CERTIFICATE))
        assert told["sha256"] == hashlib.sha256(CERTIFICATE).hexdigest()
        fetched = await client.get(told["url"])
        assert fetched.content == CERTIFICATE
        assert fetched.headers["content-type"] == "application/pdf"
        assert fetched.headers["content-disposition"] == 'attachment; filename="certificat.pdf"'
        assert fetched.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in fetched.headers["content-security-policy"]
        unchanged = await client.get(told["url"], headers={"If-None-Match": fetched.headers["etag"]})
        assert unchanged.status_code == 304


async def test_fifty_megabytes_are_refused_unread(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(50):
            read += MEGABYTE
            yield b"0" * MEGABYTE

    headers = {"content-type": "multipart/form-data; boundary=x"}
    async with door_for(PRODUCER, file, monkeypatch) as client:
        stated = await client.post(
            "/documents", content=body(), headers=headers | {"content-length": str(50 * MEGABYTE)}
        )
        assert stated.status_code == 413
        assert "1 Mo au plus" in stated.json()["message"]
        assert read == 0
        unstated = await client.post("/documents", content=b"0" * 3 * MEGABYTE, headers=headers)
        assert unstated.status_code == 413
        assert (await send(client, b"%PDF-" + b"0" * MEGABYTE)).status_code == 413


async def test_a_body_that_lies_about_its_length_stops_being_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a length, or with a false one, the stream itself is counted."""
    chunks = [b"x" * 600_000] * 50
    taken: list[int] = []

    async def receive() -> dict[str, object]:
        taken.append(1)
        return {"type": "http.request", "body": chunks[len(taken) - 1], "more_body": len(taken) < len(chunks)}

    scope = {"type": "http", "method": "POST", "headers": []}
    with pytest.raises(door.BodyTooLarge):
        async for _ in door._at_most(door.Request(scope, receive), MEGABYTE):
            pass
    assert len(taken) == 2


async def kept(file: Path) -> int | None:
    """How many documents the database holds."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    async with database.reading() as session:
        count = await session.scalar(select(func.count()).select_from(Document))
    await database.dispose()
    return count


@pytest.mark.parametrize(
    ("viewer", "content", "name", "status", "code"),
    [
        (None, CERTIFICATE, "a.pdf", 401, "SIGN_IN_REQUIRED"),
        (AUDITOR, CERTIFICATE, "a.pdf", 403, "MayNotSend"),
        (PRODUCER, b"", "a.pdf", 422, "EmptyFile"),
        (PRODUCER, b"MZ\x90", "a.pdf", 422, "KindRefused"),
        (PRODUCER, CERTIFICATE, "a\u202efdp.exe", 422, "NameRefused"),
    ],
)
async def test_what_is_not_taken_is_refused_by_name(
    viewer: Viewer | None,
    content: bytes,
    name: str,
    status: int,
    code: str,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = await kept(file)
    async with door_for(viewer, file, monkeypatch) as client:
        answer = await send(client, content, name)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await kept(file) == before


async def test_a_form_without_a_file_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with door_for(PRODUCER, file, monkeypatch) as client:
        for answer in (
            await client.post("/documents", json={"file": "x"}),
            await client.post("/documents", data={"file": "x"}, files={"other": ("a.pdf", CERTIFICATE)}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (422, "FormRefused")


@pytest.mark.parametrize(
    ("viewer", "readable"),
    [
        (None, set()),
        (STRANGER, set()),
        (CHEF, {PDF, PNG}),
        (PRODUCER, {PDF, PNG, CSV}),
        (ADMINISTRATOR, {PDF, PNG, CSV}),
        (AUDITOR, {PDF, PNG, CSV}),
    ],
)
async def test_proofs_are_read_by_buyers_price_books_by_their_owner(
    viewer: Viewer | None, readable: set[int], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The PDF proves a permit and the photo shows an offer; the table was only sent."""
    async with door_for(viewer, file, monkeypatch) as client:
        found = {number: (await client.get(f"/documents/{number}")).status_code for number in (PDF, PNG, CSV, 99)}
    hidden = 401 if viewer is None else 404
    assert found == {number: 200 if number in readable else hidden for number in (PDF, PNG, CSV, 99)}


@pytest.mark.parametrize(
    ("viewer", "slug", "status"),
    [(PRODUCER, "ferme_01", 200), (PRODUCER, "ferme_00", 404), (CHEF, "ferme_00", 200), (None, "ferme_00", 401)],
)
async def test_the_offers_of_a_supplier_are_fetched_by_who_reads_them(
    viewer: Viewer | None, slug: str, status: int, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with door_for(viewer, file, monkeypatch) as client:
        table = await client.get(f"/suppliers/{slug}/offers.csv")
        assert table.status_code == status
        assert (await client.get(f"/suppliers/{slug}/offers.xlsx")).status_code == status
        if status == 200:
            assert table.content.startswith("\ufeffréférence;ingrédient;produit;".encode())
            assert (await client.get(f"/suppliers/{slug}/offers.pdf")).status_code == 404
