"""`catering plan` and `catering demo` from the command line to the files and tables they leave."""

import json
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from catering import commands
from catering.cli import main
from catering.settings import settings
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
    served: list[tuple[int, bool]] = []
    monkeypatch.setattr(
        commands, "serve", lambda config, *, first_query=False: served.append((config.port, first_query))
    )
    main(["demo", *ASKED, "--port", "8123"])
    assert "Plan vérifié" in capsys.readouterr().out
    assert (place / "var/plan/menus.csv").is_file()
    main(["demo", *ASKED, "--port", "8123"])
    again = capsys.readouterr()
    assert "Plan n° 1 déjà en service" in again.err
    assert "Plan vérifié" not in again.out
    assert served == [(8123, True), (8123, True)]
