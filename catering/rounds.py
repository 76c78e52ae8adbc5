"""What a process does again and again beside answering: one shape for every round."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

log = logging.getLogger(__name__)


async def again_until(stop: asyncio.Event, every_seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    """Do a round of work, pause, and do the next, until asked to stop: then the round under way is the last.

    A round that fails is logged, and the next one tries again: what is to be done stands in the database, and is done
    once however often it is looked for.

    Args:
        stop: set by whoever wants it to end; a pause ends at once.
        every_seconds: pause after a round.
        work: one round; a long one looks at ``stop`` itself.
    """
    while not stop.is_set():
        try:
            await work()
        except Exception:
            log.exception("a round of %s failed", getattr(work, "__qualname__", work))
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every_seconds)
