"""What a viewer may read of what hangs on runs: the rules stated, the conflicts found, the places delivered to."""

from collections.abc import Collection, Mapping

from sqlalchemy import Select, and_, false, or_, select

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.people.viewer import Viewer
from catering.planning.models import (
    PlanConflict,
    PlannedDrop,
    PlanRule,
    PlanRun,
    PlanScenario,
    PlanSupposition,
    ScenarioCovers,
    ScenarioForecast,
    ScenarioKitchen,
)
from catering.planning.models_aims import ScenarioAim
from catering.planning.queries import drops_visible_to, runs_visible_to, scenarios_visible_to


def rules_visible_to(viewer: Viewer) -> Select[PlanRule]:
    """Rules as stated to the optimizer: those of the runs a viewer may read."""
    return select(PlanRule).where(PlanRule.run_id.in_(runs_visible_to(viewer).with_only_columns(PlanRun.id)))


def conflicts_visible_to(viewer: Viewer) -> Select[PlanConflict]:
    """Rules that cannot hold together: those of the runs a viewer may read."""
    return select(PlanConflict).where(PlanConflict.run_id.in_(runs_visible_to(viewer).with_only_columns(PlanRun.id)))


def scenario_kitchens_visible_to(viewer: Viewer) -> Select[ScenarioKitchen]:
    """Which kitchens scenarios plan: of the scenarios a viewer may read; only their number is for everybody."""
    visible = scenarios_visible_to(viewer).with_only_columns(PlanScenario.id)
    return select(ScenarioKitchen).where(ScenarioKitchen.scenario_id.in_(visible))


def aims_visible_to(viewer: Viewer) -> Select[ScenarioAim]:
    """What scenarios ask: of the scenarios a viewer may read."""
    visible = scenarios_visible_to(viewer).with_only_columns(PlanScenario.id)
    return select(ScenarioAim).where(ScenarioAim.scenario_id.in_(visible))


def scenario_forecasts_visible_to(viewer: Viewer) -> Select[ScenarioForecast]:
    """Which scenarios plan for forecasts, and since when: of the scenarios a viewer may read."""
    visible = scenarios_visible_to(viewer).with_only_columns(PlanScenario.id)
    return select(ScenarioForecast).where(ScenarioForecast.scenario_id.in_(visible))


def scenario_covers_visible_to(viewer: Viewer) -> Select[ScenarioCovers]:
    """Which forecasts scenarios plan for: of the scenarios and kitchens a viewer may read."""
    visible = scenarios_visible_to(viewer).with_only_columns(PlanScenario.id)
    own = kitchens_visible_to(viewer).with_only_columns(Kitchen.id)
    return select(ScenarioCovers).where(ScenarioCovers.scenario_id.in_(visible), ScenarioCovers.kitchen_id.in_(own))


def places_visible_to(viewer: Viewer, wanted: Mapping[int, Collection[int]]) -> Select[Kitchen]:
    """Kitchens as their suppliers know them: those that deliveries the viewer may read go to.

    Args:
        viewer: on whose behalf.
        wanted: ids of kitchens by run; only these are looked at.
    """
    delivered = drops_visible_to(viewer).where(PlannedDrop.kitchen_id == Kitchen.id)
    served = (
        and_(Kitchen.id.in_(kitchen_ids), delivered.where(PlannedDrop.run_id == run_id).exists())
        for run_id, kitchen_ids in wanted.items()
    )
    return select(Kitchen).where(or_(*served))


def suppositions_visible_to(viewer: Viewer) -> Select[PlanSupposition]:
    """What is supposed of plans: told to who controls; it names every supplier's sales."""
    statement = select(PlanSupposition)
    return statement if viewer.sees_everything else statement.where(false())
