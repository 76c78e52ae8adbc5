"""The law lives in catering/rules as dated data: a figure of the law typed in code would outlive a change of the law.

The forbidden figures are read from the rule files themselves. Whole numbers up to a dozen and one hundred are let
through (months, slots, percents), and so are column widths and spelling thresholds. Any other line that means something
else by such a figure says so, in words:

    PAGE = 20  # legal-number: rows of a page, nothing of the arrêté

Lines older than this lint stand in ``legal_number_allowed.csv`` with their reason; that list only shrinks.
"""

import ast
import csv
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

from catering.rules import law
from catering.rules.shapes import DatedBounds, DatedValue, Parameter
from catering.rules.temperatures import temperatures
from tests.lints.sources import name, python_files

ALLOWED = Path(__file__).with_name("legal_number_allowed.csv")
EXCUSE = re.compile(r"#.*\blegal-number:(?:[ \t]+\S+){3,}")
ORDINARY = {Decimal(number) for number in (*range(13), 100)}
NUMERIC_CALLS = {"Decimal", "Fraction", "float", "int"}
INNOCENT_CALLS = {
    "String": "width of a database column",
    "text": "longest text of a seed column",
    "get_close_matches": "likeness of two spellings",
}


def legal_numbers(*, planned_only: bool = False) -> set[Decimal]:
    """Every figure of a rule of law or recommendation; what the platform chose itself is no law.

    ``planned_only`` leaves out the parameters that are no rule of a plan: the optimizer meets rules, never definitions.
    """
    figures: set[Decimal] = set()
    for entry in law().entries.values():
        for dated in () if planned_only and isinstance(entry, Parameter) else entry.values:
            if dated.confidence == "house":
                continue
            if isinstance(dated, DatedValue):
                figures.add(dated.value)
            elif isinstance(dated, DatedBounds):
                figures |= {Decimal(n) for n in (dated.window, dated.min, dated.max) if n is not None}
    if not planned_only:
        rows = (row for dated in temperatures().values() for row in dated)
        figures |= {abs(degrees) for row in rows for degrees in (row.celsius, row.brief_excess) if degrees is not None}
    return figures - ORDINARY


def offenders(path: Path, legal: set[Decimal]) -> Iterator[tuple[int, str]]:
    """Lines of a file that type a figure of the law."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node, figure in _figures(ast.parse(text, filename=str(path))):
        if figure in legal and not EXCUSE.search(lines[node.lineno - 1]):
            yield node.lineno, lines[node.lineno - 1].strip()


def _figures(tree: ast.AST) -> Iterator[tuple[ast.expr, Decimal]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call) and _called(node) in INNOCENT_CALLS:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            yield node, Decimal(str(node.value))
        if isinstance(node, ast.Call) and _called(node) in NUMERIC_CALLS:
            yield from _written_as_text(node)
        yield from _figures(node)


def _written_as_text(call: ast.Call) -> Iterator[tuple[ast.expr, Decimal]]:
    for argument in call.args:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            try:
                yield argument, Decimal(argument.value)
            except InvalidOperation:
                continue


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def allowed() -> dict[tuple[str, str], str]:
    with ALLOWED.open(encoding="utf-8", newline="") as file:
        return {(row["path"], row["line"]): row["reason"] for row in csv.DictReader(file)}


def in_code() -> dict[tuple[str, str], int]:
    """Every line of the platform and of the optimizer with a figure of the law, and where it stands."""
    figures = {"catering": legal_numbers(), "optimizer": legal_numbers(planned_only=True)}
    return {
        (name(path), text): line
        for room, legal in figures.items()
        for path in python_files(room)
        for line, text in offenders(path, legal)
    }


def test_no_legal_number_in_code() -> None:
    known = allowed()
    found = [f"{path}:{line}: {text}" for (path, text), line in in_code().items() if (path, text) not in known]
    assert found == [], "ask catering.rules for the figure, or end the line with `# legal-number: <why it is no law>`"


def test_every_exception_has_a_reason_and_is_still_needed() -> None:
    known = allowed()
    assert [place for place, reason in known.items() if len(reason.split()) < 3] == []
    assert set(known) - set(in_code()) == set()


def test_the_figures_come_from_the_rule_files() -> None:
    assert {Decimal(figure) for figure in ("0.5", "0.2", "0.6", "20")} <= legal_numbers(planned_only=True)
    assert {
        Decimal(figure) for figure in ("0.5", "0.2", "0.6", "15", "20", "150", "0.7", "18", "63")
    } <= legal_numbers()


@pytest.mark.parametrize(
    "planted",
    [
        "if quality_share >= 0.5:\n    pass\n",
        "SEUIL_BIO = Decimal('0.20')\n",
        "gras = fat_per_100_g > 15\n",
        "WINDOW = 20\n",
        "def rich(calcium: float = 150) -> bool: ...\n",
        "calcium = 150  # legal-number: because\n",
    ],
)
def test_a_planted_legal_number_is_seen(planted: str, tmp_path: Path) -> None:
    code = tmp_path / "planted.py"
    code.write_text("from decimal import Decimal\n\n" + planted, encoding="utf-8")
    assert len(list(offenders(code, legal_numbers()))) == 1


@pytest.mark.parametrize(
    "innocent",
    [
        "months = 12\n",
        "PAGE = 20  # legal-number: rows of a page\n",
        "text = '0.5'\n",
        '"""A share of 0.5 in a docstring."""\n',
        "share = 0.51\n",
        "name = String(200)\n",
    ],
)
def test_what_is_not_law_passes(innocent: str, tmp_path: Path) -> None:
    code = tmp_path / "innocent.py"
    code.write_text(innocent, encoding="utf-8")
    assert list(offenders(code, legal_numbers())) == []
