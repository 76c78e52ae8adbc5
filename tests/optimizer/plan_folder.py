"""The files of a plan as text, to be changed and written back: what seeded faults are made with."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from optimizer.folders.json_text import decode, encode
from optimizer.problem import Dish, Problem

Cells = dict[str, str]


class PlanFolder:
    """The files of a plan as text cells, to be changed and written back."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._tables: dict[str, list[Cells]] = {}
        self._summary: dict[str, Any] | None = None

    def table(self, name: str) -> list[Cells]:
        if name not in self._tables:
            with (self.path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                self._tables[name] = list(csv.DictReader(file))
        return self._tables[name]

    @property
    def summary(self) -> dict[str, Any]:
        if self._summary is None:
            self._summary = decode((self.path / "summary.json").read_text(encoding="utf-8"))
        assert self._summary is not None
        return self._summary

    def write(self) -> None:
        for name, rows in self._tables.items():
            with (self.path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        if self._summary is not None:
            (self.path / "summary.json").write_text(encode(self._summary) + "\n", encoding="utf-8")

    def serve(self, kitchen: str, day: date, dish: Dish) -> None:
        """Put the dish in its slot of that day."""
        for row in self.table("menus"):
            if row["kitchen"] == kitchen and row["date"] == day.isoformat() and row["slot"] == dish.slot:
                row["dish"] = dish.id
                return
        raise AssertionError(f"no {dish.slot} at {kitchen} on {day}")


Damage = Callable[[Problem, PlanFolder], str | None]
"""Changes a plan and returns the id of a rule it now breaks; None when the plan has nothing to change so."""
