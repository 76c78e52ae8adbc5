"""Values that several fields of one operation wait for."""

import asyncio
from collections.abc import Mapping

import pytest

from catering.graph.loading import Loader
from catering.graph.request import Request
from catering.settings import Settings
from tests.api.conftest import CHEF, Client


class Slow(Loader[int, int]):
    """Twice a number, after a moment; 13 fails."""

    finished: list[int] = []  # noqa: RUF012 - of one test, which clears it

    async def fetch(self, keys: list[int]) -> Mapping[int, int]:
        await asyncio.sleep(0.01)
        if 13 in keys:
            raise LookupError("13")
        Slow.finished += keys
        return {key: 2 * key for key in keys}


@pytest.fixture
def request_of_chef(client: Client) -> Request:
    Slow.finished.clear()
    return Request(client.database, CHEF, Settings())


async def waiting(request: Request, key: int) -> int:
    return await request.loader(Slow).load(key)


async def test_a_field_that_is_given_up_takes_its_value_from_no_other(request_of_chef: Request) -> None:
    given_up, other = (asyncio.create_task(waiting(request_of_chef, 4)) for _ in range(2))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await other == 8
    assert given_up.cancelled()
    assert await waiting(request_of_chef, 4) == 8
    assert Slow.finished == [4]


async def test_an_operation_ends_after_what_it_still_loads(request_of_chef: Request) -> None:
    alone = asyncio.create_task(waiting(request_of_chef, 5))
    await asyncio.sleep(0.001)
    alone.cancel()
    await request_of_chef.forget()
    assert Slow.finished == [5]


async def test_a_load_that_fails_fails_for_who_waits_and_for_nobody_else(request_of_chef: Request) -> None:
    failed = asyncio.create_task(waiting(request_of_chef, 13))
    await asyncio.sleep(0.001)
    failed.cancel()
    await request_of_chef.forget()
    with pytest.raises(LookupError, match="13"):
        await waiting(request_of_chef, 13)
