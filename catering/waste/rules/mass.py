"""How weighings add up: by stage and part, edible and not (GAS-11, GAS-12), grams to the gram."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from catering.rules import RuleBook
from catering.waste.rules.figures import inedible_share
from catering.waste.vocabulary import Part, Service, Stage

WHOLE = Decimal(1)


class Weighed(Protocol):
    """A weighing, or rows of it added up."""

    @property
    def day(self) -> date: ...
    @property
    def service(self) -> Service: ...
    @property
    def stage(self) -> Stage: ...
    @property
    def part(self) -> Part: ...
    @property
    def net_g(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Mass:
    """Grams of one or several stages; ``edible_g + inedible_g`` is the total, always."""

    edible_g: int = 0
    inedible_g: int = 0

    @property
    def total_g(self) -> int:
        """Everything."""
        return self.edible_g + self.inedible_g

    def __add__(self, other: "Mass") -> "Mass":
        return Mass(self.edible_g + other.edible_g, self.inedible_g + other.inedible_g)


NOTHING = Mass()


@dataclass(frozen=True, slots=True)
class ServiceMass:
    """What one service lost, stage by stage; a stage that was not weighed is not there."""

    day: date
    service: Service
    stages: Mapping[Stage, Mass] = field(default_factory=dict)
    unsorted: frozenset[Stage] = frozenset()
    """Stages that were not sorted, even in part: their edible grams are estimated."""

    @property
    def mass(self) -> Mass:
        """All stages."""
        return added(self.stages.values())


def added(masses: Iterable[Mass]) -> Mass:
    """The sum of masses."""
    return sum(masses, NOTHING)


def split(unsorted_g: int, on: date, book: RuleBook | None = None) -> Mass:
    """Unsorted grams of the service parted by the share of the law of that day: not edible rounded half-up."""
    inedible = int((inedible_share(on, book) * unsorted_g).quantize(WHOLE, ROUND_HALF_UP))
    return Mass(unsorted_g - inedible, inedible)


def by_service(rows: Iterable[Weighed], book: RuleBook | None = None) -> list[ServiceMass]:
    """What each service lost, in order of day and service.

    Opposite rows cancel what they take back before anything is parted: rounding never depends on a correction.
    """
    grams: dict[tuple[date, Service], dict[tuple[Stage, Part], int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        grams[row.day, row.service][row.stage, row.part] += row.net_g
    return [_service(*key, grams[key], book) for key in sorted(grams, key=_order)]


def _order(key: tuple[date, Service]) -> tuple[date, int]:
    return key[0], list(Service).index(key[1])


def _service(
    day: date, service: Service, grams: Mapping[tuple[Stage, Part], int], book: RuleBook | None
) -> ServiceMass:
    stages: dict[Stage, Mass] = {}
    for stage in Stage:
        weighed = {part: grams[stage, part] for part in Part if (stage, part) in grams}
        if weighed:
            sorted_mass = Mass(weighed.get(Part.EDIBLE, 0), weighed.get(Part.INEDIBLE, 0))
            stages[stage] = sorted_mass + split(weighed.get(Part.UNSORTED, 0), day, book)
    unsorted = frozenset(stage for (stage, part), net in grams.items() if part is Part.UNSORTED and net)
    return ServiceMass(day, service, stages, unsorted)
