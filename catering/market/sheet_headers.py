"""What the columns of a price book are called in its first line: in French, as it is written, or by their codes."""

from collections.abc import Iterable, Mapping

from catering.market.sheet import COLUMNS
from catering.spelling import folded

FRENCH: Mapping[str, str] = {
    "id": "référence",
    "ingredient": "ingrédient",
    "product": "produit",
    "unit": "unité de vente",
    "unit_g": "grammes par unité",
    "pack_g": "grammes par colis",
    "pack_label": "colis",
    "variable_weight": "poids variable",
    "price_eur_per_pack": "prix du colis HT en €",
    "vat_pct": "TVA en %",
    "label": "signe",
    "certificate": "certificat",
    "origin": "origine",
    "origin_country": "pays d'origine",
    "born_in": "né en",
    "reared_in": "élevé en",
    "slaughtered_in": "abattu en",
    "category": "conservation",
    "limit_celsius": "température au plus en °C",
    "animal_product": "produit animal",
    "date_kind": "DLC ou DDM",
    "allergens": "allergènes",
    "traces": "traces",
    "valid_from": "vendu à partir du",
    "valid_to": "vendu jusqu'au",
}
"""Column by column, in the order in which they are written."""
assert list(FRENCH) == [column.name for column in COLUMNS]
TYPOGRAPHIC = str.maketrans("’", "'")
CODES: Mapping[str, str] = {
    **{folded(french): code for code, french in FRENCH.items()},
    **{code: code for code in FRENCH},
}
"""Code of a column by what it may be called, folded; files of before have the codes."""


def code_of(header: str) -> str | None:
    """The column that a cell of the first line names, whatever its accents and capitals; None when it is none."""
    return CODES.get(folded(header.translate(TYPOGRAPHIC)))


def called(headers: Iterable[str]) -> dict[str, str]:
    """What a file calls each column that it has, by code."""
    return {code: header for header in headers if (code := code_of(header)) is not None}


def words_of(headers: Iterable[str]) -> Mapping[str, str]:
    """What to call every column to somebody with this first line: by codes when theirs are most of them, else in
    French."""
    known = called(headers)
    codes = sum(code == header for code, header in known.items() if code != FRENCH[code])
    in_codes = codes * 2 > len(known)
    return {code: known.get(code, code if in_codes else french) for code, french in FRENCH.items()}
