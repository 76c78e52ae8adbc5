"""The log of a consultation as a chain: each line's hash covers the line before, so that no line can change unseen."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

START = ""
"""What stands before the first line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a log as it is stored."""

    seq: int
    at: datetime
    actor: str
    kind: str
    data: Mapping[str, Any]
    hash: str


def link(before: str, seq: int, at: datetime, actor: str, kind: str, data: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of a line and of the hash before it."""
    told = [before, seq, at.astimezone(UTC).isoformat(), actor, kind, data]
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def first_break(lines: Iterable[Line], length: int, head: str) -> int | None:
    """The rank of the first line that does not fit, None when the log is whole.

    Args:
        lines: in order of rank.
        length: how many lines the consultation says it has.
        head: the hash of the last line, as the consultation says.
    """
    before, expected = START, 1
    for line in lines:
        if line.seq != expected or line.hash != link(before, line.seq, line.at, line.actor, line.kind, line.data):
            return expected
        before, expected = line.hash, expected + 1
    return None if (expected - 1, before) == (length, head) else expected
