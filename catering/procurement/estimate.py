"""What a need is worth against the law: bought without contract, and contracts and consultations for all they allow.

A need cut into several contracts or consultations, each below a threshold, is one need (CCP-20, CCP-21). A contract
counts for its maximum in each of its families, or for what is ordered on it if that is more, while it is in force and
for twelve months from its first day; so does a consultation that is published, for its estimate, until it is decided.
Pure.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import chain
from typing import TypeVar

from catering.procurement.need import ZERO, Duty, last_counted, months_before, window_length
from catering.procurement.vocabulary import Procedure

Row = TypeVar("Row")
Key = TypeVar("Key")
LIGHTER: Mapping[Duty, frozenset[Procedure]] = {
    Duty.COMPETITION: frozenset({Procedure.BELOW_THRESHOLD}),
    Duty.NOTICE: frozenset({Procedure.BELOW_THRESHOLD}),
    Duty.FORMAL_PROCEDURE: frozenset({Procedure.BELOW_THRESHOLD, Procedure.ADAPTED}),
}
"""Procedures by which contracts were made without what a duty asks: of these, the maximum counts."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What one kitchen has committed to in a family over twelve months, without contract or on one (row id)."""

    kitchen: int
    family: str
    contract: int | None
    procedure: Procedure | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Running:
    """A contract as one of its members sees one family of it: days, € ordered by that member, € it still allows."""

    contract: int
    procedure: Procedure
    kitchen: int
    family: str
    start: date
    end: date
    ordered: Decimal
    left: Decimal
    """By all its members together."""


@dataclass(frozen=True, slots=True)
class Consulted:
    """A lot put to competition and not decided: the share of its estimate that is delivered to one kitchen."""

    lot: int
    kitchen: int
    family: str
    day: date
    """On which it was published."""
    last: date
    """Last day of delivery."""
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """A need in its three parts, € excl. tax: committed, still allowed by contracts, and asked for in consultations."""

    committed: Decimal = ZERO
    contracts: Decimal = ZERO
    consultations: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """What is compared with a threshold."""
        return self.committed + self.contracts + self.consultations


@dataclass(frozen=True)
class Needs:
    """All that counts in the needs of some buyers on a day."""

    day: date
    committed: Sequence[Committed] = ()
    running: Sequence[Running] = ()
    consulted: Sequence[Consulted] = ()

    def pairs(self) -> list[tuple[int, str]]:
        """Kitchens and families of which something counts."""
        every: tuple[Iterable[Committed | Running | Consulted], ...] = self.committed, self.running, self.consulted
        return sorted({(each.kitchen, each.family) for rows in every for each in rows})

    def of(
        self, kitchens: Collection[int], family: str, duty: Duty = Duty.COMPETITION, until: date | None = None
    ) -> Estimate:
        """The need of buyers together in a family, in the twelve months in which it is the largest.

        These end on the day, or on the first day of a contract that is signed and begins later: a need is not split by
        recording its parts in another order. What is committed is not lessened by the time until then.

        Args:
            kitchens: row ids.
            family: code.
            duty: whose threshold it is compared with.
            until: last day on which what is to be added would count; twelve months after the day when nobody says.
        """
        last = until or self._last_counted
        begins = {each.start for each in self._running_of.get(family, ()) if self.day < each.start <= last}
        return max((self._on(day, kitchens, family, duty) for day in sorted({self.day, *begins})), key=_total)

    def _on(self, day: date, kitchens: Collection[int], family: str, duty: Duty) -> Estimate:
        whole = self._counted_whole(day, family, duty)
        committed = sum(
            (each.amount for each in self._committed(kitchens, family, duty) if each.contract not in whole), ZERO
        )
        contracts = ZERO
        for members in whole.values():
            own = [each for each in members if each.kitchen in kitchens]
            if own:
                committed += sum((each.ordered for each in own), ZERO)
                contracts += own[0].left
        first = self._first(day)
        consulted = (
            each.amount
            for each in self._consulted_of.get(family, ())
            if each.kitchen in kitchens and each.day <= day and first <= each.last
        )
        return Estimate(committed, contracts, sum(consulted, ZERO))

    def _committed(self, kitchens: Collection[int], family: str, duty: Duty) -> Iterable[Committed]:
        for each in chain.from_iterable(self._committed_of.get((kitchen, family), ()) for kitchen in kitchens):
            # What a formal procedure has awarded cannot fall short of one; below, everything counts (decision 32).
            if not (duty is Duty.FORMAL_PROCEDURE and each.procedure is Procedure.FORMAL):
                yield each

    def _counted_whole(self, day: date, family: str, duty: Duty) -> Mapping[int, list[Running]]:
        found: dict[int, list[Running]] = defaultdict(list)
        first = self._first(day)
        for each in self._running_of.get(family, ()):
            if each.procedure in LIGHTER[duty] and each.start <= day and (day <= each.end or first <= each.start):
                found[each.contract].append(each)
        return found

    @cached_property
    def _committed_of(self) -> Mapping[tuple[int, str], Sequence[Committed]]:
        return _grouped(self.committed, lambda each: (each.kitchen, each.family))

    @cached_property
    def _running_of(self) -> Mapping[str, Sequence[Running]]:
        return _grouped(self.running, lambda each: each.family)

    @cached_property
    def _consulted_of(self) -> Mapping[str, Sequence[Consulted]]:
        return _grouped(self.consulted, lambda each: each.family)

    def _first(self, day: date) -> date:
        # The length of the period is that of the day asked about: a later day may be beyond the figures known.
        return months_before(day, self._months) + timedelta(days=1)

    @cached_property
    def _months(self) -> int:
        return window_length(self.day)

    @cached_property
    def _last_counted(self) -> date:
        return last_counted(self.day)


def _grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> Mapping[Key, Sequence[Row]]:
    """A Département asks for each of its needs: rows are looked up, not gone through."""
    found: dict[Key, list[Row]] = defaultdict(list)
    for each in rows:
        found[key(each)].append(each)
    return found


def share_of(estimated: Decimal, grams: int, of: int) -> Decimal:
    """The part of the estimate of a lot that its grams for one kitchen make, rounded half-up to the cent."""
    return (estimated * int(grams) / int(of)).quantize(ZERO, ROUND_HALF_UP)


def _total(estimate: Estimate) -> Decimal:
    return estimate.total
