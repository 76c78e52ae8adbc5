"""Whose rows a transaction may touch on PostgreSQL: the second lock, behind ``visible_to``.

Each transaction begins by saying on whose behalf it runs, in the statement that begins it; policies of the tables
(``catering.row_security``) compare every row with it. The settings end with the transaction, so that a connection goes
back to the pool without them. SQLite has no such lock.
"""

import re
from dataclasses import dataclass
from typing import Any

SIGHT = "catering_sight"
"""Execution option of an engine: the ``Sight`` of its transactions."""
WRITES = "catering_writes"
"""Execution option of an engine: its transactions write."""
SNAPSHOT = "catering_snapshot"
"""Execution option of an engine: its transactions see the database as it was at their first read."""
PLAIN = re.compile(r"[0-9A-Za-z_.-]*")
"""What identifiers of kitchens and suppliers are made of: nothing that could end a text or a list."""


@dataclass(frozen=True, slots=True)
class Sight:
    """On whose behalf a transaction runs.

    ``kitchens`` are UAI, ``suppliers`` ids (slugs): rows of theirs may be read and written. ``reads_all`` and
    ``writes_all`` lift the lock.
    """

    reads_all: bool = False
    writes_all: bool = False
    kitchens: frozenset[str] = frozenset()
    suppliers: frozenset[str] = frozenset()

    def settings(self, *, writes: bool) -> dict[str, str]:
        """Settings of one transaction.

        A transaction that writes reads everything: the law is judged over the rows of others too (a contract's maximum
        over its members, a permit's weekly cap over all who order), and a sum from which rows were hidden would be
        wrong without a word. What it may write stays narrow, and what its caller is told is read afterwards, in a
        transaction that only reads.

        Raises:
            ValueError: an identifier is not plain.
        """
        return {
            "catering.reads": "all" if self.reads_all or writes else "own",
            "catering.writes": "all" if self.writes_all else "own",
            "catering.kitchens": _listed(self.kitchens),
            "catering.suppliers": _listed(self.suppliers),
        }


EVERYTHING = Sight(reads_all=True, writes_all=True)
"""Commands and jobs: whoever starts them holds the machine."""
OPEN = Sight(reads_all=True)
"""What is read of everybody's rows for somebody: the statements that do say what of them is told."""
NOTHING = Sight()
"""A server before it knows who asks: accounts and reference data only."""


def begin(options: dict[str, Any]) -> str:
    """The statements that begin a transaction, sent as one: BEGIN and its settings cost one round trip, as BEGIN does.

    An engine without the option tells nothing, and then sees no row under a policy.
    """
    start = "BEGIN ISOLATION LEVEL REPEATABLE READ" if options.get(SNAPSHOT) else "BEGIN"
    sight: Sight | None = options.get(SIGHT)
    if sight is None:
        return start
    told = sight.settings(writes=bool(options.get(WRITES)))
    calls = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in told.items())
    return f"{start}; SELECT {calls}"


def _listed(identifiers: frozenset[str]) -> str:
    for each in identifiers:
        if not PLAIN.fullmatch(each):
            raise ValueError(f"{each!r} is no identifier of a kitchen or a supplier")
    return ",".join(sorted(identifiers))
