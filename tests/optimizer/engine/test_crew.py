"""Work shared out: whoever does it, in how many processes, and whether one of them dies, the plan is the same."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from threadpoolctl import threadpool_info

from optimizer import Cancelled, Infeasible, Plan, Problem, Progress, solve, verify
from optimizer.engine.crew import RETRIES, Crew
from optimizer.engine.instance import Instance, compile_instance
from tests.lints.sources import ROOT
from tests.optimizer.engine.infeasible import IMPOSSIBLE
from tests.optimizer.synthetic import synthetic_problem


@pytest.fixture(scope="module")
def problem() -> Problem:
    return synthetic_problem(6, 2, 20)


@pytest.fixture(scope="module")
def alone(problem: Problem) -> Plan:
    return solve(problem, workers=1)


def same(plan: Plan, other: Plan) -> bool:
    """Whether two plans say the same, all but seconds and memory."""
    return (plan.menus, plan.sourcing, plan.drops, plan.prices) == (
        other.menus,
        other.sourcing,
        other.drops,
        other.prices,
    )


def test_two_workers_make_the_plan_of_one(problem: Problem, alone: Plan) -> None:
    plan = solve(problem, workers=2)
    assert same(plan, alone)
    assert verify(problem, plan) == []


def threads_of_products(_instance: Instance, _item: int) -> int:
    """Threads that a product of matrices would take here: a task of a crew."""
    return max(each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas")


def test_products_of_matrices_take_one_thread_and_the_caller_keeps_theirs(problem: Problem) -> None:
    instance = compile_instance(problem)
    before, seen = threads_of_products(instance, 0), set()

    def look(event: Progress) -> None:
        if event.phase.startswith("Menus"):
            seen.add(threads_of_products(instance, 0))

    solve(problem, workers=1, progress=look)
    with Crew(instance, workers=2) as crew:
        there = crew.map(threads_of_products, [0, 1])
    assert (seen, set(there), threads_of_products(instance, 0)) == ({1}, {1}, before)


@pytest.fixture(params=[ThreadPoolExecutor, "processes"], ids=["threads", "processes"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    if request.param is ThreadPoolExecutor:
        with ThreadPoolExecutor(2) as threads:
            yield threads
        return
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as processes:
        yield processes


def test_any_executor_makes_the_same_plan_and_stays_open(executor: Executor, problem: Problem, alone: Plan) -> None:
    assert same(solve(problem, executor=executor), alone)
    assert executor.submit(abs, -3).result() == 3


def test_a_worker_killed_in_the_middle_changes_nothing(problem: Problem, alone: Plan) -> None:
    killed: list[int] = []

    def kill_one(event: Progress) -> None:
        children = multiprocessing.active_children()
        if event.phase == "Menus" and children and not killed:
            killed.append(children[0].pid or 0)
            os.kill(killed[0], signal.SIGKILL)

    plan = solve(problem, workers=2, progress=kill_one)
    assert killed
    assert same(plan, alone)


def square(instance: Instance, item: int) -> int:
    return item * item + 0 * len(instance.kitchens)


def die_once(instance: Instance, item: tuple[str, int]) -> int:
    marker = Path(item[0])
    if item[1] == 2 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item[1]


def die_always(instance: Instance, item: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return item


@pytest.fixture(scope="module")
def instance() -> Instance:
    return compile_instance(synthetic_problem(1, 1, 5))


def counted(done: list[int]) -> list[int]:
    """How the count of finished items rose: what is told again while nobody ends is no step."""
    return [after for before, after in zip([0, *done], done, strict=False) if after != before]


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_items(instance: Instance, workers: int) -> None:
    done: list[int] = []
    with Crew(instance, workers=workers) as crew:
        assert crew.map(square, list(range(20)), done.append) == [n * n for n in range(20)]
    assert counted(done) == list(range(1, 21))


def test_a_dead_worker_costs_a_retry_and_each_item_is_counted_once(instance: Instance, tmp_path: Path) -> None:
    done: list[int] = []
    with Crew(instance, workers=2) as crew:
        items = [(str(tmp_path / "died"), n) for n in range(6)]
        assert crew.map(die_once, items, done.append) == list(range(6))
    assert (tmp_path / "died").exists()
    assert counted(done) == list(range(1, 7))


def test_a_worker_that_dies_while_another_starts_leaves_no_process_behind(instance: Instance) -> None:
    """A pool that breaks at this moment waits for the new worker for ever, and the program with it."""
    before = set(multiprocessing.active_children())
    with Crew(instance, workers=2) as crew:
        assert crew.map(square, [3]) == [9]
        (only,) = set(multiprocessing.active_children()) - before
        os.kill(only.pid or 0, signal.SIGKILL)
        assert crew.map(square, list(range(8))) == [n * n for n in range(8)]
    assert set(multiprocessing.active_children()) <= before


def sleep(instance: Instance, seconds: float) -> None:
    time.sleep(seconds)


def test_who_waits_can_stop_what_is_under_way(instance: Instance) -> None:
    """A solver cannot be interrupted, so its process is ended, and nobody waits for it."""

    def enough(done: int) -> None:
        raise Cancelled

    before, started = set(multiprocessing.active_children()), time.monotonic()
    with pytest.raises(Cancelled), Crew(instance, workers=2) as crew:
        crew.map(sleep, [600.0, 600.0], enough)
    assert time.monotonic() - started < 60
    assert set(multiprocessing.active_children()) <= before


@pytest.mark.parametrize("told", [OSError("handle is closed"), ValueError("bad value(s) in fds_to_keep")])
def test_a_pool_that_breaks_while_it_starts_a_worker_costs_a_retry(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, told: Exception
) -> None:
    """It then closes the pipes that the new worker was to be given, and `submit` fails by them."""
    closed: list[str] = []
    real = ProcessPoolExecutor.submit

    def submit(pool: ProcessPoolExecutor, *given: Any, **named: Any) -> Future[Any]:
        if not closed:
            closed.append("once")
            raise told
        return real(pool, *given, **named)

    monkeypatch.setattr(ProcessPoolExecutor, "submit", submit)
    with Crew(instance, workers=2) as crew:
        assert crew.map(square, list(range(4))) == [0, 1, 4, 9]
    assert closed


def test_what_always_dies_is_given_up(instance: Instance) -> None:
    assert RETRIES == 3
    with Crew(instance, workers=2) as crew, pytest.raises(BrokenProcessPool):
        crew.map(die_always, [1])


def test_a_conflict_found_in_a_worker_is_told_as_everywhere() -> None:
    impossible = IMPOSSIBLE["too_little_fish"]()
    with pytest.raises(Infeasible) as raised:
        solve(impossible.problem, workers=2)
    assert {conflict.rule_id for conflict in raised.value.conflicts} == impossible.rules


def test_stopping_leaves_no_process_behind(problem: Problem) -> None:
    def stop(event: Progress) -> None:
        if event.phase == "Menus" and event.done:
            raise Cancelled

    before = {child.pid for child in multiprocessing.active_children()}
    with pytest.raises(Cancelled):
        solve(problem, workers=2, progress=stop)
    assert {child.pid for child in multiprocessing.active_children()} <= before


LEFT_ALONE = """
import os, sys, time
from optimizer.engine.crew import Crew
from optimizer.engine.instance import compile_instance
from tests.optimizer.engine.test_crew import process_id
from tests.optimizer.synthetic import synthetic_problem

if __name__ == "__main__":
    with Crew(compile_instance(synthetic_problem(1, 1, 20)), workers=2) as crew:
        print(*crew.map(process_id, range(2)), flush=True)
        time.sleep(60)
"""


def process_id(instance: Instance, item: int) -> int:
    time.sleep(0.2)
    return os.getpid()


def test_workers_of_a_program_that_is_killed_end_too(tmp_path: Path) -> None:
    script = tmp_path / "left_alone.py"
    script.write_text(LEFT_ALONE)
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    ) as program:
        assert program.stdout is not None
        workers = {int(number) for number in program.stdout.readline().split()}
        assert workers, "the script said which processes worked"
        program.kill()
    deadline = time.monotonic() + 20
    while any(runs(worker) for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    left = {worker for worker in workers if runs(worker)}
    for worker in left:
        os.kill(worker, signal.SIGKILL)
    assert left == set()


def runs(process: int) -> bool:
    """Whether a process does something still: one that has ended may wait to be buried."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
