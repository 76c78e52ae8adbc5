"""Settings of one running platform, read from environment variables that start with ``CATERING_``."""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

DRIVERS = {"sqlite+aiosqlite": "aiosqlite", "postgresql+psycopg": "psycopg"}
"""Drivers of the databases we know, and the module of each."""


class Settings(BaseSettings):
    """Each field is the environment variable of the same name in capitals, e.g. ``CATERING_DATABASE_URL``.

    The descriptions are what `catering --help` shows, in French.
    """

    model_config = SettingsConfigDict(env_prefix="CATERING_", frozen=True)

    database_url: str = Field(
        default="sqlite+aiosqlite:///var/catering.db",
        description="adresse SQLAlchemy de la base : SQLite (sqlite+aiosqlite://) ou PostgreSQL "
        "(postgresql+psycopg://, avec l'extra « postgres »)",
    )
    host: str = Field(default="127.0.0.1", description="adresse d'écoute du serveur")
    port: int = Field(default=8000, ge=1, le=65535, description="port d'écoute du serveur")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="gravité à partir de laquelle un message est écrit : debug, info, warning, error"
    )
    demo_identity: bool = Field(
        default=True,
        description="recevoir chacun comme administration du Département, sans compte : pour la démonstration",
    )
    jobs: Literal["in_process", "worker"] = Field(
        default="in_process",
        description="qui calcule un plan demandé : le serveur lui-même (in_process) ou « catering worker » (worker)",
    )
    plan_time_limit_seconds: float = Field(
        default=600, gt=0, description="temps de calcul d'un plan, en secondes, quand la demande ne le dit pas"
    )
    plan_workers: int | None = Field(
        default=None, ge=1, description="processus de calcul d'un plan ; vide : un par cœur"
    )
    document_mb: int = Field(
        default=10, ge=1, le=50, description="plus grand fichier accepté (justificatif, photo, tableau), en mégaoctets"
    )
    seeds_dir: Path | None = Field(
        default=None, description="dossier des données de référence ; vide : celles du programme"
    )

    @field_validator("database_url")
    @classmethod
    def _usable(cls, url: str) -> str:
        try:
            driver = make_url(url).drivername
        except ArgumentError:
            driver = ""
        if driver not in DRIVERS:
            raise ValueError(f"adresse attendue sous la forme {' ou '.join(f'{name}://…' for name in DRIVERS)}")
        if find_spec(DRIVERS[driver]) is None:
            raise ValueError(f"le pilote {DRIVERS[driver]} manque : l'installer (pip install 'catering[postgres]')")
        return url


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        pydantic.ValidationError: a variable holds a value its setting does not accept.
    """
    return Settings()


def settings_lines() -> list[str]:
    """One line of French per setting: its variable, what it does and what it is by default."""
    prefix = str(Settings.model_config["env_prefix"])
    return [
        f"{(prefix + name).upper()} : {field.description}"
        + ("" if field.default is None else f" (par défaut : {field.default})")
        for name, field in Settings.model_fields.items()
    ]


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
