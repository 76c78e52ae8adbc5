"""No link of a page leads nowhere for who reads it, and every paper that can be fetched is offered by a page."""

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

from catering.api.papers import paper_router
from catering.people.viewer import Role
from tests.people.conftest import Site
from tests.web.conftest import browser_of
from tests.web.examples import EXAMPLES

TEMPLATES = Path(__file__).parents[2] / "catering" / "web" / "templates"
HREF = re.compile(r'<a[^>]*\shref="([^"]+)"')
NAMED = re.compile(r"\{\{.*?\}\}|\{.*?\}")
NUMBER = re.compile(r"\d+")
SAME_KIND = 2
"""Links of one page that differ by their numbers alone are the same link of other rows: so many are followed."""


def addresses(page: str, html: str) -> list[str]:
    """Where the links of a page lead on this site, a few of each kind."""
    kinds: dict[str, int] = {}
    found = []
    for href in dict.fromkeys(map(unescape, HREF.findall(html))):
        if href.startswith("#"):
            continue
        kind = NUMBER.sub("0", href)
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] <= SAME_KIND:
            found.append(urljoin(page, href).partition("#")[0])
    return found


async def dead(site: Site, role: Role | None, paths: Mapping[str, str]) -> list[str]:
    """What does not answer of the links of the pages of a role."""
    browser, followed, found = await browser_of(site, role), set[str](), []
    for name, path in paths.items():
        html = (await browser.get(path)).text
        for href in addresses(path, html):
            if href in followed:
                continue
            followed.add(href)
            answer = await browser.get(href)
            if answer.status_code not in (200, 303):
                found.append(f"{name}: {href} answers {answer.status_code}")
    assert followed
    return found


async def test_every_link_of_a_page_answers_who_reads_it(site: Site) -> None:
    found = []
    for role in {example.role for example in EXAMPLES.values()}:
        found += await dead(
            site, role, {name: example.path for name, example in EXAMPLES.items() if example.role is role}
        )
    assert found == []


def test_every_paper_is_offered_by_a_page() -> None:
    hrefs = {
        NAMED.sub("*", href).partition("?")[0]
        for file in TEMPLATES.rglob("*.html")
        for href in re.findall(r'href="([^"]+)"', file.read_text(encoding="utf-8"))
    }
    papers = {NAMED.sub("*", route.path) for route in paper_router().routes}  # type: ignore[attr-defined]
    assert papers - hrefs == set()
