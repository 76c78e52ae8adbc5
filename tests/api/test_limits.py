"""What one operation may ask for: the refusal comes before anything is read, and comes fast."""

import time
from typing import Any

import pytest
from graphql import parse

from catering.api import Caller, schema
from catering.api.limits import (
    DEEPEST,
    MOST_ALIASES,
    MOST_LISTED,
    MOST_LISTED_TO_WRITE,
    MOST_ROWS_ASKED,
    faults_of,
)
from catering.settings import Settings
from tests.api.conftest import ADMINISTRATOR, Client
from tests.api.operations import operations

OPERATIONS = operations()

NESTED = "{ suppliers(first: %s) { nodes { offers(first: %s) { nodes { id } } } } }"

THREE = """query Q($n: Int!) {
  suppliers(first: $n) { nodes { offers(first: $n) { nodes { ingredient { offers(first: $n) { nodes { id } } } } } } }
}"""


def deep(levels: int) -> str:
    """A document of so many levels: each dish is one of its ingredient's offers' ingredient's …"""
    inner = "name"
    for _ in range((levels - 2) // 2):
        inner = f"offers {{ nodes {{ ingredient {{ {inner} }} }} }}"
    return f'{{ ingredient(id: "ingredient_01") {{ {inner} }} }}'


async def test_two_full_pages_inside_each_other_are_allowed(client: Client) -> None:
    assert (await client(NESTED % (100, 100))).errors == []


async def test_three_pages_inside_each_other_are_refused(client: Client) -> None:
    answer = await client(THREE, n=100)
    assert [code for code, _ in answer.errors] == ["TOO_MANY_ROWS"]
    assert str(MOST_ROWS_ASKED) in answer.errors[0][1]
    assert answer.statements == []


async def test_the_size_of_a_page_counts_when_it_is_a_variable_too(client: Client) -> None:
    assert (await client(THREE, n=5)).errors == []
    assert [code for code, _ in (await client(THREE, n=50)).errors] == ["TOO_MANY_ROWS"]
    written = THREE.replace("query Q($n: Int!)", "query Q").replace("$n", "50")
    assert [code for code, _ in (await client(written)).errors] == ["TOO_MANY_ROWS"]


async def test_pages_side_by_side_add_up(client: Client) -> None:
    side_by_side = " ".join(
        f"a{n}: suppliers(first: 100) {{ nodes {{ offers(first: 90) {{ nodes {{ id }} }} }} }}" for n in range(3)
    )
    assert [code for code, _ in (await client(f"{{ {side_by_side} }}")).errors] == ["TOO_MANY_ROWS"]


async def test_a_document_that_is_too_deep_is_refused(client: Client) -> None:
    answer = await client(deep(40).replace("offers {", "offers(first: 1) {"))
    assert "TOO_DEEP" in [code for code, _ in answer.errors]
    assert str(DEEPEST) in answer.errors[0][1]
    assert answer.statements == []


async def test_too_many_aliases_are_refused(client: Client) -> None:
    aliases = " ".join(f'a{n}: kitchen(uai: "{n}") {{ uai }}' for n in range(MOST_ALIASES + 1))
    answer = await client(f"{{ {aliases} }}")
    assert [code for code, _ in answer.errors] == ["TOO_MANY_ALIASES"]
    assert answer.statements == []


async def test_aliases_hidden_in_fragments_count_at_each_spread(client: Client) -> None:
    hidden = "fragment Many on Query { " + " ".join(f'a{n}: kitchen(uai: "{n}") {{ uai }}' for n in range(16)) + " }"
    text = "query Q { ...Many ... on Query { ...Many } } " + hidden
    assert [code for code, _ in (await client(text)).errors] == ["TOO_MANY_ALIASES"]


async def test_a_document_that_is_too_long_is_refused(client: Client) -> None:
    answer = await client("{ " + "viewer { name } " * 1_000 + " }")
    assert len(answer.errors) == 1
    assert answer.statements == []


async def test_fragments_that_double_at_each_level_end_at_once(client: Client) -> None:
    """Walked at each spread, these sixty fragments would be 2⁶⁰ selections."""
    levels = 60
    fragments = " ".join(
        f"fragment F{n} on Query {{ ...F{n + 1} ... on Query {{ ...F{n + 1} }} }}" for n in range(levels)
    )
    started = time.monotonic()
    answer = await client(f"query Q {{ ...F0 }} {fragments} fragment F{levels} on Query {{ viewer {{ name }} }}")
    assert time.monotonic() - started < 5
    assert answer.errors == []


@pytest.mark.parametrize("text", ["query Q { ...A } fragment A on Query { ...A }", "{ ...Unknown }"])
async def test_fragments_that_lead_nowhere_are_refused(text: str, client: Client) -> None:
    answer = await client(text)
    assert answer.errors
    assert answer.statements == []


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_the_worst_that_a_stored_operation_can_ask_is_within_the_limits(name: str) -> None:
    """Pages whose size is a variable count as full ones: so much it may cost, whoever asks it for whatever."""
    assert faults_of(parse(OPERATIONS[name]), {}, introspection=False) == []


MANY = "query Q($ids: [ID!]) { ingredients(first: 1, ids: $ids) { nodes { id } } }"


def test_a_list_of_values_has_an_end() -> None:
    for count, codes in ((MOST_LISTED, []), (MOST_LISTED + 1, ["TOO_MANY_VALUES"])):
        assert codes_of(MANY, {"ids": ["a"] * count}) == codes
        assert codes_of(f"{{ kitchen(uai: {['a'] * count}) {{ uai }} }}".replace("'", '"')) == codes
        nested = {"input": {"of": [{"lines": ["a"] * count}]}}
        assert codes_of("query Q($input: X) { kitchen(of: $input) { uai } }", nested) == codes
        written = f"{{ kitchen(of: {{lines: [{{ids: {list(range(count))}}}]}}) {{ uai }} }}"
        assert codes_of(written) == codes


def test_a_write_takes_as_many_values_as_it_says() -> None:
    write = "mutation M($offers: [X!]!) { listOffers(offers: $offers) { __typename } }"
    assert codes_of(write, {"offers": [{}] * MOST_LISTED_TO_WRITE}) == []
    assert codes_of(write, {"offers": [{}] * (MOST_LISTED_TO_WRITE + 1)}) == ["TOO_MANY_VALUES"]


def codes_of(text: str, variables: dict[str, Any] | None = None) -> list[str]:
    return [(each.extensions or {})["code"] for each in faults_of(parse(text), variables or {})]


@pytest.mark.parametrize(
    "text",
    [
        "{ __schema { types { name } } }",
        '{ kitchen(uai: "x") { uai } __type(name: "Query") { name } }',
        "query Q { ...Inside } fragment Inside on Query { ... on Query { __schema { types { name } } } }",
    ],
)
async def test_the_schema_is_told_where_the_settings_say_so(text: str, client: Client) -> None:
    for told in (True, False):
        caller = Caller(client.database, ADMINISTRATOR, Settings(introspection=told))
        result = await schema.execute(text, context_value=caller)
        codes = [(each.extensions or {}).get("code") for each in result.errors or ()]
        assert codes == ([] if told else ["NO_INTROSPECTION"])
    own_name = await schema.execute("{ viewer { __typename } }", context_value=caller)
    assert own_name.errors is None
