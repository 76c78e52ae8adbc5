"""The pages of docs/ as the tests read them: fenced blocks, tables, links, headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.lints.sources import ROOT

DOCS = ROOT / "docs"
HANDBOOK = DOCS / "handbook"
FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: the first word after the fence is its language, the rest says what the tests do with it."""

    page: str
    line: int
    language: str
    use: str
    body: str

    @property
    def name(self) -> str:
        """Where it stands, for the name of a test."""
        return f"{self.page}:{self.line}"


def read(page: Path) -> str:
    """The text of a page."""
    return page.read_text(encoding="utf-8")


def pages() -> list[Path]:
    """Every page of the documentation, the README files of the root and of the seeds among them."""
    return [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "seeds/README.md"]


def named(page: Path) -> str:
    """A page as named in a message."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = read(page)
    found = []
    for match in FENCE.finditer(text):
        language, _, use = match["info"].strip().partition(" ")
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(named(page), line, language, use.strip(), match["body"]))
    return found


def block(page: Path, language: str, use: str) -> Block:
    """The one block of a page with this language and use."""
    (found,) = [each for each in blocks(page) if (each.language, each.use) == (language, use)]
    return found


def prose(page: Path) -> str:
    """The text of a page without its fenced blocks."""
    return FENCE.sub("", read(page))


def section(page: Path, title: str) -> str:
    """What stands under a heading, up to the next one of the same or a higher level."""
    text = read(page)
    start = re.search(rf"^(#+) {re.escape(title)}$", text, re.MULTILINE)
    assert start, f"{named(page)} has no heading « {title} »"
    after = text[start.end() :]
    end = re.search(rf"^#{{1,{len(start[1])}}} ", after, re.MULTILINE)
    return after[: end.start()] if end else after


def table_rows(text: str) -> Iterator[list[str]]:
    """Cells of each row of the tables in a text, without headers and rules."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        if set("".join(cells)) <= set("-: ") or set(following) == set("|-"):
            continue
        yield cells


def first_codes(text: str) -> list[str]:
    """What stands in backquotes in the first cell of each row."""
    return [code for cells in table_rows(text) for code in CODE.findall(cells[0])]


def anchors(page: Path) -> set[str]:
    """Anchors that a link may name: headings as GitHub turns them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
