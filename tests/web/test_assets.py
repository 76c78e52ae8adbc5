"""What pages load: vendored with licence and hash, kept by browsers, small enough for a kitchen's network."""

import csv
import gzip
import hashlib
import re
from pathlib import Path

import pytest

from catering.people.viewer import Role
from catering.web.assets import FOLDER, address, files
from tests.people.conftest import Site
from tests.web.conftest import browser_of
from tests.web.examples import EXAMPLES

FIRST_PAGE = 60_000
THEN = 15_000
OURS = {"app.css", "app.js", "outbox.js", "worker.js", "icon.svg"}
LOADED = re.compile(r'(?:src|href)="(/static/[^"]+)"|url\("([^"]+)"\)')


def vendored_in(folder: Path) -> list[dict[str, str]]:
    """Rows of the manifest of a folder."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_file_is_ours_or_stands_in_the_manifest_with_its_hash() -> None:
    rows = {row["file"]: row for row in vendored_in(FOLDER)}
    assert set(files()) == OURS | set(rows)
    for name, row in rows.items():
        assert hashlib.sha256(files()[name]).hexdigest() == row["sha256"], name
        assert row["version"]
        assert row["licence"]


def test_licences_stand_beside_what_they_cover() -> None:
    assert "SIL OPEN FONT LICENSE" in (FOLDER / "fonts" / "OFL.txt").read_text(encoding="utf-8")
    assert "Zero-Clause BSD" in (FOLDER / "vendor" / "htmx-LICENSE.txt").read_text(encoding="utf-8")


async def test_files_are_kept_for_a_year_under_the_name_of_their_state(site: Site) -> None:
    answer = await site.browser().get(address("app.css"))
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")
    earlier = await site.browser().get("/static/000000000000/app.css")
    assert (earlier.status_code, earlier.headers["cache-control"]) == (200, "no-cache")


@pytest.mark.parametrize("name", ["rien.css", "manifest.csv", "%2e%2e%2fpages.py", "fonts/%2e%2e/%2e%2e/pages.py"])
async def test_nothing_else_is_served(name: str, site: Site) -> None:
    assert (await site.browser().get(f"/static/x/{name}")).status_code == 404


def weight(content: bytes) -> int:
    """Bytes on the wire."""
    return len(gzip.compress(content, 6))


def loaded(html: str) -> set[str]:
    """Files that a page loads, those of its style sheet too."""
    names = {href.split("/", 3)[3] for href, _ in LOADED.findall(html)}
    return names | {inner for _, inner in LOADED.findall(files()["app.css"].decode())}


@pytest.mark.parametrize("name", EXAMPLES)
async def test_a_page_is_light_even_when_it_is_the_first(name: str, site: Site) -> None:
    example = EXAMPLES[name]
    page = await (await browser_of(site, example.role)).get(example.path)
    alone = weight(page.content)
    beside = {each: min(weight(files()[each]), len(files()[each])) for each in loaded(page.text)}
    assert {"app.css", "app.js", "vendor/htmx.min.js"} <= set(beside)
    assert alone <= THEN
    assert alone + sum(beside.values()) <= FIRST_PAGE, beside


async def test_pages_arrive_compressed(site: Site) -> None:
    browser = await browser_of(site, Role.CHEF)
    page = await browser.get("/cuisines", headers={"accept-encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"
