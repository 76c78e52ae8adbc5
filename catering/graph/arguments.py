"""Arguments that fields of several rooms take."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, TypeAlias

import strawberry

from catering.graph.errors import BadArgumentError, BadDatesError
from catering.graph.values import Weekday
from catering.rules import UnknownRuleError

LARGEST_ROW = 2**31 - 1
LONGEST_ECHO = 20  # legal-number: characters of a message, nothing of a law

Slug: TypeAlias = Annotated[
    strawberry.ID, strawberry.argument(name="id", description="The stable name, e.g. `chou_fleur`.")
]
Monday: TypeAlias = Annotated[
    date, strawberry.argument(description="The Monday that names the week; another day is refused (BAD_DATES).")
]
SomeMonday: TypeAlias = Annotated[
    date | None, strawberry.argument(description="Only the week of this Monday; another day is refused (BAD_DATES).")
]


def a_monday(week: date) -> date:
    """The Monday that names a week.

    Raises:
        BadDatesError: the date is no Monday.
    """
    if Weekday(week.weekday()) is not Weekday.MONDAY:
        raise BadDatesError(f"Le {week:%d/%m/%Y} n'est pas un lundi : une semaine se nomme par son lundi.")
    return week


@contextmanager
def known_law(on: date) -> Iterator[None]:
    """What is decided inside by the law of a day somebody chose.

    Raises:
        BadArgumentError: the platform knows no law of that date.
    """
    try:
        yield
    except UnknownRuleError as fault:
        raise BadArgumentError(f"on : aucune loi connue au {on:%d/%m/%Y}. {fault}") from fault


def row_number(given: str, of: str) -> int:
    """The row that an id names.

    Args:
        given: the id.
        of: what it must name, in French: « la commande ».

    Raises:
        BadArgumentError: it is no number that a row can have.
    """
    digits = given.isascii() and given.isdigit() and len(given) <= len(str(LARGEST_ROW))
    if not digits or not 1 <= int(given) <= LARGEST_ROW:
        shown = given if len(given) <= LONGEST_ECHO else f"{given[:LONGEST_ECHO]}…"
        raise BadArgumentError(f"{of} : « {shown} » n'est pas un numéro. Reprendre celui qu'une lecture a rendu.")
    return int(given)
