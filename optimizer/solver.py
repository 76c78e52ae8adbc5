"""The one door to solvers: PuLP builds every model, this module hides what differs between PuLP 3.3 and 4.

Two ways through it:

- `Model.solve()`  build, run once, return an `Outcome`; with HiGHS (default) or CBC.
- `Model.load()`   keep the live HiGHS object that PuLP built, so that new costs or bounds cost a re-run and no rebuild.

Traps kept away from the rest of the engine (each measured, see docs/optimizer.md): PuLP 3.3 says "Optimal" at a time
limit; HiGHS keeps one thread count per process, so it is always 1 and parallelism is by processes; PuLP 3.3 orders
columns by name, PuLP 4 by creation; HiGHS ignores unknown options in silence, so each option's answer is checked.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pulp
from numpy.typing import NDArray

from optimizer.basis import Basis
from optimizer.duality import dual_bound

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

INFINITY = float("inf")
LONGEST_NAME = 255
"""Characters of a name in the LP format; PuLP's own limit is far lower than dish and kitchen ids need."""
_UNSAFE = re.compile(r"[^A-Za-z0-9_.]")


class Status(Enum):
    """What a solver really reached."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    """A limit was hit; the values are feasible and the bound is proven."""
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    FAILED = "failed"
    """No usable answer (limit without a solution, numerical trouble)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of one run. `values` and `duals` follow the order in which columns and rows were added.

    `bound` is the proven lower bound of the minimisation; `duals` (€/unit of row) and `reduced` (€/unit of column)
    come with an LP and are None for a MIP.
    """

    status: Status
    values: Floats
    objective: float
    bound: float
    duals: Floats | None
    reduced: Floats | None = None

    @property
    def usable(self) -> bool:
        return self.status in (Status.OPTIMAL, Status.FEASIBLE)


class Model:
    """A minimisation built through PuLP: columns and rows by index, with readable names in the `.lp` text."""

    def __init__(self, name: str) -> None:
        self._problem = pulp.LpProblem(_safe(name), pulp.LpMinimize)
        self._variables: list[Any] = []
        self._costs: list[float] = []
        self._ups: list[float] = []
        self._rows: list[tuple[str, float, float]] = []
        self._row_parts: list[tuple[int, int]] = []
        self._parts = 0
        self._column_names: set[str] = set()
        self._row_names: set[str] = set()

    @property
    def columns(self) -> int:
        return len(self._variables)

    @property
    def rows(self) -> int:
        return len(self._rows)

    def add(self, name: str, cost: float, low: float = 0.0, up: float = INFINITY, *, integer: bool = False) -> int:
        """Add a column; returns its index."""
        category = pulp.LpInteger if integer else pulp.LpContinuous
        unique = _unique(_safe(name), self._column_names)
        self._variables.append(self._problem.add_variable(unique, _finite(low), _finite(up), category))
        self._costs.append(cost)
        self._ups.append(up)
        return len(self._variables) - 1

    def charge(self, column: int, cost: float) -> None:
        """Change what a column costs."""
        self._costs[column] = cost

    def row(self, name: str, columns: Sequence[int], coefs: Sequence[float], low: float, up: float) -> int:
        """Add `low <= Σ coefs × columns <= up`; returns its index. A range becomes two PuLP constraints."""
        expression = self._expression(columns, coefs)
        first = self._parts
        if low == up:
            self._constrain(expression == low, name)
        else:
            if low > -INFINITY:
                self._constrain(expression >= low, name if up == INFINITY else name + ".min")
            if up < INFINITY:
                other = self._expression(columns, coefs) if low > -INFINITY else expression
                self._constrain(other <= up, name if low == -INFINITY else name + ".max")
        self._rows.append((name, low, up))
        self._row_parts.append((first, self._parts))
        return len(self._rows) - 1

    def upper_bounds(self) -> Floats:
        """Upper bound of each column as added."""
        return np.array(self._ups)

    def upper_bound(self, column: int) -> float:
        return self._ups[column]

    def row_name(self, index: int) -> str:
        return self._rows[index][0]

    def text(self) -> str:
        """The model in CPLEX LP format, the same under both PuLP versions."""
        self._set_objective()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.lp"
            self._problem.writeLP(str(path), max_length=LONGEST_NAME)
            return _sorted_sections(path.read_text(encoding="utf-8"))

    def load(
        self, *, relax: bool = False, gap: float = 0.0, time_limit: float | None = None, method: str = "choose"
    ) -> Live:
        """Hand the model to HiGHS and keep it live."""
        self._set_objective()
        solver = pulp.HiGHS(msg=False, threads=1, mip=not relax)
        solver.createAndConfigureSolver(self._problem)
        solver.buildSolverModel(self._problem)
        highs = self._problem.solverModel
        options = {"solver": method, "mip_rel_gap": gap, "random_seed": 0}
        if time_limit is not None:
            options["time_limit"] = float(time_limit)
        _set_options(highs, options)
        return Live(highs, self._column_order(), list(self._row_parts), relax or not self._problem.isMIP())

    def solve(
        self,
        *,
        relax: bool = False,
        gap: float = 0.0,
        time_limit: float | None = None,
        method: str = "choose",
        solver: str = "highs",
    ) -> Outcome:
        """Run once. `solver` is `highs` or `cbc`; raises `LookupError` if CBC is not installed."""
        if solver == "cbc":
            return self._solve_cbc(relax, gap, time_limit)
        return self.load(relax=relax, gap=gap, time_limit=time_limit, method=method).run()

    def _solve_cbc(self, relax: bool, gap: float, time_limit: float | None) -> Outcome:
        self._set_objective()
        command = cbc_command(mip=not relax, gap=gap, time_limit=time_limit)
        answer = self._problem.solve(command)
        values = np.array([v.varValue if v.varValue is not None else np.nan for v in self._variables])
        status = _pulp_status(self._problem, answer)
        if status not in (Status.OPTIMAL, Status.FEASIBLE):
            return Outcome(status, np.zeros(len(values)), INFINITY, -INFINITY, None)
        values = np.nan_to_num(values)
        objective = float(values @ np.array(self._costs))
        # CBC through PuLP states no proven bound at a limit: only an optimum proves one.
        # The gap is a share of the larger of objective and bound, which for a negative objective is the bound.
        proven = objective * (1 - gap) if objective >= 0 else objective / (1 - gap)
        bound = proven if status is Status.OPTIMAL else -INFINITY
        return Outcome(status, values, objective, bound, None)

    def _set_objective(self) -> None:
        self._problem.setObjective(_expression(zip(self._variables, self._costs, strict=True)))

    def _expression(self, columns: Sequence[int], coefs: Sequence[float]) -> Any:
        return _expression([(self._variables[c], a) for c, a in zip(columns, coefs, strict=True)])

    def _constrain(self, constraint: Any, name: str) -> None:
        self._problem.addConstraint(constraint, _unique(_safe(name), self._row_names))
        self._parts += 1

    def _column_order(self) -> Ints:
        """For each of our columns its place in HiGHS, or -1 if PuLP left it out (in no row and free of cost)."""
        if hasattr(self._problem, "exported_variables"):
            places = {v.id: j for j, v in enumerate(self._problem.exported_variables())}
            return np.array([places.get(v.id, -1) for v in self._variables], dtype=np.int64)
        return np.array([getattr(v, "index", -1) for v in self._variables], dtype=np.int64)


class Live:
    """A HiGHS model that stays in memory; indices are those of the `Model` it came from."""

    def __init__(self, highs: Any, order: Ints, row_parts: list[tuple[int, int]], linear: bool) -> None:
        self._highs = highs
        self._order = order
        self._row_parts = row_parts
        self._linear = linear
        self._known = order >= 0
        self._places = order[self._known].astype(np.int32)

    def set_costs(self, costs: Floats) -> None:
        """New objective, one cost per column."""
        chosen = np.ascontiguousarray(costs[self._known], dtype=np.float64)
        self._highs.changeColsCost(len(self._places), self._places, chosen)

    def set_bounds(self, low: Floats, up: Floats) -> None:
        """New bounds, one pair per column."""
        self._highs.changeColsBounds(
            len(self._places),
            self._places,
            np.ascontiguousarray(low[self._known], dtype=np.float64),
            np.ascontiguousarray(up[self._known], dtype=np.float64),
        )

    def set_row_bounds(self, row: int, low: float, up: float) -> None:
        """New sides for a row that was added with one side or as an equation."""
        self._highs.changeRowBounds(self._only_part(row), low, up)

    def set_column(self, column: int, cost: float, low: float, up: float) -> None:
        """New cost and bounds of one column."""
        self._highs.changeColCost(self._place(column), cost)
        self._highs.changeColBounds(self._place(column), low, up)

    def set_coef(self, row: int, column: int, coef: float) -> None:
        """New coefficient of a column in a row that was added with one side or as an equation."""
        self._highs.changeCoeff(self._only_part(row), self._place(column), coef)

    def _only_part(self, row: int) -> int:
        first, last = self._row_parts[row]
        if last != first + 1:
            raise ValueError("only a row with one PuLP constraint can be changed")
        return first

    def _place(self, column: int) -> int:
        if not self._known[column]:
            raise ValueError("PuLP left the column out: it is in no row and free of cost")
        return int(self._order[column])

    def set_time_limit(self, seconds: float) -> None:
        # HiGHS counts the time limit over all runs of one object.
        _set_options(self._highs, {"time_limit": self._highs.getRunTime() + seconds})

    def rewind(self) -> None:
        """Forget everything earlier runs left behind, so that the next answer does not depend on them."""
        self._highs.clearSolver()

    def basis(self) -> Basis:
        """Where the last LP ended."""
        return Basis.of(self._highs)

    def start(self, basis: Basis) -> None:
        """Begin the next LP where another of the same columns and rows ended."""
        basis.give(self._highs)

    def row_duals(self) -> Floats:
        """The last LP's duals, one per row of HiGHS."""
        return np.array(self._highs.getSolution().row_dual, dtype=np.float64)

    def proven(self, duals: Floats | None) -> float:
        """What row duals (none: no duals at all) prove of the LP as it stands, by summation, whoever found them."""
        lp = self._highs.getLp()
        return dual_bound(lp, np.zeros(lp.num_row_) if duals is None else duals)

    def run(self) -> Outcome:
        self._highs.run()
        status = _highs_status(self._highs)
        info = self._highs.getInfo()
        values = np.zeros(len(self._order))
        if status not in (Status.OPTIMAL, Status.FEASIBLE):
            return Outcome(status, values, INFINITY, -INFINITY, None)
        solution = self._highs.getSolution()
        values[self._known] = np.asarray(solution.col_value)[self._places]
        objective = float(info.objective_function_value)
        if not self._linear:
            return Outcome(status, values, objective, float(info.mip_dual_bound), None)
        duals = self._row_duals(np.asarray(solution.row_dual))
        reduced = np.zeros(len(self._order))
        reduced[self._known] = np.asarray(solution.col_dual)[self._places]
        bound = objective if status is Status.OPTIMAL else -INFINITY
        return Outcome(status, values, objective, bound, duals, reduced)

    def _row_duals(self, parts: Floats) -> Floats:
        if all(last == first + 1 for first, last in self._row_parts):
            return parts
        return np.array([parts[first:last].sum() for first, last in self._row_parts])


def cbc_command(*, mip: bool, gap: float, time_limit: float | None) -> Any:
    """CBC as PuLP finds it (bundled with 3.3, the `cbcbox` wheel for 4); `LookupError` if there is none."""
    options = {"msg": False, "mip": mip, "gapRel": gap, "timeLimit": time_limit, "threads": 1}
    for name in ("PULP_CBC_CMD", "COIN_CMD"):
        maker = getattr(pulp, name, None)
        if maker is not None:
            command = maker(**options)
            if command.available():
                return command
    try:
        import cbcbox
    except ImportError as missing:
        raise LookupError("CBC is not installed") from missing
    return pulp.COIN_CMD(path=str(cbcbox.cbc_bin_path()), **options)


def solver_versions() -> str:
    """`PuLP x, HiGHS y`, for plans and benchmarks."""
    highs = highspy.Highs()
    return f"PuLP {pulp.__version__}, HiGHS {highs.version()}"


def _sorted_sections(text: str) -> str:
    """The lists of columns at the end in order of name: PuLP 3.3 writes them so, PuLP 4 in order of creation."""
    lines = text.splitlines()
    starts = [n for n, line in enumerate(lines) if line in ("Bounds", "Generals", "Binaries", "End")]
    for first, last in pairwise(starts):
        lines[first + 1 : last] = sorted(lines[first + 1 : last])
    return "\n".join(lines) + "\n"


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", name)


def _unique(name: str, used: set[str]) -> str:
    """The name, numbered if it is taken: ids that differ in an accent or a dash are alike in the LP format."""
    unique, copy = name, 1
    while unique in used:
        copy += 1
        unique = f"{name}.{copy}"
    used.add(unique)
    return unique


def _finite(bound: float) -> float | None:
    return bound if abs(bound) < INFINITY else None


def _expression(terms: Any) -> Any:
    kind = pulp.LpAffineExpression
    return kind.from_list(list(terms)) if hasattr(kind, "from_list") else kind(list(terms))


def _set_options(highs: Any, options: dict[str, Any]) -> None:
    for name, value in options.items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise ValueError(f"HiGHS refused the option {name}={value!r}")


def _highs_status(highs: Any) -> Status:
    status = highs.getModelStatus()
    kinds = highspy.HighsModelStatus
    if status in (kinds.kOptimal, kinds.kModelEmpty):
        return Status.OPTIMAL
    if status in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
        return Status.INFEASIBLE
    if status == kinds.kUnbounded:
        return Status.UNBOUNDED
    limits = (kinds.kTimeLimit, kinds.kIterationLimit, kinds.kObjectiveBound, kinds.kSolutionLimit, kinds.kInterrupt)
    feasible = highs.getInfo().primal_solution_status == 2
    return Status.FEASIBLE if status in limits and feasible else Status.FAILED


def _pulp_status(problem: Any, answer: Any) -> Status:
    """Truth about a PuLP solve: `sol_status` in 3.3, the returned statistics in 4."""
    if hasattr(answer, "has_solution"):
        name = str(getattr(answer.status, "name", answer.status))
        if name == "Infeasible":
            return Status.INFEASIBLE
        if not answer.has_solution:
            return Status.FAILED
        # PuLP 4 tells the two apart; elsewhere an answer within the gap that was asked for is called optimal.
        return Status.OPTIMAL if name in ("Optimal", "GapLimit") else Status.FEASIBLE
    codes = {
        pulp.LpSolutionOptimal: Status.OPTIMAL,
        pulp.LpSolutionIntegerFeasible: Status.FEASIBLE,
        pulp.LpSolutionInfeasible: Status.INFEASIBLE,
        pulp.LpSolutionUnbounded: Status.UNBOUNDED,
    }
    return codes.get(problem.sol_status, Status.FAILED)
