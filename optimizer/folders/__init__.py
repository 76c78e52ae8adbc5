"""Problem and plan folders: read with every fault named, written whole or not at all (docs/problem-format.md)."""

from optimizer.folders.plan_reader import read_plan
from optimizer.folders.plan_writer import write_plan
from optimizer.folders.problem_reader import read_problem
from optimizer.folders.problem_writer import problem_sha256, write_problem

__all__ = ["problem_sha256", "read_plan", "read_problem", "write_plan", "write_problem"]
