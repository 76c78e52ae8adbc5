"""Lots de marché jugés: by which criteria a lot was awarded, so that what is received on it counts (EGA-17, EGA-18)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from catering import moment
from catering.people.viewer import Role
from catering.rules import law
from catering.rules.egalim_tender import TENDER_SIGNS
from catering.web.asked import Asked, BadFields, Fault, gathered
from catering.web.messages import with_message
from catering.web.pages import Action, Page

PATH = "/nutrition/lots-juges"
SIGNATORIES = frozenset({Role.GESTIONNAIRE, Role.DEPARTEMENT})
"""Who signs contracts: the buyer, and the Département for all."""
ROWS = 20  # legal-number: contracts of a page, nothing of a law
BETWEEN = ":"


def _variables(asked: Asked) -> dict[str, Any]:
    return {"kitchen": asked.text("cuisine").upper() or None, "first": ROWS, "after": asked.query.get("apres") or None}


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The contracts, the lots that may still be told, the signs in words."""
    today, page = moment.today(), answer["contracts"]["pageInfo"]
    signs = {
        code: label.french_name for code in sorted(TENDER_SIGNS) if (label := law().label(code, today)) is not None
    }
    contracts = answer["contracts"]["nodes"]
    filters = {"cuisine": asked.text("cuisine").upper()} if asked.optional("cuisine") else {}
    return {
        "contracts": contracts,
        "signs": signs,
        "lots": {
            f"{each['id']}{BETWEEN}{lot['number']}": f"{each['number']}, lot {lot['number']} : {lot['title']}"
            for each in contracts
            if not each["terminatedOn"] and each["endDay"] >= today.isoformat()
            for lot in each["lots"]
        },
        "tells": asked.viewer is not None and asked.viewer.role in SIGNATORIES,
        "kitchen": asked.text("cuisine").upper(),
        "following": f"{PATH}?{urlencode({**filters, 'apres': page['endCursor']})}" if page["hasNextPage"] else None,
    }


def _lot(asked: Asked) -> tuple[str, int]:
    contract, _, lot = asked.needed("lot", "Lot : le choisir dans la liste.").partition(BETWEEN)
    if not (contract.isascii() and contract.isdigit() and lot.isascii() and lot.isdigit()):
        raise BadFields(Fault("lot", "Lot : le choisir dans la liste."))
    return contract, int(lot)


def _percent(asked: Asked, name: str, label: str) -> str | None:
    return str(asked.decimal(name, label)) if asked.optional(name) else None


def _told(asked: Asked) -> dict[str, Any]:
    read = gathered(
        {
            "lot": lambda: _lot(asked),
            "sign": lambda: asked.needed("signe", "Signe : choisir ce que le jugement du lot prouve."),
            "weightPct": lambda: str(asked.decimal("poids", "Poids du critère environnemental")),
            "directWeightPct": lambda: _percent(asked, "direct", "Poids de l'approvisionnement direct"),
            "markPct": lambda: _percent(asked, "note", "Note obtenue"),
        }
    )
    contract, lot = read.pop("lot")
    quality = read | {"lot": lot, "document": asked.text("fichier")}
    return {"contractId": contract, "quality": quality, "idempotencyKey": asked.text("cle")}


PAGES: tuple[Page, ...] = (
    Page("nutrition/lots", PATH, "Lots de marché jugés", "nutrition/JudgedLots", _variables, shows=_shows),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "nutrition/state_lot_quality",
        PATH,
        "chef/StateLotQuality",
        _told,
        "LotQualityStated",
        lambda _made, _asked: with_message(PATH, "lot-juge"),
        "nutrition/lots",
        blames={
            "InvalidChange": "poids",
            "UnknownDocument": "fichier",
            "ContractOver": "lot",
            "UnknownContract": "lot",
        },
        file="fichier",
    ),
)
