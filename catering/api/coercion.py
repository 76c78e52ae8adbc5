"""What graphql-core says in English of a variable that it cannot read, in French and beside the name of the field."""

import re
from collections.abc import Callable

from graphql import GraphQLError

from catering.graph.errors import BadArgumentError

UNREADABLE = re.compile(
    r"Variable '\$(?P<name>\w+)' has invalid value(?: at (?P<path>[.\[][\w.\[\]]*))?: (?P<why>.*)", re.DOTALL
)
KINDS = {
    "Int": "un nombre entier",
    "Float": "un nombre",
    "String": "un texte",
    "ID": "un identifiant",
    "Boolean": "true ou false",
}
MISSING = "valeur manquante : la donner"
LONGEST = 60


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


SAYINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern, re.DOTALL), say)
    for pattern, say in (
        (
            r"Int cannot represent non 32-bit signed integer value: (.*)",
            lambda found: (
                f"{_short(found[1])} est trop grand ou trop petit : un nombre entier va de {-(2**31)} à {2**31 - 1}"
            ),
        ),
        (
            r"(Int|Float|String|ID|Boolean) cannot represent .*?: (.*)",
            lambda found: f"{KINDS[found[1]]} est attendu, non {_short(found[2])}",
        ),
        (
            r"Value '(.*?)' does not exist in '(\w+)' enum.*",
            lambda found: f"« {_short(found[1])} » n'est pas l'un des mots de {found[2]}",
        ),
        (r"Enum '(\w+)' cannot represent .*", lambda found: f"un des mots de {found[1]} est attendu"),
        (r"Expected a value of non-null type '.*?' to be provided.*", lambda _: MISSING),
        (r"Expected value of non-null type '.*?' not to be None.*", lambda _: MISSING),
        (r"Expected value of type '.*?' to be an object.*", lambda _: "un objet, avec ses champs, est attendu"),
        (
            r"Expected value of type '.*?' to include required field '(\w+)'.*",
            lambda found: f"le champ {found[1]} manque",
        ),
        (
            r"Expected value of type '.*?' not to include unknown field '(.*?)'.*",
            lambda found: f"champ {_short(found[1])} inconnu",
        ),
        (r"Expected value of type '.*?', but encountered error '(.*)'; found: .*", lambda found: found[1].rstrip(".")),
    )
)
"""The first that fits says it; our own scalars are French already."""


def in_french(error: GraphQLError) -> GraphQLError:
    """The same error in French when it is about a variable, with a code by which pages know whose mistake it is."""
    about = UNREADABLE.fullmatch(error.message)
    if about is None:
        return error
    place = about["name"] + (about["path"] or "")
    said = next((say(found) for pattern, say in SAYINGS if (found := pattern.fullmatch(about["why"]))), about["why"])
    return GraphQLError(
        f"{place} : {said}.",
        nodes=error.nodes,
        original_error=error.original_error,
        extensions={"code": BadArgumentError.code},
    )
