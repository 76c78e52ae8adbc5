"""Read rule files while keeping the line of every value, so that a fault can be shown where it is."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeAlias

import yaml

Scalar: TypeAlias = str | int | bool | Decimal | date | None
Value: TypeAlias = "Scalar | list[Value] | dict[str, Value]"
Place: TypeAlias = tuple[str | int, ...]

_INT = "tag:yaml.org,2002:int"
_FLOAT = "tag:yaml.org,2002:float"
_DATE = "tag:yaml.org,2002:timestamp"
_BOOL = "tag:yaml.org,2002:bool"
_NULL = "tag:yaml.org,2002:null"


class RuleFileError(ValueError):
    """A rule file cannot be trusted; the message gives file, line and, in French, what to repair."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.path = path
        self.line = line


def _not_utf8(path: Path, error: UnicodeDecodeError) -> RuleFileError:
    return RuleFileError(path, 1, f"le fichier n'est pas en UTF-8 (octet {error.start}) : le réenregistrer en UTF-8")


@dataclass(frozen=True, slots=True)
class MarkedDocument:
    """The content of a YAML file and the line (from 1) of each place in it."""

    path: Path
    content: dict[str, Value]
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest enclosing place that is in the file."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def fault(self, place: Place, message: str) -> RuleFileError:
        return RuleFileError(self.path, self.line(place), message)


def read_yaml(path: Path) -> MarkedDocument:
    """Read one mapping. Raises RuleFileError for bad YAML, a repeated key, bytes that are not UTF-8, another shape."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise _not_utf8(path, error) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RuleFileError(path, line, f"YAML illisible : {error.problem}") from error
    if not isinstance(root, yaml.MappingNode):
        raise RuleFileError(path, 1, "le fichier doit contenir des champs « nom: valeur »")
    lines: dict[Place, int] = {}
    content = _mapping(path, root, (), lines)
    return MarkedDocument(path, content, lines)


def _value(path: Path, node: yaml.Node, place: Place, lines: dict[Place, int]) -> Value:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(path, node, place, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_value(path, item, (*place, rank), lines) for rank, item in enumerate(node.value)]
    return _scalar(path, node)


def _mapping(path: Path, node: yaml.MappingNode, place: Place, lines: dict[Place, int]) -> dict[str, Value]:
    content: dict[str, Value] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in content:
            raise RuleFileError(path, key_node.start_mark.line + 1, f"le champ « {key} » est écrit deux fois")
        lines[(*place, key)] = key_node.start_mark.line + 1
        content[key] = _value(path, value_node, (*place, key), lines)
    return content


def _scalar(path: Path, node: yaml.Node) -> Scalar:
    """A scalar without binary floats: figures of the law are exact decimals."""
    text = str(node.value)
    try:
        match node.tag:
            case tag if tag == _NULL:
                return None
            case tag if tag == _INT:
                return int(text)
            case tag if tag == _FLOAT:
                return Decimal(text)
            case tag if tag == _BOOL:
                return text.lower() in ("true", "yes", "on")
            case tag if tag == _DATE:
                return date.fromisoformat(text)
            case _:
                return text
    except (ValueError, InvalidOperation) as error:
        line = node.start_mark.line + 1
        message = f"valeur illisible « {text} » (nombre avec un point, date AAAA-MM-JJ)"
        raise RuleFileError(path, line, message) from error


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """One CSV row, by column, with its line in the file."""

    path: Path
    line: int
    cells: dict[str, str]

    def fault(self, message: str) -> RuleFileError:
        return RuleFileError(self.path, self.line, message)


def read_csv(path: Path, columns: Sequence[str]) -> Iterator[MarkedRow]:
    """Rows of a table whose header must be exactly ``columns``. Raises RuleFileError."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(path, error) from error
    reader = csv.reader(text.splitlines())
    header = next(reader, [])
    if header != list(columns):
        raise RuleFileError(path, 1, f"en-tête attendu : {','.join(columns)}")
    for cells in reader:
        if len(cells) != len(columns):
            raise RuleFileError(path, reader.line_num, f"{len(columns)} colonnes attendues, {len(cells)} lues")
        yield MarkedRow(path, reader.line_num, dict(zip(columns, cells, strict=True)))
