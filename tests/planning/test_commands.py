"""`catering plan` and `catering demo` from the command line to the files and tables they leave."""

import asyncio
import json
import os
import shlex
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

import catering.planning.problem as problems
from catering import commands
from catering.app import create_app
from catering.cli import main
from catering.rules import planning_rules
from catering.settings import Settings, settings
from optimizer import Conflict, Infeasible, Plan, Problem, verify

ASKED = ("--kitchens", "1", "--weeks", "5", "--time-limit", "20", "--workers", "1")


@pytest.fixture
def place(demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working folder with the demonstration Département in its database."""
    (tmp_path / "var").mkdir()
    shutil.copy(demo_file, tmp_path / "var/catering.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CATERING_DATABASE_URL", raising=False)
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def test_planning_writes_a_plan_anybody_can_check(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["plan", *ASKED, "--out", "plan", "--problem-out", "problem"])
    told = capsys.readouterr()
    problem, plan = Problem.from_folder(place / "problem"), Plan.from_folder(place / "plan")
    assert list(verify(problem, plan)) == []
    summary = json.loads((place / "plan/summary.json").read_text(encoding="utf-8"))
    assert summary["meals"] == problem.meals
    assert "hors taxes" in told.out
    assert "Borne inférieure prouvée" in told.out
    assert "Plan vérifié, écrit dans plan" in told.out
    assert "Vérification indépendante : 1/1" in told.err


@pytest.mark.parametrize("option", ["--out", "--problem-out"])
def test_a_folder_that_holds_something_else_is_refused_before_any_work(
    place: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "taken").mkdir()
    (place / "taken/letter.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["plan", *ASKED, option, "taken"])
    assert stop.value.code == 2
    told = capsys.readouterr().err
    assert "letter.txt" in told
    assert "Lecture de la base" not in told
    assert (place / "taken/letter.txt").read_text(encoding="utf-8") == "keep me"


def test_rules_in_conflict_are_printed_and_end_with_2(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    conflict = Conflict("NUT-08", "Poisson au moins quatre fois", "0620004T", "2026-09-01/2026-10-02")

    def stuck(*_: object, **__: object) -> Plan:
        raise Infeasible([conflict])

    monkeypatch.setattr(commands, "solver_at", lambda _scheduler: stuck)
    with pytest.raises(SystemExit) as stop:
        main(["plan", *ASKED, "--out", "plan"])
    assert stop.value.code == 2
    told = capsys.readouterr().err
    assert "- NUT-08 [0620004T, 2026-09-01/2026-10-02] Poisson au moins quatre fois" in told
    assert not (place / "plan").exists()


def test_the_demo_plans_once_publishes_and_serves(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    served: list[tuple[int, str]] = []
    monkeypatch.setattr(commands, "serve", lambda config, lines: served.append((config.port, lines[-1])))
    main(["demo", *ASKED, "--port", "8123"])
    assert "Plan vérifié" in capsys.readouterr().out
    plan, problem = Plan.from_folder(place / "var/plan"), Problem.from_folder(place / "var/problem")
    assert list(verify(problem, plan)) == []
    main(["demo", *ASKED, "--port", "8123"])
    again = capsys.readouterr()
    assert "Plan n° 1 déjà en service" in again.err
    assert "Plan vérifié" not in again.out
    (port, command), (same_port, same_command) = served
    assert (port, command) == (same_port, same_command)
    assert port == 8123
    assert command.startswith("curl -s http://127.0.0.1:8123/graphql ")


def test_the_demo_plans_again_when_the_law_has_changed(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "serve", lambda *_: None)
    main(["demo", *ASKED])

    def one_more_vegetarian_dish(on: date) -> list[dict[str, Any]]:
        return [rule | {"max": 7} if rule["id"] == "HOUSE-41" else rule for rule in planning_rules(on)]

    monkeypatch.setattr(problems, "planning_rules", one_more_vegetarian_dish)
    main(["demo", *ASKED])
    assert "ont changé depuis le plan n° 1" in capsys.readouterr().err
    stated = json.loads((place / "var/problem/rules.json").read_text(encoding="utf-8"))
    assert [rule["max"] for rule in stated if rule["id"] == "HOUSE-41"] == [7]


def test_a_server_that_says_it_is_open_keeps_callers_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person who copies the query at once is made to wait for the application, not refused."""
    listening = commands._listen("127.0.0.1", 0)
    with listening, socket.create_connection(listening.getsockname(), timeout=5) as caller:
        assert caller.getpeername() == listening.getsockname()


def ended(group: int) -> bool:
    """Whether no process of a group is left, once the system has had time to bury them."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_ctrl_c_ends_a_calculation_at_once_and_says_so_in_the_database(place: Path) -> None:
    """The processes that solve are ended: nobody waits for a minute of work that nobody wants."""
    asked = ("plan", "--kitchens", "40", "--weeks", "10")
    # As a terminal starts it: whoever runs the tests in the background has Ctrl-C ignored by all that they start.
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    command = [sys.executable, "-c", f"{listening}; from catering.cli import main; main()", *asked]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as planning:
        assert planning.stderr is not None
        told = next(line for line in planning.stderr if line.startswith("Premiers prix"))
        planning.send_signal(signal.SIGINT)
        told += planning.communicate(timeout=30)[1]
    assert planning.returncode == 130
    assert told.endswith("Interrompu.\n")
    with closing(sqlite3.connect(place / "var/catering.db")) as connection:
        assert connection.execute("SELECT status, error FROM plan_runs").fetchall() == [
            ("cancelled", "Arrêté à la demande.")
        ]
    assert ended(planning.pid)


def test_the_first_query_of_the_demo_is_answered(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the command line proposes to send is sent, to the application it serves."""
    answers: list[Any] = []

    def serve(config: Settings, lines: list[str]) -> None:
        body = json.loads(shlex.split(lines[-1])[-1])
        answers.append(asyncio.run(answer(create_app(config), body)))

    monkeypatch.setattr(commands, "serve", serve)
    main(["demo", *ASKED])
    (told,) = answers
    assert "errors" not in told
    assert told["data"]["planInUse"]["meals"] > 0
    days = told["data"]["kitchen"]["week"]["days"]
    assert [day["date"] for day in days] == ["2026-09-01", "2026-09-03", "2026-09-04"]
    assert all(len(day["dishes"]) == 5 and day["dishes"][0]["dish"]["name"] for day in days)


async def answer(app: FastAPI, body: dict[str, Any]) -> Any:
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client,
    ):
        return (await client.post("/graphql", json=body)).json()
