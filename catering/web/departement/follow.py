"""Suivre un calcul: where a run stands, told as it changes; without script, each time the page is asked for."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from catering.planning.models import RunStatus
from catering.web.asked import Asked
from catering.web.departement import plans
from catering.web.messages import with_message
from catering.web.pages import Action, Page

PATH = f"{plans.PATH}/{{run}}/suivi"
ENDED = frozenset(status.name for status in RunStatus if status.ended)


def _variables(asked: Asked) -> dict[str, Any]:
    return {"runId": asked.text("run")}


def _shows(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """The run, and whether it goes on."""
    run = answer["planRun"]
    minutes = Decimal(run["timeLimitSeconds"]) / 60
    return {"run": run, "ended": run["status"] in ENDED, "minutes": minutes, "curve": None}


def _cancelled(asked: Asked) -> dict[str, Any]:
    return {"runId": asked.text("run"), "idempotencyKey": asked.text("cle")}


PAGES: tuple[Page, ...] = (
    Page("departement/follow", PATH, "Suivre un calcul", "administrator/PlanNow", _variables, "planRun", _shows),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "departement/cancel_plan",
        f"{plans.PATH}/{{run}}/arreter",
        "administrator/CancelPlan",
        _cancelled,
        done="PlanCancelled",
        leads=lambda _result, asked: with_message(PATH.format(run=asked.text("run")), "plan-arrete"),
        page="departement/follow",
    ),
)
