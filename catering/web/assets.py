"""What pages load beside themselves: our styles and script, the vendored ones. Nothing comes from another server.

One version names all files, made from their bytes: a browser keeps them for a year and asks again when one changes.
``static/manifest.csv`` lists what is vendored with its version, licence and hash; a test compares.
"""

import hashlib
from functools import cache
from mimetypes import guess_type
from pathlib import Path

from fastapi import APIRouter, HTTPException, Response

FOLDER = Path(__file__).parent / "static"
KEPT = "public, max-age=31536000, immutable"
SHORT = 12
SERVED = frozenset({".css", ".js", ".woff2", ".svg"})


@cache
def files() -> dict[str, bytes]:
    """Bytes of each file that is served, by its path in the folder; read once per process."""
    found = (path for path in sorted(FOLDER.rglob("*")) if path.suffix in SERVED)
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in found}


@cache
def version() -> str:
    """The name of this state of the files."""
    digest = hashlib.sha256()
    for name, content in files().items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:SHORT]


def address(name: str) -> str:
    """Where a file is served.

    Raises:
        KeyError: there is no such file.
    """
    if name not in files():
        raise KeyError(name)
    return f"/static/{version()}/{name}"


def router() -> APIRouter:
    """The route of the files."""
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/static/{of}/{name:path}", send, methods=["GET"])
    # At the root: it may only keep what lies below its own address.
    routes.add_api_route("/travailleur.js", worker, methods=["GET"])
    return routes


async def worker() -> Response:
    """What keeps pages on a device for when there is no network; browsers ask for it again each day."""
    headers = {"cache-control": "no-cache", "x-content-type-options": "nosniff"}
    return Response(files()["worker.js"], media_type="text/javascript", headers=headers)


async def send(of: str, name: str) -> Response:
    """A file; one of an earlier version is not kept, for it is the present one."""
    content = files().get(name)
    if content is None:
        raise HTTPException(404, "Aucun fichier de ce nom.")
    kept = KEPT if of == version() else "no-cache"
    kind = guess_type(name)[0] or "application/octet-stream"
    return Response(content, media_type=kind, headers={"cache-control": kept, "x-content-type-options": "nosniff"})
