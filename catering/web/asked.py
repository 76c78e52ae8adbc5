"""What a request for a page brings, read field by field: a bad value is refused in French beside its field."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from catering import moment
from catering.graph.values import DECIMAL, FIRST_YEAR, LAST_YEAR
from catering.people.viewer import Viewer
from catering.refusal import Refusal

GRAMS_PER_KG = 1000
LONGEST_NUMBER = 15  # legal-number: digits that are read of a field
MOST_GRAMS = 2_000_000_000
"""GraphQL's whole numbers end a little higher."""
CLOCK_SLACK = timedelta(minutes=10)  # legal-number: of a clock, no rule
"""A clock this fast is not told to be wrong."""
TYPED_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of a form; ``field`` None is the whole form."""

    field: str | None
    message: str


class BadFields(Refusal):
    """Fields of a form cannot be used."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(each.message for each in faults))
        self.faults = faults


@dataclass(frozen=True)
class Asked:
    """One request: who asks, the parameters of the path, of the address, of the form (by name, in order)."""

    viewer: Viewer | None
    path: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """A value wherever it stands, without the blanks around; the last one of a repeated field."""
        if name in self.path:
            return self.path[name]
        given = self.form.get(name)
        return (given[-1] if given else self.query.get(name, default)).strip()

    def needed(self, name: str, message: str) -> str:
        """A value that must be there.

        Raises:
            BadFields: it is not.
        """
        value = self.text(name)
        if not value:
            raise BadFields(Fault(name, message))
        return value

    def word(self, name: str, kind: type[Word], message: str) -> Word:
        """One of the words of an enumeration, by its name.

        Raises:
            BadFields: it is none.
        """
        try:
            return kind[self.text(name)]
        except KeyError as fault:
            raise BadFields(Fault(name, message)) from fault

    def day(self, name: str, default: date | None = None) -> date:
        """A day, AAAA-MM-JJ as browsers send it or JJ/MM/AAAA as people type it; today by default.

        Raises:
            BadFields: it is no day.
        """
        value = self.text(name)
        if not value:
            return default or moment.today()
        typed = TYPED_DAY.fullmatch(value)
        try:
            day = date(*map(int, reversed(typed.groups()))) if typed else date.fromisoformat(value)
        except ValueError as fault:
            raise BadFields(Fault(name, f"« {value} » n'est pas une date : l'écrire 07/09/2026.")) from fault
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise BadFields(Fault(name, f"« {value} » : donner une date entre {FIRST_YEAR} et {LAST_YEAR}."))
        return day

    def noted_at(self, name: str = "note_a", since: datetime | None = None) -> datetime:
        """When something was noted: the tablet says so, which may send it much later. Its clock may be fast, late or
        anything: what cannot be is the present moment instead, so that nothing typed is refused for it.

        Args:
            name: of the field.
            since: before which it cannot have been.
        """
        now = moment.now()
        noted = _instant(self.text(name))
        return noted if noted is not None and (since is None or since <= noted) and noted <= now else now

    def clock_wrong(self, name: str = "note_a", since: datetime | None = None) -> bool:
        """Whether a moment was told that cannot be, by more than a little: ``noted_at`` put another in its place."""
        if not self.optional(name):
            return False
        noted, now = _instant(self.text(name)), moment.now()
        return noted is None or noted > now + CLOCK_SLACK or (since is not None and noted < since)

    def monday(self, name: str = "semaine") -> date:
        """The Monday of a week named by any of its days; this week by default.

        Raises:
            BadFields: it is no day.
        """
        day = self.day(name)
        return day - timedelta(days=day.weekday())

    def whole(self, name: str, label: str, *, least: int = 0, most: int = MOST_GRAMS) -> int:
        """A whole number.

        Raises:
            BadFields: it is none, or out of its bounds.
        """
        value = self.text(name).replace(" ", "").replace("\u202f", "").replace("\u00a0", "")
        if not (value.isascii() and value.isdigit()):
            raise BadFields(Fault(name, f"{label} : écrire un nombre entier, par exemple 12."))
        if not least <= (number := int(value[:LONGEST_NUMBER])) <= most:
            raise BadFields(Fault(name, f"{label} : écrire un nombre de {least} à {most}."))
        return number

    def decimal(self, name: str, label: str) -> Decimal:
        """A decimal number, with a comma or a point.

        Raises:
            BadFields: it is none.
        """
        value = self.text(name).replace(",", ".").replace(" ", "").replace("\u202f", "").replace("\u00a0", "")
        if not DECIMAL.fullmatch(value) or len(value) > LONGEST_NUMBER:
            raise BadFields(Fault(name, f"{label} : écrire un nombre, par exemple 3,5."))
        return Decimal(value)

    def grams(self, name: str, label: str) -> int:
        """A weight typed in kilograms, to the gram.

        Raises:
            BadFields: it is none, is negative or finer than a gram.
        """
        grams = self.decimal(name, label) * GRAMS_PER_KG
        if grams < 0 or grams > MOST_GRAMS or grams != grams.to_integral_value():
            raise BadFields(Fault(name, f"{label} : écrire des kilogrammes, au gramme près, par exemple 3,250."))
        return int(grams)

    def optional(self, name: str) -> bool:
        """Whether a value was typed at all."""
        return bool(self.text(name))


def _instant(text: str) -> datetime | None:
    """A moment with its zone, in years that the platform knows; None for anything else."""
    try:
        told = datetime.fromisoformat(text)
        known = told.tzinfo is not None and FIRST_YEAR <= told.astimezone(UTC).year <= LAST_YEAR
    except (ValueError, OverflowError):
        return None
    return told.astimezone(UTC) if known else None


def gathered(readers: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """What each reader gives, by name: all are tried before anything is refused, so that all faults are told at once.

    Raises:
        BadFields: with the faults of every reader that refused.
    """
    read: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, reader in readers.items():
        try:
            read[name] = reader()
        except BadFields as refusal:
            faults.extend(refusal.faults)
    if faults:
        raise BadFields(*faults)
    return read
