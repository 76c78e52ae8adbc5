"""What the documentation points to exists: pages, headings, files, tests; nothing is left out of the lists."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.docs.pages import DOCS, HANDBOOK, LINK, anchors, named, pages, prose, read, table_rows
from tests.lints.sources import ROOT

TEST = re.compile(r"(?P<path>tests/[\w/]+\.py)::(?P<test>\w+)")
FILE = re.compile(
    r"`((?:catering|optimizer|graphql|seeds|tests|docs|benchmarks)/[\w./*-]*\w|[\w-]+\.(?:yml|toml|lock))`"
)


def defined(file: Path, test: str) -> bool:
    """Whether a file defines a test."""
    return file.is_file() and re.search(rf"\bdef {test}\(", read(file)) is not None


@pytest.mark.parametrize("page", pages(), ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for match in LINK.finditer(prose(page)):
        target, _, anchor = unquote(match["target"]).partition("#")
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        file = (page.parent / target).resolve() if target else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            broken.append(match["target"])
    assert broken == []


@pytest.mark.parametrize("page", pages(), ids=named)
def test_tests_that_are_cited_exist(page: Path) -> None:
    missing = [match[0] for match in TEST.finditer(read(page)) if not defined(ROOT / match["path"], match["test"])]
    assert missing == []


@pytest.mark.parametrize("page", pages(), ids=named)
def test_files_that_are_named_exist(page: Path) -> None:
    missing = [name for name in FILE.findall(prose(page)) if not list(ROOT.glob(name))]
    assert missing == []


def test_the_handbook_lists_its_pages() -> None:
    index = HANDBOOK / "README.md"
    linked = {(HANDBOOK / target).resolve() for target in LINK.findall(read(index)) if "/" not in target}
    assert linked == {page.resolve() for page in HANDBOOK.glob("*.md")} - {index.resolve()}


def test_every_decision_is_in_the_index_and_has_its_four_parts() -> None:
    folder = DOCS / "decisions"
    records = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    listed = [LINK.findall(cells[0])[0] for cells in table_rows(read(folder / "README.md"))]
    assert listed == [record.name for record in records]
    for record in records:
        parts = re.findall(r"^\*\*(\w+)\.\*\*", read(record), re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences", "Alternatives"], record.name


def test_no_two_decisions_share_a_number() -> None:
    numbers = [path.name[:4] for path in (DOCS / "decisions").glob("[0-9]*.md")]
    assert len(set(numbers)) == len(numbers)
