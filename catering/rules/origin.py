"""Where meat comes from: which countries must be told, and in which words (ORI-01 to ORI-04)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import ConfigDict

from catering.rules.book import LAW_FOLDER
from catering.rules.shapes import Confidence, Dated
from catering.rules.tables import dated_rows

TABLE = Path("origin") / "meat.csv"
COLUMNS = (
    "kind", "rule", "born", "reared", "slaughtered", "valid_from", "valid_to", "source", "confidence", "note",
)  # fmt: skip


class MeatRule(Dated):
    """Which countries the buyer of a raw meat must be told. ``kind`` is that of the ingredient: beef, pork …"""

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    kind: str
    rule: str
    born: bool
    reared: bool
    slaughtered: bool
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Stages:
    """Countries (ISO 3166, two letters) where the animal was born, reared and slaughtered; None is not told."""

    born: str | None = None
    reared: str | None = None
    slaughtered: str | None = None


@cache
def meat_rules(folder: Path = LAW_FOLDER) -> Mapping[str, tuple[MeatRule, ...]]:
    """The dated rows of each kind of meat. Raises RuleFileError."""
    return dated_rows(folder, TABLE, MeatRule, COLUMNS, lambda row: row.kind)


def meat_rule(kind: str, on: date) -> MeatRule | None:
    """What must be told of a meat of this kind on a date; None when nothing must."""
    return next((row for row in meat_rules().get(kind, ()) if row.in_force(on)), None)


def missing_stages(kind: str, told: Stages, on: date) -> list[str]:
    """French names of the stages that the law asks for and nobody told, in the order of life."""
    rule = meat_rule(kind, on)
    if rule is None:
        return []
    asked = (
        (rule.born, told.born, "né"),
        (rule.reared, told.reared, "élevé"),
        (rule.slaughtered, told.slaughtered, "abattu"),
    )
    return [french for due, country, french in asked if due and country is None]


def wording(told: Stages, names: Mapping[str, str]) -> str | None:
    """The words of a menu or an invoice (ORI-04); None when a stage is unknown.

    Args:
        told: where; beef states all three, other meats where it was reared and slaughtered.
        names: French name of each country.
    """
    if told.reared is None or told.slaughtered is None:
        return None
    life = [country for country in (told.born, told.reared) if country is not None]
    if set(life) == {told.slaughtered}:
        return f"origine : {names[told.slaughtered]}"
    return f"{_life(told, names)}, abattu : {names[told.slaughtered]}"


def _life(told: Stages, names: Mapping[str, str]) -> str:
    assert told.reared is not None
    if told.born is None:
        return f"élevé : {names[told.reared]}"
    if told.born == told.reared:
        return f"né et élevé : {names[told.reared]}"
    return f"né : {names[told.born]}, élevé : {names[told.reared]}"
