"""Folders spoiled on purpose, and the faults a reader then names."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.faults import BadFolder, FolderFault
from optimizer.problem import Problem


def faults_of(folder: Path) -> list[FolderFault]:
    """Faults of a problem folder that must be refused."""
    with pytest.raises(BadFolder) as bad:
        Problem.from_folder(folder)
    return list(bad.value.faults)


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}:\n{text}"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
