"""All tables of all rooms, for migrations and tests."""

from importlib import import_module
from pathlib import Path

from sqlalchemy import MetaData

import catering.row_security  # noqa: F401 - tables made from the models are guarded by it
from catering.db import Base


def rooms_with_tables() -> list[str]:
    """Names of the rooms that own tables, i.e. have a ``models`` module or package."""
    return sorted(path.parent.name for path in Path(__file__).parent.glob("*/models*") if path.stem == "models")


def all_tables() -> MetaData:
    """The complete metadata: importing a room's models is what registers its tables."""
    for room in rooms_with_tables():
        import_module(f"catering.{room}.models")
    return Base.metadata
