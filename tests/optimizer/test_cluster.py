"""Several machines, as processes of a local cluster: whoever computes, dies or comes late, the plan is the same."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest
from distributed import LocalCluster

from optimizer import Infeasible, Plan, Problem, Progress, solve, verify
from optimizer.__main__ import main
from optimizer.cluster import LOST, ClusterExecutor, NoClusterError, cluster
from tests.optimizer.engine.infeasible import IMPOSSIBLE
from tests.optimizer.synthetic import synthetic_problem

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
NOBODY = "tcp://127.0.0.1:9"


@pytest.fixture(scope="module")
def problem() -> Problem:
    return synthetic_problem(6, 2, 20)


@pytest.fixture(scope="module")
def alone(problem: Problem) -> Plan:
    return solve(problem, workers=1)


@pytest.fixture
def machines() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as running:
        yield running


def worker_pids(machines: LocalCluster) -> list[int]:
    return [worker.pid for worker in machines.workers.values()]


def once(phase: str, act: Callable[[], None]) -> tuple[Callable[[Progress], None], list[str]]:
    """A listener that acts the first time it hears of a phase, and what it heard then."""
    acted: list[str] = []

    def listen(event: Progress) -> None:
        if event.phase == phase and not acted:
            acted.append(event.phase)
            act()

    return listen, acted


def same(plan: Plan, other: Plan) -> bool:
    return (plan.menus, plan.sourcing, plan.drops, plan.prices) == (
        other.menus,
        other.sourcing,
        other.drops,
        other.prices,
    )


def test_a_cluster_makes_the_plan_of_one_process(machines: LocalCluster, problem: Problem, alone: Plan) -> None:
    with cluster(machines.scheduler_address, workers=2) as executor:
        plan = solve(problem, executor=executor)
    assert same(plan, alone)
    assert verify(problem, plan) == []


def test_a_worker_killed_in_the_middle_costs_time_only(machines: LocalCluster, problem: Problem, alone: Plan) -> None:
    listen, acted = once("Menus", lambda: os.kill(worker_pids(machines)[0], signal.SIGKILL))
    with cluster(machines.scheduler_address, workers=2) as executor:
        plan = solve(problem, executor=executor, progress=listen)
    assert acted
    assert same(plan, alone)


def test_a_worker_nobody_hears_of_for_a_while(machines: LocalCluster, problem: Problem, alone: Plan) -> None:
    """As when the network is cut: the worker stands still for two seconds, then goes on."""
    pid = worker_pids(machines)[0]

    def cut() -> None:
        os.kill(pid, signal.SIGSTOP)
        threading.Timer(2.0, os.kill, (pid, signal.SIGCONT)).start()

    listen, acted = once("Menus", cut)
    with cluster(machines.scheduler_address, workers=2) as executor:
        plan = solve(problem, executor=executor, progress=listen)
        time.sleep(0.1)
    assert acted
    assert same(plan, alone)


def test_a_worker_that_comes_late_takes_its_share(machines: LocalCluster, problem: Problem, alone: Plan) -> None:
    listen, acted = once("Menus", lambda: machines.scale(3))
    with cluster(machines.scheduler_address, workers=2) as executor:
        plan = solve(problem, executor=executor, progress=listen)
    assert acted
    assert same(plan, alone)


def test_a_conflict_found_on_another_machine_is_told_as_everywhere(machines: LocalCluster) -> None:
    impossible = IMPOSSIBLE["too_little_fish"]()
    with cluster(machines.scheduler_address) as executor, pytest.raises(Infeasible) as raised:
        solve(impossible.problem, executor=executor)
    assert {conflict.rule_id for conflict in raised.value.conflicts} == impossible.rules


def test_what_was_sent_once_and_lost_is_sent_again(machines: LocalCluster) -> None:
    """Both workers die: what they held is gone with them; those that take their place are given it anew."""
    blob = bytes(200_000)
    with cluster(machines.scheduler_address, workers=2) as executor:
        assert executor.submit(len, blob).result(60) == 200_000
        for pid in worker_pids(machines):
            os.kill(pid, signal.SIGKILL)
        assert _asked_again(executor, blob) == 200_000


def _asked_again(executor: ClusterExecutor, blob: bytes) -> int:
    for _ in range(3):
        try:
            return executor.submit(len, blob).result(60)
        except BrokenExecutor:
            continue
    raise AssertionError(f"lost for good, whatever of {LOST} was met")


def test_nobody_at_the_address_is_said_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    synthetic_problem(1, 1, 8).to_folder(tmp_path / "problem")
    with pytest.raises(NoClusterError, match=NOBODY), cluster(NOBODY):
        pass
    with pytest.raises(SystemExit) as refused:
        main(["solve", str(tmp_path / "problem"), str(tmp_path / "plan"), "--scheduler", NOBODY])
    assert refused.value.code == 2
    assert "Aucun ordonnanceur ne répond" in capsys.readouterr().err
    assert not (tmp_path / "plan").exists()
