"""The files the lints read."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("catering", "optimizer", "benchmarks", "tests")


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Python sources of the given root folders, all code by default."""
    return tuple(sorted(path for folder in folders or CODE for path in (ROOT / folder).rglob("*.py")))


def calls(path: Path) -> Iterator[ast.Call]:
    """Every call written in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def name(path: Path) -> str:
    """A file as named in a message."""
    return path.relative_to(ROOT).as_posix()
