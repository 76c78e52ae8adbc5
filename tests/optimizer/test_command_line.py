"""``python -m optimizer solve``: a plan the verifier accepts, or the rules in conflict, and nothing half-written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from optimizer.__main__ import main
from tests.optimizer.examples import two_kitchens

SEARCH = ("--time-limit", "10", "--workers", "1", "--seed", "3")


def test_a_solved_problem_is_a_verified_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two_kitchens().to_folder(tmp_path / "problem")
    folders = [str(tmp_path / "problem"), str(tmp_path / "plan")]
    assert main(["solve", *folders, *SEARCH]) == 0
    told = capsys.readouterr()
    assert f"Plan écrit dans {folders[1]}. 2 cuisines, 1409 repas, coût " in told.out
    assert "Approvisionnement" in told.err, "progress is told on the error stream"
    assert main(["verify", *folders]) == 0


def test_an_infeasible_problem_names_the_rules_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = two_kitchens()
    only_fish = replace(problem.rules_by_id["FISH"], minimum=6)
    replace(problem, rules=(only_fish, *problem.rules[1:])).to_folder(tmp_path / "problem")
    assert main(["solve", str(tmp_path / "problem"), str(tmp_path / "plan"), *SEARCH]) == 1
    told = capsys.readouterr().err
    assert "Aucun plan ne respecte toutes les règles." in told
    assert "FISH (Poisson), cuisine " in told
    assert not (tmp_path / "plan").exists()


def test_a_place_that_is_taken_is_refused_before_any_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two_kitchens().to_folder(tmp_path / "problem")
    assert main(["solve", str(tmp_path / "problem"), str(tmp_path / "problem"), *SEARCH]) == 2
    told = capsys.readouterr().err
    assert "rien n'est remplacé" in told
    assert "Lecture" not in told
