"""One consultation for its buyer: publish, answer questions, open, compare, set aside, award or close, step by step."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Any

from catering import moment
from catering.procurement.vocabulary import SetAsideGround
from catering.web.asked import Asked, BadFields, Fault
from catering.web.chef.consultations import PATH, step
from catering.web.messages import with_message
from catering.web.pages import Action, Page

ONE = PATH + "/{consultation}"
USUAL_HOUR = "12:00"
WHOLE = "tous"
"""All lots, where one may be chosen."""
LAST_RANK = 10_000


def _variables(asked: Asked) -> dict[str, Any]:
    return {"id": asked.text("consultation")}


def _shows(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """Where it stands, and of each lot its offers: those compared by rank, then those set aside."""
    consultation = answer["consultation"]
    criteria = consultation["criteria"]
    lots = list(_lots(consultation))
    waiting = [each for each in lots if each["status"] == "WAITING"]
    return {
        "step": step(consultation, moment.now()),
        "lots": lots,
        "waiting": {str(each["number"]): f"Lot {each['number']} : {each['title']}" for each in waiting},
        "units": {each["criterion"]["code"]: each["criterion"]["unit"] for each in criteria},
        "names": {each["criterion"]["code"]: each["criterion"]["frenchName"] for each in criteria},
        "places": {line["place"]["uai"] for lot in lots for line in lot["lines"] if line["place"]},
        "unanswered": [each for each in consultation["questions"] if each["answer"] is None],
        "hour": USUAL_HOUR,
    }


def _lots(consultation: Any) -> Iterator[dict[str, Any]]:
    for lot in consultation["lots"]:
        offers = [each for each in consultation["tenders"] if each["lot"] in (None, lot["number"])]
        compared = [each | {"by": _points(each)} for each in offers if each["setAsideReason"] is None]
        yield lot | {
            "offers": sorted(compared, key=lambda each: each["score"]["rank"] if each["score"] else LAST_RANK),
            "aside": [each for each in offers if each["setAsideReason"] is not None],
        }


def _points(tender: Any) -> dict[str, dict[str, Any]]:
    """By criterion: what the offer answers and the points that it has for it."""
    answers = {each["code"]: each["value"] for each in tender["facts"]}
    score = tender["score"]["byCriterion"] if tender["score"] else ()
    return {each["code"]: {"answer": answers.get(each["code"]), "points": each["points"]} for each in score}


def _keyed(asked: Asked) -> dict[str, Any]:
    return {"consultationId": asked.text("consultation"), "idempotencyKey": asked.text("cle")}


def _published(asked: Asked) -> dict[str, Any]:
    """Until when offers are taken: a day, and an hour in France.

    Raises:
        BadFields: one of them is not said.
    """
    asked.needed("limite", "Date limite : donner le dernier jour pour répondre.")
    day = asked.day("limite")
    try:
        hour = time.fromisoformat(asked.text("heure") or USUAL_HOUR)
    except ValueError as fault:
        raise BadFields(Fault("heure", "Heure limite : l'écrire 12:00.")) from fault
    return _keyed(asked) | {"deadline": datetime.combine(day, hour, moment.PARIS).isoformat()}


def _answered(asked: Asked) -> dict[str, Any]:
    number = asked.text("question")
    answer = asked.needed(f"reponse-{number}", "Réponse : l'écrire ; tous les fournisseurs la liront.")
    return _keyed(asked) | {"questionId": number, "answer": answer}


def _reason(asked: Asked, name: str) -> str:
    return asked.needed(name, "Motif : l'écrire en une phrase au moins ; il est gardé et envoyé aux fournisseurs.")


def _set_aside(asked: Asked) -> dict[str, Any]:
    tender = asked.text("offre")
    ground = asked.word(f"cause-{tender}", SetAsideGround, "Cause : choisir celle du Code qui vaut pour cette offre.")
    return _keyed(asked) | {
        "tenderId": tender,
        "ground": ground.name,
        "reason": _reason(asked, f"ecart-{tender}"),
        "supplierAnswer": asked.text(f"justification-{tender}") or None,
    }


def _awarded(asked: Asked) -> dict[str, Any]:
    tender = asked.text("offre")
    return _keyed(asked) | {"tenderId": tender, "reason": _reason(asked, f"choix-{tender}")}


def _closed(asked: Asked) -> dict[str, Any]:
    lot = asked.text("lot")
    numbered = None if lot in ("", WHOLE) else asked.whole("lot", "Lot", least=1)
    return _keyed(asked) | {"lot": numbered, "reason": _reason(asked, "abandon")}


def _here(asked: Asked) -> str:
    return ONE.format(uai=asked.text("uai"), consultation=asked.text("consultation"))


PAGES: tuple[Page, ...] = (
    Page("chef/consultation", ONE, "Consultation", "chef/Consultation", _variables, "consultation", _shows),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "chef/publish_need",
        f"{ONE}/publier",
        "chef/PublishConsultation",
        _published,
        done="ConsultationPublished",
        leads=lambda _result, asked: with_message(_here(asked), "publiee"),
        page="chef/consultation",
        blames={"InvalidConsultation": "limite"},
    ),
    Action(
        "chef/answer_question",
        f"{ONE}/reponse",
        "chef/AnswerQuestion",
        _answered,
        done="QuestionAnswered",
        leads=lambda _result, asked: with_message(_here(asked), "question-repondue"),
        page="chef/consultation",
        blames={
            "InvalidConsultation": "reponse-{question}",
            "GeographicCondition": "reponse-{question}",
            "PlaceNotDenied": "reponse-{question}",
        },
    ),
    Action(
        "chef/open_offers",
        f"{ONE}/ouvrir",
        "chef/OpenTenders",
        _keyed,
        done="TendersOpened",
        leads=lambda _result, asked: with_message(_here(asked), "offres-ouvertes"),
        page="chef/consultation",
    ),
    Action(
        "chef/set_offer_aside",
        f"{ONE}/ecarter",
        "chef/SetAsideTender",
        _set_aside,
        done="TenderSetAside",
        leads=lambda _result, asked: with_message(_here(asked), "offre-ecartee"),
        page="chef/consultation",
        blames={
            "ReasonMissing": "ecart-{offre}",
            "UnfoundedGround": "cause-{offre}",
            "GeographicCondition": "ecart-{offre}",
        },
    ),
    Action(
        "chef/award_offer",
        f"{ONE}/attribuer",
        "chef/AwardConsultation",
        _awarded,
        done="ConsultationAwarded",
        leads=lambda _result, asked: with_message(_here(asked), "attribuee"),
        page="chef/consultation",
        blames={
            "ReasonMissing": "choix-{offre}",
            "GeographicCondition": "choix-{offre}",
            "NotTheBest": "choix-{offre}",
        },
    ),
    Action(
        "chef/close_need",
        f"{ONE}/clore",
        "chef/CloseConsultation",
        _closed,
        done="ConsultationClosed",
        leads=lambda _result, asked: with_message(_here(asked), "sans-suite"),
        page="chef/consultation",
        blames={"ReasonMissing": "abandon", "GeographicCondition": "abandon"},
    ),
)
