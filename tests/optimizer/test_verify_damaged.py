"""A right plan is found right; every seeded fault is found by the command line, under the id of the rule it breaks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.__main__ import main
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.rules import Rule
from tests.optimizer.damage import DAMAGES, damage, kinds_of
from tests.optimizer.examples import plan_of, two_kitchens

STRUCTURAL = {"MENU", "SEASON", "DEMAND", "REACH", "CAPACITY", "AMOUNT", "DROPS", "MIN_DROP", "SUMMARY", "BOUND"}


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    problem = two_kitchens()
    problem.to_folder(tmp_path / "problem")
    plan_of(problem).to_folder(tmp_path / "plan")
    return tmp_path / "problem", tmp_path / "plan"


def test_a_right_plan_has_no_fault(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", *map(str, folders)]) == 0
    assert capsys.readouterr().out == (
        "Aucun défaut. 2 cuisines, 1409 repas, coût 2061,97 €, borne inférieure 43,97 €, écart 97,87 %.\n"
        "Colis entiers, au-delà du plan : 38,38 € (1,86 %) si les restes servent plus tard, "
        "60,37 € (2,93 %) s'ils sont perdus.\n"
    )


@pytest.mark.parametrize("name", DAMAGES)
def test_a_seeded_fault_is_found(
    name: str, folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule_id = damage(*folders, name, tmp_path / "damaged")
    assert rule_id is not None, "the example has something to damage in every way"
    code = main(["verify", "--json", str(folders[0]), str(tmp_path / "damaged")])
    answer = json.loads(capsys.readouterr().out)
    found = [fault for fault in answer["faults"] if fault["rule_id"] == rule_id]
    assert code == 1
    assert answer["count"] == len(answer["faults"])
    assert found, f"{rule_id} not among {sorted({fault['rule_id'] for fault in answer['faults']})}"
    assert all(fault["message"].endswith(".") for fault in found)


def test_seeded_faults_reach_every_rule(folders: tuple[Path, Path], tmp_path: Path) -> None:
    broken = {damage(*folders, name, tmp_path / name) for name in DAMAGES} - {None}
    rule_ids = {rule_id for rule_id in broken if rule_id is not None}
    assert rule_ids >= STRUCTURAL
    assert kinds_of(two_kitchens(), rule_ids) == set(Rule.__args__)


def test_the_module_runs_without_the_platform(folders: tuple[Path, Path], tmp_path: Path) -> None:
    rule_id = damage(*folders, "a_budget_overrun", tmp_path / "damaged")
    root = Path(__file__).parents[2]
    code = (
        "import sys; sys.modules['catering'] = None; from optimizer.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    right = _run(root, "-m", "optimizer", "verify", *folders)
    wrong = _run(root, "-c", code, "verify", folders[0], tmp_path / "damaged")
    assert (right.returncode, right.stderr) == (0, "")
    assert (wrong.returncode, wrong.stderr) == (1, "")
    assert f"{rule_id} : 1 défaut(s)" in wrong.stdout
    assert "Budget denrées" in wrong.stdout


def _run(root: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *map(str, arguments)]
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_only_the_first_faults_are_printed_but_all_are_counted(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    menus = folders[1] / "menus.csv"
    header, *rows = menus.read_text(encoding="utf-8").splitlines()
    assert len(rows) == 45
    menus.write_text("\n".join([header, rows[0]]) + "\n", encoding="utf-8")
    assert main(["verify", *map(str, folders)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "MENU : 44 défaut(s)"
    assert sum(line.startswith("  ") for line in lines) == 50
    assert lines[-1].endswith("les 50 premiers sont écrits.")


EXAMPLE = two_kitchens()
EXAMPLE_PLAN = plan_of(EXAMPLE)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damaged_byte_goes_unnoticed_or_crashes(data: st.DataObject) -> None:
    """Any byte of any file changed: told as a fault or as bad input, unless both folders still say the same."""
    with TemporaryDirectory() as place:
        problem_dir, plan_dir = Path(place) / "problem", Path(place) / "plan"
        EXAMPLE.to_folder(problem_dir)
        EXAMPLE_PLAN.to_folder(plan_dir)
        file = data.draw(st.sampled_from(sorted([*problem_dir.iterdir(), *plan_dir.iterdir()])))
        text = file.read_bytes()
        at = data.draw(st.integers(0, len(text) - 1))
        file.write_bytes(text[:at] + data.draw(st.binary(max_size=3)) + text[at + data.draw(st.integers(0, 3)) :])
        code = main(["verify", str(problem_dir), str(plan_dir)])
        assert code in (0, 1, 2)
        if code == 0:
            assert Problem.from_folder(problem_dir) == EXAMPLE
            assert _checkable(Plan.from_folder(plan_dir)) == _checkable(EXAMPLE_PLAN)


def _checkable(plan: Plan) -> object:
    """The plan without the figures that only its author can know."""
    summary = replace(plan.summary, seconds=Decimal(0), peak_memory_mb=0, solver="", seed=0, rules=(), kitchens=())
    results = sorted(plan.summary.rules, key=str)
    return sorted(plan.menus), sorted(plan.sourcing), sorted(plan.drops), sorted(plan.prices), summary, results
