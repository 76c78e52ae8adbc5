"""A worker that is killed with a run in its hands, run as ``python -m tests.planning.dying_worker URL PLAN MOMENT``.

``MOMENT`` is what the process is about to do when SIGKILL ends it: nothing is caught, nothing is cleaned up.
"""

import asyncio
import os
import signal
import sys
from typing import Any

from catering.db import Database
from catering.planning import jobs
from optimizer import Plan

MOMENTS = ("build_problem", "keep_portions", "solve", "verify", "store_sums")
"""In the order in which a run does them."""


def die(*_: Any, **__: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


async def work(url: str, plan: Plan, moment: str) -> None:
    if moment != "solve":
        setattr(jobs, moment, die)
    solver = die if moment == "solve" else lambda *_, **__: plan
    await jobs.work_through_queue(Database(url), solver=solver)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], Plan.from_folder(sys.argv[2]), sys.argv[3]))
