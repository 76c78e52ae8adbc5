"""Sealed offers have one door: the tables that hold their prices are read by `queries_of_tenders` alone.

A select of them written elsewhere would forget the seal one day. Four reads need no price and are named here.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.lints.sources import name, python_files

READ = re.compile(r"(?:\bselect\(|\b)(?:Tender|TenderLine|TenderFact|TenderDocument)(?:\.|\)|,)")
"""A sealed table that is selected, or a column of it."""
DOOR = "catering/procurement/queries_of_tenders.py"
WITHOUT_PRICES = {
    "catering/procurement/service/awarding.py:_standing_whoever_reads",
    "catering/procurement/service/telling.py:who_takes_part",
    "catering/procurement/service/tendering.py:_number_by_lot",
    "catering/procurement/service/tendering.py:how_many",
}


def selects(function: ast.AST) -> bool:
    """Whether a function makes a statement from nothing."""
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return any(isinstance(called, ast.Name) and called.id == "select" for called in calls)


def reads(tree: ast.Module) -> Iterator[str]:
    """Functions that select a sealed table, or count its rows."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    for function in functions:
        if selects(function) and READ.search(ast.unparse(function)):
            yield function.name


def test_only_one_module_reads_sealed_offers() -> None:
    found = {
        f"{name(path)}:{function}"
        for path in python_files("catering")
        if name(path) != DOOR
        for function in reads(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == WITHOUT_PRICES


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("def f(s):\n    return select(Tender)", 1),
        ("def f(s):\n    return select(TenderLine.price_eur_per_kg)", 1),
        ("def f(s):\n    return select(func.sum(Tender.amount))", 1),
        ("def f(s):\n    return select(TenderDocument.document_id)", 1),
        ("def f(viewer):\n    return tenders_visible_to(viewer).where(Tender.id == 1)", 0),
        ("def f(s):\n    return select(TenderOutcome)", 0),
    ],
)
def test_the_lint_sees_a_stray_read(code: str, count: int) -> None:
    assert len(list(reads(ast.parse(code)))) == count
