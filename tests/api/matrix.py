"""Who may do what: for each stored operation and each role, what is answered about one's own and about another's.

**How a room adds an operation.** Write the file under ``graphql/operations``, its variables in ``operations.py``, and
one `Entry` in a ``CELLS`` of a ``matrix_<room>.py`` beside this file, merged into ``test_matrix.MATRIX``; an operation
without one fails ``test_matrix.py``. In the entry:

- ``of`` is whose data is asked for: the kitchen's, the supplier's, the account's, or nobody's.
- ``asks`` makes the variables from a `Subject`; it is called with the caller's own subject and with another's. Leave
  it out when the operation has no subject: `VARIABLES` are then used, once.
- each group of roles says what it is answered: one outcome, or two (own, other). Roles left out are REFUSED, and so is
  whoever is not signed in, but of a `public` page.

SHOWN is held by marks: ``marks.py`` writes the name of its owner into the texts and amounts of every row that has one,
and the answer is searched for them. Whatever the entry says, no answer may hold a mark of somebody whose data its
reader may not see. **A room with tables of kitchens or suppliers** adds rows for both subjects to ``dataset*.py``, and
a function that marks them to ``marks.MARKERS``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from catering.people.viewer import BUYS, SELLS, Role
from tests.api.dataset_people import (
    NUMBERS,
    OTHER_BUYER,
    OTHER_KITCHEN,
    OTHER_SUPPLIER,
    OWN_KITCHEN,
    OWN_SUPPLIER,
)


class Outcome(StrEnum):
    """What a reader is answered."""

    SHOWN = "data of the owner"
    OPEN = "data that belongs to nobody"
    NOTHING = "no data of any owner, and no refusal: hidden and absent look the same"
    DONE = "the change is made"
    REFUSED = "a named refusal or an error code"


class Of(StrEnum):
    """Whose data an operation is about."""

    KITCHEN = "kitchen"
    SUPPLIER = "supplier"
    ACCOUNT = "account"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom an operation is asked about; ``account`` is also the number of their token, passkey and session."""

    kitchen: str
    supplier: str
    account: int


OTHER = Subject(OTHER_KITCHEN, OTHER_SUPPLIER, OTHER_BUYER)
Cell = Outcome | tuple[Outcome, Outcome]


def own(role: Role) -> Subject:
    """What a role asks about as its own; who has no kitchen or supplier asks about the same ones."""
    return Subject(OWN_KITCHEN, OWN_SUPPLIER, NUMBERS[role])


@dataclass(frozen=True, slots=True)
class Entry:
    """The row of one operation."""

    of: Of = Of.NOBODY
    asks: Callable[[Subject], Mapping[str, Any]] | None = None
    buyers: Cell = Outcome.REFUSED
    sellers: Cell = Outcome.REFUSED
    nutrition: Cell = Outcome.REFUSED
    departement: Cell = Outcome.REFUSED
    auditor: Cell = Outcome.REFUSED
    shows_places: bool = False
    """Whether a seller is told where they deliver: names and addresses of kitchens, never their figures."""
    public: bool = False
    """Whether it is a page for diners, which nobody signs in for: names of collèges, never their figures."""

    def cells(self, role: Role) -> tuple[Outcome, Outcome]:
        """What a role is answered about its own, and about another's."""
        group = {Role.NUTRITION_MANAGER: self.nutrition, Role.DEPARTEMENT: self.departement, Role.AUDITOR: self.auditor}
        cell = self.buyers if role in BUYS else self.sellers if role in SELLS else group[role]
        return cell if isinstance(cell, tuple) else (cell, cell)
