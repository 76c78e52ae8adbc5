"""A write that PostgreSQL gave up for somebody else's is done again; nothing else is."""

from contextlib import AsyncExitStack

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.once import asked, once
from catering.graph.request import Request
from catering.settings import Settings
from tests.api.conftest import CHEF, Client


class GivenUpError(Exception):
    """What a driver raises."""

    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


async def written(client: Client, sqlstate: str, tried: list[str]) -> str:
    """The answer to a write whose first attempt the server refuses."""

    async def write(_session: AsyncSession) -> str:
        tried.append(sqlstate)
        if len(tried) == 1:
            raise OperationalError("UPDATE", {}, GivenUpError(sqlstate))
        return "7"

    async with AsyncExitStack() as stack:
        request = Request(client.database, CHEF, Settings())
        stack.push_async_callback(request.forget)
        return await once(request, asked("write", "a key of its own", {}), write)


async def test_a_write_given_up_for_others_is_done_again_and_once(client: Client) -> None:
    tried: list[str] = []
    assert [await written(client, "40P01", tried), await written(client, "40P01", tried)] == ["7", "7"]
    assert len(tried) == 2


async def test_a_server_that_fails_is_not_asked_again(client: Client) -> None:
    tried: list[str] = []
    with pytest.raises(OperationalError):
        await written(client, "57P01", tried)
    assert len(tried) == 1
