"""``python -m optimizer solve|verify|what-if``: plan a problem folder, check a plan folder or suppose a change of it.

Exit codes: 0 done (verify: no fault), 1 faults found or no plan possible, 2 a folder that cannot be read or written.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimizer import supposing
from optimizer.faults import BadFolder, Fault, FolderFault
from optimizer.folders.placing import refuse_foreign
from optimizer.folders.schema import PLAN_FILES
from optimizer.goals import INDICATORS
from optimizer.plan import Plan, Summary
from optimizer.problem import Problem
from optimizer.verification import verify
from optimizer.verification.french import euros, figure, percent
from optimizer.verification.packs import PackCost, pack_cost

if TYPE_CHECKING:
    from optimizer.engine.progress import Progress

DONE, FAULTS, BAD_INPUT = 0, 1, 2
MOST_PRINTED = 50
MISSING = "Calculer sur plusieurs machines demande l'extra « scale » : pip install 'catering[scale]'."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is returned."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except BadFolder as bad:
        return _refuse(bad, as_json=getattr(options, "json", False))
    except FileExistsError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m optimizer", description="Planifier, ou vérifier un plan.")
    commands = parser.add_subparsers(required=True, metavar="commande")
    solve = commands.add_parser("solve", help="planifier un dossier de problème et écrire le plan")
    solve.add_argument("problem", type=Path, metavar="PROBLEM_DIR", help="dossier du problème")
    solve.add_argument("plan", type=Path, metavar="PLAN_DIR", help="dossier du plan à écrire")
    solve.add_argument("--time-limit", type=float, default=600, metavar="S", help="secondes de recherche (600)")
    solve.add_argument("--workers", type=int, default=None, metavar="N", help="processus (un par cœur)")
    solve.add_argument("--scheduler", metavar="ADRESSE", help="calculer sur un ordonnanceur Dask (tcp://hôte:8786)")
    solve.add_argument("--seed", type=int, default=0, metavar="N", help="graine : même graine, même plan (0)")
    solve.set_defaults(run=_solve)
    check = commands.add_parser("verify", help="recalculer un plan à partir des deux dossiers")
    check.add_argument("problem", type=Path, metavar="PROBLEM_DIR", help="dossier du problème")
    check.add_argument("plan", type=Path, metavar="PLAN_DIR", help="dossier du plan")
    check.add_argument("--json", action="store_true", help="répondre en JSON")
    check.set_defaults(run=_verify)
    suppose = commands.add_parser(
        "what-if", help="ce que devient un plan si un fournisseur, un prix, les couverts changent"
    )
    supposing.add_arguments(suppose)
    suppose.set_defaults(run=_what_if)
    return parser


def _verify(options: argparse.Namespace) -> int:
    problem, plan = _read_both(options.problem, options.plan)
    faults = verify(problem, plan)
    if options.json:
        print(json.dumps({"count": len(faults), "faults": [asdict(fault) for fault in faults]}, **_JSON))
    elif faults:
        _print_faults(faults)
    else:
        print(f"Aucun défaut. {_told(plan.summary)}")
        _print_indicators(plan.summary)
        print(_packs_told(pack_cost(problem, plan.sourcing), plan.summary.cost_eur))
    return FAULTS if faults else DONE


def _what_if(options: argparse.Namespace) -> int:
    problem, plan = _read_both(options.problem, options.plan)
    try:
        return DONE if supposing.run(problem, plan, options) else FAULTS
    except supposing.UnknownNameError as unknown:
        print(unknown, file=sys.stderr)
        return BAD_INPUT


def _packs_told(packs: PackCost, cost: Decimal) -> str:
    both = packs.each_week, packs.carried
    each, carried = (f"{euros(of)} ({percent(Fraction(of) / Fraction(cost or 1))})" for of in both)
    return f"Colis entiers, au-delà du plan : {carried} si les restes servent plus tard, {each} s'ils sont perdus."


def _read_both(problem: Path, plan: Path) -> tuple[Problem, Plan]:
    """Both folders; the faults of both are raised together."""
    faults: list[FolderFault] = []
    read: list[Problem | Plan] = []
    for kind, path in ((Problem, problem), (Plan, plan)):
        try:
            read.append(kind.from_folder(path))
        except BadFolder as bad:
            faults.extend(bad.faults)
    if faults:
        raise BadFolder(faults)
    of_problem, of_plan = read
    assert isinstance(of_problem, Problem)
    assert isinstance(of_plan, Plan)
    return of_problem, of_plan


def _solve(options: argparse.Namespace) -> int:
    from optimizer.engine.conflicts import Infeasible
    from optimizer.engine.planner import solve

    refuse_foreign(options.plan, PLAN_FILES)
    problem = Problem.from_folder(options.problem)
    told = {"progress": _Teller(), "time_limit": options.time_limit, "seed": options.seed}
    try:
        with _executor(options.scheduler) as executor:
            plan = solve(problem, executor=executor, workers=options.workers, **told)
    except Infeasible as infeasible:
        print("Aucun plan ne respecte toutes les règles. Règles qui se contredisent :", file=sys.stderr)
        for conflict in infeasible.conflicts:
            print(f"  {conflict}", file=sys.stderr)
        return FAULTS
    plan.to_folder(options.plan)
    print(f"Plan écrit dans {options.plan}. {_told(plan.summary)}")
    return DONE


@contextmanager
def _executor(scheduler: str | None) -> Iterator[Executor | None]:
    """Of the scheduler at an address; none for processes of this machine."""
    if scheduler is None:
        yield None
        return
    try:
        from optimizer.cluster import NoClusterError, cluster
    except ModuleNotFoundError:
        raise SystemExit(MISSING) from None
    try:
        with cluster(scheduler) as executor:
            yield executor
    except NoClusterError as error:
        print(error, file=sys.stderr)
        raise SystemExit(BAD_INPUT) from None


class _Teller:
    """Progress as one rewritten line on a terminal, as plain lines (phases and tenths) elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._last = ("", -1)

    def __call__(self, progress: Progress) -> None:
        tenth = 10 * progress.done // max(progress.total, 1)
        line = f"{progress.phase} {progress.done}/{progress.total}"
        if progress.best_cost is not None:
            line += f", coût {euros(progress.best_cost)}"
        if progress.bound is not None:
            line += f", borne {euros(progress.bound)}"
        if self._terminal:
            end = "\n" if progress.done >= progress.total else ""
            print(f"\r\x1b[K{line}", end=end, file=sys.stderr, flush=True)
        elif (progress.phase, tenth) != self._last:
            print(line, file=sys.stderr, flush=True)
        self._last = (progress.phase, tenth)


def _told(summary: Summary) -> str:
    return (
        f"{len(summary.kitchens)} cuisines, {summary.meals} repas, coût {euros(summary.cost_eur)}, "
        f"borne inférieure {euros(summary.lower_bound_eur)}, écart {percent(summary.gap)}."
    )


def _print_indicators(summary: Summary) -> None:
    """What the plan is worth in the three orientations, as it states and the check has found."""
    for of in INDICATORS:
        value = summary.indicators.get(of.id)
        if value is not None:
            print(f"  {of.title} : {figure(value)} {of.unit}")


def _print_faults(faults: Sequence[Fault]) -> None:
    """The first faults under the rule they break, and how many there are of each."""
    groups: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        groups[fault.rule_id].append(fault)
    left = MOST_PRINTED
    for rule_id, of in groups.items():
        print(f"{rule_id} : {len(of)} défaut(s)")
        for fault in of[:left]:
            print(f"  {fault.scope} : {fault.message}" if str(fault.scope) else f"  {fault.message}")
        left -= min(left, len(of))
    shown = min(len(faults), MOST_PRINTED)
    print(f"{len(faults)} défaut(s) en tout" + (f", les {shown} premiers sont écrits." if shown < len(faults) else "."))


def _refuse(bad: BadFolder, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"count": len(bad.faults), "bad_input": [asdict(fault) for fault in bad.faults]}, **_JSON))
        return BAD_INPUT
    for fault in bad.faults[:MOST_PRINTED]:
        print(fault, file=sys.stderr)
    more = len(bad.faults) - MOST_PRINTED
    print(
        f"{len(bad.faults)} défaut(s) de lecture" + (f", dont {more} non écrits." if more > 0 else "."), file=sys.stderr
    )
    return BAD_INPUT


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(type(value).__name__)


_JSON: dict[str, Any] = {"ensure_ascii": False, "indent": 2, "default": _plain}

if __name__ == "__main__":
    sys.exit(main())
