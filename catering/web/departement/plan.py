"""Un plan: what it costs and how near the best it is, in words; its rules, purchases and kitchens."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from catering.planning.aims import FLOORS
from catering.web.asked import Asked
from catering.web.departement import knobs, plans
from catering.web.pages import Action, Page
from catering.web.standing import of_share
from catering.web.wording import percent, rounded

PATH = f"{plans.PATH}/{{run}}"
ROWS = 25  # legal-number: kitchens on a page
NEAR, FAR = Decimal("0.01"), Decimal("0.05")  # legal-number: of a gap that is called small, or large
GRAMS_PER_KG = 1000


def _variables(asked: Asked) -> dict[str, Any]:
    return {"runId": asked.text("run"), "first": ROWS, "after": asked.text("apres") or None}


def _shows(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """Purchases by family and by kind, ratios with their marks, and what the gap means."""
    run = answer["planRun"]
    kitchens = [
        each | {"ratios": [ratio | {"mark": of_share(ratio["holds"])} for ratio in each["ratios"]]}
        for each in run["kitchens"]["nodes"]
    ]
    told = {"indicators": [each | {"told": indicator(each)} for each in run["indicators"] if each["value"] is not None]}
    return {"run": run, "kitchens": kitchens, "quality": quality(run["gap"]), **told, **purchases(run), **_asks(run)}


def indicator(each: Any) -> str:
    """The value of an indicator in words: a share of one in percent, all else to two decimals."""
    return percent(each["value"]) if each["unit"].startswith("part") else rounded(each["value"], 2)


def _asks(run: Any) -> dict[str, Any]:
    """What the plan was asked beside the law, and the titles of the floors among its rules."""
    titles = {rule: title for rule, title, _ in FLOORS.values()}
    return {"asks": knobs.told(run["scenario"]["aims"]), "titles": titles}


def quality(gap: str | None) -> tuple[str, str]:
    """The mark of a gap, and what it means."""
    if gap is None:
        return "unknown", "aucune preuve : la borne n'est pas encore connue"
    share = Decimal(gap)
    if share <= NEAR:
        return "ok", "pratiquement le meilleur plan possible"
    return ("ok", "proche du meilleur plan possible") if share <= FAR else ("watch", "un meilleur plan peut exister")


def purchases(run: Any) -> dict[str, Any]:
    """Purchases of a plan: a row per family with its part of each kind of supplier, the totals, the footprint."""
    amounts: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for each in run["purchases"]:
        amounts[each["family"]][each["supplierKind"]] = Decimal(each["amountEur"])
    total = sum((sum(of.values(), Decimal(0)) for of in amounts.values()), Decimal(0))
    kinds = sorted({kind for of in amounts.values() for kind in of}, reverse=True)
    by_kind = {kind: sum((of.get(kind, Decimal(0)) for of in amounts.values()), Decimal(0)) for kind in kinds}
    families = {family: sum(of.values(), Decimal(0)) for family, of in amounts.items()}
    return {
        "amounts": amounts,
        "families": dict(sorted(families.items(), key=lambda each: -each[1])),
        "kinds": by_kind,
        "total": total,
        "co2e_t": _sum(run["purchases"], "co2eKg") / GRAMS_PER_KG,
        "unknown_g": int(_sum(run["purchases"], "unknownFootprintG")),
    }


def _sum(rows: Sequence[Any], name: str) -> Decimal:
    return sum((Decimal(each[name]) for each in rows), Decimal(0))


PAGES: tuple[Page, ...] = (
    Page("departement/plan", PATH, "Un plan", "administrator/PlanSheet", _variables, "planRun", _shows),
)
ACTIONS: tuple[Action, ...] = ()
