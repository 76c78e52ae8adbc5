"""How much one operation may ask for, measured on its text before anything is read.

Each fragment is weighed once: walking it again at each spread, as ready-made limiters do, lets a short document of
fragments within fragments keep a server busy for ever.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)
from strawberry.extensions import MaxTokensLimiter, ParserCache, SchemaExtension, ValidationCache

from catering.graph.paging import DEFAULT_ROWS, MOST_ROWS
from catering.settings import Settings

DEEPEST = 12
MOST_ALIASES = 30
MOST_LISTED, MOST_LISTED_TO_WRITE = 100, 500
"""Values of one list among the arguments: of a question; of a write, which says how many it takes."""
LONGEST_NUMBER = 12
MOST_TOKENS = 2_000
TEXTS_KEPT = 256
"""Texts of operations whose reading and validation are kept: the stored ones, and what a few programs ask."""
MOST_ROWS_ASKED = MOST_ROWS + MOST_ROWS * MOST_ROWS
"""Rows of all pages together: two full pages inside each other, no more."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What a selection asks for. ``rows``: those its pages may return, pages inside pages multiplied."""

    depth: int = 0
    aliases: int = 0
    rows: int = 0
    is_page: bool = False
    """Whether the selection is that of a page: it asks for its nodes."""
    listed: int = 0
    """Values of the longest list written among the arguments."""
    looks_inside: bool = False
    """Whether it asks for the schema itself."""

    def beside(self, other: "Weight") -> "Weight":
        """Both selections on one object."""
        return Weight(
            max(self.depth, other.depth),
            self.aliases + other.aliases,
            self.rows + other.rows,
            self.is_page or other.is_page,
            max(self.listed, other.listed),
            self.looks_inside or other.looks_inside,
        )

    def faults(self) -> Iterator[tuple[str, str]]:
        """Code and French message of each limit passed."""
        if self.depth > DEEPEST:
            yield (
                "TOO_DEEP",
                f"{self.depth} niveaux imbriqués, pour {DEEPEST} au plus : couper la demande en plusieurs.",
            )
        if self.aliases > MOST_ALIASES:
            yield "TOO_MANY_ALIASES", f"{self.aliases} alias, pour {MOST_ALIASES} au plus : couper la demande."
        if self.rows > MOST_ROWS_ASKED:
            yield (
                "TOO_MANY_ROWS",
                f"Cette demande pourrait rendre {self.rows} lignes, pour {MOST_ROWS_ASKED} au plus : "
                "réduire first dans les listes imbriquées.",
            )


@dataclass
class Scale:
    """Weighs the selections of one document."""

    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    _weighed: dict[str, Weight] = field(default_factory=dict)

    def of(self, selection: SelectionSetNode | None) -> Weight:
        """Weight of a selection."""
        total = Weight()
        for node in selection.selections if selection is not None else ():
            total = total.beside(self._node(node))
        return total

    def _node(self, node: SelectionNode) -> Weight:
        if isinstance(node, FieldNode):
            return self._field(node)
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value)
        return self.of(node.selection_set) if isinstance(node, InlineFragmentNode) else Weight()

    def _field(self, node: FieldNode) -> Weight:
        if node.name.value.startswith("__"):
            return Weight(looks_inside=node.name.value != "__typename")
        inner = self.of(node.selection_set)
        rows = inner.rows
        if inner.is_page:
            first = self._first(node)
            rows = first + first * inner.rows
        alias = 1 if node.alias is not None else 0
        listed = max((longest_written(each.value) for each in node.arguments or ()), default=0)
        is_page = node.name.value == "nodes"
        inside = inner.looks_inside
        return Weight(inner.depth + 1, inner.aliases + alias, rows, is_page, max(inner.listed, listed), inside)

    def _fragment(self, name: str) -> Weight:
        if name not in self._weighed:
            # A fragment inside itself is refused by another rule; here it must only end.
            self._weighed[name] = Weight()
            if name in self.fragments:
                self._weighed[name] = self.of(self.fragments[name].selection_set)
        return self._weighed[name]

    def _first(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value == "first":
                return self._whole(argument.value)
        return DEFAULT_ROWS

    def _whole(self, value: ValueNode) -> int:
        if isinstance(value, IntValueNode):
            # No page holds so many; whoever reads the argument refuses it, and says how many it may ask for.
            return abs(int(value.value)) if len(value.value) <= LONGEST_NUMBER else MOST_ROWS
        given = self.variables.get(value.name.value) if isinstance(value, VariableNode) else None
        return abs(given) if isinstance(given, int) else MOST_ROWS


def longest_written(value: ValueNode) -> int:
    """Values of the longest list within a value written in the text."""
    if isinstance(value, ListValueNode):
        return max(len(value.values), *map(longest_written, value.values), 0)
    if isinstance(value, ObjectValueNode):
        return max((longest_written(each.value) for each in value.fields), default=0)
    return 0


def longest_given(value: Any) -> int:
    """Values of the longest list within a variable; what is nested too deep to be read is refused elsewhere."""
    longest, waiting = 0, [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            longest = max(longest, len(each))
            waiting.extend(each)
        elif isinstance(each, dict):
            waiting.extend(each.values())
    return longest


def faults_of(
    document: DocumentNode, variables: Mapping[str, Any], *, introspection: bool = True
) -> list[GraphQLError]:
    """What each operation of a document asks too much of, given the variables at hand."""
    parts = document.definitions
    fragments = {each.name.value: each for each in parts if isinstance(each, FragmentDefinitionNode)}
    scale = Scale(fragments, variables)
    given = longest_given(dict(variables))
    return [
        GraphQLError(message, nodes=operation, extensions={"code": code})
        for operation in parts
        if isinstance(operation, OperationDefinitionNode)
        for code, message in _faults(operation, scale.of(operation.selection_set), given, introspection=introspection)
    ]


def _faults(
    operation: OperationDefinitionNode, weight: Weight, given: int, *, introspection: bool
) -> Iterator[tuple[str, str]]:
    yield from weight.faults()
    most = MOST_LISTED_TO_WRITE if operation.operation is OperationType.MUTATION else MOST_LISTED
    if (listed := max(given, weight.listed)) > most:
        yield "TOO_MANY_VALUES", f"Une liste de {listed} valeurs, pour {most} au plus : couper la demande en plusieurs."
    if weight.looks_inside and not introspection:
        yield (
            "NO_INTROSPECTION",
            "Ce serveur ne dit pas son schéma par GraphQL : il est publié dans graphql/schema.graphql.",
        )


class WeightLimit(SchemaExtension):
    """Refuses an operation that is too deep, has too many aliases or could return too many rows.

    The weight depends on the variables, so it is taken beside the validation of the text, which is kept.
    """

    def on_validate(self) -> Iterator[None]:
        """Add what is too heavy to what is wrong with the text."""
        context = self.execution_context
        assert context.graphql_document is not None, "the text is parsed before it is validated"
        config: Settings | None = getattr(context.context, "config", None)
        shown = config is None or config.introspection
        faults = faults_of(context.graphql_document, context.variables or {}, introspection=shown)
        if faults:
            context.pre_execution_errors = [*(context.pre_execution_errors or ()), *faults]
        yield


def limits() -> list[Any]:
    """Extensions that hold every limit; a text that was read and found right is not read again."""
    return [
        lambda: MaxTokensLimiter(max_token_count=MOST_TOKENS),
        lambda: ParserCache(maxsize=TEXTS_KEPT),
        lambda: ValidationCache(maxsize=TEXTS_KEPT),
        WeightLimit,
    ]
