"""How much mixed traffic the web processes carry on PostgreSQL: requests a second, times of answers, errors, memory.

python -m benchmarks.load                         # 1, 2 and 4 web processes, 20 s each, 8 people at a time
python -m benchmarks.load --seconds 1800          # memory over half an hour, for each number of processes

People of all four personas open the pages that the tests open, in random order, each the next one as soon as the last
has come; one request in ten of a chef or a producer is a write. The database is the small Département of the tests,
on a real PostgreSQL server, asked as the role that owns nothing, under row-level security. Everything, the people
too, is on this machine: with more processes than cores, they only share them. An error is an answer of 500 or more,
one refused for want of rights, a write that names no outcome, or no answer. Code 1 when there is one.
"""

import argparse
import asyncio
import itertools
import os
import platform
import random
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field

import httpx

from benchmarks.serving import Web, answering, browser, postgresql, signed_in, web
from catering.people.viewer import Role
from tests.api.conftest import fill_server
from tests.api.dataset import MOMENT
from tests.api.dataset_people import NUMBERS
from tests.api.operations import VARIABLES, operations
from tests.servers import OF_THE_TEST, as_application, copy_on_server
from tests.web.examples import EXAMPLES

OPERATIONS = operations()
PERSONAS = (Role.CHEF, Role.PRODUCER, Role.NUTRITION_MANAGER, Role.DEPARTEMENT)
WRITES = {Role.CHEF: "chef/SetTemperatureTolerance", Role.PRODUCER: "producer/StateCapacity"}
"""A write that may be made again and again."""
ONE_IN = 10
THIRD_PLAN = "/departement/plans/3/"
"""Pages of a plan that the tests of pages add to the small Département."""
PAGES = {
    role: sorted({each.path for each in EXAMPLES.values() if each.role is role and THIRD_PLAN not in each.path})
    for role in PERSONAS
}


@dataclass
class Measured:
    """Seconds of the answers of each persona, and what went wrong."""

    seconds: dict[Role, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    """What all processes hold together: at the start, half way, at the end."""


async def ask(client: httpx.AsyncClient, role: Role, draws: random.Random, key: str) -> str | None:
    """One request of a persona; what is wrong with its answer."""
    headers = signed_in(f"session {NUMBERS[role]}")
    if role in WRITES and draws.randrange(ONE_IN) == 0:
        name = WRITES[role]
        body = {"query": OPERATIONS[name], "variables": VARIABLES[name] | {"idempotencyKey": key}}
        answer = await client.post("/graphql", json=body, headers=headers)
        return None if answer.is_success and answer.json().get("data") else f"{name}: {answer.text[:200]}"
    path = draws.choice(PAGES[role])
    answer = await client.get(path, headers=headers)
    return None if answer.is_success else f"{path}: {answer.status_code}"


async def person(client: httpx.AsyncClient, number: int, given: argparse.Namespace, measured: Measured) -> None:
    """Somebody who opens one page after the other until the time is over."""
    role, draws = PERSONAS[number % len(PERSONAS)], random.Random(f"{given.seed}.{number}")
    end = time.perf_counter() + given.seconds
    for count in itertools.count():
        if (begun := time.perf_counter()) >= end:
            return
        try:
            fault = await ask(client, role, draws, f"load-{number:04d}-{count:08d}")
        except httpx.TransportError as error:
            fault = repr(error)
        measured.seconds[role].append(time.perf_counter() - begun)
        if fault is not None:
            measured.errors.append(fault)


async def look(running: Web, given: argparse.Namespace, measured: Measured) -> None:
    """Look at the memory at the start, half way and at the end."""
    for part in range(3):
        measured.memory_mb.append(sum(running.memory_mb()))
        if part < 2:
            await asyncio.sleep(given.seconds / 2)


async def warm(running: Web) -> None:
    """Let each process open each page once: the first time is not what people wait for."""
    for port in running.ports:
        async with browser(port) as client:
            for role, paths in PAGES.items():
                for path in paths:
                    await client.get(path, headers=signed_in(f"session {NUMBERS[role]}"))


async def with_processes(address: str, processes: int, given: argparse.Namespace) -> Measured:
    """The traffic on so many processes."""
    measured = Measured()
    with web(address, processes, MOMENT) as running:
        await answering(running)
        await warm(running)
        clients = [browser(port) for port in running.ports]
        people = (person(clients[n // len(PERSONAS) % processes], n, given, measured) for n in range(given.people))
        await asyncio.gather(look(running, given, measured), *people)
        for client in clients:
            await client.aclose()
    return measured


def row(processes: int, who: str, times: list[float], seconds: float) -> str:
    """A line of the table."""
    waits = sorted(times)
    p50, p95, p99 = (1_000 * waits[min(len(waits) - 1, len(waits) * part // 100)] for part in (50, 95, 99))
    return f"| {processes} | {who} | {len(waits)} | {len(waits) / seconds:.1f} | {p50:.0f} | {p95:.0f} | {p99:.0f} |"


def report(processes: int, measured: Measured, seconds: float) -> None:
    """The lines of one number of processes."""
    every = [each for times in measured.seconds.values() for each in times]
    print(row(processes, "all", every, seconds))
    for role, times in measured.seconds.items():
        print(row(processes, role.value, times, seconds))
    memory = " → ".join(f"{each:.0f}" for each in measured.memory_mb)
    errors, load = len(measured.errors), os.getloadavg()[0]
    print(f"  errors: {errors}; load {load:.1f}; memory of all processes, MB: {memory}", flush=True)
    if measured.errors:
        print("\n".join(sorted(set(measured.errors))))


async def measure(given: argparse.Namespace) -> bool:
    """One table for each number of processes; whether there was no error."""
    versions = f"Python {platform.python_version()}, seed {given.seed}, {os.cpu_count()} cores"
    print(f"{versions}, load {os.getloadavg()[0]:.1f}, {given.people} people, {given.seconds:.0f} s")
    print("| processes | who | requests | a second | p50 ms | p95 ms | p99 ms |")
    right = True
    with postgresql() as server:
        owner = await copy_on_server(server.address, "small", fill_server, as_owner=True)
        await owner.dispose()
        for processes in given.processes:
            measured = await with_processes(as_application(server.address, OF_THE_TEST), processes, given)
            report(processes, measured, given.seconds)
            right &= not measured.errors
    return right


def arguments() -> argparse.ArgumentParser:
    """What may be said on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--people", type=int, default=8, help="who ask at the same time, of the personas in turn")
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--seed", type=int, default=0)
    return parser


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(measure(arguments().parse_args())) else 1)
