"""The small Département in files and on servers, and the program in which writes die."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.conftest import made
from tests.api.dataset import SMALL
from tests.trade.killing import Graveyard, graveyard


@pytest.fixture(scope="session")
def libpq(server: str) -> str:
    """Address of the server as libpq writes it."""
    return server.replace("+psycopg", "")


@pytest.fixture(scope="session")
def ready_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small Département: copy it, never write it."""
    return made(tmp_path_factory.mktemp("ready") / "ready.db", SMALL)


@pytest.fixture(scope="module")
def dying() -> Iterator[Graveyard]:
    """Where writes are killed."""
    with graveyard() as program:
        yield program
