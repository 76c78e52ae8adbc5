"""Répartition entre les fermes: how a plan's purchases are spread over the farms; it awards nothing."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from catering.web.asked import Asked
from catering.web.departement import plan
from catering.web.pages import Action, Page

PATH = f"{plan.PATH}/fermes"
THOUSANDTH = Decimal("0.001")
ROWS = 50  # legal-number: farms on a page


def _variables(asked: Asked) -> dict[str, Any]:
    return {"runId": asked.text("run"), "first": ROWS, "after": asked.text("apres") or None}


def _shows(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """The plan, its farms, and by how much what is paid differs from what they ask now."""
    run = answer["planRun"]
    fairness = run["fairness"]
    farms = [] if fairness is None else [each | {"moved": moved(each)} for each in fairness["rows"]["nodes"]]
    return {"run": run, "fairness": fairness, "farms": farms, "moved": fairness and moved(fairness)}


def moved(sales: Any) -> Decimal | None:
    """How much more (less) than asked now is paid, as a share of what is asked; None of nothing."""
    asked = Decimal(sales["askedEur"])
    share = (Decimal(sales["amountEur"]) - asked) / asked if asked else None
    return None if share is None else share.quantize(THOUSANDTH, ROUND_HALF_UP) + 0


PAGES: tuple[Page, ...] = (
    Page(
        "departement/fairness",
        PATH,
        "Répartition entre les fermes",
        "administrator/PlanFairness",
        _variables,
        "planRun",
        _shows,
    ),
)
ACTIONS: tuple[Action, ...] = ()
