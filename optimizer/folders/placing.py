"""Writing a folder whole or not at all: it is written beside its place and then renamed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path


def place_folder(path: Path, files: Mapping[str, bytes], known_files: Collection[str]) -> None:
    """Put ``files`` at ``path``. A folder already there is replaced if it holds nothing but ``known_files``.

    Raises FileExistsError, with nothing changed, if something else stands there.
    """
    refuse_foreign(path, known_files)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".writing", dir=path.parent))
    try:
        fresh, old = aside / "fresh", aside / "old"
        fresh.mkdir()
        for name, data in files.items():
            (fresh / name).write_bytes(data)
        if path.exists():
            path.rename(old)
        fresh.rename(path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def refuse_foreign(path: Path, known_files: Collection[str]) -> None:
    """Raises FileExistsError if something stands at ``path`` that is not a folder of ``known_files``."""
    if not path.exists():
        return
    if not path.is_dir():
        raise FileExistsError(f"{path} existe et n'est pas un dossier.")
    foreign = sorted(entry.name for entry in path.iterdir() if entry.name not in known_files)
    if foreign:
        raise FileExistsError(f"{path} contient d'autres fichiers ({', '.join(foreign[:3])}) : rien n'est remplacé.")
