"""docker-compose.yml starts only what the program has: its settings, its commands, its image."""

import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError
from sqlalchemy import make_url

from catering.cli import parser
from catering.settings import Settings
from tests.lints.sources import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("web", "worker")
PREFIX = str(Settings.model_config["env_prefix"])


def environment(service: str) -> dict[str, str]:
    return {name: str(value) for name, value in SERVICES[service]["environment"].items()}


def command_names() -> set[str]:
    (commands,) = [action.choices for action in parser()._actions if action.dest == "command"]
    return set(commands or ())


def test_the_three_services_are_there() -> None:
    assert {"web", "worker", "postgres"} <= set(SERVICES)


@pytest.mark.parametrize("service", OURS)
def test_every_variable_is_a_setting_with_an_accepted_value(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = environment(service)
    known = {f"{PREFIX}{field}".upper() for field in Settings.model_fields}
    assert set(given) - known == set()
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert Settings().jobs == "worker"


def test_a_value_a_setting_does_not_accept_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}JOBS", "sometimes")
    with pytest.raises(ValidationError, match="jobs"):
        Settings()


@pytest.mark.parametrize("service", OURS)
def test_every_command_exists(service: str) -> None:
    command = SERVICES[service]["command"]
    words = shlex.split(command) if isinstance(command, str) else command
    assert words[0] in command_names()


@pytest.mark.parametrize("service", OURS)
def test_the_database_address_names_the_postgres_service(service: str) -> None:
    assert environment(service)["CATERING_DATABASE_URL"].endswith("@postgres/catering")
    assert "postgres" in SERVICES[service]["depends_on"]


@pytest.mark.parametrize("service", ["scheduler", "solver"])
def test_the_cluster_is_started_by_commands_that_exist(service: str) -> None:
    """One thread per process: a live model of the solver belongs to a thread."""
    dask, command, *options = SERVICES[service]["entrypoint"]
    told = subprocess.run([Path(sys.executable).with_name(dask), command, "--help"], capture_output=True, check=True)
    unknown = [word for word in options if word.startswith("--") and word.encode() not in told.stdout]
    assert unknown in ([], ["--no-dashboard"]), "told as one half of --dashboard / --no-dashboard"
    assert service == "scheduler" or options[options.index("--nthreads") + 1] == "1"


def test_only_who_migrates_knows_the_owner_and_ends_before_the_others_begin() -> None:
    migrating = environment("migrate")
    assert SERVICES["migrate"]["command"] == ["migrate"]
    assert "restart" not in SERVICES["migrate"]
    owner, application = (make_url(migrating[f"CATERING_{name}_URL"]).username for name in ("OWNER", "DATABASE"))
    assert owner == SERVICES["postgres"]["environment"]["POSTGRES_USER"] != application
    for service in OURS:
        assert environment(service)["CATERING_DATABASE_URL"] == migrating["CATERING_DATABASE_URL"]
        assert "CATERING_OWNER_URL" not in environment(service)
        assert SERVICES[service]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_published_port_is_the_one_the_server_listens_on() -> None:
    published = SERVICES["web"]["ports"][0].rsplit(":", 1)[1]
    assert published == environment("web")["CATERING_PORT"]


def test_the_image_runs_a_supported_python_and_the_console_script() -> None:
    docker = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "FROM python:3.13" in docker
    assert project["requires-python"] == ">=3.11,<3.14"
    assert 'ENTRYPOINT ["catering"]' in docker
    assert "catering" in project["scripts"]
