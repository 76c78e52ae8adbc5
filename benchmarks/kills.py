"""Kitchens order while web processes and the database are killed: what was acknowledged is there, once, and agrees.

python -m benchmarks.kills                        # 200 kills, 200 kitchens, 2 web processes
python -m benchmarks.kills --kills 0 --rounds 1   # 200 kitchens order at once, nobody dies

The real PostgreSQL server and the real web server, over HTTP, on this machine only. Every kitchen puts carrots of
which there is not enough for all, and leeks of which there is, and sends its basket, again and again; what brings no
answer is sent again with the same key, as the pages do, until it is answered. Every twentieth kill is of the whole
database. At the end: every order that was acknowledged is in the database once, no other one is, nothing is sold that
was not there, and all books agree (``tests/trade/audit.py``). Code 1 when one of these does not hold.
"""

import argparse
import asyncio
import itertools
import os
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import select

from benchmarks.serving import Server, Web, answering, browser, postgresql, signed_in, web
from catering.db import Database
from catering.market.models import Offer, OfferWeek
from catering.orders.models import Order
from catering.people.models import Account, AccountKitchen, Session
from catering.people.rules import Way, sha256
from catering.people.viewer import Role
from tests.api.dataset import uai
from tests.api.operations import operations
from tests.orders.market import MONDAY, NOW, TIGHT, WEEK, stock_market
from tests.servers import OF_THE_TEST, as_application, copy_on_server, make_tables
from tests.trade.audit import faults

OPERATIONS = operations()
OF_DATABASE = 20
"""One kill in so many is of the database."""
BETWEEN = (0.2, 0.5)
"""Seconds between two kills, at random."""
PLENTY = "poireaux_0"


@dataclass
class Told:
    """What the kitchens were told, and what befell them."""

    orders: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    unanswered: int = 0
    """Requests that brought no answer and were sent again."""


@dataclass
class Kitchen:
    """One kitchen that orders: its number, ways to each process, its draws."""

    number: int
    browsers: list[httpx.AsyncClient]
    told: Told
    draws: random.Random
    version: int = 0
    keys: "itertools.count[int]" = field(default_factory=itertools.count)

    async def ask(self, name: str, **variables: Any) -> Any:
        """An operation under a key of its own, sent until it is answered: its answer."""
        variables["idempotencyKey"] = f"kitchen-{self.number:04d}-{next(self.keys):06d}"
        begun = time.perf_counter()
        while (answer := await self._try(name, variables)) is None:
            self.told.unanswered += 1
            await asyncio.sleep(self.draws.uniform(0.02, 0.2))
        self.told.seconds.append(time.perf_counter() - begun)
        self.told.kinds[answer["__typename"]] += 1
        return answer

    async def _try(self, name: str, variables: dict[str, Any]) -> Any:
        body = {"query": OPERATIONS[f"chef/{name}"], "variables": variables}
        try:
            answer = await self.draws.choice(self.browsers).post(
                "/graphql", json=body, headers=signed_in(secret(self.number))
            )
            told = answer.json()
        except (httpx.TransportError, ValueError):
            return None
        return next(iter(told["data"].values())) if told.get("data") else None

    async def order(self) -> None:
        """Fill the basket and send it; when there is not enough of the scarce offer, send it without."""
        for offer in (TIGHT, PLENTY):
            await self._put(offer, self.draws.randint(2, 4))
        answer = await self.ask("SendBasket", basket=self._basket())
        if answer["__typename"] == "NotEnough":
            await self._put(TIGHT, 0)
            answer = await self.ask("SendBasket", basket=self._basket())
        if answer["__typename"] == "BasketSent":
            self.told.orders += [order["id"] for order in answer["orders"]]
            self.version = answer["basket"]["version"]

    async def _put(self, offer: str, packs: int) -> None:
        basket, day = self._basket(), MONDAY.isoformat()
        if packs:
            answer = await self.ask("PutBasketLine", basket=basket, offer=offer, packs=packs, day=day)
        else:
            answer = await self.ask("RemoveBasketLine", basket=basket, offer=offer, day=day)
        if "basket" in answer:
            self.version = answer["basket"]["version"]

    def _basket(self) -> dict[str, Any]:
        return {"kitchen": uai(self.number), "week": WEEK.isoformat(), "version": self.version}


async def furnish(database: Database, kitchens: int, crates: int) -> None:
    """A market with its kitchens, and an open session for who buys for each."""
    await make_tables(database)
    await stock_market(database, kitchens=kitchens, crates=crates)
    who = {"role": Role.GESTIONNAIRE, "created_at": NOW, "demonstration": False}
    opened = {"way": Way.LINK, "created_at": NOW, "last_seen_at": NOW, "expires_at": NOW + timedelta(days=9)}
    numbers = range(kitchens)
    async with database.unit_of_work() as session:
        session.add_all(Account(id=n + 1, email=f"g{n}@exemple.fr", name=f"Gestionnaire {n}", **who) for n in numbers)
        await session.flush()
        session.add_all(AccountKitchen(account_id=n + 1, kitchen=uai(n)) for n in numbers)
        session.add_all(Session(account_id=n + 1, token_sha256=sha256(secret(n)), **opened) for n in numbers)


def secret(number: int) -> str:
    """What opens the session of the n-th kitchen."""
    return f"kitchen-{number}"


async def kill(server: Server, running: Web, kills: int, draws: random.Random) -> Counter[str]:
    """Kill, at random moments, so many times; of what how often."""
    killed: Counter[str] = Counter()
    for number in range(1, kills + 1):
        await asyncio.sleep(draws.uniform(*BETWEEN))
        if number % OF_DATABASE == 0:
            await asyncio.to_thread(server.kill)
            await asyncio.sleep(draws.uniform(0, 0.3))
            await asyncio.to_thread(server.start)
            killed["database"] += 1
        else:
            await asyncio.to_thread(running.kill, draws.randrange(len(running.ports)))
            killed["web"] += 1
    return killed


async def order_until(ended: asyncio.Event, rounds: int, kitchen: Kitchen) -> None:
    """Order at least so many times, and until nobody is killed any more."""
    done = 0
    while done < rounds or not ended.is_set():
        await kitchen.order()
        done += 1


async def play(server: Server, running: Web, given: argparse.Namespace) -> tuple[Told, Counter[str]]:
    """All kitchens order at once while the killer works; what they were told, what was killed."""
    told, ended = Told(), asyncio.Event()
    browsers = [browser(port) for port in running.ports]
    kitchens = [Kitchen(n, browsers, told, random.Random(f"{given.seed}.{n}")) for n in range(given.kitchens)]
    ordering = [asyncio.create_task(order_until(ended, given.rounds, kitchen)) for kitchen in kitchens]
    killed = await kill(server, running, given.kills, random.Random(given.seed))
    ended.set()
    await asyncio.gather(*ordering)
    for each in browsers:
        await each.aclose()
    return told, killed


async def wrong(address: str, told: Told) -> list[str]:
    """What does not hold at the end."""
    database = Database(address)
    async with database.reading() as session:
        kept = Counter(str(each) for each in await session.scalars(select(Order.id)))
        week = select(OfferWeek).join(Offer, Offer.id == OfferWeek.offer_id).where(Offer.slug == TIGHT)
        scarce = (await session.scalars(week)).one()
        found = list(await faults(session))
    await database.dispose()
    acknowledged = Counter(told.orders)
    found += [f"order {each}: acknowledged, not there" for each in acknowledged - kept]
    found += [f"order {each}: there, never acknowledged" for each in kept - acknowledged]
    if scarce.available_g is None or scarce.reserved_g > scarce.available_g:
        found.append(f"{TIGHT}: {scarce.reserved_g} g sold of {scarce.available_g} g")
    return found


async def measure(given: argparse.Namespace) -> list[str]:
    """Furnish, order and kill, then compare; what does not hold."""
    with postgresql() as server:

        async def fill(database: Database) -> None:
            await furnish(database, given.kitchens, given.crates)

        owner = await copy_on_server(server.address, "kills", fill, as_owner=True)
        await owner.dispose()
        with web(as_application(server.address, OF_THE_TEST), given.processes, NOW, loud=False) as running:
            await answering(running)
            begun = time.perf_counter()
            told, killed = await play(server, running, given)
            seconds = time.perf_counter() - begun
        found = await wrong(owner.url, told)
    report(given, told, killed, seconds, found)
    return found


def report(given: argparse.Namespace, told: Told, killed: Counter[str], seconds: float, found: list[str]) -> None:
    """Say what happened."""
    waits = sorted(told.seconds)
    print(
        f"{given.kitchens} kitchens, {given.processes} web processes, seed {given.seed}, load {os.getloadavg()[0]:.1f}"
    )
    print(f"{seconds:.0f} s; killed: {dict(killed)}; sent again for want of an answer: {told.unanswered}")
    print(f"answers: {dict(told.kinds)}; orders acknowledged: {len(told.orders)}")
    print(f"seconds to an answer: median {waits[len(waits) // 2]:.2f}, 99 % {waits[len(waits) * 99 // 100]:.2f}")
    print("\n".join(found) or "acknowledged orders there once, nothing oversold, all books agree")


def arguments() -> argparse.ArgumentParser:
    """What may be said on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--kitchens", type=int, default=200)
    parser.add_argument("--crates", type=int, default=500, help="of the scarce offer, for all kitchens")
    parser.add_argument("--rounds", type=int, default=1, help="orders that each kitchen sends at least")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    return parser


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(measure(arguments().parse_args())) else 0)
