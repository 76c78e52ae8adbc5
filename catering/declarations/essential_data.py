"""The essential data of a contract in the State's structure « marchés »: what the books and its buyer say (CCP-14).

Pure: from facts that ``essential_reading`` gathers to the record, and to what it lacks.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from catering.declarations.contract_origin import FoodOrigin
from catering.moment import paris_day
from catering.procurement.models import Contract, ContractChange
from catering.procurement.vocabulary import Procedure
from catering.purchases.provenance import DEPARTEMENT
from catering.rules.essential_data import Datum, essential_data

MONTHS_A_YEAR = 12
ID_LETTERS = 16
"""Letters of an id of the structure."""
LEAST_AMOUNT = Decimal(1)
"""€ below which the structure takes no amount."""
PROCEDURES = {
    Procedure.BELOW_THRESHOLD: "Marché passé sans publicité ni mise en concurrence préalable",
    Procedure.ADAPTED: "Procédure adaptée",
}
"""Which of the formal procedures a contract followed only its buyer can say."""
LISTS = {
    "techniques": "technique",
    "modalitesExecution": "modaliteExecution",
    "typesPrix": "typePrix",
    "considerationsSociales": "considerationSociale",
    "considerationsEnvironnementales": "considerationEnvironnementale",
}
"""Data of several words, and how the structure names one of them."""
INNER = frozenset({*LISTS.values(), "titulaire", "modification"})
"""Levels of the structure that the name of a datum leaves out."""
COLUMNS = ("donnee", "nom", "valeur", "dite_par", "obligatoire", "si_elle_manque")
SAID_BY = {"books": "registre", "buyer": "acheteur", "either": "registre ou acheteur", "nobody": "hors registre"}


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """All that the books know of a contract, and what its buyer stated last, by datum."""

    contract: Contract
    buyer_siret: str | None
    holder_siret: str | None
    communes: Sequence[str]
    """INSEE codes of the kitchens that order on it."""
    firm_lines: int
    """Products at a fixed price; the others follow an index."""
    revised_lines: int
    changes: Sequence[ContractChange]
    origin: FoodOrigin
    stated: Mapping[str, Any]
    today: date


@dataclass(frozen=True, slots=True)
class Said:
    """A datum and its value in words, the values of a list by semicolons; None when nobody said it."""

    datum: Datum
    value: str | None

    @property
    def lacks(self) -> bool:
        """Whether the structure requires it and it is missing."""
        return self.datum.required and self.value is None


def record_of(facts: ContractFacts) -> dict[str, Any]:
    """What is known of a contract, as the structure names, nests and orders it; amounts and shares as JSON numbers."""
    known = {**_stated(facts.stated), **{name: value for name, value in _books(facts).items() if value is not None}}
    order = dict.fromkeys(row.datum.partition(".")[0] for row in essential_data(facts.today))
    return {name: known[name] for name in order if name in known}


def said_of(facts: ContractFacts) -> list[Said]:
    """Every datum of the structure in its order, with its value where there is one."""
    values: dict[str, list[str]] = {}
    for path, value in _leaves(record_of(facts)):
        values.setdefault(path, []).append(value)
    return [Said(row, _in_words(row, values.get(row.datum))) for row in essential_data(facts.today)]


def _in_words(row: Datum, values: Sequence[str] | None) -> str | None:
    if values is None:
        return None
    return " ; ".join(f"{Decimal(each):.2f}" if row.kind == "amount" else each for each in values)


def _books(facts: ContractFacts) -> dict[str, Any]:
    """What the books say; None where they do not."""
    contract, (end, most) = facts.contract, _as_signed(facts)
    return {
        "id": contract_id(contract),
        "acheteur": facts.buyer_siret and {"id": facts.buyer_siret},
        "nature": "Marché",
        "objet": contract.title,
        "techniques": {"technique": ["Accord-cadre"]},
        "modalitesExecution": {"modaliteExecution": ["Bons de commande"]},
        "procedure": PROCEDURES.get(contract.procedure),
        "lieuExecution": _place(facts.communes),
        "dureeMois": months(contract.start_day, end),
        "datePublicationDonnees": None if "datePublicationDonnees" in facts.stated else facts.today.isoformat(),
        "montant": float(most) if most >= LEAST_AMOUNT else None,
        "typesPrix": _prices(facts),
        "formePrix": "Unitaire",
        "origineUE": _number(facts.origin.union_share),
        "origineFrance": _number(facts.origin.france_share),
        "titulaires": facts.holder_siret and [{"titulaire": {"typeIdentifiant": "SIRET", "id": facts.holder_siret}}],
        "modifications": _modifications(facts) or None,
    }


def _as_signed(facts: ContractFacts) -> tuple[date, Decimal]:
    """Its last day and its maximum before anything changed it: what was published first never changes."""
    if not facts.changes:
        return facts.contract.end_day, facts.contract.max_amount
    first = min(facts.changes, key=lambda each: each.rank)
    return first.before_end_day, first.before_max_amount


def _modifications(facts: ContractFacts) -> list[dict[str, Any]]:
    """What avenants and the end before term changed of the duration and of the amount; their prices are no datum."""
    found = []
    for each in sorted(facts.changes, key=lambda each: each.rank):
        told: dict[str, Any] = {}
        if each.end_day != each.before_end_day:
            told["dureeMois"] = months(facts.contract.start_day, each.end_day)
        if each.max_amount != each.before_max_amount and each.max_amount >= LEAST_AMOUNT:
            told["montant"] = float(each.max_amount)
        if told:
            # Recording a change tells its supplier the same day; the file that says it is published when it is made.
            days = {
                "dateNotificationModification": paris_day(each.at).isoformat(),
                "datePublicationDonneesModification": facts.today.isoformat(),
            }
            found.append({"modification": {"id": each.rank, **days, **told}})
    return found


def _place(communes: Sequence[str]) -> dict[str, str] | None:
    """The commune of the one kitchen that orders, the Département of several; nothing across Départements."""
    if len(set(communes)) == 1:
        return {"code": communes[0], "typeCode": "Code commune"}
    departements = {each[:DEPARTEMENT] for each in communes}
    return {"code": departements.pop(), "typeCode": "Code département"} if len(departements) == 1 else None


def _prices(facts: ContractFacts) -> dict[str, list[str]] | None:
    kinds = (("Définitif ferme", facts.firm_lines), ("Définitif révisable", facts.revised_lines))
    found = [word for word, lines in kinds if lines]
    return {"typePrix": found} if found else None


def _stated(stated: Mapping[str, Any]) -> dict[str, Any]:
    return {name: {LISTS[name]: value} if name in LISTS else value for name, value in stated.items()}


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each value of a record by the name of its datum."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, path if name in INNER else f"{path}.{name}".lstrip("."))
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each, path)
    else:
        yield path, {True: "oui", False: "non"}[value] if isinstance(value, bool) else f"{value}"


def contract_id(contract: Contract) -> str:
    """Its id in the structure, of 16 letters at most: the year it starts, then its number with us."""
    return f"{contract.start_day:%Y}{contract.id:06d}"[:ID_LETTERS]


def months(first: date, last: date) -> int:
    """Whole months that a contract lasts, rounded up; one at least."""
    whole = (last.year - first.year) * MONTHS_A_YEAR + last.month - first.month
    return max(1, whole + (last.day >= first.day))


def as_json(record: Mapping[str, Any]) -> bytes:
    """A record as the structure wraps it."""
    return json.dumps({"marches": {"marche": [record]}}, ensure_ascii=False, indent=1).encode()


def as_csv(said: Sequence[Said]) -> bytes:
    """Every datum of the structure, its value, who says it, and what to do about one that is missing."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in said:
        row = each.datum
        missing = row.why if each.value is None else ""
        required = "oui" if row.required else "non"
        writer.writerow((row.datum, row.french_name, each.value or "", SAID_BY[row.said_by], required, missing))
    return stream.getvalue().encode()


def _number(share: Decimal | None) -> float | None:
    return None if share is None else float(share)
