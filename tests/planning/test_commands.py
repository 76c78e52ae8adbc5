"""`catering plan` and `catering demo` from the command line to the files and tables they leave."""

import asyncio
import json
import shlex
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from catering import commands
from catering.app import create_app
from catering.cli import main
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

    monkeypatch.setattr(commands, "run_claimed", partial(commands.run_claimed, solver=stuck))
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
    assert (place / "var/plan/menus.csv").is_file()
    main(["demo", *ASKED, "--port", "8123"])
    again = capsys.readouterr()
    assert "Plan n° 1 déjà en service" in again.err
    assert "Plan vérifié" not in again.out
    (port, command), (same_port, same_command) = served
    assert (port, command) == (same_port, same_command)
    assert port == 8123
    assert command.startswith("curl -s http://127.0.0.1:8123/graphql ")


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
        httpx.AsyncClient(transport=transport, base_url="http://demo") as client,
    ):
        return (await client.post("/graphql", json=body)).json()
