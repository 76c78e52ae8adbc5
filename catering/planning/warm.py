"""What a plan in use was made from, kept at hand in the process: reading it again takes seconds, a swap takes none.

Dishes, offers, prices and capacities are those of the moment they were read, ten minutes old at most; the menus and
purchases of the plan are not kept: every request reads them.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from catering import moment
from catering.db import Database
from catering.planning.facts import PLANNER, read_facts
from catering.planning.plan_rules import as_stated, stated_rules
from catering.planning.problem import tables_of
from catering.rules import law
from catering.sight import EVERYTHING
from optimizer.problem import Problem

KEPT_FOR = timedelta(minutes=10)
MOST_KEPT = 2
"""Plans of a process: the one in use, and the one that is to take its place."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A problem, and when it was read."""

    problem: Problem
    read_at: datetime


class Shelf:
    """The problems that a process keeps of one database."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._kept: OrderedDict[int, Kept] = OrderedDict()

    async def problem(self, database: Database, run_id: int, scenario_id: int) -> Problem:
        """The problem of a run, its rules as they were stated then."""
        async with self._turn:
            kept = self._kept.get(run_id)
            if kept is None or moment.now() - kept.read_at > KEPT_FOR:
                kept = Kept(await _read(database, run_id, scenario_id), moment.now())
            self._kept[run_id] = kept
            self._kept.move_to_end(run_id)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return kept.problem


async def problem_at_hand(database: Database, run_id: int, scenario_id: int) -> Problem:
    """The problem of a run: read once in ten minutes and process, seconds for a whole year."""
    whole = database.opened
    return await _shelves.setdefault(whole, Shelf()).problem(whole, run_id, scenario_id)


_shelves: WeakKeyDictionary[Database, Shelf] = WeakKeyDictionary()


async def _read(database: Database, run_id: int, scenario_id: int) -> Problem:
    # It is everybody's: a problem read with the eyes of one would be kept for all.
    async with database.seeing(EVERYTHING).reading() as session:
        facts = await read_facts(session, scenario_id)
        rules = as_stated((await session.scalars(stated_rules(PLANNER, run_id))).all())
    tables = await asyncio.to_thread(tables_of, facts, law())
    return replace(tables, rules=rules)
