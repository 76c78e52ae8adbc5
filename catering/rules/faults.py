"""Say in French what a rule file has wrong."""

from __future__ import annotations

from pydantic import ValidationError

_MESSAGES = {
    "missing": "champ obligatoire absent",
    "extra_forbidden": "champ inconnu",
    "date_type": "date attendue, sous la forme AAAA-MM-JJ",
    "date_from_datetime_parsing": "date attendue, sous la forme AAAA-MM-JJ",
    "string_type": "texte attendu",
    "string_too_short": "texte attendu",
    "string_pattern_mismatch": "code mal formé ; attendu : {pattern}",
    "int_type": "nombre entier attendu",
    "int_parsing": "nombre entier attendu",
    "bool_parsing": "true ou false attendu",
    "is_instance_of": "nombre attendu, avec un point pour les décimales et sans guillemets",
    "decimal_type": "nombre attendu, avec un point pour les décimales et sans guillemets",
    "greater_than_equal": "au moins {ge} attendu",
    "literal_error": "valeur hors de la liste : {expected}",
    "list_type": "liste attendue, entre crochets",
    "too_short": "au moins une valeur attendue",
}


def french_fault(error: ValidationError) -> tuple[tuple[str | int, ...], str]:
    """The place of the first fault and a French sentence that names it."""
    first = error.errors()[0]
    place = tuple(first["loc"])
    message = _MESSAGES.get(first["type"], first["msg"].removeprefix("Value error, ")).format(**first.get("ctx", {}))
    return place, f"{'.'.join(str(part) for part in place) or 'fiche'} : {message}"
