"""The operations that browsers may run: those of ``graphql/operations``, as the pages send them.

A program with a token asks what it likes, within the limits; whoever borrows somebody's session can do no more than the
pages can.
"""

from collections.abc import Iterator
from functools import cache

from graphql import GraphQLError, GraphQLSyntaxError, parse, validate
from graphql.utilities import strip_ignored_characters
from strawberry.extensions import SchemaExtension

from catering.api.context import Caller
from catering.graph.errors import ExpectedError
from catering.settings import contract_folder


class NotStoredError(ExpectedError):
    """A browser sends an operation of its own."""

    code = "NOT_STORED"

    def __init__(self) -> None:
        super().__init__(
            "D'un navigateur, ce serveur n'accepte que les opérations enregistrées (graphql/operations). "
            "Un programme pose les siennes avec un jeton d'API : Mon compte, Jetons."
        )


@cache
def stored_texts() -> frozenset[str]:
    """Every stored operation, without what GraphQL ignores: blanks, commas and comments."""
    return frozenset(strip_ignored_characters(text) for text in _read().values())


def faults_of_stored() -> Iterator[str]:
    """What is wrong with the stored operations against the schema, file by file."""
    from catering.api.schema import schema

    for name, text in _read().items():
        yield from (f"{name}: {fault.message}" for fault in validate(schema._schema, parse(text)))


def is_stored(text: str | None) -> bool:
    """Whether a text is one of them."""
    try:
        return text is not None and strip_ignored_characters(text) in stored_texts()
    except GraphQLSyntaxError:
        return False


class StoredOnly(SchemaExtension):
    """Holds callers to the stored operations who may send nothing else."""

    _refused = False

    def on_operation(self) -> Iterator[None]:
        """Look at what is sent, before the caller is asked who they are."""
        by = self.execution_context.context
        self._refused = isinstance(by, Caller) and by.stored_only and not is_stored(self.execution_context.query)
        yield

    def on_validate(self) -> Iterator[None]:
        """Say no as to a text that is wrong: over a websocket too that is an answer, not an end."""
        if self._refused:
            error = NotStoredError()
            self.execution_context.pre_execution_errors = [GraphQLError(str(error), extensions=error.extensions)]
        yield


def _read() -> dict[str, str]:
    folder = contract_folder() / "operations"
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.graphql"))
    }
