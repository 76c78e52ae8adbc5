"""The covers a scenario plans for, and the forecast each of them is of, as GraphQL shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import strawberry
from sqlalchemy import Select, func

from catering.attendance.models import CoversForecast, ForecastBasis
from catering.attendance.queries import forecasts_visible_to
from catering.graph.documented import documented
from catering.graph.loading import Loader
from catering.graph.pages_by_parent import PageByParent
from catering.graph.paging import Order
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.kitchens import models as kitchen_models
from catering.kitchens.graph import Kitchen
from catering.kitchens.queries import kitchens
from catering.planning.graph.standings import kitchen_of
from catering.planning.models import CoversSource, ScenarioCovers, ScenarioForecast
from catering.planning.queries_of_runs import scenario_covers_visible_to, scenario_forecasts_visible_to

strawberry.enum(CoversSource, description="Whose covers are planned: of the kitchens' calendar, or forecast.")


@dataclass(frozen=True, slots=True)
class CoversWanted:
    """Forecasts of a scenario, of one kitchen when its UAI is given."""

    scenario_id: int
    uai: str | None


class CoversPageByScenario(PageByParent[CoversWanted, CoversForecast]):
    """Pages of the forecasts that scenarios plan for."""

    order = Order((CoversForecast.kitchen_id, CoversForecast.day))
    table = CoversForecast

    def statement(self, parent: CoversWanted) -> Select[CoversForecast]:
        """Those the viewer may read."""
        viewer = self.request.viewer
        used = scenario_covers_visible_to(viewer).where(ScenarioCovers.scenario_id == parent.scenario_id)
        wanted = forecasts_visible_to(viewer).where(
            CoversForecast.id.in_(used.with_only_columns(ScenarioCovers.forecast_id))
        )
        if parent.uai is not None:
            own = kitchens(viewer, uais=[parent.uai]).with_only_columns(kitchen_models.Kitchen.id)
            wanted = wanted.where(CoversForecast.kitchen_id.in_(own))
        return wanted


class ForecastByScenarioId(Loader[int, ScenarioForecast | None]):
    """Whether and when scenarios were forecast."""

    async def fetch(self, keys: list[int]) -> Mapping[int, ScenarioForecast | None]:
        """Those that plan for forecasts, by scenario."""
        asked = scenario_forecasts_visible_to(self.request.viewer).where(ScenarioForecast.scenario_id.in_(keys))
        return {row.scenario_id: row for row in await self.request.objects(asked)}

    def missing(self, key: int) -> None:
        """It plans for the calendar."""
        del key


class DaysForecastByScenarioId(Loader[int, int]):
    """How many days of the kitchens that the viewer may read scenarios plan by a forecast."""

    async def fetch(self, keys: list[int]) -> Mapping[int, int]:
        """Counts by scenario."""
        used = scenario_covers_visible_to(self.request.viewer).where(ScenarioCovers.scenario_id.in_(keys))
        counted = used.with_only_columns(ScenarioCovers.scenario_id, func.count())
        return dict(await self.request.rows(counted.group_by(ScenarioCovers.scenario_id)))

    def missing(self, key: int) -> int:
        """None."""
        del key
        return 0


@strawberry.type(description="The covers of one kitchen's day of a plan, and the forecast they are of.")
class PlannedCovers:
    row: strawberry.Private[CoversForecast]
    day: date = strawberry.field(description="The day.")
    made_on: date = strawberry.field(description="Day of the forecast.")
    model_version: str = strawberry.field(description="Changes when the same history would give another forecast.")
    basis: ForecastBasis = strawberry.field(description="What it rests on; ANNOUNCED: too short a history.")
    expected: int = strawberry.field(description="The middle of the forecast.")
    reasons: list[str] = strawberry.field(description="Why, in French, the two costs it balances among them.")

    @documented
    def covers(self) -> int:
        """Covers planned: as many as balance a missing meal against a wasted one. 0: the day is left out."""
        return self.row.recommended

    @documented
    async def kitchen(self, info: Ask) -> Kitchen | None:
        """Whose day."""
        return await kitchen_of(info, self.row.kitchen_id)


def show_covers(row: CoversForecast) -> PlannedCovers:
    """Planned covers as GraphQL shows them."""
    return shown(PlannedCovers, row, row=row)
