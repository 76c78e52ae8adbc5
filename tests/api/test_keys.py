"""A key that served for one request serves for no other: every write refuses it by name, and nothing changes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.api.conftest import Client, asked_by
from tests.api.operations import VARIABLES, operations
from tests.trade.killing import changed, rows_of_file

OPERATIONS = {name: text for name, text in operations().items() if "\nmutation " in text}


@pytest.mark.parametrize("name", OPERATIONS)
async def test_a_key_that_served_for_something_else_is_refused(name: str, client: Client) -> None:
    file, text = Path(client.database.url.partition("///")[2]), OPERATIONS[name]
    (done,) = (await client.data(text, asked_by(name, text), **VARIABLES[name])).values()
    assert "message" not in done
    with closing(sqlite3.connect(file)) as connection, connection:
        # As if the same person had asked for something else with it.
        other = connection.execute("UPDATE client_requests SET fingerprint = 'other' WHERE key LIKE '0f2c8f5e-%'")
        assert other.rowcount == 1
    before = rows_of_file(file)
    (told,) = (await client.data(text, asked_by(name, text), **VARIABLES[name])).values()
    assert told["__typename"] == "KeyRefused"
    assert "a déjà servi à une autre demande" in told["message"]
    assert changed(before, rows_of_file(file)) == {}
