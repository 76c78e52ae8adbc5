"""The command line: `catering --help` says what each command does, in French."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import uvicorn
from pydantic import ValidationError
from rich.console import Console

from catering.app import create_app
from catering.arguments import Parser, whole
from catering.db import Database
from catering.migrate import upgrade
from catering.settings import Settings, settings

Result = TypeVar("Result")

BAD_INPUT = 2
"""Exit code when what was asked cannot be done as asked."""

notes = Console(stderr=True, highlight=False)


def parser() -> Parser:
    """All commands and their options."""
    top = Parser(
        "catering",
        "Menus et approvisionnement des 125 collèges publics du Pas-de-Calais.",
        "Pour commencer : « catering demo » prépare la base, planifie l'année scolaire et ouvre le serveur.\n"
        "Réglages : variables d'environnement CATERING_… (catering/settings.py les décrit).\n"
        "Code de sortie : 0 réussi, 1 panne, 2 demande ou données à corriger.",
    )
    commands = top.add_subparsers(title="Commandes", metavar="COMMANDE", dest="command", required=True)

    def add(name: str, run: Callable[[argparse.Namespace], None], summary: str) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = commands.add_parser(name, help=summary, description=summary)
        command.set_defaults(run=run)
        return command

    serving = add("serve", serve, "Ouvrir le serveur (GraphQL) sur une base déjà préparée.")
    serving.add_argument("--host", metavar="ADRESSE", help="adresse d'écoute (par défaut : CATERING_HOST)")
    serving.add_argument("--port", metavar="N", type=whole(1, 65535), help="port d'écoute (par défaut : CATERING_PORT)")
    add("migrate", migrate, "Mettre les tables de la base à jour (sans effet si elles le sont déjà).")
    return top


def main(words: Sequence[str] | None = None) -> None:
    """Run one command; bad input ends with code 2 and a message, never with a traceback."""
    arguments = parser().parse_args(words)
    try:
        arguments.run(arguments)
    except ValidationError as fault:
        notes.print(explain_settings(fault), markup=False)
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        notes.print("Interrompu.")
        sys.exit(130)


def explain_settings(fault: ValidationError) -> str:
    """Which variables of the environment are wrong, and how."""
    prefix = str(Settings.model_config["env_prefix"])
    wrong = [f"{prefix}{each['loc'][0]}".upper() + f" = {each['input']!r} : {each['msg']}" for each in fault.errors()]
    return "Réglage refusé :\n" + "\n".join(wrong)


def with_database(work: Callable[[Database], Awaitable[Result]]) -> Result:
    """Do some work on the configured database, then close it."""

    async def run() -> Result:
        database = Database(settings().database_url)
        try:
            return await work(database)
        finally:
            await database.dispose()

    return asyncio.run(run())


def migrate(_: argparse.Namespace) -> None:
    """Bring the tables up to date."""
    with_database(upgrade)
    notes.print("Base à jour.")


def serve(arguments: argparse.Namespace) -> None:
    """Open the web server."""
    config = settings()
    uvicorn.run(
        create_app(config),
        host=arguments.host or config.host,
        port=arguments.port or config.port,
        log_level=config.log_level,
    )
