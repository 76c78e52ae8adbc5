"""Consultations of a buyer: those under way with what is to be done, and a new need described from the plan."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from catering import moment
from catering.recipes.vocabulary import Family
from catering.web.asked import Asked, BadFields, Fault, gathered
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.words import WORDS

PATH = "/cuisine/{uai}/consultations"
NEW = f"{PATH}/nouvelle"
TAKEN, PRODUCT, INGREDIENT, KILOS, LOT = "pris-", "produit-", "ingredient-", "kg-", "lot-de-"
"""Begin the names of the fields of a line, which end with its number."""
LOTS = ("1", "2", "3")
BLANK_LINES = 4  # legal-number: lines for what the plan does not buy
WEEKS_AHEAD, WEEKS_LONG = timedelta(weeks=6), timedelta(weeks=10)
USUAL_WEIGHTS = {"price": 40, "freshness": 20, "organic_or_siqo": 40}  # legal-number: a proposal, nothing of a rule
"""What the form proposes: price at most 40 %, as the buyers' guide advises (CCP-05), and an environmental criterion."""
MOST_WEIGHT = 100


def step(consultation: Any, now: datetime) -> str:
    """What is to be done next: `publish`, `wait`, `open`, `decide`, or nothing more (`done`)."""
    if consultation["status"] == "DRAFT":
        return "publish"
    if consultation["status"] != "PUBLISHED":
        return "done"
    if consultation["openedAt"] is not None:
        return "decide"
    return "open" if datetime.fromisoformat(consultation["deadline"]) <= now else "wait"


def _listed(asked: Asked) -> dict[str, Any]:
    return {"after": asked.text("apres") or None}


def _shows(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """Each with its next step; what waits for the buyer first."""
    now = moment.now()
    order = ("open", "decide", "publish", "wait", "done")
    nodes = [each | {"step": step(each, now)} for each in answer["consultations"]["nodes"]]
    return {
        "consultations": sorted(nodes, key=lambda each: order.index(each["step"])),
        "more": answer["consultations"]["pageInfo"],
    }


def _family(asked: Asked) -> str:
    family = asked.text("famille")
    return family if family in WORDS["Family"] else Family.FRUITS_ET_LEGUMES.name


def _days(asked: Asked) -> tuple[date, date]:
    """First and last day of delivery; some weeks from now on by default. What cannot be read is told by the form."""
    first = moment.today() + WEEKS_AHEAD
    first -= timedelta(days=first.weekday())
    try:
        first = asked.day("du", first)
        return first, asked.day("au", first + WEEKS_LONG - timedelta(days=3))
    except BadFields:
        return first, first + WEEKS_LONG


def _needed(asked: Asked) -> dict[str, Any]:
    first, last = _days(asked)
    return {
        "kitchen": asked.text("uai"),
        "day": first.isoformat(),
        "firstWeek": (first - timedelta(days=first.weekday())).isoformat(),
        "lastWeek": (last - timedelta(days=last.weekday())).isoformat(),
        "family": _family(asked),
        "after": asked.text("apres") or None,
    }


def _form(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """What the plan buys of the family, most first, blank lines for the rest, and the criteria with usual weights."""
    first, last = _days(asked)
    plan = answer["planInUse"]
    needs = sorted(plan["needs"]["nodes"] if plan else [], key=lambda each: -int(each["grams"]))
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "family": _family(asked),
        "needs": needs,
        "cut": bool(plan) and plan["needs"]["pageInfo"]["hasNextPage"],
        "blank": range(len(needs), len(needs) + BLANK_LINES),
        "ingredients": {each["id"]: each["name"] for each in answer["ingredients"]["nodes"]},
        "more": answer["ingredients"]["pageInfo"],
        "criteria": [each | {"usual": USUAL_WEIGHTS.get(each["code"], "")} for each in answer["awardCriteria"]],
        "others_typed": any(
            asked.optional(f"poids-{each['code']}")
            for each in answer["awardCriteria"]
            if each["code"] not in USUAL_WEIGHTS
        ),
        "lots": LOTS,
    }


def _described(asked: Asked) -> dict[str, Any]:
    """The need typed: lines that were ticked or have a weight, in the lots they name.

    Raises:
        BadFields: some fields cannot be used; all are told at once.
    """
    numbers = sorted({name.removeprefix(PRODUCT) for name in asked.form if name.startswith(PRODUCT)}, key=_as_number)
    wanted = [each for each in numbers if _is_wanted(asked, each)]
    if not wanted:
        raise BadFields(Fault(f"{PRODUCT}0", "Aucun produit n'est demandé : en cocher, ou en ajouter dans les lignes."))
    used = [lot for lot in LOTS if any(asked.text(LOT + each, "1") == lot for each in wanted)]
    read = gathered(
        {
            "title": partial(asked.needed, "titre", "Objet : dire ce qui est acheté, par exemple « Légumes d'hiver »."),
            "delivery": partial(asked.needed, "livraison", "Livraison : dire où, quels jours et à quelle heure."),
            "firstDay": lambda: asked.day("du").isoformat(),
            "lastDay": lambda: asked.day("au").isoformat(),
            "perimeterKm": partial(_perimeter, asked),
            "criteria": partial(_criteria, asked),
            **{each: partial(_line, asked, each) for each in wanted},
            **{f"lot {each}": partial(_lot, asked, each) for each in used},
        }
    )
    lots = [
        read[f"lot {lot}"] | {"lines": [read.pop(each) for each in wanted if asked.text(LOT + each, "1") == lot]}
        for lot in used
    ]
    need = {name: read[name] for name in ("title", "delivery", "firstDay", "lastDay", "perimeterKm", "criteria")}
    return {"need": {"kitchen": asked.text("uai"), "lots": lots, **need}, "idempotencyKey": asked.text("cle")}


def _as_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else -1


def _is_wanted(asked: Asked, line: str) -> bool:
    """A line of the plan is ticked; another has something typed."""
    if asked.optional(f"du-plan-{line}"):
        return asked.optional(TAKEN + line)
    return any(asked.optional(name + line) for name in (PRODUCT, INGREDIENT, KILOS))


def _line(asked: Asked, line: str) -> dict[str, Any]:
    read = gathered(
        {
            "ingredient": partial(asked.needed, INGREDIENT + line, "Produit : choisir dans la liste ce que c'est."),
            "product": partial(asked.needed, PRODUCT + line, "Description : écrire ce qui est voulu, en mots simples."),
            "quantityG": partial(_grams, asked, KILOS + line),
        }
    )
    return read | {"kitchen": asked.text("uai")}


def _grams(asked: Asked, name: str) -> str:
    grams = asked.grams(name, "Quantité")
    if not grams:
        raise BadFields(Fault(name, "Quantité : plus de 0 kg."))
    return str(grams)


def _lot(asked: Asked, lot: str) -> dict[str, Any]:
    name = f"lot-montant-{lot}"
    amount = str(asked.decimal(name, f"Lot {lot}, montant estimé"))
    return {"title": asked.text(f"lot-titre-{lot}") or asked.text("titre"), "estimatedEur": amount}


def _perimeter(asked: Asked) -> int | None:
    return asked.whole("rayon", "Rayon d'envoi", least=1, most=1_000) if asked.optional("rayon") else None


def _criteria(asked: Asked) -> list[dict[str, Any]]:
    """Criteria with a weight, the heaviest first: that is the order in which they part equal offers."""
    codes = [name.removeprefix("poids-") for name in asked.form if name.startswith("poids-") and asked.optional(name)]
    weights = gathered({code: partial(asked.whole, f"poids-{code}", "Poids", most=MOST_WEIGHT) for code in codes})
    kept = sorted(((code, weight) for code, weight in weights.items() if weight), key=lambda each: -each[1])
    if sum(weight for _, weight in kept) != MOST_WEIGHT:
        told = f"Les poids font {sum(weight for _, weight in kept)} % ensemble : les porter à 100 %."
        raise BadFields(Fault("poids-price", told))
    return [{"code": code, "weight": weight} for code, weight in kept]


def _to_draft(result: Any, asked: Asked) -> str:
    return with_message(f"{PATH.format(uai=asked.text('uai'))}/{result['consultation']['id']}", "besoin")


PAGES: tuple[Page, ...] = (
    Page("chef/consultations", PATH, "Consultations", "chef/Consultations", _listed, shows=_shows),
    Page("chef/new_consultation", NEW, "Nouvelle consultation", "chef/NewConsultation", _needed, "kitchen", _form),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "chef/describe_need",
        NEW,
        "chef/DescribeConsultation",
        _described,
        done="ConsultationDescribed",
        leads=_to_draft,
        page="chef/new_consultation",
        blames={"CriterionNotAllowed": "poids-price", "GeographicCondition": "titre"},
    ),
)
