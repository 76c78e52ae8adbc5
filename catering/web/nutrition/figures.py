"""The fields of a declaration in words: ma-cantine's names are read from left to right, family first."""

from collections.abc import Mapping

from catering.web.words import WORDS

PREFIX, FAIR_TRADE = "valeur_", "dont_commerce_equitable"
FAMILIES = {code.lower(): word for code, word in WORDS["Family"].items()}
WHOLE: Mapping[str, str] = {
    "totale": "Tous les achats",
    "bio": "Bio",
    "siqo": "Signes officiels de qualité et d'origine (SIQO)",
    "externalites_performance": "Externalités et performance environnementale",
    "egalim_autres": "Autres produits EGAlim",
}
PARTS: Mapping[str, str] = {
    "egalim": "EGAlim",
    "france": "origine France",
    "non_egalim": "hors EGAlim",
    FAIR_TRADE: "dont commerce équitable",
    "aocaop_igp_stg": "AOC/AOP, IGP ou STG",
    "hve": "haute valeur environnementale",
    "peche_durable": "pêche durable",
    "rup": "régions ultrapériphériques",
    "commerce_equitable": "commerce équitable",
    "externalites": "externalités environnementales",
}


def field_in_words(name: str) -> str:
    """A field of a form of ma-cantine, as people say it.

    Args:
        name: as ma-cantine writes it, e.g. ``valeur_viandes_volailles_egalim``.
    """
    rest = name.removeprefix(PREFIX)
    # The longest name first: one may begin like another.
    known = sorted({**WHOLE, **FAMILIES}.items(), key=lambda each: -len(each[0]))
    for code, word in known:
        if rest == code:
            return word
        if rest.startswith(f"{code}_"):
            return f"{word}, {_rest_in_words(rest[len(code) + 1 :])}"
    return rest.replace("_", " ")


def _rest_in_words(rest: str) -> str:
    fair = f"_{FAIR_TRADE}"
    if rest.endswith(fair):
        return f"{_rest_in_words(rest.removesuffix(fair))}, {PARTS[FAIR_TRADE]}"
    return PARTS.get(rest, rest.replace("_", " "))
