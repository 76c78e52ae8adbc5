"""JSON without floats: numbers with a point are read as Decimal and written digit by digit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

_INDENT = "  "


class DuplicateFieldError(ValueError):
    """The same field stands twice in one object."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        names = [name for name, _ in pairs]
        raise DuplicateFieldError(next(name for name in names if names.count(name) > 1))
    return fields


def _constant(text: str) -> Any:
    raise ValueError(text)


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_constant, object_pairs_hook=_object)


def decode(text: str) -> Any:
    """Value of a JSON text. Raises json.JSONDecodeError, DuplicateFieldError or ValueError (NaN, Infinity)."""
    return _DECODER.decode(text)


def decode_list(text: str) -> Iterator[tuple[Any, int, int]]:
    """Elements of a JSON text that is a list, each with its first character's place and the place after its last.

    Raises as :func:`decode`, and TypeError when the text is no list.
    """
    if not isinstance(decode(text), list):
        raise TypeError("not a list")
    at = text.index("[") + 1
    while True:
        while text[at] in " \t\n\r,":
            at += 1
        if text[at] == "]":
            return
        value, end = _DECODER.raw_decode(text, at)
        yield value, at, end
        at = end


def encode(value: Any, depth: int = 0) -> str:
    """JSON text of dicts, lists, str, int, bool, None and Decimal; the innermost objects stand on one line each."""
    nested = _nested(value)
    if isinstance(value, Mapping):
        parts = [f"{json.dumps(str(key), ensure_ascii=False)}: {encode(of, depth + 1)}" for key, of in value.items()]
        return _wrapped("{", parts, "}", depth, nested)
    if isinstance(value, list | tuple):
        return _wrapped("[", [encode(of, depth + 1) for of in value], "]", depth, nested)
    if isinstance(value, Decimal):
        return format(value, "f")
    if value is None or isinstance(value, str | int):
        return json.dumps(value, ensure_ascii=False)
    raise TypeError(f"{type(value).__name__} cannot be written exactly")


def _nested(value: Any) -> bool:
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return any(isinstance(part, Mapping) for part in parts)


def _wrapped(left: str, parts: list[str], right: str, depth: int, nested: bool) -> str:
    if (depth and not nested) or not parts:
        return left + ", ".join(parts) + right
    inner = "\n" + _INDENT * (depth + 1)
    return left + inner + ("," + inner).join(parts) + "\n" + _INDENT * depth + right
