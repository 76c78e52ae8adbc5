"""The stored operations under PostgreSQL's row-level security: it hides nothing that a viewer may read or write.

The lock is behind ``visible_to``: what it hides by mistake would be missing from an answer, or from a sum, without a
word. So every role asks every operation, of its own and of another's, on both databases, and is answered the same.
"""

import json
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from catering.db import Database
from catering.people.viewer import Role, Viewer
from tests.api.conftest import Client, asked_by
from tests.api.dataset_people import viewer_of
from tests.api.matrix import OTHER, own
from tests.api.operations import STREAMED, VARIABLES
from tests.api.test_matrix import MATRIX, OPERATIONS, WRITES, refusal

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")

READS = sorted(set(OPERATIONS) - WRITES - STREAMED)
STAMPS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(?:\+00:00|Z)?")


@pytest.fixture
async def open_copy(small_file: Path, tmp_path: Path) -> AsyncIterator[Client]:
    """The same Département on SQLite, which has no such lock."""
    shutil.copy(small_file, tmp_path / "open.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/open.db")
    yield Client(database)
    await database.dispose()


def questions(name: str, role: Role) -> Iterator[dict[str, Any]]:
    """What a role asks an operation: of its own, of another's."""
    entry = MATRIX[name]
    for subject in (own(role), OTHER):
        yield dict(VARIABLES[name] if entry.asks is None else entry.asks(subject))
        if entry.asks is None:
            return


async def told(client: Client, name: str, viewer: Viewer | None, variables: dict[str, Any]) -> tuple[str, Any]:
    """An answer without the instants of this machine's clock."""
    answer = await client(OPERATIONS[name], viewer, **variables)
    return STAMPS.sub("", json.dumps(answer.data)), answer.errors


@pytest.mark.parametrize("role", [*Role, None])
async def test_reads_are_answered_as_without_the_lock(role: Role | None, guarded: Client, open_copy: Client) -> None:
    viewer = None if role is None else viewer_of(role)
    for name in READS:
        for variables in questions(name, role or Role.CHEF):
            here = await told(guarded, name, viewer, variables)
            assert here == await told(open_copy, name, viewer, variables), (name, variables)


@pytest.mark.parametrize("name", sorted(WRITES))
async def test_who_may_write_is_not_kept_from_it(name: str, guarded: Client) -> None:
    answer = await guarded(OPERATIONS[name], asked_by(name, OPERATIONS[name]), **VARIABLES[name])
    assert (refusal(answer), answer.errors) == (None, [])
