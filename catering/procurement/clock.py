"""The clock of the database: the one that decides whether an offer is late."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from catering.db import UtcDateTime
from catering.moment import PARIS


class DatabaseNow(FunctionElement[datetime]):
    """The present instant, read when the statement looks at the row.

    On PostgreSQL ``now()`` would be the start of the transaction: a statement that waited for a lock past the deadline
    would still be in time.
    """

    type = UtcDateTime()
    inherit_cache = True


@compiles(DatabaseNow, "postgresql")
def _on_postgresql(_element: DatabaseNow, _compiler: Any, **_options: Any) -> str:
    return "clock_timestamp()"


@compiles(DatabaseNow, "sqlite")
def _on_sqlite(_element: DatabaseNow, _compiler: Any, **_options: Any) -> str:
    # Written as SQLAlchemy writes an instant there, six decimals, so that texts compare as instants do.
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


def in_words(at: datetime) -> str:
    """An instant as a French reader expects it."""
    return f"{at.astimezone(PARIS):%d/%m/%Y à %H h %M}"
