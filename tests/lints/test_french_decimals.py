"""Amounts are written by one module: nowhere else is a point made a comma, or a bare number put before « € »."""

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from tests.lints.sources import calls, name, python_files

# The optimizer knows nothing of the platform; it has `optimizer/verification/french.py`, and quotes files as they are.
WRITERS = {
    "catering/figures.py",  # this is the module
    "catering/compliance/files.py",  # cells that a spreadsheet reads as numbers: no thousands apart
}
WRITTEN_BY = {"number", "short", "_span"}


def _commas(path: Path) -> Iterator[int]:
    for call in calls(path):
        given = [each.value for each in call.args if isinstance(each, ast.Constant)]
        if isinstance(call.func, ast.Attribute) and call.func.attr == "replace" and given == [".", ","]:
            yield call.lineno


def _bare(path: Path) -> Iterator[int]:
    """Values put before « € » as Python writes them; constants of the house are whole euros."""
    for text in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(text, ast.JoinedStr):
            for value, after in pairwise(text.values):
                follows = isinstance(after, ast.Constant) and str(after.value).lstrip(" \u00a0\u202f").startswith("€")
                if isinstance(value, ast.FormattedValue) and follows and not _is_told(value.value):
                    yield text.lineno


def _is_told(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return (
            value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
        ) in WRITTEN_BY
    return isinstance(value, ast.Name) and value.id.isupper()


def test_amounts_are_written_by_one_module() -> None:
    files = [path for path in python_files("catering") if name(path) not in WRITERS]
    assert [f"{name(path)}:{line}" for path in files for find in (_commas, _bare) for line in find(path)] == []


def test_the_lint_sees_what_it_is_for(tmp_path: Path) -> None:
    source = tmp_path / "bad.py"
    source.write_text('a = f"{b:.2f}".replace(".", ",")\nc = f"il reste {d} € ici"\ne = f"{F} €"\n', encoding="utf-8")
    assert (list(_commas(source)), list(_bare(source))) == ([1], [2])
