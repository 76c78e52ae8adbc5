"""The handbook shows the pages: every picture is used, says in words what it shows, and can be made again."""

import re

from catering.web.registry import PAGES
from tests.lints.sources import ROOT
from tests.web.handbook_pictures import FOLDER, PICTURES

SHOWN = re.compile(r"!\[([^\]]+)\]\(images/([^)]+)\)")
MOST_BYTES = 150_000


def test_every_picture_is_shown_once_with_its_words_and_can_be_made_again() -> None:
    text = (ROOT / "docs" / "handbook" / "pages.md").read_text(encoding="utf-8")
    shown = [file for _, file in SHOWN.findall(text)]
    assert sorted(shown) == sorted(picture.file.name for picture in PICTURES)
    assert sorted(shown) == sorted(path.name for path in FOLDER.iterdir())


def test_pictures_are_pictures_and_not_heavy() -> None:
    for picture in PICTURES:
        read = picture.file.read_bytes()
        assert read.startswith(b"\xff\xd8"), picture.name
        assert len(read) <= MOST_BYTES, picture.name


def test_every_page_is_told_by_its_title() -> None:
    text = (ROOT / "docs" / "handbook" / "pages.md").read_text(encoding="utf-8")
    table = "\n".join(line for line in text.splitlines() if line.startswith("| "))
    assert [page.title for page in PAGES.values() if page.title not in table] == []
