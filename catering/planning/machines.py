"""Where a plan is computed: in processes of this machine, or on the workers of a scheduler."""

from collections.abc import Callable
from typing import Any

from optimizer import Plan, Problem, solve

MISSING = "Calculer sur plusieurs machines demande l'extra « scale » : pip install 'catering[scale]'."


class NoMachinesError(Exception):
    """Nothing answers at the address, or this installation cannot talk to it."""


def solver_at(scheduler: str | None) -> Callable[..., Plan]:
    """The optimizer, its work given to the scheduler at this address; to processes of this machine without one."""
    if scheduler is None:
        return solve

    def solve_there(problem: Problem, **options: Any) -> Plan:
        try:
            from optimizer.cluster import NoClusterError, cluster
        except ModuleNotFoundError as error:
            raise NoMachinesError(MISSING) from error
        try:
            with cluster(scheduler) as executor:
                return solve(problem, executor=executor, **options)
        except NoClusterError as error:
            raise NoMachinesError(str(error)) from error

    return solve_there
