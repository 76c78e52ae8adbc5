"""The command line explains itself, refuses bad input with code 2 and leaves the database as it was."""

import asyncio
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from catering.cli import main, parser
from catering.settings import Settings, settings
from tests.lints.sources import ROOT

COMMANDS = ("demo", "seed", "plan", "serve", "invite", "worker", "migrate")


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 2
    return capsys.readouterr().err


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place without any database yet."""
    monkeypatch.setenv("CATERING_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/catering.db")
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def test_help_names_every_command_and_where_to_start() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "from catering.cli import main; main()", "--help"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.startswith("Utilisation : catering")
    assert "catering demo" in told
    for command in COMMANDS:
        assert f"\n    {command} " in told


def test_help_explains_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    for name, field in Settings.model_fields.items():
        assert field.description, f"{name} says nothing of itself"
        assert f"CATERING_{name.upper()} : {field.description}" in told


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_french(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    told = capsys.readouterr().out
    assert stop.value.code == 0
    assert "afficher cette aide" in told
    assert "show this help" not in told


@pytest.mark.parametrize("command", ["plan", "demo"])
@pytest.mark.parametrize(
    "option", ["--out", "--kitchens", "--weeks", "--time-limit", "--workers", "--seed", "--school-year"]
)
def test_planning_commands_take_the_same_options(command: str, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert option in capsys.readouterr().out


def test_kitchens_are_a_number_or_uais() -> None:
    read = parser().parse_args
    assert read(["plan", "--kitchens", "10"]).kitchens == 10
    assert read(["plan", "--kitchens", "0620004t, 0620014D,0620004T"]).kitchens == ("0620004T", "0620014D")
    assert read(["plan"]).kitchens is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "il manque : COMMANDE"),
        (("plann",), "choix inconnu : 'plann'"),
        (("plan", "--fast"), "arguments inconnus : --fast"),
        (("plan", "--weeks", "0"), "« 0 » : un entier d'au moins 1 est attendu"),
        (("plan", "--weeks"), "une valeur est attendue"),
        (("plan", "--kitchens", "tous"), "« TOUS » : un nombre ou des UAI"),
        (("plan", "--kitchens", "0"), "au moins 1"),
        (("plan", "--school-year", "2026-28"), "« 2026-28 » : une année scolaire"),
        (("plan", "--time-limit", "-5"), "secondes positif"),
        (("plan", "--time-limit", "1,5"), "« 1,5 »"),
        (("plan", "--seed", "1.5"), "« 1.5 »"),
        (("plan", "--out", "pyproject.toml"), "est un fichier"),
        (("seed", "--from", "nowhere"), "n'est pas un dossier"),
        (("serve", "--port", "70000"), "un entier de 1 à 65535"),
    ],
)
def test_bad_arguments_are_named_and_end_with_2(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    message = refused(capsys, *words)
    assert told in message
    assert "--help" in message


def test_planning_an_empty_database_says_to_load_it_first(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "catering seed" in refused(capsys, "plan", "--out", str(empty / "plan"))
    assert not (empty / "plan").exists()


def test_seeding_from_a_folder_without_tables_names_each_missing_file(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (empty / "seeds").mkdir()
    message = refused(capsys, "seed", "--from", str(empty / "seeds"))
    assert "kitchens/kitchens.csv" in message
    assert "rien n'a été chargé" in message


def test_a_bad_setting_is_named_and_ends_with_2(
    empty: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CATERING_PORT", "eighty")
    assert "CATERING_PORT = 'eighty'" in refused(capsys, "serve")


@pytest.mark.parametrize(
    ("url", "code", "told"),
    [
        ("sqlite:///x.db", 2, "CATERING_DATABASE_URL"),
        ("catering.db", 2, "CATERING_DATABASE_URL"),
        ("oracle+nothing://x", 2, "postgresql+psycopg://…"),
        ("postgresql+psycopg://nobody@127.0.0.1:9/none", 1, "ne répond pas"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_without_a_traceback(
    empty: Path, url: str, code: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CATERING_DATABASE_URL", url)
    with pytest.raises(SystemExit) as stop:
        main(["migrate"])
    assert stop.value.code == code
    assert told in capsys.readouterr().err


def test_a_taken_port_is_told_at_once(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"127.0.0.1:{port}" in refused(capsys, "serve", "--port", str(port))


def test_migrating_makes_the_database_and_its_folder(
    empty: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CATERING_DATABASE_URL", f"sqlite+aiosqlite:///{empty}/new/folder/catering.db")
    main(["migrate"])
    assert "Base à jour" in capsys.readouterr().err
    assert (empty / "new/folder/catering.db").is_file()


def invited(file: Path) -> list[tuple[str, ...]]:
    """Accounts, what they act for, and who opened them."""
    with closing(sqlite3.connect(file)) as connection:
        accounts = connection.execute("SELECT email, name, role FROM accounts").fetchall()
        traces = connection.execute("SELECT DISTINCT actor FROM change_events").fetchall()
    return accounts + traces


def test_the_first_account_is_opened_on_the_server(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["invite", "Marie.Dupont@exemple.fr", "--name", "Marie Dupont", "--role", "departement"])
    assert "marie.dupont@exemple.fr" in capsys.readouterr().out
    account = ("marie.dupont@exemple.fr", "Marie Dupont", "departement")
    assert invited(empty / "catering.db") == [account, ("Ligne de commande",)]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("marie", "--name", "Marie", "--role", "chef"), "adresse électronique"),
        (("m@exemple.fr", "--name", "Mаrie", "--role", "chef"), "lettres latines"),
        (("m@exemple.fr", "--name", "Marie", "--role", "reine"), "choix inconnu"),
        (("m@exemple.fr", "--name", "Marie", "--role", "chef", "--kitchens", "0620004T"), "0620004T"),
        (("m@exemple.fr", "--name", "Marie", "--role", "chef", "--suppliers", "ferme"), "ferme"),
    ],
)
def test_an_account_that_cannot_be_opened_leaves_nothing(
    empty: Path, words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["migrate"])
    assert told in refused(capsys, "invite", *words)
    assert invited(empty / "catering.db") == []


def test_the_demonstration_alone_opens_its_identities(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Settings] = []
    monkeypatch.setattr("catering.commands.serve", lambda config, *_: served.append(config))
    monkeypatch.setattr("catering.cli.with_database", lambda _: [])
    main(["demo"])
    main(["serve"])
    assert [config.demo_identity for config in served] == [True, False]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, ["CATERING_SMTP_HOST", "CATERING_PUBLIC_URL"]),
        ({"demo_identity": True}, []),
        ({"smtp_host": "smtp.exemple.fr"}, ["CATERING_MAIL_FROM", "CATERING_PUBLIC_URL"]),
        ({"smtp_host": "smtp.exemple.fr", "mail_from": "a@exemple.fr", "public_url": "https://x.fr"}, []),
        ({"demo_identity": True, "oidc_issuer": "https://x.fr"}, ["CATERING_OIDC_ISSUER"]),
    ],
)
def test_what_signing_in_lacks_is_told(given: dict[str, Any], missing: list[str]) -> None:
    assert [line.split(" ")[0].rstrip(",") for line in Settings(**given).sign_in_gaps()] == missing


def test_what_signing_in_lacks_is_written_before_the_server_opens(
    empty: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("catering.commands._listen", lambda *_: None)
    monkeypatch.setattr("catering.commands.uvicorn.Server.serve", lambda *_args, **_named: asyncio.sleep(0))
    main(["serve"])
    told = capsys.readouterr().err
    assert told.index("CATERING_SMTP_HOST manque") < told.index("Serveur ouvert")


@pytest.mark.parametrize(
    "url", ["cantines.fr", "https://cantines.fr/", "https://cantines.fr/chemin", "ftp://x", "https://"]
)
def test_an_address_that_is_no_origin_is_refused(
    empty: Path, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CATERING_PUBLIC_URL", url)
    assert "CATERING_PUBLIC_URL" in refused(capsys, "serve")
