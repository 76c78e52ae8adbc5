"""A program that dies: its n-th child does a write on the n-th database, and is killed just before its n-th statement.

Run as ``python -m tests.orders.dying <what> <database> <database> …``; nothing is caught, nothing is cleaned up. Prints
for each child ``killed``, or ``ended`` once there are fewer statements than that. A commit counts as a statement.
"""

import asyncio
import os
import signal
import sys
from typing import Any

from sqlalchemy import event

from catering.api.context import Caller
from catering.api.schema import schema
from catering.db import Database
from catering.moment import Clock
from catering.settings import Settings, contract_folder
from tests.api.dataset import uai
from tests.orders.market import MONDAY, NOW, WEEK, buyer, seller

OPERATIONS: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "send": (
        "chef/SendBasket",
        buyer(),
        {"basket": {"kitchen": uai(0), "week": WEEK.isoformat(), "version": 3}, "idempotencyKey": "before-i-die"},
    ),
    "fail": (
        "producer/ReportFailure",
        seller(),
        {"supplier": "ferme_0", "day": MONDAY.isoformat(), "reason": "gel", "idempotencyKey": "before-i-die"},
    ),
}


async def write(url: str, what: str, dies_at: int) -> None:
    """Execute the operation, counting statements."""
    Clock.fixed = NOW
    database = Database(url)
    count = 0

    def note(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    for moment in ("before_cursor_execute", "commit"):
        event.listen(database.engine.sync_engine, moment, note)
    name, viewer, variables = OPERATIONS[what]
    text = (contract_folder() / "operations" / f"{name}.graphql").read_text(encoding="utf-8")
    answer = await schema.execute(text, variables, Caller(database, viewer, Settings()))
    assert not answer.errors, answer.errors
    assert "message" not in str(answer.data), answer.data
    await database.dispose()


def in_a_child(url: str, what: str, dies_at: int) -> str:
    """The write in a process of its own, and how it ended."""
    child = os.fork()
    if child == 0:
        asyncio.run(write(url, what, dies_at))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "killed"
    return "ended" if os.WEXITSTATUS(status) == 0 else "failed"


if __name__ == "__main__":
    for number, address in enumerate(sys.argv[2:], start=1):
        sys.stdout.write(f"{in_a_child(address, sys.argv[1], number)}\n")
