"""Reading the fields of a JSON object one by one: the counterpart of ``tables.Row`` for problem, rules and summary."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from optimizer.faults import FolderFault
from optimizer.folders.json_text import DuplicateFieldError, decode

T = TypeVar("T")


class Fields:
    """One JSON object of a file. Bad fields are noted with their line and replaced by a harmless value."""

    def __init__(self, file: str, values: Mapping[str, Any], source: Source, faults: list[FolderFault]) -> None:
        self.file = file
        self.values = values
        self._source = source
        self._faults = faults

    def fault(self, field: str, message: str, repair: str) -> None:
        shown = json.dumps(self.values[field], ensure_ascii=False, default=str) if field in self.values else ""
        self._faults.append(FolderFault(self.file, self._source.line(field), field, shown, message, repair))

    def expect(self, names: Collection[str]) -> None:
        """Note the fields that are missing and those that do not belong here."""
        missing = [name for name in names if name not in self.values]
        for name in missing:
            self.fault(name, f"Le champ « {name} » manque.", f"l'ajouter ; champs attendus : {', '.join(names)}.")
        for name in self.values:
            if name not in names:
                near = difflib.get_close_matches(name, missing, n=1, cutoff=0.5)
                hint = f" (vouliez-vous « {near[0]} » ?)" if near else ""
                self.fault(name, f"Le champ « {name} » est inconnu{hint}.", f"champs attendus : {', '.join(names)}.")

    def text(self, field: str) -> str:
        value = self._get(field)
        if isinstance(value, str) and value.strip():
            return value
        return self._refuse(field, "un texte non vide", "")

    def choice(self, field: str, options: Collection[str]) -> str:
        value = self._get(field)
        if isinstance(value, str) and value in options:
            return value
        return self._refuse(field, "l'un de : " + ", ".join(options), next(iter(options)))

    def texts(self, field: str, options: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of different texts, at least one, each among ``options``."""
        value = self._get(field)
        if isinstance(value, list) and value and all(isinstance(item, str) and item for item in value):
            known = options is None or all(item in options for item in value)
            if known and len(set(value)) == len(value):
                return tuple(value)
        among = f" parmi : {', '.join(options)}" if options else ""
        return self._refuse(field, f"une liste de textes différents{among}", ())

    def integer(self, field: str, *, at_least: int = 0) -> int:
        number = self.maybe_integer(field, at_least=at_least)
        return self._refuse(field, f"un entier d'au moins {at_least}", at_least) if number is None else number

    def maybe_integer(self, field: str, *, at_least: int = 0) -> int | None:
        value = self._get(field)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and value >= at_least:
            return value
        return self._refuse(field, f"un entier d'au moins {at_least}", at_least)

    def decimal(self, field: str, *, at_least: int | None = 0) -> Decimal:
        number = self.maybe_decimal(field, at_least=at_least)
        return self._refuse(field, "un nombre", Decimal(1)) if number is None else number

    def maybe_decimal(self, field: str, *, at_least: int | None = 0) -> Decimal | None:
        """A JSON number, or a text that holds one; null is None."""
        value = self._get(field)
        if value is None:
            return None
        number = _as_decimal(value)
        if number is not None and (at_least is None or number >= at_least):
            return number
        comma = " (le point pour les décimales, pas la virgule)" if isinstance(value, str) and "," in value else ""
        least = "" if at_least is None else f" d'au moins {at_least}"
        return self._refuse(field, f"un nombre{least}{comma}", Decimal(1))

    def maybe_day(self, field: str) -> date | None:
        """A date as YYYY-MM-DD; null is None."""
        value = self._get(field)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            return self._refuse(field, "une date qui existe, sous la forme AAAA-MM-JJ, ou null", None)

    def flag(self, field: str) -> bool:
        value = self._get(field)
        return value if isinstance(value, bool) else self._refuse(field, "true ou false", False)

    def inner(self, field: str) -> Fields:
        """The object that stands in a field."""
        value = self._get(field)
        if not isinstance(value, dict):
            value = self._refuse(field, "un objet JSON { … }", dict[str, Any]())
        return Fields(self.file, value, self._source, self._faults)

    def each(self, field: str) -> list[Fields]:
        """The objects of the list that stands in a field."""
        value = self._get(field)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            value = self._refuse(field, "une liste d'objets JSON", [])
        return [Fields(self.file, item, self._source, self._faults) for item in value]

    def _get(self, field: str) -> Any:
        return self.values.get(field)

    def _refuse(self, field: str, expected: str, instead: T) -> T:
        if field in self.values:  # a missing field is noted by ``expect``
            self.fault(field, f"La valeur de « {field} » ne convient pas.", f"écrire {expected}.")
        return instead


class Source:
    """The piece of text an object was read from, to find the line of a field."""

    def __init__(self, text: str, start: int = 0, end: int | None = None) -> None:
        self._text = text
        self._start = start
        self._end = len(text) if end is None else end

    def line(self, field: str) -> int:
        at = self._text.find(json.dumps(field, ensure_ascii=False), self._start, self._end)
        return self._text.count("\n", 0, at if at >= 0 else self._start) + 1


def decode_fields(file: str, text: str, faults: list[FolderFault]) -> Fields | None:
    """The object a JSON file holds; None, with a fault noted, when it holds none."""
    try:
        value = decode(text)
    except ValueError as error:
        faults.append(json_fault(file, error))
        return None
    if not isinstance(value, dict):
        faults.append(FolderFault(file, 1, "", "", "Le fichier n'est pas un objet JSON.", "écrire un objet { … }."))
        return None
    return Fields(file, value, Source(text), faults)


def json_fault(file: str, error: ValueError) -> FolderFault:
    """What a JSON reader refused, as a fault of the file."""
    if isinstance(error, json.JSONDecodeError):
        message = f"Le JSON est mal formé, caractère {error.colno} ({error.msg})."
        return FolderFault(file, error.lineno, "", "", message, "corriger la syntaxe (virgules, guillemets, crochets).")
    if isinstance(error, DuplicateFieldError):
        message = f"Le champ « {error} » est écrit deux fois dans le même objet."
        return FolderFault(file, 0, str(error), "", message, "n'en garder qu'un.")
    return FolderFault(file, 0, "", str(error), f"« {error} » n'est pas un nombre.", "écrire un nombre ou null.")


def _as_decimal(value: Any) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and value.replace(".", "", 1).removeprefix("-").isdecimal() and value.isascii():
        return Decimal(value)
    return None
