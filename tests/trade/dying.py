"""A program whose children die: each does one stored write, and is killed just before its n-th statement.

Run as ``python -m tests.trade.dying``. Reads one JSON request a line, ``{"url", "name", "dies_at"}``, and answers one
line each: how the child ended (``killed``, ``ended``), and of one that ended the answer, how many points there are to
die at and the first of them after everything is kept. A point is a statement, a commit, or a connection given back:
the last of these is a process that dies when its work is kept and nobody has been told.

Nothing is caught, nothing is cleaned up. The children are forks of a process that has read law and schema already, and
that holds no connection; ``dies_at`` 0 is the same write undisturbed, in this process, which warms it for the others.
"""

import asyncio
import gc
import json
import os
import signal
import sys
from typing import Any

from sqlalchemy import event

from catering.api.context import Caller
from catering.api.schema import schema
from catering.db import Database
from catering.moment import Clock
from catering.settings import Settings
from tests.api.conftest import asked_by
from tests.api.operations import VARIABLES, moment_of, operations

OPERATIONS = operations()
KEEPS = ("INSERT", "UPDATE", "DELETE")


class Points:
    """Counts the points of a write, and dies at one of them."""

    def __init__(self, dies_at: int) -> None:
        self.dies_at = dies_at
        self.count = 0
        self.kept_at = 0
        """First point after the last commit that kept anything."""
        self._wrote = False

    def watch(self, database: Database) -> None:
        """Count what this database is asked."""
        engine = database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._commit)
        event.listen(engine.pool, "checkin", self._next)

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self._wrote |= statement.startswith(KEEPS) or " RETURNING " in statement
        self._next()

    def _commit(self, *_: Any) -> None:
        self._next()
        if self._wrote:
            self.kept_at, self._wrote = self.count + 1, False

    def _next(self, *_: Any) -> None:
        self.count += 1
        if self.count == self.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)


async def write(url: str, name: str, dies_at: int) -> dict[str, Any]:
    """Execute the operation; what it answered, and its points."""
    Clock.fixed = moment_of(name)
    database = Database(url)
    points = Points(dies_at)
    points.watch(database)
    text = OPERATIONS[name]
    answer = await schema.execute(text, VARIABLES[name], Caller(database, asked_by(name, text), Settings()))
    assert not answer.errors, answer.errors
    await database.dispose()
    return {"ended": "ended", "answer": answer.data, "points": points.count, "kept_at": points.kept_at}


def in_a_child(url: str, name: str, dies_at: int) -> dict[str, Any]:
    """The write in a process of its own, and how it ended."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        told = json.dumps(asyncio.run(write(url, name, dies_at)), default=str)
        with os.fdopen(writes, "w") as out:
            out.write(told)
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads) as heard:
        said = heard.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return {"ended": "killed"}
    return dict(json.loads(said)) if said else {"ended": "failed"}


if __name__ == "__main__":
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        result = asyncio.run(write(**asked)) if asked["dies_at"] == 0 else in_a_child(**asked)
        sys.stdout.write(f"{json.dumps(result, default=str)}\n")
        sys.stdout.flush()
