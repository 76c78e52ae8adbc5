"""Comparer deux plans, et publier l'un d'eux: both show what changes where."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from catering.web.asked import Asked, BadFields, Fault
from catering.web.departement import plan
from catering.web.messages import with_message
from catering.web.pages import Action, Page

COMPARED = f"{plan.PATH}/comparer"
PUBLISHED = f"{plan.PATH}/publier"
ROWS = 20  # legal-number: rows of a page


def _against(asked: Asked) -> dict[str, Any]:
    return {"runId": asked.text("run"), "other": asked.text("avec") or None, "first": ROWS}


def _against_the_one_in_use(asked: Asked) -> dict[str, Any]:
    return {"runId": asked.text("run"), "other": None, "first": ROWS}


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Both plans figure by figure, the one compared with first; families; rules; the plans to choose from."""
    run, changes = answer["planRun"], answer["planRun"]["changes"]
    before = changes["run"] if changes else None
    others = {
        each["id"]: f"n° {each['id']} · {each['scenario']['name']}"
        for each in answer["planRuns"]["nodes"]
        if each["id"] != run["id"]
    }
    shown = {"run": run, "changes": changes, "before": before, "others": others, "asked_for": asked.text("avec")}
    return shown | (_both(before, run) if before else {"families": [], "rules": [], "figures": []})


def _both(before: Any, run: Any) -> dict[str, Any]:
    old, new = plan.purchases(before), plan.purchases(run)
    families = {**old["families"], **new["families"]}
    kinds = {**old["kinds"], **new["kinds"]}
    rules = {each["rule"]: each for each in (*before["ruleSummary"], *run["ruleSummary"])}
    missed = [{each["rule"]: each["broken"] for each in of["ruleSummary"]} for of in (before, run)]
    nothing = Decimal(0)
    figures = {each["id"]: each["value"] for each in before["indicators"]}
    return {
        "indicators": [
            (each, figures[each["id"]], each["value"]) for each in run["indicators"] if each["id"] in figures
        ],
        "families": [
            (each, old["families"].get(each, nothing), new["families"].get(each, nothing)) for each in families
        ],
        "kinds": [(each, old["kinds"].get(each, nothing), new["kinds"].get(each, nothing)) for each in kinds],
        "rules": [
            (rule, each["statement"]["title"] if each["statement"] else rule, *(of.get(rule, 0) for of in missed))
            for rule, each in sorted(rules.items())
            if missed[0].get(rule, 0) != missed[1].get(rule, 0)
        ],
        "co2e": (old["co2e_t"], new["co2e_t"]),
        "cost": (Decimal(before["costEur"]), Decimal(run["costEur"])),
    }


def _confirmed(asked: Asked) -> dict[str, Any]:
    """The plan to publish, once the box is ticked."""
    if not asked.optional("confirme"):
        raise BadFields(Fault("confirme", "Cocher la case : la publication change les menus et les paniers de chacun."))
    return {"runId": asked.text("run"), "idempotencyKey": asked.text("cle")}


PAGES: tuple[Page, ...] = (
    Page(
        "departement/compare",
        COMPARED,
        "Comparer deux plans",
        "administrator/ComparePlans",
        _against,
        "planRun",
        _shows,
    ),
    Page(
        "departement/publish",
        PUBLISHED,
        "Publier un plan",
        "administrator/ComparePlans",
        _against_the_one_in_use,
        "planRun",
        _shows,
    ),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "departement/publish_plan",
        PUBLISHED,
        "administrator/PublishPlan",
        _confirmed,
        done="PlanPublished",
        leads=lambda _result, asked: with_message(plan.PATH.format(run=asked.text("run")), "plan-publie"),
        page="departement/publish",
    ),
)
