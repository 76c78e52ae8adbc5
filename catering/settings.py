"""Settings of one running platform, read from environment variables that start with ``CATERING_``."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Each field is the environment variable of the same name in capitals, e.g. ``CATERING_DATABASE_URL``."""

    model_config = SettingsConfigDict(env_prefix="CATERING_", frozen=True)

    database_url: str = Field(
        default="sqlite+aiosqlite:///var/catering.db",
        description="SQLAlchemy address of the database: SQLite (sqlite+aiosqlite://) or PostgreSQL "
        "(postgresql+psycopg://, needs the extra `postgres`).",
    )
    host: str = Field(default="127.0.0.1", description="Address the web server listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the web server listens on.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="Least serious message the web server and the worker write."
    )
    jobs: Literal["in_process", "worker"] = Field(
        default="in_process",
        description="Who runs a queued plan: the web process itself, or a separate `catering worker`.",
    )
    plan_time_limit_seconds: float = Field(
        default=600, gt=0, description="Time the optimizer may take when a scenario does not say."
    )
    plan_workers: int | None = Field(
        default=None, ge=1, description="Processes of the optimizer; empty means one per available core."
    )
    seeds_dir: Path | None = Field(
        default=None, description="Folder of the seed tables; empty means those that come with the program."
    )


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        pydantic.ValidationError: a variable holds a value its setting does not accept.
    """
    return Settings()


def carried_folder(in_checkout: str, in_wheel: str) -> Path:
    """A data folder that comes with the program: at the root of a checkout, inside the package of a wheel."""
    package = Path(__file__).resolve().parent
    checkout = package.parent / in_checkout
    return checkout if checkout.is_dir() and (package.parent / "pyproject.toml").is_file() else package / in_wheel


def seeds_folder() -> Path:
    """Folder of the seed tables (``seeds/README.md`` states their columns)."""
    return settings().seeds_dir or carried_folder("seeds", "seed_data")


def contract_folder() -> Path:
    """Folder of the GraphQL contract: ``schema.graphql`` and ``operations/``."""
    return carried_folder("graphql", "contract")
