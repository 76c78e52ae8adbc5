"""What a page is: a stored operation shown by a template. What an action is: a form that one stored mutation answers.

**How to add a page.** Write the operation under ``graphql/operations``, the template ``templates/<name>.html`` that
extends ``layout.html``, a `Page` in the ``PAGES`` of your persona's module, and a row in ``tests/web/examples*.py``.
A form is an `Action` in the same module's ``ACTIONS``: it works as a plain POST, answers a success by a redirection and
a refusal by its page with what was typed. ``tests/web/test_registry.py`` says what is missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from catering.web.asked import Asked

Variables = Callable[[Asked], Mapping[str, Any]]


def nothing_more(_answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """A template that shows the answer as it is."""
    return {}


@dataclass(frozen=True, slots=True)
class Page:
    """One address people open.

    ``name`` is that of the template, without ``.html``. ``subject`` is the field of the answer whose null means that
    there is no such thing, or not for this reader: the page is then not found. ``shows`` computes what the template
    needs beside the answer (``answer``) and the request (``asked``).
    """

    name: str
    path: str
    title: str
    operation: str
    variables: Variables
    subject: str | None = None
    shows: Callable[[Any, Asked], Mapping[str, Any]] = nothing_more
    public: bool = False
    """Whether it is open without an account."""

    @property
    def template(self) -> str:
        """File of its template."""
        return f"{self.name}.html"


@dataclass(frozen=True, slots=True)
class Action:
    """One form.

    ``done`` names the type of the union that means success. ``leads`` gives where the browser goes then. ``page`` is
    the name of the page shown again on a refusal: its path parameters must be those of the action's path, the rest it
    asks for must be fields of the form. ``blames`` gives the field that a refusal is about, by type of the union;
    braces in it name other fields of the form, whose values are put in.
    """

    name: str
    path: str
    operation: str
    variables: Variables
    done: str
    leads: Callable[[Any, Asked], str]
    page: str
    blames: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    """The field of the form for each column of a sheet that a refusal names in its ``faults``."""
    file: str | None = None
    """The field by which a file is sent: it is kept among the documents first, and its number is then the value of the
    field. Its template shows the ``faults`` of a refused file itself, line by line (``refusal``)."""
    pictures: str | None = None
    """What the names of the fields begin with that may each bring a picture, kept the same way."""
    proofs: str | None = None
    """The same of fields that may each bring a PDF or a picture."""
