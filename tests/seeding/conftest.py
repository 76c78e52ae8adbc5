"""Fixtures of the seed loader."""

from pathlib import Path

import pytest

from tests.seeding.small import SeedFolder, small_seeds


@pytest.fixture
def seeds(tmp_path: Path) -> SeedFolder:
    """A small folder of seed tables without fault."""
    return small_seeds(tmp_path / "seeds")
