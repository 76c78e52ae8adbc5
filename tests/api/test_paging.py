"""Pages put end to end are the list, whatever their size; what cannot be paged is refused in French."""

from typing import Any

import pytest

from tests.api.conftest import Client

RUN, FARM = 'planRun(id: "1")', 'supplier(id: "ferme_01")'
LISTS = {
    "kitchens": "kitchens(ARGS) { nodes { uai } PAGE }",
    "ingredients": "ingredients(ARGS) { nodes { id } PAGE }",
    "dishes": "dishes(ARGS) { nodes { id } PAGE }",
    "offers": "offers(ARGS) { nodes { id } PAGE }",
    "suppliers": "suppliers(ARGS) { nodes { id } PAGE }",
    "planRuns": "planRuns(ARGS) { nodes { id } PAGE }",
    "ingredient offers": 'ingredient(id: "ingredient_01") { offers(ARGS) { nodes { id } PAGE } }',
    "supplier offers": FARM + " { offers(ARGS) { nodes { id } PAGE } }",
    "supplier drops": FARM + " { drops(ARGS) { nodes { date place { uai } } PAGE } }",
    "supplier sales": FARM + " { sales(ARGS) { nodes { week offer { id } } PAGE } }",
    "run kitchens": RUN + " { kitchens(ARGS) { nodes { kitchen { uai } } PAGE } }",
    "run suppliers": RUN + " { suppliers(ARGS) { nodes { supplier { id } } PAGE } }",
    "run drops": RUN + " { drops(ARGS) { nodes { date place { uai } supplier { id } } PAGE } }",
    "run rule results": RUN + " { ruleResults(ARGS) { nodes { rule kitchen { uai } period } PAGE } }",
    "run needs": RUN + " { needs(perKitchen: true, ARGS) { nodes { ingredient { id } week place { uai } } PAGE } }",
}
PAGE = "pageInfo { hasNextPage endCursor }"
TWO_OFFERS = f"offers(first: 2) {{ nodes {{ id }} {PAGE} }}"


def operation(of: str) -> str:
    paged = LISTS[of].replace("PAGE", PAGE).replace("ARGS", "first: $first, after: $after")
    return f"query Q($first: Int!, $after: String) {{ {paged} }}"


def page_in(data: Any) -> Any:
    while "nodes" not in data:
        (data,) = data.values()
    return data


async def all_of(client: Client, of: str, first: int) -> list[Any]:
    found: list[Any] = []
    after = None
    while True:
        page = page_in(await client.data(operation(of), first=first, after=after))
        assert len(page["nodes"]) <= first
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        assert len(page["nodes"]) == first
        after = page["pageInfo"]["endCursor"]


@pytest.mark.parametrize("of", LISTS)
async def test_pages_end_to_end_are_the_whole_list(of: str, large_client: Client) -> None:
    whole = await all_of(large_client, of, 100)
    assert len(whole) > 2
    assert [str(each) for each in whole] == list(dict.fromkeys(str(each) for each in whole)), "no row twice"
    assert await all_of(large_client, of, 2) == whole


async def test_pages_of_many_parents_are_those_of_each(large_client: Client) -> None:
    together = (await large_client.data(f"{{ suppliers {{ nodes {{ id {TWO_OFFERS} }} }} }}"))["suppliers"]["nodes"]
    assert len(together) > 3
    alone = f"query Q($id: ID!) {{ supplier(id: $id) {{ {TWO_OFFERS} }} }}"
    for supplier in together:
        found = await large_client.data(alone, id=supplier["id"])
        assert found["supplier"]["offers"] == supplier["offers"]


@pytest.mark.parametrize("first", [0, -1, 101])
@pytest.mark.parametrize("of", ["kitchens", "supplier offers", "run needs"])
async def test_a_page_of_another_size_is_refused(of: str, first: int, client: Client) -> None:
    answer = await client(operation(of), first=first)
    assert answer.errors == [
        (
            "PAGE_SIZE",
            f"first vaut {first} : demander de 1 à 100 lignes, puis la suite avec after et pageInfo.endCursor.",
        )
    ]


@pytest.mark.parametrize(
    "after", ["", "nonsense", "é", "WzFd", "WyIxIiwgIjIiXQ==", "bnVsbA==", "W251bGxd", "WyJ4Il0="],
    ids=["empty", "no base64", "no ASCII", "a number", "two values", "null", "a null", "another type"],
)  # fmt: skip
async def test_a_cursor_of_something_else_is_refused(after: str, client: Client) -> None:
    answer = await client(operation("run kitchens"), first=2, after=after)
    assert [code for code, _ in answer.errors] == ["BAD_CURSOR"]
