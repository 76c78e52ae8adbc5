"""Mes consultations à répondre: what buyers ask for, and a sealed offer that stands until the deadline."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from catering import moment
from catering.web.asked import Asked, BadFields, Fault, gathered
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.producer.places import CONSULTATIONS, at

ONE = CONSULTATIONS + "/{consultation}"
PRICE, FACT = "prix-", "critere-"
"""Begin the names of the fields of a line's price and of a criterion's answer."""
PAPER, KEPT = "piece-", "garder"
"""Begins the names of the fields of papers to send; name of those that stay from the offer before."""
BY_PRICE = "price"
"""The criterion that the prices themselves answer."""


def _published(asked: Asked) -> dict[str, Any]:
    return {"after": asked.text("apres") or None}


def _open(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """Those that still take offers, the first deadline first."""
    now = moment.now()
    nodes = answer["consultations"]["nodes"]
    return {
        "open": sorted((each for each in nodes if _takes_offers(each, now)), key=lambda each: each["deadline"]),
        "more": answer["consultations"]["pageInfo"],
    }


def _takes_offers(consultation: Any, now: datetime) -> bool:
    deadline = consultation["deadline"]
    return consultation["status"] == "PUBLISHED" and deadline is not None and datetime.fromisoformat(deadline) > now


def _variables(asked: Asked) -> dict[str, Any]:
    return {"id": asked.text("consultation")}


def _shows(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """The lots with what one's own sealed offer says of each line and criterion."""
    consultation = answer["consultation"]
    tenders = consultation["tenders"]
    facts = {each["code"]: each["value"] for tender in tenders for each in tender["facts"]}
    return {
        "takes_offers": _takes_offers(consultation, moment.now()),
        "papers": list({each["documentId"]: each for tender in tenders for each in tender["papers"]}.values()),
        "prices": {line["lineId"]: line["priceEurPerKg"] for tender in tenders for line in tender["lines"]},
        "facts": facts,
        "criteria": [each for each in consultation["criteria"] if each["criterion"]["code"] != BY_PRICE],
    }


def _keyed(asked: Asked) -> dict[str, Any]:
    return {
        "consultationId": asked.text("consultation"),
        "supplier": asked.text("supplier"),
        "idempotencyKey": asked.text("cle"),
    }


def _sealed(asked: Asked) -> dict[str, Any]:
    """The prices typed: a lot whose lines are all left empty is not answered."""
    lines = [name for name in asked.form if name.startswith(PRICE) and asked.optional(name)]
    facts = [name for name in asked.form if name.startswith(FACT)]
    if not lines:
        raise BadFields(Fault(None, "Aucun prix n'est écrit : remplir toutes les lignes d'au moins un lot."))
    read = gathered(
        {name: partial(asked.decimal, name, "Prix au kg") for name in lines}
        | {name: partial(asked.decimal, name, "Critère") for name in facts}
    )
    tender = {
        "lines": [{"lineId": name.removeprefix(PRICE), "priceEurPerKg": str(read[name])} for name in lines],
        "facts": [{"code": name.removeprefix(FACT), "value": str(read[name])} for name in facts],
    }
    return _keyed(asked) | {"tender": tender | {"papers": _papers(asked)}}


def _papers(asked: Asked) -> list[str]:
    """Numbers of the papers that stay from the offer before, and of those just sent."""
    sent = [asked.text(name) for name in asked.form if name.startswith(PAPER) and asked.optional(name)]
    return list(dict.fromkeys([*asked.form.get(KEPT, ()), *sent]))


def _question(asked: Asked) -> dict[str, Any]:
    return _keyed(asked) | {"question": asked.needed("question", "Question : l'écrire avant de l'envoyer.")}


PAGES: tuple[Page, ...] = (
    Page(
        "producer/consultations",
        CONSULTATIONS,
        "Consultations à répondre",
        "producer/OpenConsultations",
        _published,
        shows=_open,
    ),
    Page(
        "producer/consultation",
        ONE,
        "Répondre à une consultation",
        "producer/ConsultationToAnswer",
        _variables,
        "consultation",
        _shows,
    ),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "producer/seal",
        f"{ONE}/offre",
        "producer/SubmitTender",
        _sealed,
        done="TenderSubmitted",
        leads=lambda _result, asked: with_message(at(ONE, asked), "offre-scellee"),
        page="producer/consultation",
        proofs=PAPER,
    ),
    Action(
        "producer/withdraw",
        f"{ONE}/retrait",
        "producer/WithdrawTender",
        _keyed,
        done="TenderWithdrawn",
        leads=lambda _result, asked: with_message(at(ONE, asked), "offre-retiree"),
        page="producer/consultation",
    ),
    Action(
        "producer/ask",
        f"{ONE}/question",
        "producer/AskQuestion",
        _question,
        done="QuestionAsked",
        leads=lambda _result, asked: with_message(at(ONE, asked), "question"),
        page="producer/consultation",
    ),
)
