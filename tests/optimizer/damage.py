"""Seeded faults for any valid plan folder: each damages a copy and says which rule a verifier must then report.

    for name in DAMAGES:
        rule_id = damage(problem_dir, plan_dir, name, damaged_dir)   # None: nothing in this plan to damage so
        assert rule_id is None or rule_id in found_by_verifier(problem_dir, damaged_dir)

A damage may break other rules too (a changed dish changes what must be bought); the one named is broken for certain.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from optimizer.problem import Problem
from optimizer.rules import Rule
from tests.optimizer import damage_rules, damage_structure
from tests.optimizer.plan_folder import PlanFolder

DAMAGES = damage_structure.DAMAGES | damage_rules.DAMAGES


def damage(problem_dir: Path, plan_dir: Path, name: str, target: Path) -> str | None:
    """Copy the plan to ``target``, damage it, and return the id of a rule it now breaks; None when not applicable."""
    shutil.copytree(plan_dir, target)
    plan = PlanFolder(target)
    rule_id = DAMAGES[name](Problem.from_folder(problem_dir), plan)
    plan.write()
    return rule_id


def kinds_of(problem: Problem, rule_ids: set[str]) -> set[type[Rule]]:
    """Kinds of the rules with these ids (structural ids have none)."""
    return {type(rule) for rule in problem.rules if rule.id in rule_ids}
