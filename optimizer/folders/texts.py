"""From the bytes of a file to its text: UTF-8 without byte-order mark, LF line ends; anything else is a named fault."""

from __future__ import annotations

from pathlib import Path

from optimizer.faults import FolderFault

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"
_SAVE_AGAIN = "enregistrer le fichier en UTF-8 sans marque d'ordre des octets (BOM)."


def read_text(folder: Path, name: str, faults: list[FolderFault]) -> str | None:
    """Text of ``folder/name``; None when there is none to read.

    A wrong encoding is reported once and the text is still decoded, so that the other faults of the file show too.
    """
    try:
        data = (folder / name).read_bytes()
    except FileNotFoundError:
        faults.append(FolderFault(name, 0, "", "", "Le fichier manque.", f"ajouter {name} au dossier."))
        return None
    except OSError as error:
        faults.append(
            FolderFault(name, 0, "", "", f"Le fichier est illisible ({error.strerror}).", "vérifier les droits.")
        )
        return None
    return _decode(name, data, faults)


def _decode(name: str, data: bytes, faults: list[FolderFault]) -> str | None:
    if data.startswith(_UTF16_MARKS) or b"\0" in data[:200]:
        faults.append(FolderFault(name, 1, "", "", "Le fichier est en UTF-16, pas en UTF-8.", _SAVE_AGAIN))
        return data.decode("utf-16", errors="replace").lstrip("\ufeff").replace("\r\n", "\n")
    if data.startswith(_UTF8_MARK):
        faults.append(
            FolderFault(name, 1, "", "", "Le fichier commence par une marque d'ordre des octets (BOM).", _SAVE_AGAIN)
        )
        data = data[len(_UTF8_MARK) :]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        faults.append(_not_utf8(name, data, error))
        text = data.decode("cp1252", errors="replace")
    return _unix_lines(name, text, faults)


def _not_utf8(name: str, data: bytes, error: UnicodeDecodeError) -> FolderFault:
    line_start = data.rfind(b"\n", 0, error.start) + 1
    line_end = data.find(b"\n", error.start)
    shown = data[line_start : line_end if line_end >= 0 else len(data)].decode("cp1252", errors="replace").strip()
    return FolderFault(
        name,
        data.count(b"\n", 0, error.start) + 1,
        "",
        shown,
        f"L'octet 0x{data[error.start]:02x} n'est pas de l'UTF-8 (lu en Windows-1252 : « {shown} »).",
        _SAVE_AGAIN,
    )


def _unix_lines(name: str, text: str, faults: list[FolderFault]) -> str:
    if "\r" not in text:
        return text
    line = text.count("\n", 0, text.index("\r")) + 1
    faults.append(
        FolderFault(
            name, line, "", "", "Les lignes se terminent par CR LF (Windows).", "enregistrer avec des fins de ligne LF."
        )
    )
    return text.replace("\r\n", "\n").replace("\r", "\n")
