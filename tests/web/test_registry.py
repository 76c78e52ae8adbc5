"""A page is a route, a stored operation, a template, a title and a test: none may be missing."""

import ast
import re
from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, OperationType, parse

from catering.api import schema
from catering.web.glossary import TERMS
from catering.web.messages import MESSAGES
from catering.web.navigation import ENTRIES
from catering.web.pages import Action, Page
from catering.web.registry import ACTIONS, PAGES
from catering.web.rendering import TEMPLATES
from catering.web.words import WORDS
from tests.api.operations import operations
from tests.lints.sources import ROOT, calls
from tests.web.examples import EXAMPLES

FOLDER = ROOT / "catering" / "web"
PARAMETERS = re.compile(r"\{(\w+)\}")
WHERE_SIGNING_IN_SHOWS = {"sign_in/sign_in", "sign_in/confirm", "sign_in/signed_out", "sign_in/expired", "told"}
FRAME = {"layout", "parts", "departement/standing", "departement/changes", "nutrition/purchase_rows"}
"""Parts of pages; the standing is also what the stream of a run sends."""


def kind_of(operation: str) -> OperationType:
    (node,) = [each for each in parse(operations()[operation]).definitions if isinstance(each, OperationDefinitionNode)]
    return node.operation


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_has_a_query_a_template_and_a_title(page: Page) -> None:
    assert kind_of(page.operation) is OperationType.QUERY
    source = (FOLDER / "templates" / page.template).read_text(encoding="utf-8")
    assert source.startswith('{% extends "layout.html" %}')
    assert page.title


def test_every_page_is_opened_by_a_test_and_no_test_opens_what_is_gone() -> None:
    assert set(EXAMPLES) == set(PAGES)


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_a_form_has_a_mutation_and_a_page_to_show_its_faults_on(action: Action) -> None:
    assert kind_of(action.operation) is OperationType.MUTATION
    page = PAGES[action.page]
    assert set(PARAMETERS.findall(page.path)) <= set(PARAMETERS.findall(action.path))
    assert f"... on {action.done} " in operations()[action.operation]


def test_addresses_and_titles_are_told_apart() -> None:
    assert len({page.path for page in PAGES.values()}) == len(PAGES)
    assert len({page.title for page in PAGES.values()}) == len(PAGES)


def test_no_template_is_left_without_a_page() -> None:
    folder = FOLDER / "templates"
    found = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.html")}
    assert found - FRAME - WHERE_SIGNING_IN_SHOWS == set(PAGES)


def test_every_template_can_be_read() -> None:
    for name in TEMPLATES.list_templates(extensions=["html"]):
        TEMPLATES.get_template(name)


def test_navigation_leads_to_pages() -> None:
    paths = {page.path for page in PAGES.values()}
    assert {entry.path for entries in ENTRIES.values() for entry in entries} <= paths


def texts(suffix: str) -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in FOLDER.rglob(f"*{suffix}")}


def test_terms_are_explained_and_explanations_used() -> None:
    used = {word for text in texts(".html").values() for word in re.findall(r'parts\.term\("([^"]+)"', text)}
    assert used == set(TERMS)


def test_messages_are_told_and_telling_names_a_message() -> None:
    used = {
        call.args[1].value
        for path in texts(".py")
        for call in calls(path)
        if isinstance(call.func, ast.Name) and call.func.id == "with_message" and isinstance(call.args[1], ast.Constant)
    }
    assert used == set(MESSAGES)


@pytest.mark.parametrize("kind", WORDS)
def test_every_value_of_an_enumeration_has_its_french_word(kind: str) -> None:
    values = schema._schema.type_map[kind].values  # type: ignore[attr-defined]  # enumerations have values
    assert set(WORDS[kind]) == set(values)


@pytest.mark.parametrize("path", texts(".html"), ids=lambda path: path.name)
def test_templates_hold_no_script_no_style_and_nothing_from_elsewhere(path: Path) -> None:
    """The policy of the pages would stop them, silently for whoever wrote them."""
    source = path.read_text(encoding="utf-8")
    assert re.findall(r"\sstyle=|\son\w+=|<style|<script(?! src)|(?:src|href|action)=\"(?:https?:)?//", source) == []
