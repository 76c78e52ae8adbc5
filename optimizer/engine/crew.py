"""Work shared out over processes: the instance travels once, tasks are plain functions of (instance, item).

Without an executor a pool of spawned processes is used, so that a crash inside a solver costs a retry and not the
plan. Any `concurrent.futures.Executor` will do instead (`optimizer.cluster`, say): the instance is then sent with each
batch and kept by the worker. Results come back in the order of the items, whoever computed them, so a plan depends on
its seed alone.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import pickle
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import replace
from multiprocessing.context import SpawnContext, SpawnProcess
from types import TracebackType
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

from optimizer.engine.instance import Instance

Item = TypeVar("Item")
Result = TypeVar("Result")
Task = Callable[[Instance, Item], Result]
RETRIES = 3
MOMENT = 0.5  # legal-number: half a second of patience
"""Seconds after which whoever waits is asked again whether they still want the results."""

_kept: dict[str, Instance] = {}


def one_thread() -> AbstractContextManager[object]:
    """Products of matrices in one thread from here on, or within the block: processes are the only parallel seam.

    What is multiplied is small: more threads only wait for each other, in the way of the other processes, and add up in
    another order.
    """
    held: AbstractContextManager[object] = threadpool_limits(limits=1, user_api="blas")
    return held


class _Workers(SpawnContext):
    """Spawned processes that can all be ended, whatever became of the pool they were started for.

    A pool that breaks ends the workers it knows of, then waits for all (`_ExecutorManagerThread.terminate_broken`).
    One that `submit` starts at that moment is waited for and not ended: the program would never exit.
    """

    def __init__(self) -> None:
        super().__init__()
        self._started: list[SpawnProcess] = []

    def Process(self, *args: Any, **kwargs: Any) -> SpawnProcess:  # type: ignore[override]  # noqa: N802 - its name there
        """A process that is remembered; the pool starts it."""
        process = SpawnProcess(*args, **kwargs)
        self._started.append(process)
        return process

    def kill(self) -> None:
        """End every process that runs."""
        for process in self._started:
            if process.pid is not None:
                process.kill()
        self._started.clear()


class Crew:
    """Use as a context manager. `workers=1` without an executor runs everything in this process."""

    def __init__(self, instance: Instance, executor: Executor | None = None, workers: int | None = None) -> None:
        self._instance = instance
        self._given = executor
        self.workers = workers or os.cpu_count() or 1
        self._blob = b""
        self._token = ""
        self._workers = _Workers()
        self._pool: Executor | None = None
        if executor is not None or self.workers > 1:
            # A copy of the problem leaves behind the indexes it has computed: they are large, some cannot be pickled.
            plain = replace(instance, problem=replace(instance.problem))
            self._blob = pickle.dumps(plain, protocol=pickle.HIGHEST_PROTOCOL)
            self._token = hashlib.sha256(self._blob).hexdigest()

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            if error is not None:
                # Nobody wants the rest: a task may have a minute to go.
                self._workers.kill()
            self._pool.shutdown(wait=True, cancel_futures=True)

    def map(
        self, task: Task[Item, Result], items: Sequence[Item], on_done: Callable[[int], None] | None = None
    ) -> list[Result]:
        """Results in the order of `items`.

        `on_done` is told how many are finished, and the same again while nothing ends for a moment: it may raise, and
        that stops the work.
        """
        if self._given is None and self.workers == 1:
            return self._here(task, items, on_done)
        results: dict[int, Result] = {}
        for attempt in range(RETRIES):
            try:
                self._there(task, items, results, on_done)
                break
            except BrokenExecutor:
                # A worker died (solver crash, memory): what is finished is kept, the rest is given to a new pool, or
                # again to the executor that was given.
                self._workers.kill()
                self._pool = None
                if attempt == RETRIES - 1:
                    raise
        return [results[n] for n in range(len(items))]

    def _here(
        self, task: Task[Item, Result], items: Sequence[Item], on_done: Callable[[int], None] | None
    ) -> list[Result]:
        results = []
        for item in items:
            results.append(task(self._instance, item))
            if on_done:
                on_done(len(results))
        return results

    def _there(
        self,
        task: Task[Item, Result],
        items: Sequence[Item],
        results: dict[int, Result],
        on_done: Callable[[int], None] | None,
    ) -> None:
        futures: dict[Future[Result], int] = {}
        for n, item in enumerate(items):
            if n not in results:
                futures[self._submit(task, item)] = n
        waiting = set(futures)
        while waiting:
            ended, waiting = wait(waiting, MOMENT, FIRST_COMPLETED)
            for future in ended:
                results[futures[future]] = future.result()
                if on_done:
                    on_done(len(results))
            if not ended and on_done:
                on_done(len(results))

    def _submit(self, task: Task[Item, Result], item: Item) -> Future[Result]:
        if self._given is not None:
            return self._given.submit(_with_instance, self._token, self._blob, task, item)
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.workers, self._workers, initializer=_begin, initargs=(self._token, self._blob)
            )
        try:
            return self._pool.submit(_with_kept, self._token, task, item)
        except (OSError, ValueError) as fault:
            # The pool broke while it was starting a worker: it closed the pipes that the worker was to be given, which
            # is told as a closed handle or as a bad descriptor, whichever it was about to use.
            raise BrokenProcessPool("A worker could not be started.") from fault


def _begin(token: str, blob: bytes) -> None:
    """What a worker of our own does first."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _keep(token, blob)


def _end_with_parent() -> None:
    """A program that is killed closes nothing: its workers would wait for tasks for ever, with all their memory."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _keep(token: str, blob: bytes) -> Instance:
    one_thread()
    instance: Instance = pickle.loads(blob)  # noqa: S301 - our own bytes, from the parent process
    _kept.clear()
    _kept[token] = instance
    return instance


def _with_kept(token: str, task: Callable[[Instance, Any], Any], item: Any) -> Any:
    return task(_kept[token], item)


def _with_instance(token: str, blob: bytes, task: Callable[[Instance, Any], Any], item: Any) -> Any:
    # Read once: with threads another problem may take the place meanwhile.
    instance = _kept.get(token)
    return task(_keep(token, blob) if instance is None else instance, item)
