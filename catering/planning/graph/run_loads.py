"""Loads of the runs, of their rules and of whom they deliver to, for one operation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, func
from sqlalchemy.orm import InstrumentedAttribute

from catering.graph.loading import Loader, ManyByKey, OneByKey
from catering.planning.models import (
    PlanConflict,
    PlanRule,
    PlanRun,
    PlanScenario,
    RunStatus,
    ScenarioKitchen,
)
from catering.planning.models_aims import ScenarioAim
from catering.planning.queries import runs, runs_visible_to, scenarios_visible_to
from catering.planning.queries_of_runs import (
    aims_visible_to,
    conflicts_visible_to,
    rules_visible_to,
    scenario_kitchens_visible_to,
)


class RunById(OneByKey[int, PlanRun]):
    """Runs by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return PlanRun.id

    def statement(self) -> Select[PlanRun]:
        """All visible runs."""
        return runs_visible_to(self.request.viewer)


class ScenarioById(OneByKey[int, PlanScenario]):
    """Scenarios by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return PlanScenario.id

    def statement(self) -> Select[PlanScenario]:
        """All visible scenarios."""
        return scenarios_visible_to(self.request.viewer)


class AimsByScenarioId(ManyByKey[int, ScenarioAim]):
    """What scenarios ask: nine things at most each."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The scenario."""
        return ScenarioAim.scenario_id

    def statement(self) -> Select[ScenarioAim]:
        """Those of visible scenarios, in order of kind."""
        return aims_visible_to(self.request.viewer).order_by(ScenarioAim.scenario_id, ScenarioAim.aim)


class KitchenCountByScenarioId(Loader[int, int]):
    """How many kitchens scenarios plan."""

    async def fetch(self, keys: list[int]) -> Mapping[int, int]:
        """Counts by scenario."""
        planned = scenario_kitchens_visible_to(self.request.viewer).where(ScenarioKitchen.scenario_id.in_(keys))
        counted = planned.with_only_columns(ScenarioKitchen.scenario_id, func.count())
        return dict(await self.request.rows(counted.group_by(ScenarioKitchen.scenario_id)))

    def missing(self, key: int) -> int:
        """No kitchen."""
        del key
        return 0


class RulesByRunId(ManyByKey[int, PlanRule]):
    """Rules as runs stated them to the optimizer: a few dozen per run."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The run."""
        return PlanRule.run_id

    def statement(self) -> Select[PlanRule]:
        """Those of visible runs, in order of id."""
        return rules_visible_to(self.request.viewer).order_by(PlanRule.run_id, PlanRule.rule)


class ConflictsByRunId(ManyByKey[int, PlanConflict]):
    """Rules that cannot hold together, of runs that found no plan."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The run."""
        return PlanConflict.run_id

    def statement(self) -> Select[PlanConflict]:
        """Those of visible runs, in the order the optimizer named them."""
        return conflicts_visible_to(self.request.viewer).order_by(PlanConflict.run_id, PlanConflict.rank)


@dataclass(frozen=True, slots=True)
class RunWanted:
    """The plan in use: for one kitchen, and between two days, when given."""

    kitchen_id: int | None = None
    first: date | None = None
    last: date | None = None


class RunInUse(Loader[RunWanted, PlanRun | None]):
    """The plan in use: the published one, or else the newest that was made; None when no plan covers what is asked."""

    async def fetch(self, keys: list[RunWanted]) -> Mapping[RunWanted, PlanRun | None]:
        """Plans by wish: one statement per distinct pair of days, and one for the plans."""
        found: dict[RunWanted, int] = {}
        for days in {(key.first, key.last) for key in keys}:
            some = [key for key in keys if (key.first, key.last) == days]
            found |= await self._numbers(some)
        plans = await self.request.loader(RunById).load_many(set(found.values()))
        by_number = {plan.id: plan for plan in plans if plan is not None}
        return {key: by_number.get(number) for key, number in found.items()}

    async def _numbers(self, keys: list[RunWanted]) -> Mapping[RunWanted, int]:
        """Numbers of the plans for wishes of the same days."""
        first, last = keys[0].first, keys[0].last
        in_use = and_(PlanRun.published_at.is_not(None), PlanRun.withdrawn_at.is_(None))
        newest = [func.max(case((in_use, PlanRun.id))), func.max(PlanRun.id)]
        made = runs(self.request.viewer, status=RunStatus.DONE).join(PlanRun.scenario)
        if first is not None and last is not None:
            made = made.where(PlanScenario.first_day <= last, PlanScenario.last_day >= first)
        wanted = {key.kitchen_id for key in keys if key.kitchen_id is not None}
        of_kitchens = (
            made.join(PlanScenario.kitchens)
            .where(ScenarioKitchen.kitchen_id.in_(wanted))
            .with_only_columns(ScenarioKitchen.kitchen_id, *newest)
            .group_by(ScenarioKitchen.kitchen_id)
        )
        rows = list(await self.request.rows(of_kitchens)) if wanted else []
        if any(key.kitchen_id is None for key in keys):
            rows += [(None, *row) for row in await self.request.rows(made.with_only_columns(*newest))]
        best = {kitchen_id: published or newest_made for kitchen_id, published, newest_made in rows}
        return {key: best[key.kitchen_id] for key in keys if best.get(key.kitchen_id) is not None}

    def missing(self, key: RunWanted) -> None:
        """No plan covers it."""
        del key
