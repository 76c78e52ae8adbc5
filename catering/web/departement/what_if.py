"""Et si ? A change is supposed of a plan, kept under a name, set beside others; what comes of it, figure by figure."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from catering.planning.supposed import MOST_KM
from catering.web.asked import Asked, BadFields, Fault, gathered
from catering.web.departement import plan
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.words import WORDS

PATH = f"{plan.PATH}/et-si"
ONE = f"{PATH}/{{hypothese}}"
ROWS = 50  # legal-number: rows of a page
PRICES = {"ingredient": "INGREDIENT_PRICE", "famille": "FAMILY_PRICE"}
"""Fields whose price moves by the percent of the field ``…_pct``."""
WHOLES = {"couverts_pct": ("Couverts", "COVERS"), "budget_pct": ("Budget", "BUDGET")}


def _of_run(asked: Asked) -> dict[str, Any]:
    return {"runId": asked.text("run"), "first": ROWS, "after": asked.optional("apres") or None}


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The plan, what is supposed of it, and the families to choose from."""
    return {
        "run": answer["planRun"],
        "kept": [each | {"more": more(each)} for each in answer["planSuppositions"]["nodes"]],
        "info": answer["planSuppositions"]["pageInfo"],
        "families": WORDS["Family"],
        "path": PATH.format(run=asked.text("run")),
        "most_km": MOST_KM,
    }


def more(each: Any) -> Decimal | None:
    """How much more is bought under the change, €; None before the end."""
    return None if each["afterEur"] is None else Decimal(each["afterEur"]) - Decimal(each["beforeEur"])


def _one(asked: Asked) -> dict[str, Any]:
    return {"id": asked.text("hypothese"), "first": ROWS}


def _shows_one(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """One supposition; its differences with what they are more or less."""
    of = answer["planSupposition"]
    tables = {
        what: [each | {"more": more(each)} for each in of[what]] for what in ("kitchens", "suppliers", "families")
    }
    same = of["problemSha256"] is not None and of["problemSha256"] == of["run"]["problemSha256"]
    return {"of": of, "more": more(of), **tables, "same": same, "path": PATH.format(run=asked.text("run"))}


def _supposed(asked: Asked) -> dict[str, Any]:
    """The changes of the form, each field read before any is refused."""
    readers: dict[str, Callable[[], Any]] = {"name": lambda: asked.needed("nom", "Nom : donner un nom à l'hypothèse.")}
    if asked.optional("fournisseur"):
        readers["stops"] = lambda: {"kind": "SUPPLIER_STOPS", "of": asked.text("fournisseur")}
    if asked.optional("commune"):
        readers["area"] = lambda: {
            "kind": "AREA_CLOSED",
            "of": asked.text("commune"),
            "km": asked.whole("km", "Kilomètres", least=1, most=MOST_KM),
        }
    for field, kind in PRICES.items():
        if asked.optional(field):
            readers[field] = lambda field=field, kind=kind: {  # type: ignore[misc]  # bound to this turn of the loop
                "kind": kind,
                "of": asked.text(field),
                "percent": _percent(asked, f"{field}_pct", "Prix"),
            }
    for field, (label, kind) in WHOLES.items():
        if asked.optional(field):
            readers[field] = lambda field=field, label=label, kind=kind: {  # type: ignore[misc]  # as above
                "kind": kind,
                "percent": _percent(asked, field, label),
            }
    read = gathered(readers)
    name = read.pop("name")
    if not read:
        raise BadFields(Fault(None, "Remplir un changement au moins : fournisseur, zone, prix, couverts ou budget."))
    supposition = {"runId": asked.text("run"), "name": name, "changes": list(read.values())}
    return {"supposition": supposition, "idempotencyKey": asked.text("cle")}


def _percent(asked: Asked, field: str, label: str) -> str:
    """A percentage as typed, with its sign and a comma or a point."""
    text = asked.text(field).replace("−", "-").replace(",", ".").replace("%", "").strip()
    try:
        percent = Decimal(text)
    except ArithmeticError:
        percent = Decimal("NaN")
    if not percent.is_finite():
        raise BadFields(Fault(field, f"{label} : écrire un pourcentage, par exemple 10 ou -5."))
    return f"{percent:f}"


PAGES: tuple[Page, ...] = (
    Page("departement/what_if", PATH, "Et si ?", "administrator/PlanSuppositions", _of_run, "planRun", _shows),
    Page(
        "departement/supposition",
        ONE,
        "Une hypothèse",
        "administrator/PlanSupposition",
        _one,
        "planSupposition",
        _shows_one,
    ),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "departement/suppose",
        PATH,
        "administrator/SupposeChange",
        _supposed,
        done="ChangeSupposed",
        leads=lambda result, asked: with_message(
            ONE.format(run=asked.text("run"), hypothese=result["supposition"]["id"]), "hypothese"
        ),
        page="departement/what_if",
    ),
)
