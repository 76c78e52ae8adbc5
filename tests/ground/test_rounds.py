"""Rounds of work beside answering: they go on after a failure, and end when asked."""

import asyncio

from catering.rounds import again_until


async def test_a_round_that_fails_is_followed_by_the_next_until_asked_to_stop() -> None:
    stop, rounds = asyncio.Event(), list[int]()

    async def work() -> None:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise LookupError("the database is away for a moment")
        if len(rounds) == 3:
            stop.set()

    await asyncio.wait_for(again_until(stop, 0.0, work), 5)
    assert rounds == [0, 1, 2]


async def test_a_pause_ends_at_once_when_asked_to_stop() -> None:
    stop = asyncio.Event()

    async def work() -> None:
        asyncio.get_running_loop().call_soon(stop.set)

    await asyncio.wait_for(again_until(stop, 3600.0, work), 5)
