"""Pure decisions about files: what they are, by their bytes, and what they are called."""

import hashlib
import re
from pathlib import PureWindowsPath

from catering.documents import refusals
from catering.documents.models import FileKind
from catering.documents.tables import ZIP
from catering.spelling import deceit, tidy

LONGEST_NAME = 160
SIGNATURES: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF-", FileKind.PDF),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"\xff\xd8\xff", FileKind.JPEG),
)
TEXT_TABLES = (".csv", ".tsv", ".txt")
UNTABLED = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Control characters that no table of text holds."""
MARKUP = re.compile(rb"\s*(\xef\xbb\xbf)?\s*<", re.ASCII)
"""A text that starts as HTML or SVG: a browser could run it."""


def kind_of(content: bytes, name: str) -> FileKind:
    """What a file is, by its first bytes; only a text table, which has no signature, needs the end of its name.

    Raises:
        refusals.EmptyFile: there are no bytes.
        refusals.KindRefused: it is nothing that is kept.
    """
    if not content:
        raise refusals.EmptyFile
    for signature, kind in SIGNATURES:
        if content.startswith(signature):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return FileKind.WEBP
    if content.startswith(ZIP) and b"xl/" in content and name.casefold().endswith(".xlsx"):
        return FileKind.XLSX
    if name.casefold().endswith(TEXT_TABLES) and not UNTABLED.search(content) and not MARKUP.match(content):
        return FileKind.CSV
    raise refusals.KindRefused(name)


def plain_name(given: str) -> str:
    """The name of a file without folders, shortened before its end when it is too long.

    Raises:
        refusals.NameRefused: it deceives the eye.
    """
    name = tidy(PureWindowsPath(given).name) or "document"
    if (why := deceit(name)) is not None:
        raise refusals.NameRefused(why)
    stem, dot, end = name.rpartition(".")
    return name if len(name) <= LONGEST_NAME else stem[: LONGEST_NAME - len(end) - 1] + dot + end[:LONGEST_NAME]


def digest(content: bytes) -> str:
    """SHA-256 of a content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
