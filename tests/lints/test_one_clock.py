"""The platform asks one clock for the present: ``catering.moment``, which a test or a demonstration can set.

A second clock would put the event of an order on another day than the order, once the first one is set.
"""

import ast

from tests.lints.sources import calls, name, python_files

CLOCK = "catering/moment.py"
PRESENT = {"now", "utcnow", "today"}
CLASSES = {"datetime", "date"}


def asks_the_machine(call: ast.Call) -> bool:
    """Whether a call is ``datetime.now()``, ``date.today()`` and the like."""
    asked = call.func
    if not (isinstance(asked, ast.Attribute) and asked.attr in PRESENT):
        return False
    of = asked.value
    return (isinstance(of, ast.Name) and of.id in CLASSES) or (isinstance(of, ast.Attribute) and of.attr in CLASSES)


def _asks(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and asks_the_machine(node)


def test_the_lint_sees_what_it_looks_for() -> None:
    machine = ("datetime.now(UTC)", "date.today()", "datetime.datetime.utcnow()")
    ours = ("moment.now()", "now()", "moment.today()")
    found = [text for text in (*machine, *ours) if any(_asks(node) for node in ast.walk(ast.parse(text)))]
    assert found == [*machine]


def test_only_one_file_asks_the_machine_for_the_present() -> None:
    found = {name(path) for path in python_files("catering") for call in calls(path) if asks_the_machine(call)}
    assert found == {CLOCK}
