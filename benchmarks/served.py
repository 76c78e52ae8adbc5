"""Web processes to be measured and killed: forks of a process that has read law and schema already.

Run as ``python -m benchmarks.served MOMENT`` with the settings in the environment. Reads one port a line from its
standard input, starts the web process of that port, the same application as ``catering serve``, and answers its
number. The processes end with their standard input's end. ``MOMENT`` is the present that they know, as the data are
of one day.
"""

import asyncio
import gc
import os
import signal
import socket
import sys
import time
from datetime import datetime

import uvicorn

from catering.api.stored import faults_of_stored
from catering.app import create_app
from catering.moment import Clock
from catering.rules import law
from catering.settings import Settings

HOST = "127.0.0.1"
TRIES = 500


def serve(port: int) -> None:
    """Answer at a port of this machine until the process ends."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    _bind(listening, port)
    config = uvicorn.Config(create_app(Settings()), log_level="critical", proxy_headers=False)
    asyncio.run(uvicorn.Server(config).serve(sockets=[listening]))


def _bind(listening: socket.socket, port: int) -> None:
    """Take a port, as soon as the process that was killed has left it."""
    for _ in range(TRIES):
        try:
            return listening.bind((HOST, port))
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"port {port} is never free")


def main() -> None:
    """Start a process for each port that is read; end them all at the end of what is read."""
    law()
    assert not list(faults_of_stored())
    Clock.fixed = datetime.fromisoformat(sys.argv[1])
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    children = set()
    while line := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(0)
            serve(int(line))
            os._exit(0)
        children.add(child)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
    for child in children:
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
