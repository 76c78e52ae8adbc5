"""The rule book: every dated parameter and rule of a folder, checked together, asked by id and date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import ValidationError

from catering.rules.faults import french_fault
from catering.rules.marks import MarkedDocument, RuleFileError, read_yaml
from catering.rules.shapes import (
    SHAPES,
    Count,
    Dated,
    Entry,
    Pairing,
    Parameter,
    Rule,
    Spacing,
    ValueRatio,
    WeeklyCount,
)
from catering.rules.tables import Label, Tables, label_on, load_tables

LAW_FOLDER = Path(__file__).parent
"""The rule files that come with the platform."""

_D = TypeVar("_D", bound=Dated)


class UnknownRuleError(LookupError):
    """No rule or parameter has this id, or none is in force on the date asked."""


@dataclass(frozen=True, eq=False)
class RuleBook:
    """The law as loaded from ``folder``; immutable: one book may be shared by everybody and be the key of a cache."""

    folder: Path
    tables: Tables
    entries: Mapping[str, Entry]

    def entry(self, rule_id: str) -> Entry:
        """The file of a rule or parameter. Raises UnknownRuleError."""
        try:
            return self.entries[rule_id]
        except KeyError as error:
            raise UnknownRuleError(f"Aucune règle « {rule_id} » dans {self.folder}.") from error

    def parameter(
        self, rule_id: str, on: date, *, region: str | None = None, establishment: str | None = None
    ) -> Decimal:
        """The figure of ``rule_id`` in force on a date, in the unit of its file.

        ``region`` (INSEE code) and ``establishment`` (``"state"``) select a variant that replaces the general figure.
        Raises UnknownRuleError when nothing of that id has a figure on that date.
        """
        entry = self._variant(rule_id, region, establishment) or self.entry(rule_id)
        if not isinstance(entry, Parameter | ValueRatio | Spacing):
            raise UnknownRuleError(f"« {rule_id} » est une règle sans valeur unique ; demander la règle elle-même.")
        return _in_force(entry.id, entry.values, on).value

    def _variant(self, rule_id: str, region: str | None, establishment: str | None) -> Parameter | None:
        for entry in self._variants.get(rule_id, ()):
            by_region = entry.regions is not None and region in entry.regions
            by_kind = entry.establishment is not None and establishment == entry.establishment
            if by_region or by_kind:
                return entry
        return None

    @cached_property
    def _variants(self) -> Mapping[str, Sequence[Parameter]]:
        found: dict[str, list[Parameter]] = defaultdict(list)
        for entry in self.entries.values():
            if isinstance(entry, Parameter) and entry.variant_of:
                found[entry.variant_of].append(entry)
        return found

    @cached_property
    def regions(self) -> frozenset[str]:
        """INSEE codes of the regions that have figures of their own."""
        every = (entry for entries in self._variants.values() for entry in entries)
        return frozenset(code for entry in every for code in entry.regions or ())

    def rules(self, on: date, rule_sets: Sequence[str]) -> Iterator[tuple[Rule, Dated]]:
        """Rules of some sets with their state in force on a date, ordered by id; rules not in force are left out."""
        for rule_id in sorted(self.entries):
            entry = self.entries[rule_id]
            if isinstance(entry, Parameter) or entry.rule_set not in rule_sets:
                continue
            for dated in entry.values:
                if dated.in_force(on):
                    yield entry, dated

    def label(self, code: str, on: date) -> Label | None:
        """The label in force on a date, None when it is not valid then. Raises UnknownRuleError for an unknown code."""
        try:
            return label_on(self.tables.labels, code, on)
        except KeyError as error:
            raise UnknownRuleError(f"Signe inconnu « {code} » ; connus : {', '.join(self.tables.labels)}.") from error


def _in_force(rule_id: str, values: Sequence[_D], on: date) -> _D:
    for dated in values:
        if dated.in_force(on):
            return dated
    raise UnknownRuleError(f"« {rule_id} » n'a pas de valeur le {on:%d/%m/%Y}.")


def load_book(folder: Path = LAW_FOLDER) -> RuleBook:
    """Read every rule file of a folder. Raises RuleFileError at the first incoherence, with its file and line."""
    tables = load_tables(folder)
    entries: dict[str, Entry] = {}
    for path in sorted(folder.rglob("*.yaml")):
        document = read_yaml(path)
        entry = _entry(document)
        _check_identity(document, entry, entries)
        _check_dates(document, entry, tables)
        _check_references(document, entry, tables)
        entries[entry.id] = entry
    _check_variants(folder, entries)
    return RuleBook(folder, tables, MappingProxyType(entries))


@cache
def law() -> RuleBook:
    """The rule book that comes with the platform, read once. Raises RuleFileError."""
    return load_book(LAW_FOLDER)


def _entry(document: MarkedDocument) -> Entry:
    kind = document.content.get("kind")
    shape = SHAPES.get(str(kind))
    if shape is None:
        raise document.fault(("kind",), f"kind inconnu « {kind} » ; connus : {', '.join(SHAPES)}")
    try:
        return shape.model_validate(document.content)
    except ValidationError as error:
        raise document.fault(*french_fault(error)) from error


def _check_identity(document: MarkedDocument, entry: Entry, entries: Mapping[str, Entry]) -> None:
    if entry.id in entries:
        raise document.fault(("id",), f"l'identifiant « {entry.id} » est déjà pris par un autre fichier")
    if document.path.stem != entry.id:
        raise document.fault(("id",), f"l'identifiant « {entry.id} » doit être le nom du fichier")


def _check_dates(document: MarkedDocument, entry: Entry, tables: Tables) -> None:
    for rank, dated in enumerate(entry.values):
        if dated.source not in tables.sources:
            place = ("values", rank, "source")
            raise document.fault(place, f"source inconnue « {dated.source} » : l'ajouter à sources.csv")
        for other in entry.values[:rank]:
            if dated.overlaps(other):
                place = ("values", rank, "valid_from")
                raise document.fault(place, f"la période du {dated.valid_from} recouvre celle du {other.valid_from}")


def _check_references(document: MarkedDocument, entry: Entry, tables: Tables) -> None:
    for field, names, known in _references(entry, tables):
        for name in names:
            if name not in known:
                raise document.fault((field,), f"{field} : « {name} » est inconnu ; connus : {', '.join(known)}")
    if isinstance(entry, Parameter | ValueRatio) and entry.unit == "share":
        for rank, dated in enumerate(entry.values):
            if dated.value > 1:
                raise document.fault(("values", rank, "value"), f"{dated.value} n'est pas une part entre 0 et 1")


def _references(entry: Entry, tables: Tables) -> Iterator[tuple[str, Sequence[str], Mapping[str, object]]]:
    if isinstance(entry, Count | WeeklyCount):
        yield "attribute", [entry.attribute], tables.attributes
    if isinstance(entry, Count) and entry.menu is not None:
        yield "menu", [entry.menu], tables.attributes
    if isinstance(entry, Pairing):
        yield "attribute_a", [entry.attribute_a], tables.attributes
        yield "attribute_b", [entry.attribute_b], tables.attributes
    if isinstance(entry, ValueRatio):
        yield "buckets", entry.buckets, tables.buckets
        yield "families", entry.families or [], tables.families


def _check_variants(folder: Path, entries: Mapping[str, Entry]) -> None:
    for entry in entries.values():
        if isinstance(entry, Parameter) and entry.variant_of is not None and entry.variant_of not in entries:
            path = next(folder.rglob(f"{entry.id}.yaml"))
            raise read_yaml(path).fault(("variant_of",), f"variante d'une règle inconnue « {entry.variant_of} »")


__all__ = ["LAW_FOLDER", "RuleBook", "RuleFileError", "UnknownRuleError", "law", "load_book"]
