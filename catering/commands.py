"""What each command does once its arguments are read."""

import asyncio
import json
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import uvicorn
from rich.console import Console
from sqlalchemy.orm import joinedload, selectinload

from catering.api import PATH
from catering.api.places import require_places
from catering.api.stored import faults_of_stored
from catering.app import create_app, keep_for_good
from catering.attendance.forecasting import forecast_all, keep
from catering.attendance.models import ForecastBasis
from catering.db import Database
from catering.demonstration.telling import tell
from catering.figures import counted, euros
from catering.kitchens.calendar import week_of
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.menus.standings import refresh
from catering.migrate import upgrade
from catering.moment import now, today
from catering.orders.standing import fill_week
from catering.people.service import give
from catering.people.service import invite as open_account
from catering.people.viewer import Role, Viewer, demo_viewer
from catering.planning.foreseeing import forecast_days
from catering.planning.holding import claim
from catering.planning.jobs import Outcome, run_claimed, whole_euros, work_through_queue
from catering.planning.machines import solver_at
from catering.planning.models import PlanConflict, PlanRun, RunStatus
from catering.planning.problem import build_problem
from catering.planning.queries import first_meal, published, runs
from catering.planning.service import RunWish, ScenarioWish, answers, describe_scenario, publish, queue_run
from catering.progress import progress
from catering.purchases.service import recount, unjudged
from catering.routines.daily import DAILY
from catering.routines.running import do_until
from catering.rules import law
from catering.seeding import LoadReport, load, report_lines
from catering.settings import Settings, contract_folder, seeds_folder, settings
from optimizer import Plan
from optimizer.folders.placing import refuse_foreign
from optimizer.folders.schema import KNOWN_PROBLEM_FILES, PLAN_FILES
from optimizer.plan import Summary
from optimizer.verification.french import percent

BAD_INPUT = 2
"""Exit code when what was asked cannot be done as asked."""
OPERATOR = Viewer("Ligne de commande", Role.DEPARTEMENT)
"""Who the traces name for what is done on the server itself."""
STANDING = Viewer("Commandes permanentes", Role.DEPARTEMENT)
"""On whose behalf standing orders fill baskets."""
FIRST_QUERY = "operations/administrator/FirstLook.graphql"

console = Console(highlight=False, soft_wrap=True)
notes = Console(stderr=True, highlight=False, soft_wrap=True)


class CommandFailed(Exception):  # noqa: N818 - an answer, not a crash
    """A command that could not do what was asked; the message is for the person, the code for the shell."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class PlanOrder:
    """What the command line asks to plan, and where to leave it."""

    scenario: ScenarioWish
    run: RunWish
    out: Path
    problem_out: Path | None = None
    scheduler: str | None = None
    """Whose workers compute it; none: processes of this machine."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom the command line opens an account for, and what they act for."""

    email: str
    name: str
    role: Role
    kitchens: Sequence[str] = ()
    suppliers: Sequence[str] = ()


async def bring_up(database: Database) -> None:
    """Bring the tables up to date; purchases that no version has judged yet are judged."""
    await upgrade(database)
    async with database.unit_of_work() as session:
        if await unjudged(session):
            await recount(session, OPERATOR)


async def recount_purchases(database: Database) -> int:
    """Judge every purchase again by the law as it stands; how many count otherwise."""
    await upgrade(database)
    async with database.unit_of_work() as session:
        return await recount(session, OPERATOR)


async def seed(database: Database, folder: Path | None) -> LoadReport:
    """Bring the tables up to date and load the seed folder; what the load changed.

    Raises:
        catering.seeding.SeedFaultsError: a table holds a fault; the database is left as it was.
    """
    await upgrade(database)
    with progress() as report:
        loaded = await load(database, folder or seeds_folder(), report)
    async with database.unit_of_work() as session:
        # What the check found hangs on the fiches techniques, which may have changed.
        await refresh(session)
    for line in report_lines(loaded):
        notes.print(line, markup=False)
    return loaded


async def plan(database: Database, order: PlanOrder) -> Outcome:
    """Plan a scenario, check the plan, store it and write its folder.

    Raises:
        catering.planning.refusals.Refusal: the scenario asks for what does not exist.
        FileExistsError: a folder to write holds something else.
        CommandFailed: there is no plan.
    """
    refuse_foreign(order.out, PLAN_FILES)
    if order.problem_out is not None:
        refuse_foreign(order.problem_out, KNOWN_PROBLEM_FILES)
    await upgrade(database)
    viewer = demo_viewer()
    async with database.unit_of_work() as session:
        scenario = await describe_scenario(session, viewer, order.scenario)
        run = await queue_run(session, viewer, scenario, order.run)
        # Claimed before anybody can see it: a server on the same database must not take it from under us.
        await claim(session, run.id)
    with progress() as report:
        try:
            outcome = await run_claimed(
                database,
                run,
                report=report,
                problem_folder=order.problem_out,
                solver=solver_at(order.scheduler),
            )
        except asyncio.CancelledError:
            notes.print("Arrêt demandé ; fin de l'étape en cours.")
            raise
    if outcome.plan is None or outcome.status is not RunStatus.DONE:
        raise await _no_plan(database, run.id)
    outcome.plan.to_folder(order.out)
    for line in (*_summary_lines(outcome.plan, order), *await _covers_lines(database, scenario.id)):
        console.print(line, markup=False)
    return outcome


async def _covers_lines(database: Database, scenario_id: int) -> list[str]:
    """Which forecast the covers are of, for a plan that takes forecast ones."""
    async with database.reading() as session:
        found = await forecast_days(session, demo_viewer(), scenario_id)
    return [
        f"Couverts prévus le {each.made_on:%d/%m/%Y} ({each.model_version}) pour {each.days} jours de cuisine"
        + ("" if each.basis is ForecastBasis.HISTORY else ", d'après l'annonce : historique trop court")
        for each in found
    ]


async def _no_plan(database: Database, run_id: int) -> CommandFailed:
    """Why there is no plan, with the rules in conflict one per line."""
    async with database.reading() as session:
        statement = runs(demo_viewer(), ids=[run_id]).options(selectinload(PlanRun.conflicts))
        run: PlanRun = (await session.scalars(statement)).one()
    lines = [run.error or "Le calcul n'a pas abouti."]
    lines += [conflict_line(conflict) for conflict in run.conflicts]
    return CommandFailed("\n".join(lines), code=BAD_INPUT)


def conflict_line(conflict: PlanConflict) -> str:
    """One rule in conflict: id, kitchen, period, and what it says."""
    place = ", ".join(part for part in (conflict.kitchen, conflict.period) if part)
    return f"- {conflict.rule} [{place or 'toutes les cuisines'}] {conflict.title}"


def _summary_lines(plan: Plan, order: PlanOrder) -> list[str]:
    found = plan.summary
    return [
        counted(found.meals, "repas")
        + f", {whole_euros(found.cost_eur)} hors taxes, {per_meal(found.cost_eur, found.meals)} par repas",
        *_waste_line(found),
        f"Borne inférieure prouvée {whole_euros(found.lower_bound_eur)} : écart {percent(found.gap)}",
        f"Calcul {found.seconds:.0f} s, mémoire {found.peak_memory_mb} Mo, {found.solver}",
        f"Plan vérifié, écrit dans {order.out}"
        + (f" ; problème dans {order.problem_out}" if order.problem_out else ""),
        *_check_again(order),
    ]


def _waste_line(found: Summary) -> list[str]:
    """What the objective counts for waste, so that nobody wonders at a bound above the cost."""
    if not found.waste_eur:
        return []
    return [f"Gaspillage compté {whole_euros(found.waste_eur)} : objectif {whole_euros(found.objective_eur)}"]


def _check_again(order: PlanOrder) -> list[str]:
    """How anybody checks the plan; without the folder of its problem nobody can."""
    if order.problem_out is None:
        return []
    python = Path(sys.executable)
    shown = python.relative_to(Path.cwd()) if python.is_relative_to(Path.cwd()) else python
    return [f"Tout recalculer sans la plateforme : {shown} -m optimizer verify {order.problem_out} {order.out}"]


def per_meal(cost: Decimal, meals: int) -> str:
    """Cost of one meal, in French."""
    return euros(round(cost / meals, 3))


async def demo(database: Database, order: PlanOrder, *, again: bool) -> None:
    """Seed, plan, publish and tell the trade that follows; a plan made from the same data and rules is not made again.

    Raises:
        as `seed` and `plan`.
    """
    await seed(database, None)
    run = None if again else await _plan_in_use(database, order)
    if run is not None:
        notes.print(f"Plan n° {run.id} déjà en service pour ce scénario : il est gardé (--again pour le refaire).")
    else:
        outcome = await plan(database, order)
        async with database.unit_of_work() as session:
            await publish(session, demo_viewer(), outcome.run_id)
    await _tell_trade(database, order.scenario.school_year)


async def _tell_trade(database: Database, school_year: str) -> None:
    """Contracts, consultations, orders and deliveries of the plan in use, where they are not told yet."""
    notes.print("Activité de démonstration : contrats, consultations, commandes, réceptions…")
    async with database.unit_of_work() as session:
        statement = published(demo_viewer(), school_year).options(joinedload(PlanRun.scenario))
        told = await tell(session, (await session.scalars(statement)).one())
    for line in told:
        notes.print(line, markup=False)


async def _plan_in_use(database: Database, order: PlanOrder) -> PlanRun | None:
    """The published plan of the scenario asked for, unless today's data and rules state another problem."""
    async with database.reading() as session:
        statement = published(demo_viewer(), order.scenario.school_year)
        run: PlanRun | None = await session.scalar(statement.options(joinedload(PlanRun.scenario)))
        if run is None or not await answers(session, demo_viewer(), run.scenario, order.scenario):
            return None
        # The demonstration signs its contracts by the plan, after it: they are no reason to make it again.
        problem = await build_problem(session, run.scenario_id, contracts_until=run.queued_at)
        if problem.sha256 != run.problem_sha256:
            notes.print(f"Les données ou les règles ont changé depuis le plan n° {run.id} : il est refait.")
            return None
        return run


async def invite(database: Database, wish: Invitation) -> None:
    """Open an account; whoever runs commands on the server may, so that there is a first administrator.

    Raises:
        catering.refusal.Refusal: the name or address is bad or has an account, or there is no such kitchen or supplier.
    """
    await upgrade(database)
    async with database.unit_of_work() as session:
        account = await open_account(session, OPERATOR, wish.email, wish.name, wish.role)
        await require_places(session, OPERATOR, wish.kitchens, wish.suppliers)
        await give(session, OPERATOR.actor, account, kitchens=wish.kitchens, suppliers=wish.suppliers)
    console.print(
        f"Compte n° {account.id} ouvert pour {account.email} : demander un lien sur /connexion.", markup=False
    )


async def work(database: Database) -> None:
    """Run queued plans, and do what is done every day, until the process is stopped."""
    law()
    await upgrade(database)
    notes.print("En attente de plans à calculer. Ctrl-C pour arrêter.")
    beside = asyncio.create_task(do_until(asyncio.Event(), database, DAILY))
    with progress() as report:
        try:
            await work_through_queue(database, report=report, solver=solver_at(settings().plan_scheduler))
        finally:
            beside.cancel()


async def standing_orders(database: Database, week: date | None) -> int:
    """Fill the baskets of a week (its Monday; by default the next) from the standing orders; how many lines it made."""
    await upgrade(database)
    chosen = week or week_of(now().date()) + timedelta(weeks=1)
    async with database.unit_of_work() as session:
        made = await fill_week(session, STANDING, chosen, now())
    notes.print(
        f"Semaine du {chosen:%d/%m/%Y} : {made.put} lignes mises aux paniers par les commandes permanentes, "
        f"{made.refused} refusées (voir chef/StandingOrders)."
    )
    return made.put


async def forecast_covers(database: Database) -> int:
    """Forecast the covers of all kitchens for the next two weeks; how many forecasts are new."""
    await upgrade(database)
    async with database.reading() as session:
        made = await forecast_all(session, OPERATOR, today())
    async with database.unit_of_work() as session:
        return await keep(session, made)


def serve(config: Settings, try_first: Sequence[str] = ()) -> None:
    """Open the server until the process is stopped; ``try_first`` is printed once it is about to answer.

    Raises:
        CommandFailed: the address cannot be listened on, or a stored operation does not fit the schema.
        catering.rules.RuleFileError: a rule file is incoherent; nobody is served by half a law.
    """
    law()
    if faults := list(faults_of_stored()):
        raise CommandFailed(f"Opérations enregistrées que le schéma n'admet pas : {' ; '.join(faults)}", BAD_INPUT)
    listening = _listen(config.host, config.port)
    opened = f"Serveur ouvert : {address(config)} (Ctrl-C pour arrêter)"
    for line in (*config.sign_in_gaps(), opened, *try_first):
        notes.print(line, markup=False)
    # uvicorn would believe any list of addresses that comes from this machine; ``client_of`` asks the settings.
    server = uvicorn.Server(uvicorn.Config(create_app(config), log_level=config.log_level, proxy_headers=False))
    keep_for_good()
    asyncio.run(server.serve(sockets=[listening]))


def address(config: Settings) -> str:
    """Where the API answers."""
    return f"http://{config.host}:{config.port}{PATH}"


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # From here who calls is made to wait, not refused: "Serveur ouvert" is true when it is printed.
        listening.listen()
    except OSError as fault:
        listening.close()
        message = f"Impossible d'écouter sur {host}:{port} ({fault.strerror}). Choisir un autre --port."
        raise CommandFailed(message, code=BAD_INPUT) from fault
    return listening


async def first_query(database: Database, config: Settings) -> list[str]:
    """A first query to try: the plan in use and the first week of menus of its first kitchen, as a command."""
    query = (contract_folder() / FIRST_QUERY).read_text(encoding="utf-8")
    words = " ".join(line.strip() for line in query.splitlines() if not line.startswith("#"))
    async with database.reading() as session:
        meal = await session.scalar(first_meal(demo_viewer()))
        if meal is None:
            return []
        kitchen = (await session.scalars(kitchens(demo_viewer()).where(Kitchen.id == meal.kitchen_id))).one()
    body = json.dumps({"query": words, "variables": {"uai": kitchen.uai, "monday": week_of(meal.day).isoformat()}})
    return [
        "Première question à poser, dans un autre terminal :",
        f"curl -s {address(config)} -H 'content-type: application/json' -d '{body}'",
    ]
