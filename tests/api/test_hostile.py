"""Hostile values: whatever a client puts wherever it may put something, no operation answers by a fault of ours.

The values are put by construction in every place of every stored operation: each variable, each field of each input
type, whether the examples of ``operations.py`` give it or not. An operation without an example fails.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    OperationDefinitionNode,
    parse,
    type_from_ast,
)

from catering.api import schema
from catering.api.masking import MASKED
from catering.api.storable import MOST_CHARACTERS, MOST_ITEMS
from tests.api.conftest import Answer, asked_by, copied
from tests.api.operations import STREAMED, VARIABLES, operations

OPERATIONS = operations()
NUL, HALF = "a\x00b", "\ud800"
TEXTS: tuple[Any, ...] = (
    "", " ", NUL, HALF, "\u200b", "L\u202e12", "e" + "\u0301" * 40, "🍏" * 3, "٣٤", "９９", "'; DROP TABLE x; --",
    "%", "=1+1", "9" * 25, "-1", "0", "a" * 5_000, "a" * (MOST_CHARACTERS + 1), 12, True, ["x"], {"x": 1},
)  # fmt: skip
HOSTILE: dict[str, tuple[Any, ...]] = {
    "String": TEXTS,
    "ID": (*TEXTS, "٣", "１", "1e3", " 1", "+1", "1.0", str(2**31), str(2**63), 10**25, 1.5),
    "Int": (0, -1, 2**31 - 1, -(2**31), 2**31, 10**25, 1.5, "1", "", True, float("nan"), float("inf")),
    "BigInt": (
        "0", "-1", str(2**31), str(2**63 - 1), str(-(2**63) + 1), str(2**63), "9" * 25, "9" * 5_000, "٣٤", "９", "1.5",
        "NaN", "", " 1", "1_000", 10**25, 1.5, True, None,
    ),
    "Decimal": (
        "NaN", "sNaN", "-NaN", "Infinity", "-Infinity", "1e5", "1e-5", "1e999999", "0", "-1", "0.0000001", "0.000001",
        "99999999.9999", "9999999999.999999", "9" * 25, "9" * 5_000, "1_000", "１２", "١٢", "1,5", "", " 1",
        float("nan"), float("inf"), 1e300, 10**25, 1.5, True, "0." + "0" * 5_000 + "1",
    ),
    "Date": (
        "0000-01-01", "0001-01-01", "1900-01-01", "1900-01-02", "2199-12-31", "9999-12-31", "2027-02-29", "2028-02-29",
        "2026-13-01", "20260901", "2026-W36-2", "２０２６-09-01", "٢٠٢٦-09-01", "", "2026-09-01T00:00:00", 20260901,
    ),
    "DateTime": (
        "0001-01-01T00:00:00Z", "1900-01-01T00:00:00+14:00", "2199-12-31T23:59:59-14:00", "9999-12-31T23:59:59-14:00",
        "2026-09-01T00:00:00", "2026-09-01", "2026-09-01T25:00:00Z", "2026-09-01T00:00:00+99:00", "", NUL, 0,
    ),
    "Boolean": ("true", 1, None),
}  # fmt: skip
OF_ENUM = ("", "NOBODY", NUL, 1, None)
MOST_DEPTH = 4
Spoiled = tuple[str, dict[str, Any]]


def variables_of(name: str) -> Iterator[tuple[str, GraphQLInputType]]:
    """The variables an operation declares, with their types."""
    (operation,) = [each for each in parse(OPERATIONS[name]).definitions if isinstance(each, OperationDefinitionNode)]
    for declared in operation.variable_definitions or ():
        kind: Any = type_from_ast(schema._schema, declared.type)
        yield declared.variable.name.value, kind


def spoiled(kind: GraphQLInputType, sample: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Each hostile value of a type, alone in what is otherwise the sample: where it stands, and the whole."""
    if isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if isinstance(kind, GraphQLList):
        yield from (("[]", []), ("[many]", [*(sample or [None])] * (MOST_ITEMS + 1)), ("[0]", "x"))
        first = sample[0] if sample else None
        for place, value in spoiled(kind.of_type, first, depth):
            yield f"[0]{place}", [value, *(sample or [])[1:]]
        if sample:
            yield "[twice]", [sample[0], sample[0]]
    elif isinstance(kind, GraphQLInputObjectType):
        yield from ((".", {}), (".", "x"), (".", []))
        if depth < MOST_DEPTH:
            for name, field in kind.fields.items():
                for place, value in spoiled(field.type, (sample or {}).get(name), depth + 1):
                    yield f".{name}{place}", {**(sample or {}), name: value}
    else:
        values = OF_ENUM if isinstance(kind, GraphQLEnumType) else HOSTILE[kind.name]
        yield from ((f"={value!r}"[:50], value) for value in values)


def attempts(name: str) -> Iterator[Spoiled]:
    """Every hostile set of variables of an operation; each its own key, so that none is answered as a repetition."""
    sample = VARIABLES[name]
    rank = 0
    for variable, kind in variables_of(name):
        for place, value in spoiled(kind, sample.get(variable)):
            rank += 1
            given = {**sample, variable: value}
            if "idempotencyKey" in sample and variable != "idempotencyKey":
                given["idempotencyKey"] = f"hostile-{rank:08d}"
            yield f"{variable}{place}", given


def changed(name: str, answer: Answer) -> bool:
    """Whether a write was accepted."""
    return "\nmutation " in OPERATIONS[name] and not answer.errors and "'message'" not in str(answer.data)


def test_every_operation_has_an_example_to_spoil() -> None:
    assert set(OPERATIONS) == set(VARIABLES)
    assert all(list(attempts(name)) for name in OPERATIONS if list(variables_of(name)))


@pytest.mark.parametrize("name", sorted(set(OPERATIONS) - STREAMED))
async def test_no_hostile_value_makes_a_fault_of_ours(name: str, small_file: Path, tmp_path: Path) -> None:
    tried, met = list(attempts(name)), []
    while tried:
        # What was accepted may stand in the way of what is tried next: each goes on from the same Département.
        async with copied(small_file, tmp_path / "hostile.db") as client:
            while tried:
                place, given = tried.pop()
                answer = await client(OPERATIONS[name], asked_by(name, OPERATIONS[name]), **given)
                if any(code == MASKED for code, _ in answer.errors):
                    met.append(place)
                if changed(name, answer):
                    break
    assert met == []
