"""From a row of a table to the object GraphQL shows."""

from dataclasses import fields
from typing import Any, TypeVar

Shown = TypeVar("Shown")


def shown(kind: type[Shown], row: object, /, **given: Any) -> Shown:
    """An object of ``kind``: each plain field is the one of that name of the row, unless it is given.

    Raises:
        AttributeError: the row lacks a field that is not given.
    """
    plain = (field.name for field in fields(kind) if field.init)  # type: ignore[arg-type]  # every type is a dataclass
    return kind(**{name: given[name] if name in given else getattr(row, name) for name in plain})
