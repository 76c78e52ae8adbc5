"""Certificats: what proves the signs of one's products, when each ends, and a new one with its file."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from catering import moment
from catering.rules import law
from catering.rules.egalim_proofs import equivalents
from catering.web.asked import Asked, gathered
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.producer.places import CERTIFICATES, at
from catering.web.standing import MISSED, OK, WATCH
from catering.web.wording import day_of

SOON = timedelta(days=60)
"""How long before its end a certificate is told to be renewed: a control takes weeks."""


def lasting(end: date, today: date) -> dict[str, str]:
    """How a certificate stands: its mark, and what to do."""
    if end < today:
        return {"mark": MISSED, "said": "terminé : ses produits ne comptent plus sous ce signe"}
    if end - today <= SOON:
        return {"mark": WATCH, "said": f"se termine dans {(end - today).days} jours : le renouveler"}
    return {"mark": OK, "said": "en cours"}


def _shows(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """The certificates, those that end first before the others, and the signs that may be proven."""
    today = moment.today()
    found = sorted(answer["supplier"]["certificates"], key=lambda each: each["validTo"])
    return {
        "certificates": [each | lasting(day_of(each["validTo"]), today) for each in found],
        "labels": dict(sorted(_labels(today).items(), key=lambda each: each[1])),
        "equivalents": {code: label.french_name for code, label in equivalents(law(), today).items()},
    }


def _labels(on: date) -> dict[str, str]:
    """French names of the signs of the law on a day, by code."""
    known = {code: law().label(code, on) for code in law().tables.labels}
    return {code: label.french_name for code, label in known.items() if label is not None}


def _added(asked: Asked) -> dict[str, Any]:
    read: dict[str, Any] = gathered(
        {
            "label": partial(asked.needed, "signe", "Signe : choisir ce que le certificat prouve."),
            "certifier": partial(
                asked.needed, "organisme", "Organisme : écrire qui certifie, comme sur le certificat."
            ),
            "number": partial(asked.needed, "numero", "Numéro : le recopier du certificat."),
            "validFrom": partial(_day, asked, "du", "Premier jour : le recopier du certificat."),
            "validTo": partial(_day, asked, "au", "Dernier jour : le recopier du certificat."),
        }
    )
    certificate = read | {"document": asked.text("fichier")} | _conditions(asked)
    return {"supplier": asked.text("supplier"), "certificate": certificate, "idempotencyKey": asked.text("cle")}


def _conditions(asked: Asked) -> dict[str, Any]:
    """What some signs depend on; an empty field tells nothing."""
    since = asked.day("conversion").isoformat() if asked.text("conversion") else None
    told = bool(asked.text("ingredients"))
    return {
        "conversionSince": since,
        "agriculturalIngredients": asked.whole("ingredients", "Ingrédients agricoles", least=1) if told else None,
        "equivalentTo": asked.text("equivalent") or None,
    }


def _day(asked: Asked, name: str, message: str) -> str:
    asked.needed(name, message)
    return asked.day(name).isoformat()


PAGES: tuple[Page, ...] = (
    Page(
        "producer/certificates",
        CERTIFICATES,
        "Certificats",
        "producer/MyCertificates",
        lambda asked: {"id": asked.text("supplier")},
        "supplier",
        _shows,
    ),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "producer/add_certificate",
        CERTIFICATES,
        "producer/AddCertificate",
        _added,
        done="CertificateAdded",
        leads=lambda _result, asked: with_message(at(CERTIFICATES, asked), "certificat"),
        page="producer/certificates",
        blames={"InvalidCertificate": "numero", "UnknownDocument": "fichier"},
        file="fichier",
    ),
)
