"""Arguments that fields of several rooms take."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry

from catering.graph.errors import BadDatesError
from catering.graph.values import Weekday

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
