"""Damaged files of every kind that people send: each is read, or refused by name; none is a fault of ours, none hangs.

python -m benchmarks.fuzz_files                   # 100,000 files, or as many as five minutes allow

A good file of each importer, as CSV and as a workbook where it may be one, is damaged by cutting, doubling, swapping
and by bytes and words that break readers; the parts of a workbook are also damaged inside. What may be answered is a
refusal of the platform, in French; anything else that is raised, and any reading of more than ``SLOW`` seconds, is
printed with the seed that makes the file again. Code 1 when there is one.
"""

import argparse
import io
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from catering.attendance.reading import read_attendance
from catering.documents.models import Document, FileKind
from catering.documents.rules import kind_of
from catering.documents.tables import read_rows, xlsx_file
from catering.market.importing import _read as read_offers
from catering.menus.files.checking import read_menu_bytes
from catering.menus.files.scdl import write_scdl
from catering.procurement.index_file import read_index_values
from catering.purchases.canteens_file import read_wishes
from catering.purchases.ledger_reading import LedgerFile
from catering.refusal import Refusal
from tests.api.dataset_market import SHEET, file_of
from tests.menus.test_files import AT, PUBLISHER, published
from tests.purchases.conftest import file_of as purchases_file
from tests.purchases.conftest import rows, siret

Read = Callable[[str, bytes], object]
TODAY = date(2026, 11, 26)
SLOW = 5.0
MANY = 400
"""Rows that are enough to carry a sample into a workbook."""
HOSTILE = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b'""', b"'", b"\r", b"\n\n", b";", b",", b"\t",
    b"=cmd|' /C calc'!A0", b"-1", b"1e999", b"NaN", b"-Infinity", b"0x10", b"9" * 400, "٣".encode(),
    "é".encode("cp1252"), b"\xed\xa0\x80", b"\xf0\x9f\xa5\x95", b"0000-00-00", b"2026-02-30", b"9999-12-31",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"<c>", b"</row>", b"{{7*7}}", b"\xe2\x80\xae", b"a" * 140_000,
    b"../../etc/passwd", b"r=\"ZZZZZZZ1\"", b"t=\"s\"", b"\x85", b"\xe2\x80\xa8",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Importer:
    """A reader and a good file of it."""

    read: Read
    name: str
    sample: bytes


def _offers(name: str, content: bytes) -> object:
    return read_offers(Document(name=name, kind=kind_of(content, name), content=content))


def _purchases(name: str, content: bytes) -> object:
    kind_of(content, name)
    return list(LedgerFile(io.BytesIO(content), TODAY, name=name).lines())


def _menus(name: str, content: bytes) -> object:
    return read_menu_bytes(name, kind_of(content, name), content)


def _attendance(folder: Path, name: str, content: bytes) -> object:
    (folder / name).write_bytes(content)
    return read_attendance(folder / name)


def _indices(_name: str, content: bytes) -> object:
    return read_index_values(content.decode(errors="replace"))


def importers(folder: Path) -> Mapping[str, Importer]:
    """Every reader of files that people send.

    Args:
        folder: where a file is put for readers that want a path.
    """
    days = "\n".join(f"2026-09-{day:02},A,3,{100 + day},{90 + day}" for day in range(1, 20))
    values = "\n".join(f"RNM-VIANDES,2026-{month:02}-01,10{month}.3" for month in range(1, 10))
    texts = {
        "offers": (_offers, file_of(*(SHEET | {"product": f"Carotte n° {n}"} for n in range(4)))),
        "purchases": (_purchases, purchases_file(rows([siret("196200001")], 6))),
        "menus": (_menus, write_scdl(PUBLISHER, [published()], AT)),
        "canteens": (read_wishes, b"uai;siret;cantine_id\n0620001A;19620000100014;949\n0620002B;19620000200012;\n"),
    }
    found = {name: Importer(read, f"{name}.csv", sample) for name, (read, sample) in texts.items()}
    for name, (read, sample) in texts.items():
        table = read_rows(FileKind.CSV, sample, MANY)
        book = xlsx_file("feuille", table.header, [cells for _, cells in table.lines])
        found[f"{name} (workbook)"] = Importer(read, f"{name}.xlsx", book)
    plain = f"day,group,sites,announced,served\n{days}\n".encode()
    found["attendance"] = Importer(partial(_attendance, folder), "attendance.csv", plain)
    found["indices"] = Importer(_indices, "indices.csv", f"index,day,value\n{values}\n".encode())
    return found


def damaged(content: bytes, draws: random.Random) -> bytes:
    """A file with one to four damages."""
    for _ in range(draws.randint(1, 4)):
        at, to = sorted(draws.randrange(len(content) + 1) for _ in range(2))
        to = min(to, at + draws.choice((1, 8, 200)))
        put = draws.choice((b"", content[at:to] * 2, draws.choice(HOSTILE), draws.choice(HOSTILE), draws.randbytes(2)))
        content = content[:at] + put + content[draws.choice((at, to)) :]
    return content


def damaged_inside(content: bytes, draws: random.Random) -> bytes:
    """A workbook of which one part is damaged or missing, well packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(out, "w") as packed:
        names = parts.namelist()
        hit, lost = draws.choice(names), draws.randrange(8) == 0
        for name in names:
            if name != hit or not lost:
                part = parts.read(name)
                packed.writestr(name, damaged(part, draws) if name == hit else part)
    return out.getvalue()


def damaged_file(known: Mapping[str, Importer], seed: int, number: int) -> tuple[str, bytes]:
    """The damaged file of a seed and a number, always the same: whose it is, its content."""
    names = list(known)
    name = names[number % len(names)]
    draws, sample = random.Random(f"{seed}.{number}"), known[name].sample
    inside = known[name].name.endswith(".xlsx") and draws.randrange(4) > 0
    return name, (damaged_inside if inside else damaged)(sample, draws)


def outcome(importer: Importer, content: bytes) -> str:
    """How a file was taken: ``read``, ``refused``, or what is wrong."""
    begun = time.perf_counter()
    try:
        importer.read(importer.name, content)
        how = "read"
    except Refusal as refusal:
        how = "refused" if str(refusal).strip() and "Traceback" not in str(refusal) else f"refused by {refusal!r}"
    except Exception:
        how = traceback.format_exc()
    took = time.perf_counter() - begun
    return how if took < SLOW else f"{took:.0f} s"


def fuzz(seed: int, many: int, seconds: float) -> tuple[Counter[tuple[str, str]], list[str]]:
    """Read damaged files until there were so many or the time is over; how they were taken, and what is wrong."""
    taken: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        known = importers(Path(folder))
        for number in range(many):
            name, content = damaged_file(known, seed, number)
            how = outcome(known[name], content)
            if how in {"read", "refused"}:
                taken[name, how] += 1
            else:
                wrong.append(f"{name}, file {number} of seed {seed}: {how}")
            if time.monotonic() > end:
                break
    return taken, wrong


def main() -> int:
    """Read damaged files and say how they were taken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    taken, wrong = fuzz(given.seed, given.inputs, given.seconds)
    for name in sorted({name for name, _ in taken}):
        print(f"| {name} | {taken[name, 'read']} | {taken[name, 'refused']} |")
    print(f"{taken.total() + len(wrong)} files, {len(wrong)} faults, seed {given.seed}")
    print("\n".join(wrong[:5]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
