"""A folder being read: where it is and the faults found so far."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from optimizer.faults import BadFolder, FolderFault
from optimizer.folders.fields import Fields, decode_fields
from optimizer.folders.tables import Table
from optimizer.folders.texts import read_text


@dataclass(frozen=True, slots=True)
class Opening:
    path: Path
    columns: Mapping[str, tuple[str, ...]]
    faults: list[FolderFault] = field(default_factory=list)

    def table(self, file: str) -> Table:
        return Table(self.path, file, self.columns[file], self.faults)

    def fields(self, file: str) -> Fields | None:
        text = read_text(self.path, file, self.faults)
        return None if text is None else decode_fields(file, text, self.faults)

    def note(self, table: Table, key: str, column: str, message: str, repair: str) -> None:
        """Note a fault of a row seen earlier, found again by its ``key``."""
        self.faults.append(FolderFault(table.file, table.line(key), column, key, message, repair))

    def refuse_if_faulty(self) -> None:
        if self.faults:
            raise BadFolder(self.faults)


def open_folder(path: Path, columns: Mapping[str, tuple[str, ...]], known_files: Collection[str]) -> Opening:
    """Raises BadFolder when there is no such folder or none of its files is there."""
    if not path.is_dir():
        raise BadFolder([FolderFault(str(path), 0, "", "", "Le dossier n'existe pas.", "vérifier le chemin.")])
    if not any((path / name).exists() for name in known_files):
        message = "Le dossier ne contient aucun des fichiers attendus."
        raise BadFolder([FolderFault(str(path), 0, "", "", message, f"attendus : {', '.join(known_files)}.")])
    return Opening(path, columns)


def right_format(fields: Fields, expected: str) -> bool:
    """Whether the file says it is of the ``expected`` format; if not, nothing else of the folder is worth reading."""
    stated = fields.values.get("format")
    if stated == expected:
        return True
    fields.fault(
        "format",
        f"Le dossier est au format « {stated} », ce programme lit « {expected} ».",
        "exporter de nouveau le dossier, ou le lire avec la version du programme qui l'a écrit.",
    )
    return False
