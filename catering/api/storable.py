"""What no operation may carry, whatever its field: texts that a database cannot keep, and more than anyone writes.

Asked once, on the variables and on the texts written in the document, before either is validated.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from graphql import DocumentNode, GraphQLError, StringValueNode, Visitor, visit
from strawberry.extensions import SchemaExtension

MOST_CHARACTERS = 20_000
"""Of one text: four times the longest that any field keeps."""
MOST_ITEMS = 2_000
"""Of one list: a price book goes as a file."""
LONGEST_KEY = 60
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL keeps in no text, and halves of surrogate pairs, which UTF-8 cannot write."""
ESCAPED_NUL = re.compile(r"\\u(0000|\{0+\})")
CODE = "BAD_ARGUMENT"


def text_fault(text: str) -> str | None:
    """What is wrong with a text, in French; None when it can be kept."""
    if len(text) > MOST_CHARACTERS:
        return f"compte {len(text)} caractères, pour {MOST_CHARACTERS} au plus : le raccourcir"
    if (found := UNSTORABLE.search(text)) is not None:
        return f"contient un caractère qui ne s'écrit pas (U+{ord(found[0]):04X}) : retaper le texte au clavier"
    return None


def faults_of_variables(given: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with variables, each fault with the place of the value; at most one per variable."""
    for name, value in given.items():
        if (fault := next(_faults(_shown(name), value), None)) is not None:
            yield fault


def _faults(place: str, value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if (why := text_fault(value)) is not None:
            yield f"{place} {why}."
    elif isinstance(value, list):
        if len(value) > MOST_ITEMS:
            yield f"{place} compte {len(value)} éléments, pour {MOST_ITEMS} au plus : envoyer en plusieurs fois."
            return
        for rank, each in enumerate(value):
            yield from _faults(f"{place}[{rank}]", each)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _faults(f"{place}.{_shown(name)}", each)


def _shown(name: str) -> str:
    return UNSTORABLE.sub("?", name[:LONGEST_KEY])


class _Texts(Visitor):
    """Collects the faults of the texts written in a document."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        """Look at one text."""
        if (why := text_fault(node.value)) is not None:
            self.faults.append(f"Un texte de la demande {why}.")


def faults_of_document(text: str, document: DocumentNode) -> list[str]:
    """What is wrong with the texts written in a document; one that can hold nothing bad is not walked through."""
    if len(text) <= MOST_CHARACTERS and not ESCAPED_NUL.search(text):
        return []
    found = _Texts()
    visit(document, found)
    return found.faults


class OnlyStorable(SchemaExtension):
    """Refuses an operation that carries what no field can take."""

    def on_validate(self) -> Iterator[None]:
        """Add what is wrong with the values to what is wrong with the document."""
        context = self.execution_context
        assert context.graphql_document is not None, "the text is parsed before it is validated"
        faults = [
            *faults_of_variables(context.variables or {}),
            *faults_of_document(context.query or "", context.graphql_document),
        ]
        if faults:
            told = [GraphQLError(each, extensions={"code": CODE}) for each in faults]
            context.pre_execution_errors = [*(context.pre_execution_errors or ()), *told]
        yield
