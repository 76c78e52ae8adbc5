"""Solving on several machines: a Dask cluster behind the one seam of the search, an executor.

Needs the extra ``scale``. Workers have one thread each (``dask worker … --nthreads 1``): a live HiGHS model belongs to
a thread, and HiGHS keeps one thread count per process. They need this package, in the same version, and nothing else.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from typing import Any, TypeVar

from distributed import Client
from distributed import Future as RemoteFuture
from distributed.client import FutureCancelledError
from distributed.scheduler import KilledWorker

Result = TypeVar("Result")

ONCE_OVER = 100_000
"""Bytes from which an argument is sent to the workers once, and not with every task."""
CONNECT_SECONDS = 10.0  # legal-number: patience with a scheduler that starts at the same moment
LOST = (KilledWorker, FutureCancelledError, OSError)
"""What says that workers were lost, and not that the task failed."""


class NoClusterError(Exception):
    """Nobody answers at the address, or no worker has joined."""


class ClusterExecutor(Executor):
    """Tasks on the workers of a scheduler.

    A worker that dies, stalls or leaves costs time only: the scheduler gives its tasks to others; when it gives up,
    or what was sent once is lost with its holders, the task ends as ``BrokenExecutor`` and `crew` asks again.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._sent: dict[str, RemoteFuture[bytes]] = {}
        self._lock = threading.Lock()

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Have a worker call ``fn``; large bytes among the arguments travel once."""
        task: Future[Result] = Future()
        task.set_running_or_notify_cancel()
        remote = self._client.submit(fn, *(self._once(arg) for arg in args), pure=False, **kwargs)
        remote.add_done_callback(lambda done: self._settle(task, done))
        return task

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Forget what was sent; the cluster goes on."""
        del wait, cancel_futures
        with self._lock:
            self._sent.clear()

    def _once(self, arg: Any) -> Any:
        if not isinstance(arg, bytes) or len(arg) < ONCE_OVER:
            return arg
        name = hashlib.sha256(arg).hexdigest()
        with self._lock:
            if name not in self._sent or self._sent[name].status != "finished":
                self._sent[name] = self._client.scatter(arg, broadcast=True, hash=False)
            return self._sent[name]

    def _settle(self, task: Future[Result], remote: RemoteFuture[Result]) -> None:
        """Hand over what a task came to; called by a thread of the client."""
        try:
            task.set_result(remote.result())
        except LOST as lost:
            task.set_exception(BrokenExecutor(str(lost)))
        except BaseException as fault:
            # Whoever waits for the task is told, in their own thread.
            task.set_exception(fault)


@contextmanager
def cluster(address: str, *, workers: int = 1) -> Iterator[ClusterExecutor]:
    """The executor of a scheduler, e.g. ``tcp://scheduler:8786``.

    Args:
        address: of the scheduler.
        workers: how many must have joined before work starts; others may come and go later.

    Raises:
        NoClusterError: nobody answers, or too few workers have joined.
    """
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoClusterError(f"Aucun ordonnanceur ne répond à {address} : {error}") from error
    try:
        try:
            client.wait_for_workers(workers, timeout=CONNECT_SECONDS)
        except TimeoutError as error:
            raise NoClusterError(f"L'ordonnanceur {address} n'a pas {workers} processus de calcul.") from error
        executor = ClusterExecutor(client)
        yield executor
        executor.shutdown()
    finally:
        client.close()
