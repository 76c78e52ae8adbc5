"""What the weighings of one kitchen and period say: grams per cover, stage by stage, and what is missing (GAS-14)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from catering.rules import RuleBook
from catering.waste.rules.breakdown import shared
from catering.waste.rules.estimate import DayRatio, Estimate, per_cover
from catering.waste.rules.figures import doubt
from catering.waste.rules.mass import Mass, ServiceMass, Weighed, added, by_service
from catering.waste.vocabulary import Service, Stage


class Row(Weighed, Protocol):
    """A weighing, with whether the kitchen confirmed an unusual weight."""

    @property
    def confirmed(self) -> bool: ...


class Counted(Protocol):
    """Covers of one service, with whether the kitchen confirmed that they make the day unusual."""

    @property
    def day(self) -> date: ...
    @property
    def service(self) -> Service: ...
    @property
    def served(self) -> int | None: ...
    @property
    def confirmed(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class StageResult:
    """One stage over the days on which it was weighed."""

    stage: Stage
    mass: Mass
    per_cover: Estimate | None
    estimated: bool
    """Whether some of it was not sorted, so that its edible part follows from the share of the law."""


@dataclass(frozen=True, slots=True)
class DayResult:
    """One day. ``covers`` None: somebody forgot to count.

    ``complete``: preparation was weighed, and every service that was counted or weighed has both of its stages.
    """

    day: date
    stages: Mapping[Stage, Mass]
    covers: int | None
    complete: bool
    ate: Mapping[Stage, int | None]
    """Covers behind each stage: of the services in which it was weighed; preparation is of the whole day."""
    unsorted: frozenset[Stage]
    """Stages that were not sorted, even in part."""

    @property
    def mass(self) -> Mass:
        """All stages."""
        return added(self.stages.values())


@dataclass(frozen=True, slots=True)
class Result:
    """All of it. ``per_cover`` rests on days that are complete and whose covers are known."""

    days: Sequence[DayResult]
    stages: Sequence[StageResult]
    per_cover: Estimate | None
    without_unusual: Estimate | None
    """The same without the days whose weighings or covers were confirmed as unusual; equal when there is none."""

    @property
    def mass(self) -> Mass:
        """All stages, all days."""
        return added(day.mass for day in self.days)

    @property
    def covers(self) -> int:
        """Covers served on the days that are complete."""
        return sum(day.covers or 0 for day in self.usable)

    @property
    def usable(self) -> list[DayResult]:
        """Complete days whose covers are known."""
        return [day for day in self.days if day.complete and day.covers]

    @property
    def partial_days(self) -> list[date]:
        """Days on which a stage of a service was not weighed."""
        return [day.day for day in self.days if not day.complete]

    @property
    def uncounted_days(self) -> list[date]:
        """Days of which the covers served are not known."""
        return [day.day for day in self.days if not day.covers]


def result(
    rows: Sequence[Row],
    covers: Collection[Counted],
    book: RuleBook | None = None,
    *,
    every: Collection[Service] = (),
    only: Service | None = None,
) -> Result:
    """What weighings say.

    Args:
        rows: of one kitchen, opposite rows among them; of all services, for preparation is of the whole day.
        covers: of the same kitchen and days.
        book: of the law, that of the platform by default.
        every: services that a day must have to be complete (GAS-10-SOINS); by default those counted or weighed.
        only: the figures of this service: its own bins, and its part of the preparation of the day by covers served.
    """
    days = _days(by_service(rows, book), {(each.day, each.service): each.served for each in covers}, every, only)
    unusual = _unusual(rows, days, book) | {each.day for each in covers if each.confirmed}
    complete = [day for day in days if day.complete]
    return Result(
        days,
        [_stage(stage, days) for stage in Stage],
        _estimate(complete),
        _estimate([day for day in complete if day.day not in unusual]),
    )


def _unusual(rows: Iterable[Row], days: Iterable[DayResult], book: RuleBook | None) -> set[date]:
    """Days on which a confirmed unusual weighing stands; one that was taken back does not.

    A day confirmed before its covers were counted may be an ordinary one with them; a dish of which more came back
    than was served is a doubt of its own, whatever the day comes to.
    """
    grams: dict[tuple[date, bool], int] = defaultdict(int)
    for row in rows:
        if row.confirmed:
            grams[row.day, getattr(row, "dish_id", None) is not None] += row.net_g
    usual = {day.day for day in days if day.covers and doubt(day.day, day.mass.edible_g, day.covers, book) is None}
    return {day for (day, of_dish), net in grams.items() if net and (of_dish or day not in usual)}


def _days(
    services: Iterable[ServiceMass],
    served: Mapping[tuple[date, Service], int | None],
    every: Collection[Service],
    only: Service | None,
) -> list[DayResult]:
    by_day: dict[date, list[ServiceMass]] = defaultdict(list)
    for service in services:
        by_day[service.day].append(service)
    counted: dict[date, dict[Service, int | None]] = defaultdict(dict)
    for (day, meal), many in served.items():
        counted[day][meal] = many
    if only is None:
        return [_day(day, some, counted[day], every) for day, some in by_day.items()]
    found = [_of_service(day, some, counted[day], only) for day, some in by_day.items()]
    return [each for each in found if each is not None]


def _day(
    day: date, some: Sequence[ServiceMass], served: Mapping[Service, int | None], every: Collection[Service]
) -> DayResult:
    """Peelings are of the whole day; plates and what was not served belong to their service.

    A service that was counted and not weighed would halve the figure, and a bin of the evening would pass for the one
    forgotten at noon: both leave the day incomplete.
    """
    stages: dict[Stage, Mass] = defaultdict(Mass)
    where: dict[Stage, set[Service]] = defaultdict(set)
    for service in some:
        for stage, mass in service.stages.items():
            stages[stage] += mass
            where[stage].add(service.service)
    tables = {meal for meal, many in served.items() if many} | where[Stage.UNSERVED] | where[Stage.PLATES]
    tables |= set(every)
    whole = bool(tables) and tables == where[Stage.UNSERVED] == where[Stage.PLATES]
    ate = {stage: _covers(tables if stage is Stage.PREPARATION else where[stage], served) for stage in stages}
    unsorted = frozenset(stage for service in some for stage in service.unsorted)
    complete = whole and Stage.PREPARATION in stages
    return DayResult(day, dict(stages), _covers(tables, served), complete, ate, unsorted)


def _of_service(
    day: date, some: Sequence[ServiceMass], served: Mapping[Service, int | None], only: Service
) -> DayResult | None:
    """One service of a day; None where it was neither weighed nor counted.

    Whichever service carried the peelings, each has its part by covers served, to the gram; nobody knows it until all
    services of the day are counted.
    """
    own = {stage: mass for each in some if each.service is only for stage, mass in each.stages.items()}
    stages: dict[Stage, Mass] = {stage: mass for stage, mass in own.items() if stage is not Stage.PREPARATION}
    ate = served.get(only)
    if not stages and not ate:
        return None
    peeled = [each.stages[Stage.PREPARATION] for each in some if Stage.PREPARATION in each.stages]
    tables = {meal for meal, many in served.items() if many} | {each.service for each in some if _has_table(each)}
    if peeled and ate and _covers(tables, served):
        weights = {meal: served.get(meal) or 0 for meal in sorted(tables)}
        whole = added(peeled)
        parts = (shared(grams, weights)[only] for grams in (whole.edible_g, whole.inedible_g))
        stages[Stage.PREPARATION] = Mass(*parts)
    unsorted = frozenset(stage for each in some if each.service is only for stage in each.unsorted)
    return DayResult(day, stages, ate, set(Stage) == stages.keys(), dict.fromkeys(stages, ate), unsorted)


def _has_table(each: ServiceMass) -> bool:
    return bool({Stage.UNSERVED, Stage.PLATES} & each.stages.keys())


def _covers(services: Iterable[Service], served: Mapping[Service, int | None]) -> int | None:
    """Who ate at some services; unknown as soon as nobody counted one of them, or there is none."""
    counted = [served.get(each) for each in services]
    return None if not counted or None in counted else sum(many for many in counted if many is not None)


def _stage(stage: Stage, days: Sequence[DayResult]) -> StageResult:
    weighed = [day for day in days if stage in day.stages]
    ratios = [DayRatio(day.stages[stage].edible_g, covers) for day in weighed if (covers := day.ate[stage])]
    estimated = any(stage in day.unsorted for day in weighed)
    return StageResult(stage, added(day.stages[stage] for day in weighed), per_cover(ratios), estimated)


def _estimate(days: Iterable[DayResult]) -> Estimate | None:
    return per_cover([DayRatio(day.mass.edible_g, day.covers) for day in days if day.covers])
