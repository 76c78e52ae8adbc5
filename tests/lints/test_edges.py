"""One request or job is one transaction: code flushes, only the edge commits."""

import ast
from pathlib import Path

import pytest

from tests.lints.sources import calls, name, python_files

COMMITS = {"commit", "rollback", "begin", "begin_nested"}
COMMITTING = {"catering/db.py", "catering/migrate.py", "catering/migrations/env.py"}
OPENS = {"unit_of_work"}
INNER = {"service", "queries", "models", "rules", "graph"}


def called(path: Path, names: set[str]) -> list[str]:
    found = (call.func for call in calls(path))
    return [f"{name(path)}:{f.lineno} {f.attr}()" for f in found if isinstance(f, ast.Attribute) and f.attr in names]


def test_only_the_edge_commits() -> None:
    offenders = [
        line for path in python_files("catering") if name(path) not in COMMITTING for line in called(path, COMMITS)
    ]
    assert offenders == []


def test_no_use_case_opens_its_own_transaction() -> None:
    """A service takes the session of its caller, so that two use cases can be kept or forgotten together."""
    inner = [path for path in python_files("catering") if INNER & {path.stem, path.parent.name}]
    offenders = [line for path in inner for line in called(path, OPENS)]
    assert offenders == []


@pytest.mark.parametrize("names", [COMMITS, OPENS])
def test_the_lint_sees_the_calls_it_forbids(names: set[str]) -> None:
    edge = {line.split()[1] for path in python_files("catering") for line in called(path, names)}
    assert edge & {f"{each}()" for each in names}
