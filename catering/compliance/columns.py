"""The columns of the grid: which rules of the book have cells, and of which kinds."""

from collections.abc import Mapping
from functools import cache

from catering.compliance.cells import CellKind
from catering.menus.protein_plans import RULE as PROTEIN_PLAN
from catering.procurement.need import RULE_OF
from catering.rules import law
from catering.rules.frequencies import CHECKED_SETS
from catering.rules.shapes import RuleHead, ValueRatio

DUTIES = ("GAS-02", "GAS-04", "GAS-06", "GAS-06-HUILE")
"""Duties about waste that ``waste.rules.duties`` looks at."""


@cache
def grid_rules() -> Mapping[str, tuple[CellKind, ...]]:
    """By rule id, in order: the kinds of its cells."""
    found: dict[str, tuple[CellKind, ...]] = {}
    for rule, entry in sorted(law().entries.items()):
        if isinstance(entry, ValueRatio):
            found[rule] = (CellKind.EGALIM, CellKind.EGALIM_PROJECTED)
        elif isinstance(entry, RuleHead) and entry.rule_set in CHECKED_SETS:
            found[rule] = (CellKind.NUTRITION,)
        elif rule in RULE_OF.values():
            found[rule] = (CellKind.PROCUREMENT,)
        elif rule == PROTEIN_PLAN:
            found[rule] = (CellKind.NUTRITION,)
        elif rule in DUTIES:
            found[rule] = (CellKind.WASTE,)
    return found
