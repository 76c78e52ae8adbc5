"""The ledger as files bring it: one line, and the formats of ma-cantine in which it is written."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class LedgerLine(NamedTuple):
    """One purchase of a file. A tuple: files have a million lines.

    ``canteen`` is a SIRET of 14 digits or the number of the establishment on ma-cantine, as the format says;
    ``labels`` are signs only; ``origin`` FRANCE, EUROPE (outside France) or nothing said.
    """

    number: int
    """In the file, counted from 1 with the header."""
    canteen: str
    product: str
    supplier: str
    bought_on: date
    cents: int
    """Excl. tax; never negative."""
    family: str
    labels: frozenset[str]
    origin: str
    circuit_court: bool
    local: bool
    local_definition: str
    local_km: Decimal | None


@dataclass(frozen=True, slots=True)
class Format:
    """A format of file: its columns in order, those that may not be empty, and who names the establishment."""

    name: str
    french_name: str
    columns: tuple[str, ...]

    @property
    def by_siret(self) -> bool:
        """Whether lines name their establishment by SIRET, rather than by its number on ma-cantine."""
        return self.columns[0] == SIRET


SIRET, CANTINE = "siret", "cantine_id"
REQUIRED = frozenset({SIRET, CANTINE, "description", "date", "prix_ht", "famille_produits"})
_FIRST = ("description", "fournisseur", "date", "prix_ht", "famille_produits")
_LOCAL = ("est_circuit_court", "est_local", "definition_local", "definition_local_km")
_TWELVE = (*_FIRST, "categories_egalim", "origine", *_LOCAL)
_EIGHT = (*_FIRST, "caracteristiques", "definition_local")
FORMATS = (
    Format("achats_siret", "achats par SIRET, 12 colonnes", (SIRET, *_TWELVE)),
    Format("achats_id", "achats par numéro ma-cantine, 12 colonnes", (CANTINE, *_TWELVE)),
    Format("achats_siret_old", "achats par SIRET, ancien format de 8 colonnes", (SIRET, *_EIGHT)),
    Format("achats_id_old", "achats par numéro ma-cantine, ancien format de 8 colonnes", (CANTINE, *_EIGHT)),
)
SIGNS = (
    "BIO", "LABEL_ROUGE", "AOCAOP", "IGP", "STG", "HVE", "PECHE_DURABLE", "RUP", "COMMERCE_EQUITABLE", "FERMIER",
    "EXTERNALITES", "PERFORMANCE",
)  # fmt: skip
"""Signs that a file may name: the codes of the EGAlim categories of ma-cantine."""
ORIGINS = ("EUROPE", "FRANCE")
LOCAL_DEFINITIONS = ("PAT", "COMMUNE", "DEPARTEMENT", "REGION", "KM")
OLD_LOCAL_DEFINITIONS = ("AUTOUR_SERVICE", "COMMUNE", "DEPARTEMENT", "REGION", "PAT", "AUTRE")
YES = "OUI"


@cache
def file_rules() -> dict[str, str]:
    """What a file of purchases must keep to, by id: French titles."""
    text = files("catering.purchases").joinpath("file_rules.csv").read_text(encoding="utf-8")
    return {row["rule"]: row["title"] for row in csv.DictReader(text.splitlines())}
