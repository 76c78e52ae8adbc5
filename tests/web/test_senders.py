"""Forms are shown to who may send them, and only to them: whoever only controls reads pages without any."""

import re

import pytest

from catering.people.viewer import Role
from catering.web.pages import Action
from catering.web.registry import ACTIONS
from catering.web.senders import SENDERS
from tests.people.conftest import Site
from tests.web.conftest import browser_of
from tests.web.examples import EXAMPLES

FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]+)"')
OF_THE_FRAME = {"/deconnexion", "/compte/sessions", "/compte/visite"}
CONTROL = (Role.AUDITOR, Role.NUTRITION_MANAGER, Role.DEPARTEMENT)


@pytest.mark.parametrize("role", CONTROL)
async def test_who_controls_is_shown_no_form_of_somebody_else(role: Role, site: Site) -> None:
    browser = await browser_of(site, role)
    opened = 0
    for name, example in EXAMPLES.items():
        page = await browser.get(example.path)
        if page.status_code != 200 or role in SENDERS.get(name.split("/")[0], ()):
            continue
        opened += 1
        assert set(FORM.findall(page.text)) <= OF_THE_FRAME, name
    assert opened > 10


async def test_who_may_send_is_shown_the_forms(site: Site) -> None:
    forms = 0
    for name, example in EXAMPLES.items():
        if example.role is not None and example.role in SENDERS.get(name.split("/")[0], ()):
            page = await (await browser_of(site, example.role)).get(example.path)
            forms += len(set(FORM.findall(page.text)) - OF_THE_FRAME)
    assert forms >= 20


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_every_form_says_who_sends_it(action: Action) -> None:
    assert action.name.split("/")[0] in SENDERS
