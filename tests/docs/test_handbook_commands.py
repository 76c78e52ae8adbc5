"""Every command and setting is documented, and every command line of the documentation is one the programs accept."""

import argparse
import re
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from catering.cli import parser
from catering.commands import PlanOrder, _summary_lines, conflict_line
from catering.planning.jobs import INFEASIBLE
from catering.planning.models import PlanConflict
from catering.planning.service import RunWish, ScenarioWish
from catering.rules import law
from catering.rules.shapes import RuleHead
from catering.settings import Settings
from optimizer import Plan
from optimizer.__main__ import _parser as optimizer_parser
from optimizer.blocks import HORIZON
from optimizer.engine.conflicts import NOT_PROVEN
from tests.docs.pages import CODE, HANDBOOK, block, blocks, pages, section, table_rows
from tests.lints.sources import ROOT

PAGE = HANDBOOK / "plan.md"
SHELLS = {"console", "sh", "bash"}
PREFIX = str(BaseSettings.model_config.get("env_prefix") or Settings.model_config["env_prefix"])


def command_lines() -> list[tuple[str, list[str]]]:
    """Each line of a shell block, and where it stands; a `console` block marks them with `$`."""
    found = []
    for page in pages():
        for each in blocks(page):
            if each.language in SHELLS:
                lines = [line.removeprefix("$ ") for line in each.body.splitlines() if line.startswith("$ ")]
                assert each.language != "console" or lines, f"{each.name}: no line starts with « $ »"
                found += [(each.name, shlex.split(line, comments=True)) for line in lines or each.body.splitlines()]
    return [(where, words) for where, words in found if words]


def commands() -> dict[str, argparse.ArgumentParser]:
    """The sub-commands of `catering`."""
    (choices,) = [action.choices for action in parser()._actions if action.dest == "command"]
    assert isinstance(choices, dict)
    return choices


def targets() -> set[str]:
    """What `make` can be asked for."""
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def accept(words: list[str]) -> None:
    """Parse a command line with the program it calls; a bad one ends with SystemExit."""
    program, *rest = words
    while "=" in program and program.split("=")[0].isupper():
        name = program.split("=")[0]
        assert name in {f"{PREFIX}{field}".upper() for field in Settings.model_fields}, f"{name} is no setting"
        program, *rest = rest
    match Path(program).name:
        case "catering":
            parser().parse_args(rest)
        case "make":
            assert set(rest) <= targets()
        case "python" | "python3" if rest[:2] == ["-m", "optimizer"]:
            optimizer_parser().parse_args(rest[2:])
        case "python" | "python3" if rest[0] == "-m":
            assert find_spec(rest[1]), rest[1]
        case "python" | "python3" | "curl" | "git" | "cd" | "pip" | "docker" | "source":
            pass
        case other:
            raise AssertionError(f"what is « {other} »?")


@pytest.mark.parametrize(("where", "words"), command_lines(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_command_line_of_the_docs_is_accepted(
    where: str, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mes-tables").mkdir()
    accept(words)


@pytest.mark.parametrize("words", [["catering", "plan", "--fast"], ["make", "coffee"], ["python", "-m", "optimiser"]])
def test_a_command_line_that_does_not_exist_is_noticed(words: list[str]) -> None:
    with pytest.raises((SystemExit, AssertionError)):
        accept(words)


def test_every_command_is_described_with_its_options() -> None:
    said = {CODE.findall(cells[0])[0]: set(CODE.findall(cells[2])) for cells in table_rows(section(PAGE, "Commandes"))}
    assert set(said) == {f"catering {name}" for name in commands()}
    for name, command in commands().items():
        options = {option for action in command._actions for option in action.option_strings} - {"-h", "--help"}
        told = said[f"catering {name}"]
        if "plan" in told:  # « celles de plan »
            told = (told - {"plan"}) | said["catering plan"]
        assert told == options, name


def test_every_setting_is_described_with_its_default() -> None:
    rows = list(table_rows(section(PAGE, "Réglages")))
    assert rows == [
        [f"`{PREFIX}{name}`".upper(), field.description, "" if field.default is None else f"`{field.default}`"]
        for name, field in Settings.model_fields.items()
    ]


def test_the_exit_codes_are_those_of_the_help() -> None:
    codes = "0 réussi, 1 panne, 2 demande ou données à corriger, 130 interrompu"
    assert codes in parser().format_help()
    assert f"Codes de sortie : {codes}." in section(PAGE, "Commandes")


def without_figures(text: str) -> str:
    """A text whose numbers are forgotten, thousands and decimals with them."""
    return re.sub(r"\d([\d\u202f.,]|\u00a0(?=\d))*", "N", text).replace("\u00a0", " ")


def _this_python() -> str:
    python = Path(sys.executable)
    return str(python.relative_to(Path.cwd()) if python.is_relative_to(Path.cwd()) else python)


def test_the_result_is_printed_in_the_shape_shown(handbook_plan: Plan) -> None:
    shown = block(PAGE, "text", "résumé").body.strip()
    order = PlanOrder(
        scenario=ScenarioWish("2026-27"),
        run=RunWish(handbook_plan.summary.seconds),
        out=Path("var/essai"),
        problem_out=Path("var/probleme"),
    )
    told = "\n".join(_summary_lines(handbook_plan, order)).replace(_this_python(), ".venv/bin/python")
    assert without_figures(told) == without_figures(shown)


def test_rules_in_conflict_are_printed_as_shown() -> None:
    title, rule = block(PAGE, "text", "conflit").body.strip().splitlines()
    budget = law().entry("HOUSE-30")
    assert isinstance(budget, RuleHead)
    conflict = PlanConflict(rule=budget.id, kitchen="0620004T", period=HORIZON, title=budget.title)
    assert title == INFEASIBLE
    assert rule == conflict_line(conflict)
    assert f"« {NOT_PROVEN} »" in " ".join(section(PAGE, "Quand aucun plan n'est possible").split())
