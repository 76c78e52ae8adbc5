"""What one operation may ask for: the refusal comes before anything is read, and comes fast."""

import time

import pytest

from catering.api.limits import DEEPEST, MOST_ALIASES, MOST_ROWS_ASKED
from tests.api.conftest import Client

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
