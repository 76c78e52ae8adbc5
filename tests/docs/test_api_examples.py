"""The GraphQL examples of the handbook are answered as shown; its tables of limits, errors and operations are whole."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import parse

from catering.api import limits
from catering.api.masking import MASKED
from catering.api.models import LONGEST_KEY
from catering.api.mutations.planning.start_plan import LONGEST_SECONDS
from catering.api.once import SHORTEST_KEY
from catering.api.refusals import SHOWN
from catering.api.router import MOST_SUBSCRIPTIONS
from catering.db import Database
from catering.graph.errors import ExpectedError
from catering.graph.paging import DEFAULT_ROWS, MOST_ROWS
from catering.kitchens.graph import LONGEST_PERIOD
from tests.api.operations import operations
from tests.docs.conftest import ask
from tests.docs.pages import HANDBOOK, Block, blocks, first_codes, read, section, table_rows

PAGE = HANDBOOK / "api.md"
EXACT, SHORTENED = "réponse", "réponse (raccourcie)"


@dataclass(frozen=True)
class Example:
    """A question of the handbook, its variables and the answer it shows."""

    question: Block
    variables: dict[str, Any]
    answer: Any
    exact: bool

    @property
    def of_plan(self) -> bool:
        """Whether it reads a plan, and so needs one."""
        return "planInUse" in self.question.body or "week(" in self.question.body


def examples() -> list[Example]:
    """Each `graphql` block with the `json` blocks that follow it."""
    found: list[Example] = []
    question: Block | None = None
    variables: dict[str, Any] = {}
    for each in blocks(PAGE):
        if each.language == "graphql":
            assert question is None, f"{each.name}: the question before has no answer"
            question, variables = each, {}
        elif each.language == "json" and each.use == "variables":
            variables = json.loads(each.body)
        elif each.language == "json":
            assert question is not None
            assert each.use in (EXACT, SHORTENED), each.name
            found.append(Example(question, variables, json.loads(each.body), each.use == EXACT))
            question = None
    return found


def named(example: Example) -> str:
    """The name of a test."""
    return example.question.name


def shape(value: Any) -> Any:
    """What remains of an answer when its figures and texts are forgotten; of a list, its first element."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        assert value, "an empty list shows nothing"
        return [shape(value[0])]
    return type(value).__name__


def test_the_handbook_has_examples_of_all_sorts() -> None:
    found = examples()
    assert len(found) >= 8
    assert any("mutation" in each.question.body for each in found)
    assert any("errors" in each.answer for each in found)
    assert any(each.variables for each in found)


@pytest.mark.parametrize("example", [each for each in examples() if each.of_plan], ids=named)
async def test_an_example_about_a_plan_is_answered_in_the_shape_shown(example: Example, planned_week: Database) -> None:
    assert not example.exact, "another plan gives other figures"
    assert shape(await ask(planned_week, example.question.body, example.variables)) == shape(example.answer)


@pytest.mark.parametrize("example", [each for each in examples() if not each.of_plan], ids=named)
async def test_an_example_about_the_seeds_is_answered_as_shown(example: Example, demo: Database) -> None:
    told = await ask(demo, example.question.body, example.variables)
    assert told == example.answer if example.exact else shape(told) == shape(example.answer)


def test_every_stored_operation_is_described() -> None:
    assert sorted(first_codes(section(PAGE, "Les opérations prêtes"))) == sorted(operations())


def test_every_refusal_is_described() -> None:
    assert set(first_codes(section(PAGE, "Modifier"))) == {kind.__name__ for kind in SHOWN.values()}


def codes() -> set[str]:
    """Every code a client may meet."""
    heavy = limits.Weight(depth=limits.DEEPEST + 1, aliases=limits.MOST_ALIASES + 1, rows=limits.MOST_ROWS_ASKED + 1)
    looking = parse("{ __schema { types { name } } }")
    listing = {"ids": ["0"] * (limits.MOST_LISTED_TO_WRITE + 1)}
    asked = {str((error.extensions or {})["code"]) for error in limits.faults_of(looking, listing, introspection=False)}
    weighed = {code for code, _ in heavy.faults()}
    return {kind.code for kind in ExpectedError.__subclasses__()} | weighed | asked | {MASKED}


def test_every_error_code_is_described() -> None:
    assert set(first_codes(section(PAGE, "Codes d'erreur"))) == codes()


def test_the_limits_are_those_of_the_code() -> None:
    stated = [cells[-1] for cells in table_rows(section(PAGE, "Limites"))]
    assert stated == [
        f"{MOST_ROWS}",
        f"{limits.MOST_ROWS_ASKED}",
        f"{limits.DEEPEST}",
        f"{limits.MOST_ALIASES}",
        f"{limits.MOST_TOKENS}",
        f"{LONGEST_PERIOD.days}",
        f"{MOST_SUBSCRIPTIONS}",
        f"{SHORTEST_KEY} à {LONGEST_KEY}",
        f"1 à {LONGEST_SECONDS}",
    ]
    assert f"({DEFAULT_ROWS} par défaut, {MOST_ROWS} au plus)" in read(PAGE)
