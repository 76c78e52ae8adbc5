"""The command line: `catering --help` says what each command does, in French."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from catering import commands, commands_backup, commands_bilan, commands_files, commands_purchases
from catering.arguments import (
    Parser,
    euros,
    file_to_read,
    folder_to_read,
    folder_to_write,
    kitchens,
    listed,
    monday,
    school_year,
    seconds,
    whole,
)
from catering.attendance import judging
from catering.commands import BAD_INPUT, CommandFailed, Invitation, PlanOrder, notes
from catering.compliance.files import Content, grid_file
from catering.compliance.grid import Asked
from catering.db import Database
from catering.documents.models import SHEETS, FileKind
from catering.kitchens.calendar import CalendarUnknownError
from catering.moment import today
from catering.people.refusals import FRENCH_ROLES
from catering.people.viewer import Role
from catering.planning.models import CoversSource
from catering.planning.resuming import Resume
from catering.planning.service import RunWish, ScenarioWish
from catering.refusal import Refusal
from catering.rules import RuleFileError
from catering.seeding import SeedFaultsError
from catering.settings import Settings, settings, settings_lines

Result = TypeVar("Result")
Run = Callable[[argparse.Namespace], None]

CRASHED = 1
"""Exit code when something outside the request failed."""
PLANNED_YEAR = "2026-27"
MOVED_EUR = Decimal("0.10")  # legal-number: a default weight, no law
"""€ per cover: about a twentieth of what a meal costs."""
OUT = Path("var/plan")
PROBLEM = Path("var/problem")


def parser() -> Parser:
    """All commands and their options."""
    top = Parser(
        "catering",
        "Menus et approvisionnement des 125 collèges publics du Pas-de-Calais.",
        "Pour commencer : « catering demo » prépare la base, planifie l'année scolaire et ouvre le serveur.\n"
        "Réglages, par variables d'environnement :\n  " + "\n  ".join(settings_lines()) + "\n"
        "Code de sortie : 0 réussi, 1 panne, 2 demande ou données à corriger, 130 interrompu.",
    )
    added = top.add_subparsers(title="Commandes", metavar="COMMANDE", dest="command", required=True)

    def add(name: str, run: Run, summary: str) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = added.add_parser(name, help=summary, description=summary)
        command.set_defaults(run=run)
        return command

    showing = add("demo", demo, "Tout préparer : données, plan de l'année vérifié, serveur sur cette machine.")
    _planning_options(showing, problem=PROBLEM)
    showing.add_argument("--again", action="store_true", help="refaire le plan même s'il existe déjà")
    _serving_options(showing)
    seeding = add("seed", seed, "Charger les données de référence ; recharger ne change rien.")
    seeding.add_argument(
        "--from",
        dest="folder",
        metavar="DOSSIER",
        type=folder_to_read,
        help="autre dossier de tables (voir seeds/README.md)",
    )
    _planning_options(add("plan", plan, "Planifier menus et achats, vérifier le plan, l'enregistrer et l'écrire."))
    _serving_options(add("serve", serve, "Ouvrir le serveur (pages et GraphQL) sur une base déjà préparée."))
    inviting = add("invite", invite, "Ouvrir un compte, par exemple celui du premier administrateur.")
    inviting.add_argument("email", metavar="ADRESSE", help="adresse électronique où vont les liens de connexion")
    inviting.add_argument("--name", metavar="NOM", required=True, help="nom de la personne")
    roles = ", ".join(f"{role.value} ({said})" for role, said in FRENCH_ROLES.items())
    inviting.add_argument("--role", choices=[role.value for role in Role], metavar="RÔLE", required=True, help=roles)
    several = "séparés par des virgules"
    inviting.add_argument("--kitchens", metavar="UAI,UAI", type=listed, default=[], help=f"UAI des cuisines, {several}")
    inviting.add_argument("--suppliers", metavar="ID,ID", type=listed, default=[], help=f"fournisseurs, {several}")
    add("worker", work, "Calculer les plans demandés au serveur (réglage CATERING_JOBS=worker).")
    standing = add(
        "standing-orders", standing_orders, "Remplir les paniers d'une semaine par les commandes permanentes."
    )
    week = "le lundi de la semaine (par défaut : la semaine prochaine) ; la refaire ne change rien"
    standing.add_argument("--week", metavar="AAAA-MM-JJ", type=monday, help=week)
    eating = add("nutrition", nutrition, "Contrôler un fichier de menus, sans base : fréquences, menu végétarien.")
    shapes = "CSV ou XLSX : une ligne par plat ou par repas, ou le schéma national menus-collectifs"
    eating.add_argument("file", metavar="FICHIER", type=file_to_read, help=shapes)
    eating.add_argument("--json", action="store_true", help="écrire le contrôle entier en JSON")
    counting = add("egalim", egalim, "Calculer les parts EGAlim d'un fichier d'achats, sans base de données.")
    counting.add_argument("file", metavar="FICHIER", type=Path, help="achats au format ma-cantine (CSV ou XLSX)")
    latest = "année civile (par défaut : la dernière du fichier)"
    counting.add_argument("--year", metavar="AAAA", type=whole(2000, 2999), help=latest)
    counting.add_argument("--json", action="store_true", help="écrire tout le résultat en JSON")
    counting.add_argument("--region", metavar="CODE", help="code INSEE de la région, pour les seuils d'outre-mer")
    counting.add_argument("--state", action="store_true", help="restaurant de l'État (100 %% de viandes et poissons)")
    entering = add("import", import_purchases, "Faire entrer un fichier d'achats dans le registre, une seule fois.")
    entering.add_argument("file", metavar="FICHIER", type=Path, help="achats au format ma-cantine (CSV, XLSX)")
    entering.add_argument("--twins", action="store_true", help="les lignes identiques sont de vrais achats distincts")
    entering.add_argument("--again", action="store_true", help="les lignes déjà au registre sont d'autres achats")
    undoing = add("withdraw-import", withdraw_import, "Annuler un import d'achats en entier ; le fichier peut revenir.")
    undoing.add_argument("number", metavar="NUMÉRO", type=whole(1, 2**31 - 1), help="numéro de l'import")
    undoing.add_argument("--reason", metavar="TEXTE", required=True, help="pourquoi il est annulé")
    naming = add("canteens", register_canteens, "Dire le SIRET des collèges d'un fichier : tous, ou aucun.")
    naming.add_argument("file", metavar="FICHIER", type=Path, help="colonnes uai;siret, ou uai;siret;cantine_id")
    declaring = add("bilan", bilan, "Écrire les achats et bilans d'une année pour ma-cantine, et les relire.")
    declaring.add_argument("--year", metavar="AAAA", type=whole(2022, 2999), required=True, help="année civile")
    declaring.add_argument("--out", metavar="DOSSIER", type=folder_to_write, required=True, help="où les écrire")
    declaring.add_argument("--kitchens", metavar="UAI,UAI", type=listed, default=[], help="ces seuls collèges")
    seeing = add("grid", grid, "Écrire la grille de conformité des collèges, ou ses alertes, dans un tableau.")
    seeing.add_argument("--out", metavar="FICHIER", type=Path, required=True, help="tableau à écrire : .csv ou .xlsx")
    seeing.add_argument("--alerts", action="store_true", help="les alertes, de la plus pressante à ce qui est perdu")
    seeing.add_argument("--year", metavar="AAAA", type=whole(2022, 2100), help="année civile (par défaut : en cours)")
    seeing.add_argument("--epci", metavar="NOM", help="les collèges d'une intercommunalité (par défaut : tous)")
    _forecasting(add("forecast", backtest, "Prévoir les couverts, ou juger la prévision sur un historique."))
    add("recount", recount, "Juger de nouveau tous les achats après un changement des règles EGAlim.")
    saving = add("backup", backup, "Sauvegarder toute la base dans un fichier, pendant qu'elle sert.")
    saving.add_argument("file", metavar="FICHIER", type=Path, help="fichier à écrire (.zip) ; il ne doit pas exister")
    again = "Remettre une sauvegarde dans une base neuve (CATERING_DATABASE_URL), relue et comparée."
    add("restore", restore, again).add_argument("file", metavar="FICHIER", type=Path, help="sauvegarde à lire")
    add("migrate", migrate, "Mettre les tables de la base à jour (sans effet si elles le sont déjà).")
    return top


def _forecasting(command: argparse.ArgumentParser) -> None:
    what = command.add_subparsers(title="Quoi", metavar="QUOI", dest="what", required=True)
    told = "Prévoir mois après mois un historique connu, et comparer aux méthodes simples et aux annonces."
    judging = what.add_parser("backtest", help=told, description=told)
    judging.set_defaults(run=backtest)
    shape = "CSV day,group,announced,served (ou date,site_type,prevision,reel)"
    judging.add_argument("file", metavar="FICHIER", type=Path, help=shape)
    judging.add_argument("--json", action="store_true", help="écrire tous les résultats en JSON")
    told = "Prévoir les couverts de toutes les cuisines pour les deux semaines à venir ; relancer ne change rien."
    what.add_parser("run", help=told, description=told).set_defaults(run=forecast)


def _planning_options(command: argparse.ArgumentParser, problem: Path | None = None) -> None:
    option = command.add_argument
    where = f"où écrire le plan (par défaut : {OUT})"
    option("--out", metavar="DOSSIER", type=folder_to_write, default=OUT, help=where)
    where = "où écrire aussi le problème, pour une vérification ailleurs"
    where += f" (par défaut : {problem})" if problem else ""
    option("--problem-out", metavar="DOSSIER", type=folder_to_write, default=problem, help=where)
    which = "les N premiers collèges, ou ceux de ces UAI (par défaut : tous)"
    option("--kitchens", metavar="N|UAI,UAI", type=kitchens, help=which)
    option(
        "--lesson", metavar="N", type=whole(1), help="compter le gaspillage du bilan de pesées N (par défaut : aucun)"
    )
    whose = "couverts du calendrier des cuisines (calendar, par défaut), ou prévus d'après ceux comptés (forecast)"
    words = [each.value for each in CoversSource]
    option("--covers", metavar="calendar|forecast", choices=words, default=CoversSource.CALENDAR.value, help=whose)
    option("--weeks", metavar="N", type=whole(1), help="les N premières semaines de classe (par défaut : toutes)")
    if problem is None:
        resumed = "refaire le plan publié à partir de ce lundi ; ce qui est servi, acheté ou commandé reste"
        option("--from", metavar="AAAA-MM-JJ", type=monday, dest="from_day", help=resumed)
        weight = f"avec --from : € par couvert que compte un plat changé (par défaut : {MOVED_EUR})"
        option("--stability", metavar="EUR", type=euros, default=MOVED_EUR, help=weight)
    year = f"année scolaire (par défaut : {PLANNED_YEAR})"
    option("--school-year", metavar="AAAA-AA", type=school_year, default=PLANNED_YEAR, help=year)
    limit = "secondes de calcul (par défaut : CATERING_PLAN_TIME_LIMIT_SECONDS)"
    option("--time-limit", metavar="S", type=seconds, help=limit)
    option("--workers", metavar="N", type=whole(1), help="processus de calcul (par défaut : un par cœur)")
    shared = "calculer sur les machines de cet ordonnanceur (par défaut : CATERING_PLAN_SCHEDULER)"
    option("--scheduler", metavar="tcp://HÔTE:PORT", help=shared)
    same = "graine du hasard : même graine, même plan (par défaut : 0)"
    option("--seed", metavar="N", type=whole(0), default=0, help=same)


def _serving_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", metavar="ADRESSE", help="adresse d'écoute (par défaut : CATERING_HOST)")
    command.add_argument("--port", metavar="N", type=whole(1, 65535), help="port d'écoute (par défaut : CATERING_PORT)")


def main(words: Sequence[str] | None = None) -> None:
    """Run one command; bad input ends with code 2 and a message, never with a traceback."""
    arguments = parser().parse_args(words)
    try:
        arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has seen enough; what is left goes nowhere, lest Python complain when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(CRASHED)
    except ValidationError as fault:
        _stop(explain_settings(fault), BAD_INPUT)
    except (Refusal, SeedFaultsError, RuleFileError, CalendarUnknownError, FileExistsError) as fault:
        _stop(str(fault), BAD_INPUT)
    except OperationalError as fault:
        _stop(f"La base ne répond pas ({settings().database_url}) : {fault.orig}", CRASHED)
    except CommandFailed as fault:
        _stop(str(fault), fault.code)
    except KeyboardInterrupt:
        _stop("Interrompu.", 130)


def _stop(message: str, code: int) -> None:
    notes.print(message, markup=False)
    sys.exit(code)


def explain_settings(fault: ValidationError) -> str:
    """Which variables of the environment are wrong, and how."""
    prefix = str(Settings.model_config["env_prefix"])
    wrong = [f"{prefix}{each['loc'][0]}".upper() + f" = {each['input']!r} : {each['msg']}" for each in fault.errors()]
    return "Réglage refusé :\n" + "\n".join(wrong)


def with_database(work: Callable[[Database], Coroutine[Any, Any, Result]], *, as_owner: bool = False) -> Result:
    """Do some work on the configured database, as the application or as the owner of its tables, then close it."""

    async def run() -> Result:
        config = settings()
        database = Database(config.owner_address if as_owner else config.database_url)
        try:
            return await work(database)
        finally:
            await database.dispose()

    return asyncio.run(run())


def order_of(arguments: argparse.Namespace) -> PlanOrder:
    """What the planning options ask for."""
    config = settings()
    limit = config.plan_time_limit_seconds if arguments.time_limit is None else arguments.time_limit
    day = getattr(arguments, "from_day", None)
    if day is not None and (arguments.kitchens is not None or arguments.weeks is not None):
        raise CommandFailed(
            "--from reprend les cuisines et les dates du plan publié : ôter --kitchens et --weeks.", BAD_INPUT
        )
    resume = None if day is None else Resume(day, arguments.stability)
    return PlanOrder(
        scenario=ScenarioWish(
            arguments.school_year,
            arguments.kitchens,
            arguments.weeks,
            arguments.lesson,
            CoversSource(arguments.covers),
            resume,
        ),
        run=RunWish(Decimal(str(limit)), arguments.seed, arguments.workers or config.plan_workers),
        out=arguments.out,
        problem_out=arguments.problem_out,
        scheduler=arguments.scheduler or config.plan_scheduler,
    )


def demo(arguments: argparse.Namespace) -> None:
    """Prepare everything, then serve."""
    order, config = order_of(arguments), _addressed(arguments)

    async def prepare(database: Database) -> list[str]:
        await commands.demo(database, order, again=arguments.again)
        return await commands.first_query(database, config)

    commands.serve(config.model_copy(update={"demo_identity": True}), with_database(prepare))


def seed(arguments: argparse.Namespace) -> None:
    """Load the seed tables."""
    with_database(lambda database: commands.seed(database, arguments.folder))


def plan(arguments: argparse.Namespace) -> None:
    """Plan a scenario."""
    order = order_of(arguments)
    with_database(lambda database: commands.plan(database, order))


def serve(arguments: argparse.Namespace) -> None:
    """Open the server on a database brought up to date."""
    with_database(commands_backup.prepare_to_serve)
    commands.serve(_addressed(arguments))


def invite(arguments: argparse.Namespace) -> None:
    """Open an account."""
    wish = Invitation(arguments.email, arguments.name, Role(arguments.role), arguments.kitchens, arguments.suppliers)
    with_database(lambda database: commands.invite(database, wish))


def work(_: argparse.Namespace) -> None:
    """Run queued plans."""
    logging.basicConfig(level=settings().log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with_database(commands.work)


def standing_orders(arguments: argparse.Namespace) -> None:
    """Fill the baskets of a week from the standing orders."""
    with_database(lambda database: commands.standing_orders(database, arguments.week))


def nutrition(arguments: argparse.Namespace) -> None:
    """Check a menus file."""
    commands_files.nutrition(arguments.file, as_json=arguments.json)


def egalim(arguments: argparse.Namespace) -> None:
    """Compute the EGAlim ratios of a file."""
    establishment = "state" if arguments.state else None
    found = commands_files.egalim(arguments.file, arguments.year, arguments.region, establishment)
    commands_files.show_egalim(found, as_json=arguments.json)


def import_purchases(arguments: argparse.Namespace) -> None:
    """Import a file of purchases."""
    file, meant = arguments.file, {"twins_meant": arguments.twins, "again_meant": arguments.again}
    with_database(lambda database: commands_purchases.import_purchases(database, file, **meant))


def withdraw_import(arguments: argparse.Namespace) -> None:
    """Take an import of purchases back."""
    with_database(lambda database: commands_purchases.withdraw_import(database, arguments.number, arguments.reason))


def register_canteens(arguments: argparse.Namespace) -> None:
    """Tell how ma-cantine knows the kitchens of a file."""
    with_database(lambda database: commands_purchases.register_canteens(database, arguments.file))


def bilan(arguments: argparse.Namespace) -> None:
    """Write the files of a year."""
    with_database(lambda database: commands_bilan.bilan(database, arguments.year, arguments.out, arguments.kitchens))


def grid(arguments: argparse.Namespace) -> None:
    """Write the grid or its alerts to a file."""
    out: Path = arguments.out
    suffix = out.suffix.lower().removeprefix(".")
    if suffix not in set(SHEETS):
        raise CommandFailed(f"« {out} » : donner un nom en .csv ou .xlsx.", BAD_INPUT)
    asked = Asked(arguments.year or today().year, today(), epci=arguments.epci)
    content = Content.ALERTS if arguments.alerts else Content.GRID

    async def read(database: Database) -> bytes:
        async with database.reading() as session:
            return await grid_file(session, commands.OPERATOR, asked, content, FileKind(suffix))

    written = with_database(read)
    try:
        out.write_bytes(written)
    except OSError as fault:
        raise CommandFailed(f"« {out} » ne s'écrit pas : {fault.strerror}.", BAD_INPUT) from fault
    notes.print(f"Écrit : {out}", markup=False)


def backtest(arguments: argparse.Namespace) -> None:
    """Judge the forecast of covers on a history."""
    judging.show(arguments.file, commands.console, as_json=arguments.json)


def forecast(_: argparse.Namespace) -> None:
    """Forecast the covers of the next two weeks."""
    made = with_database(commands.forecast_covers)
    notes.print(f"{made} prévisions de couverts faites.")


def recount(_: argparse.Namespace) -> None:
    """Judge every purchase again."""
    changed = with_database(commands.recount_purchases)
    notes.print(f"{changed} achats comptent autrement ; sommes refaites.")


def backup(arguments: argparse.Namespace) -> None:
    """Write the whole database into a file."""
    with_database(lambda database: commands_backup.save(database, arguments.file))


def restore(arguments: argparse.Namespace) -> None:
    """Put a backup into an empty database."""
    with_database(lambda database: commands_backup.put_back(database, arguments.file), as_owner=True)


def migrate(_: argparse.Namespace) -> None:
    """Bring the tables up to date, and let the application's role work in them."""
    with_database(commands_backup.migrate, as_owner=True)
    notes.print("Base à jour.")


def _addressed(arguments: argparse.Namespace) -> Settings:
    config = settings()
    return config.model_copy(update={"host": arguments.host or config.host, "port": arguments.port or config.port})
