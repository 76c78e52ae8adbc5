"""Every read starts from what its viewer may see.

A select that is written elsewhere is a select that forgets somebody's rights one day. So in the ``queries`` modules of
the rooms, `select` is called only inside a function named ``visible_to`` or ``…_visible_to`` that takes the viewer,
and each function that gives rows starts from one of those. The doors to the outside (``graph``, ``api``, ``web``)
write no select at all. Every table whose rows belong to a kitchen or a supplier has such a function of its own.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from catering.db import Base
from catering.tables import all_tables
from tests.lints.sources import name, python_files

SELECTS = {"select", "text", "get", "get_one", "query"}
"""What makes a statement or a read from nothing, as a bare name or as an attribute of sqlalchemy or of a session."""
SESSIONS = {"session", "sqlalchemy", "sa"}
DOORS = {"api", "web"}
OWNERS = {"kitchens", "suppliers"}
"""Tables whose rows are somebody's: whatever refers to one is theirs too."""


def query_modules() -> list[Path]:
    return [path for path in python_files("catering") if path.stem.startswith("queries")]


def doors() -> list[Path]:
    return [
        path
        for path in python_files("catering")
        if path.stem.startswith("graph") or path.parts[path.parts.index("catering") + 1] in DOORS
    ]


def is_select(node: ast.AST) -> bool:
    """Whether a node makes a statement or reads a row by its key."""
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in {"select", "text"}
    return (
        isinstance(node.func, ast.Attribute)
        and node.func.attr in SELECTS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in SESSIONS
    )


def is_scope(function: ast.AST) -> bool:
    """Whether a function states what a viewer may see."""
    return isinstance(function, ast.FunctionDef) and (
        (function.name == "visible_to" or function.name.endswith("_visible_to"))
        and [argument.arg for argument in function.args.args][:1] == ["viewer"]
    )


def stray_selects(tree: ast.AST) -> Iterator[ast.Call]:
    """Selects outside the functions that state what a viewer may see."""
    for child in ast.iter_child_nodes(tree):
        if is_scope(child):
            continue
        if isinstance(child, ast.Call) and is_select(child):
            yield child
        yield from stray_selects(child)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def test_every_select_in_queries_starts_from_visible_to() -> None:
    assert query_modules()
    assert [f"{name(path)}:{call.lineno}" for path in query_modules() for call in stray_selects(parsed(path))] == []


NEVER_READ = {"InvoiceSequence"}
"""Counters that only a use case touches: no reader ever sees a row of them."""


def owned() -> set[str]:
    """Classes of the tables whose rows belong to a kitchen or a supplier."""
    all_tables()
    return {
        mapper.class_.__name__
        for mapper in Base.registry.mappers
        if mapper.class_.__name__ not in NEVER_READ
        and (
            {key.column.table.name for key in mapper.local_table.foreign_keys} & OWNERS
            or {"kitchen_id", "supplier_id"} & set(mapper.columns.keys())
        )
    }


def scoped(tree: ast.AST) -> Iterator[str]:
    """Classes of which a function states what a viewer may see: what its select gives."""
    for function in ast.walk(tree):
        if is_scope(function):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and is_select(node) and node.args and isinstance(node.args[0], ast.Name):
                    yield node.args[0].id


def test_every_table_of_a_kitchen_or_a_supplier_is_read_through_visible_to() -> None:
    assert {"KitchenCovers", "Certificate", "SourcedLine", "AccountKitchen", "AccountSupplier"} <= owned()
    assert owned() - {each for path in query_modules() for each in scoped(parsed(path))} == set()


def test_each_queries_module_states_what_a_viewer_may_see() -> None:
    without = [name(path) for path in query_modules() if not any(is_scope(node) for node in ast.walk(parsed(path)))]
    assert without == []


def test_every_public_query_is_asked_by_a_viewer() -> None:
    """A query takes the viewer, or narrows a statement that already started from one."""
    open_to_all = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in query_modules()
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and not {"viewer", "statement"} & {argument.arg for argument in node.args.args}
    ]
    assert open_to_all == []


def test_the_doors_write_no_select() -> None:
    assert [f"{name(path)}:{call.lineno}" for path in doors() for call in stray_selects(parsed(path))] == []


@pytest.mark.parametrize(
    ("code", "strays"),
    [
        ("def kitchens(viewer):\n    return select(Kitchen)", 1),
        ("def kitchens(viewer):\n    return sqlalchemy.select(Kitchen)", 1),
        ("async def kitchen(session, viewer):\n    return await session.get(Kitchen, 1)", 1),
        ("def kitchens_visible_to(everybody):\n    return select(Kitchen)", 1),
        ("ALL = select(Kitchen)", 1),
        ("def kitchens(viewer):\n    return visible_to(viewer).where(id_in(select(Kitchen.id)))", 1),
        ("def visible_to(viewer):\n    return select(Kitchen)", 0),
        ("def offers_visible_to(viewer):\n    return select(Offer).where(Offer.id == 1)", 0),
        ("def kitchens(viewer):\n    return visible_to(viewer).where(Kitchen.epci == 'Arras')", 0),
        ("def names(rows):\n    return rows.get('name')", 0),
    ],
)
def test_the_lint_tells_a_stray_select(code: str, strays: int) -> None:
    assert len(list(stray_selects(ast.parse(code)))) == strays


@pytest.mark.parametrize(
    ("code", "classes"),
    [
        ("def orders_visible_to(viewer):\n    return select(Order).where(Order.kitchen_id == 1)", ["Order"]),
        ("def orders(viewer):\n    return select(Order)", []),
        ("def orders_visible_to(viewer):\n    return select(Order.id)", []),
    ],
)
def test_the_lint_tells_which_tables_are_scoped(code: str, classes: list[str]) -> None:
    assert list(scoped(ast.parse(code))) == classes
