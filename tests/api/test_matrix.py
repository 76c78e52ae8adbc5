"""Nothing leaks: each role, each stored operation, one's own data, another's, and nobody signed in.

How to add an operation: see ``matrix.py``.
"""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from catering.api import Caller, schema
from catering.api.masking import MASKED
from catering.api.mutations.people import refusals as _of_people  # noqa: F401 - registers what it shows
from catering.api.refusals import SHOWN
from catering.db import Database
from catering.people.viewer import Role, Viewer
from catering.settings import Settings
from tests.api import (
    matrix_cells,
    matrix_compliance,
    matrix_declarations,
    matrix_market,
    matrix_menus,
    matrix_orders,
    matrix_people,
    matrix_procurement,
    matrix_purchases,
    matrix_receiving,
    matrix_waste,
    matrix_web,
)
from tests.api.conftest import Answer, Client
from tests.api.dataset_people import viewer_of
from tests.api.marks import Owners, forbidden, mark, of_subject
from tests.api.matrix import OTHER, Entry, Outcome, Subject, own
from tests.api.operations import STREAMED, VARIABLES, operations
from tests.unsealing import sealed, unseal

OPERATIONS = operations()
ROOMS = (
    matrix_cells,
    matrix_people,
    matrix_market,
    matrix_procurement,
    matrix_orders,
    matrix_receiving,
    matrix_menus,
    matrix_purchases,
    matrix_compliance,
    matrix_waste,
    matrix_declarations,
    matrix_web,
)
MATRIX: dict[str, Entry] = {name: entry for room in ROOMS for name, entry in room.CELLS.items()}
REFUSALS = {kind.__name__ for kind in SHOWN.values()}
WRITES = {name for name, text in OPERATIONS.items() if "\nmutation " in text}


@pytest.fixture(scope="session")
def marked(small_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Owners]:
    """The small Département, every row marked with its owner: copy it, never write it."""

    async def make() -> Owners:
        database = Database(f"sqlite+aiosqlite:///{file}")
        async with database.unit_of_work() as session:
            # Marks are another past: what was written for good is written anew.
            await unseal(session, *await sealed(session))
            owners = await mark(session)
        await database.dispose()
        return owners

    file = tmp_path_factory.mktemp("marked") / "catering.db"
    shutil.copy(small_file, file)
    return file, asyncio.run(make())


@pytest.fixture
async def marked_client(marked: tuple[Path, Owners], tmp_path: Path) -> AsyncIterator[Client]:
    """A client of the marked Département, of this test's own."""
    shutil.copy(marked[0], tmp_path / "marked.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/marked.db")
    yield Client(database)
    await database.dispose()


async def execute(client: Client, name: str, viewer: Viewer | None, variables: Mapping[str, Any]) -> Answer:
    """What an operation answers; of a subscription, what it tells first."""
    if name not in STREAMED:
        return await client(OPERATIONS[name], viewer, **variables)
    caller = Caller(client.database, viewer, Settings())
    stream = await schema.subscribe(OPERATIONS[name], variable_values=dict(variables), context_value=caller)
    async for told in stream:
        return Answer(told.data, [((each.extensions or {}).get("code"), each.message) for each in told.errors or ()])
    raise AssertionError("nothing was told")


def refusal(answer: Answer) -> str | None:
    """The name of the refusal or the code of the error that an answer is, if it is one."""
    if answer.errors:
        assert MASKED not in {code for code, _ in answer.errors}, "a fault of ours is no refusal"
        return str(answer.errors[0][0])
    named = [each["__typename"] for each in answer.data.values() if isinstance(each, dict) and "__typename" in each]
    return next((name for name in named if name in REFUSALS), None)


def outcome(name: str, answer: Answer, marks: set[str]) -> Outcome:
    """What an answer amounts to, given the marks of whom it is about."""
    text = json.dumps(answer.data)
    if refusal(answer) is not None:
        return Outcome.REFUSED
    if name in WRITES:
        return Outcome.DONE
    return Outcome.SHOWN if any(each in text for each in marks) else Outcome.NOTHING


def test_every_operation_has_its_row() -> None:
    assert set(MATRIX) == set(OPERATIONS), "add an Entry for each new operation: tests/api/matrix.py says how"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", sorted(MATRIX))
async def test_a_role_is_answered_as_the_matrix_says(
    name: str, role: Role, marked_client: Client, marked: tuple[Path, Owners]
) -> None:
    entry, viewer, owners = MATRIX[name], viewer_of(role), marked[1]
    subjects: list[Subject] = [own(role)] if entry.asks is None else [own(role), OTHER]
    for subject, said in zip(subjects, entry.cells(role), strict=False):
        variables = dict(VARIABLES[name] if entry.asks is None else entry.asks(subject))
        if "idempotencyKey" in variables:
            variables["idempotencyKey"] = f"{name}-{subject.account}-{subject.kitchen}"
        answer = await execute(marked_client, name, viewer, variables)
        found = outcome(name, answer, of_subject(entry, subject, owners))
        assert (subject, answer.data, answer.errors, found) == (
            subject, answer.data, answer.errors, Outcome.NOTHING if said is Outcome.OPEN else said
        )  # fmt: skip
        if said is Outcome.OPEN:
            assert answer.data
            assert None not in answer.data.values()
        told = json.dumps([answer.data, [message for _, message in answer.errors]])
        # A refusal may repeat what was asked: that much the asker knew.
        asked = json.dumps(variables) if found is Outcome.REFUSED else ""
        assert [each for each in sorted(forbidden(viewer, entry, owners)) if each in told and each not in asked] == []


@pytest.mark.parametrize("name", sorted(name for name, entry in MATRIX.items() if entry.public))
async def test_nobody_signed_in_reads_a_public_page_as_a_stranger_does(
    name: str, marked_client: Client, marked: tuple[Path, Owners]
) -> None:
    answer = await execute(marked_client, name, None, VARIABLES[name])
    assert outcome(name, answer, of_subject(MATRIX[name], own(Role.CHEF), marked[1])) is Outcome.SHOWN
    stranger = Viewer("Personne", Role.PRODUCER)
    assert [each for each in forbidden(stranger, MATRIX[name], marked[1]) if each in json.dumps(answer.data)] == []


@pytest.mark.parametrize("name", sorted(name for name, entry in MATRIX.items() if not entry.public))
async def test_nobody_signed_in_is_refused_before_anything_is_read(name: str, marked_client: Client) -> None:
    answer = await execute(marked_client, name, None, VARIABLES[name])
    assert {code for code, _ in answer.errors} == {"SIGN_IN_REQUIRED"}
    assert answer.statements == []


def test_an_auditor_writes_nothing_but_their_own_account() -> None:
    writing = {name for name in WRITES if not name.startswith("account/")}
    assert writing
    assert {MATRIX[name].cells(Role.AUDITOR) for name in writing} == {(Outcome.REFUSED, Outcome.REFUSED)}


async def test_the_marks_would_show_a_leak(marked_client: Client, marked: tuple[Path, Owners]) -> None:
    """Every kind of mark can be read by who may, so that its absence means something."""
    found = ""
    for name in sorted(set(MATRIX) - WRITES - STREAMED):
        found += json.dumps((await execute(marked_client, name, viewer_of(Role.DEPARTEMENT), VARIABLES[name])).data)
    unseen = {each for each in marked[1].everything() if each not in found}
    assert unseen == set()
